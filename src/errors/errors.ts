import { HttpStatus } from '@nestjs/common';

/** One field of a request that does not hold, as it is told to the caller. */
export interface FieldError {
  /** The property or parameter at fault. */
  readonly field: string;
  readonly message: string;
}

/** The body of every error (contract.md §6). */
export interface ErrorBody {
  /** The HTTP status, again. */
  readonly error: number;
  readonly message: string;
  /** The fields at fault, on a 400 for fields. */
  readonly details?: readonly FieldError[];
}

/** An error that is told to the caller as it is: its message holds nothing internal. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly details?: readonly FieldError[],
    /** Headers that the answer carries, by name. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  get body(): ErrorBody {
    const { status: error, message, details } = this;
    return details ? { error, message, details } : { error, message };
  }
}

/** How many unknown names an error tells, and how many characters of each. */
const MOST_UNKNOWN_NAMES = 20;
const LONGEST_NAME = 64;

const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };
const unauthorized = (message: string) => new ApiError(401, message, undefined, CHALLENGE);
const notFound = (message: string) => new ApiError(HttpStatus.NOT_FOUND, message);
const forbidden = (message: string) => new ApiError(HttpStatus.FORBIDDEN, message);
const retryLater = (status: number, message: string, seconds: number) =>
  new ApiError(status, message, undefined, { 'Retry-After': String(Math.max(1, Math.ceil(seconds))) });

/** Everything that the service refuses, with its status and text (contract.md §2 to §6). */
export const errors = {
  // 400
  invalidRequest: (message = 'Invalid request parameters') => new ApiError(HttpStatus.BAD_REQUEST, message),
  /** The message of the first field stands for all of them. */
  invalidFields: (details: readonly FieldError[]) =>
    new ApiError(HttpStatus.BAD_REQUEST, details[0]?.message ?? 'Invalid request parameters', details),
  /** A parameter of the path or the query that does not hold, or a name that the service does not know. */
  invalidParameters: (details: readonly FieldError[]) =>
    new ApiError(HttpStatus.BAD_REQUEST, 'Invalid request parameters', details),
  /** Properties or parameters that nobody knows: the first of them, cut short, lest the answer outgrow the request. */
  unknownNames: (names: readonly string[]) =>
    errors.invalidParameters(
      names.slice(0, MOST_UNKNOWN_NAMES).map((name) => {
        const field = name.slice(0, LONGEST_NAME);
        return { field, message: `${field} is not known here` };
      }),
    ),
  malformedJson: () =>
    errors.invalidParameters([{ field: 'body', message: 'The body is not well-formed JSON' }]),
  emptyCredentials: () => errors.invalidRequest('Invalid or empty authorization request parameters'),

  // 401
  unauthorized: () => unauthorized('Unauthorized'),
  tokenExpired: () => unauthorized('Token expired'),
  refreshTokenExpired: () => unauthorized('Token has expired'),
  invalidTokenType: () => unauthorized('Invalid token type'),
  invalidCredentials: () => unauthorized('Invalid credentials'),

  // 403
  accessDenied: (details?: readonly FieldError[]) =>
    new ApiError(HttpStatus.FORBIDDEN, 'Access is denied', details),
  administratorsOnly: () => forbidden('Admin permissions required for this action'),
  wrongOldPassword: () => forbidden('Invalid credentials'),
  loginTaken: () => forbidden('User with such login already exists. Please, select another one'),
  lastAdministrator: () => forbidden('The last active administrator cannot be removed'),
  ownRecordDeleted: () =>
    forbidden('You can not delete a user or access key that you use to authenticate this request'),
  userNotActive: () => forbidden('User is locked or disabled'),
  /** `what`: a kind of access scope, such as `Network`. */
  nameTaken: (what: string) => forbidden(`${what} cannot be created. ${what} with such name already exists`),
  allDeviceTypesAssigned: () => forbidden('Cannot assign device type to user with all device types allowed'),

  // 404
  routeNotFound: () => notFound('Not found'),
  userNotFound: (id: number) => notFound(`User with id = ${id} not found`),
  /** `what`: a kind of access scope, such as `Network`. */
  scopeNotFound: (what: string, id: number) => notFound(`${what} with id = ${id} not found`),
  networkNotAssigned: (id: number, userId: number) =>
    notFound(`Network with id ${id} for user with id ${userId} was not found`),
  deviceTypeNotAssigned: (id: number, userId: number) =>
    notFound(`Device type with id ${id} for user with id ${userId} not found`),
  configurationNotFound: (name: string) =>
    notFound(`Requested config with name = ${name} not found in the database`),

  // 405 and up
  methodNotAllowed: (allow: readonly string[]) =>
    new ApiError(HttpStatus.METHOD_NOT_ALLOWED, 'Method not allowed', undefined, { Allow: allow.join(', ') }),
  preconditionFailed: () => new ApiError(HttpStatus.PRECONDITION_FAILED, 'The resource has been changed'),
  bodyTooLarge: () => new ApiError(HttpStatus.PAYLOAD_TOO_LARGE, 'The body is larger than 1 MiB'),
  notJson: () => new ApiError(HttpStatus.UNSUPPORTED_MEDIA_TYPE, 'The body must be JSON in UTF-8'),
  tooManyRequests: (seconds: number) => retryLater(429, 'Too many requests', seconds),
  internal: () => new ApiError(HttpStatus.INTERNAL_SERVER_ERROR, 'Internal server error'),
  shuttingDown: () => retryLater(503, 'The service is shutting down', 5),
  databaseUnavailable: () => retryLater(503, 'The database is not available', 1),
  overloaded: () => retryLater(503, 'The service is busy', 1),
};
