import { HttpStatus } from '@nestjs/common';

/** One field of a request that is not valid, as the caller sees it. */
export interface FieldError {
  /** The property or parameter that is not valid. */
  readonly field: string;
  readonly message: string;
}

/** The body of every error response (contract.md §6). */
export interface ErrorBody {
  /** The HTTP status code. */
  readonly error: number;
  readonly message: string;
  /** On a 400 for fields: the fields that are not valid. */
  readonly details?: readonly FieldError[];
}

/** An error that is sent to the caller. Its message must not contain internal details. */
export class ApiError extends Error {
  readonly details?: readonly FieldError[];

  constructor(
    readonly status: number,
    message: string,
    details?: readonly FieldError[],
    /** Headers of the response, by name. */
    readonly headers: Readonly<Record<string, string>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    if (details) this.details = details;
  }

  get body(): ErrorBody {
    const { status: error, message, details } = this;
    return details ? { error, message, details } : { error, message };
  }
}

/** A 403. */
export const forbidden = (message: string, details?: readonly FieldError[]): ApiError =>
  new ApiError(HttpStatus.FORBIDDEN, message, details);

/** A 404. */
export const notFound = (message: string): ApiError => new ApiError(HttpStatus.NOT_FOUND, message);

const unauthorized = (message: string, challenge: string): ApiError =>
  new ApiError(HttpStatus.UNAUTHORIZED, message, undefined, { 'WWW-Authenticate': challenge });

/** A 401 for a request without a token. */
export const unauthenticated = (message: string): ApiError => unauthorized(message, 'Bearer');

/** A 401 for a token that was sent (RFC 6750 §3.1). */
export const invalidToken = (message: string): ApiError =>
  unauthorized(message, 'Bearer error="invalid_token"');

/** A 429 or 503 with `Retry-After` in whole seconds. */
export const retryLater = (
  status: number,
  message: string,
  seconds: number,
  options?: ErrorOptions,
): ApiError =>
  new ApiError(
    status,
    message,
    undefined,
    { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) },
    options,
  );
