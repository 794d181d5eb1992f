/**
 * An operator's command cannot be executed. The message is one line with the reason and, if there is one, the remedy.
 */
export class OperatorError extends Error {}
