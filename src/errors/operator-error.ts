/** What a command of an operator will not do. The message is one line that says why, and what would do. */
export class OperatorError extends Error {}
