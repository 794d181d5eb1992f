/**
 * Something that the service depends on cannot be used now: the database, or a queue that is full. It knows no HTTP;
 * the error filter responds with 503 and `Retry-After`. Its message is what the caller is told.
 */
export class UnavailableError extends Error {}
