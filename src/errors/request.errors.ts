import { HttpStatus } from '@nestjs/common';
import { ApiError, type FieldError, forbidden, notFound, retryLater } from './api-error.js';

/** Maximum number of unknown names in an error, and maximum length of each in characters. */
const MOST_UNKNOWN_NAMES = 20;
const LONGEST_NAME = 64;

const badRequest = (message: string, details?: readonly FieldError[]) =>
  new ApiError(HttpStatus.BAD_REQUEST, message, details);

const payloadTooLarge = (message: string) => new ApiError(HttpStatus.PAYLOAD_TOO_LARGE, message);

const preconditionFailed = (message: string) => new ApiError(HttpStatus.PRECONDITION_FAILED, message);

const sizeOf = (kib: number): string => (kib % 1024 === 0 ? `${kib / 1024} MiB` : `${kib} KiB`);

/**
 * The errors that any route can return (contract.md §6). The errors of a feature are in the feature's `*.errors.ts`.
 */
export const requestErrors = {
  invalidRequest: (message = 'Invalid request parameters') => badRequest(message),
  /** Fields of a body. The first field's message becomes the message of the error. */
  invalidFields: (details: readonly FieldError[]) =>
    badRequest(details[0]?.message ?? 'Invalid request parameters', details),
  /** Parameters of the path or the query. */
  invalidParameters: (details: readonly FieldError[]) => badRequest('Invalid request parameters', details),
  /** Unknown properties or parameters: the first of them, cut short, so that the response stays small. */
  unknownNames: (names: readonly string[]) =>
    requestErrors.invalidParameters(
      names.slice(0, MOST_UNKNOWN_NAMES).map((name) => {
        const field = name.slice(0, LONGEST_NAME);
        return { field, message: `${field} is not known here` };
      }),
    ),
  malformedJson: () =>
    requestErrors.invalidParameters([{ field: 'body', message: 'The body is not well-formed JSON' }]),
  /** A browser sent the request from another origin (contract.md §5). */
  otherOrigin: () => forbidden('Access is denied'),
  routeNotFound: () => notFound('Not found'),
  methodNotAllowed: (allow: readonly string[]) =>
    new ApiError(HttpStatus.METHOD_NOT_ALLOWED, 'Method not allowed', undefined, { Allow: allow.join(', ') }),
  /** A cursor from before a restore, or of another database: what follows it is not known (contract.md §6). */
  cursorGone: () =>
    new ApiError(HttpStatus.GONE, 'The cursor is from before a restore: begin without it'),
  /** `If-Match` does not match. */
  preconditionFailed: () => preconditionFailed('The resource has been changed'),
  /** `If-None-Match` matches. */
  notChanged: () => preconditionFailed('The resource is as If-None-Match names it'),
  /** `If-Match` on a route that has no entity tag. */
  noEntityTag: () => preconditionFailed('If-Match cannot match here: this resource has no entity tag'),
  /** `limit` is that of the route, in KiB. */
  bodyTooLarge: (limit: number) => payloadTooLarge(`The body is larger than ${sizeOf(limit)}`),
  tooManyMembers: (most: number) => payloadTooLarge(`The body has more than ${most} members`),
  /** A field of the body that is larger than any valid one. */
  fieldTooLarge: (field: string) =>
    requestErrors.invalidFields([{ field, message: `${field} is too large` }]),
  /** `patchTypes`: the types that `PATCH` takes, on a route that has it (RFC 5789 §2.2). */
  notJson: (patchTypes?: readonly string[]) =>
    new ApiError(
      HttpStatus.UNSUPPORTED_MEDIA_TYPE,
      'The body must be JSON in UTF-8',
      undefined,
      patchTypes && { 'Accept-Patch': patchTypes.join(', ') },
    ),
  tooManyRequests: (seconds: number) =>
    retryLater(HttpStatus.TOO_MANY_REQUESTS, 'Too many requests', seconds),
  internal: () => new ApiError(HttpStatus.INTERNAL_SERVER_ERROR, 'Internal server error'),
  shuttingDown: () => retryLater(HttpStatus.SERVICE_UNAVAILABLE, 'The service is shutting down', 5),
  overloaded: (options?: ErrorOptions) =>
    retryLater(HttpStatus.SERVICE_UNAVAILABLE, 'The service is busy', 1, options),
  /** A dependency is temporarily unavailable. */
  unavailable: (message: string) => retryLater(HttpStatus.SERVICE_UNAVAILABLE, message, 1),
};
