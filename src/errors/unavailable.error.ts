/**
 * A dependency is temporarily unavailable: the database, or a full queue. The error filter converts it to 503 with
 * `Retry-After`. The message is sent to the caller.
 */
export class UnavailableError extends Error {}
