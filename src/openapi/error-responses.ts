import { STATUS_CODES } from 'node:http';

/** The error body of every response with a status of 400 or more (contract.md §6). */
const BODY = { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } };

const header = (name: string) => ({ [name]: { $ref: `#/components/headers/${name}` } });

/** The headers of every response. */
export const EVERY_RESPONSE = header('X-Request-Id');

const response = (description: string, ...headers: readonly string[]) => ({
  description,
  headers: Object.assign({}, EVERY_RESPONSE, ...headers.map(header)) as object,
  content: BODY,
});

/** The headers that several responses have, by name. */
export const HEADERS = {
  'X-Request-Id': {
    description: 'Names the request in the log: the caller’s own id, if it sent a valid one.',
    required: true,
    schema: { type: 'string', minLength: 1 },
  },
  'Retry-After': {
    description: 'Seconds to wait before the next try.',
    required: true,
    schema: { type: 'integer', minimum: 1 },
  },
  'WWW-Authenticate': {
    description: 'How to authenticate; for a token that was sent, with `error="invalid_token"` (RFC 6750).',
    schema: { type: 'string' },
  },
  Allow: {
    description: 'The methods that the path has.',
    required: true,
    schema: { type: 'string' },
  },
  'Accept-Patch': {
    description: 'The types of body that `PATCH` takes (RFC 5789).',
    schema: { type: 'string' },
  },
};

/** The error responses of the service, by status: every operation refers to those that it can return. */
const BY_STATUS: Readonly<Record<number, readonly [name: string, response: object]>> = {
  400: ['BadRequest', response('The request is not valid. `details` names the fields at fault.')],
  401: ['Unauthorized', response('Not signed in.', 'WWW-Authenticate')],
  403: ['Forbidden', response('Not allowed.')],
  404: ['NotFound', response('Not found.')],
  405: ['MethodNotAllowed', response('The path has other methods.', 'Allow')],
  408: ['RequestTimeout', response('The request did not arrive in time.')],
  412: ['PreconditionFailed', response('`If-Match` or `If-None-Match` does not hold.')],
  413: ['ContentTooLarge', response('The body is too large, or has too many members.')],
  415: ['UnsupportedMediaType', response('The body is of another type, or not UTF-8.', 'Accept-Patch')],
  429: ['TooManyRequests', response('Too many requests.', 'Retry-After')],
  431: ['HeadersTooLarge', response('The headers are larger than the limit, 16 KiB or more.')],
  500: ['InternalError', response('A fault of the service.')],
  503: ['Unavailable', response('Not available now.', 'Retry-After')],
};

/** The statuses of errors that every route can return before its handler runs. */
export const EVERY_ROUTE = [405, 408, 431];

/** The response `default` of every operation, so that generated clients have one type of error. */
const ANY_ERROR = 'Error';

/** The responses of the document's components. */
export const ERROR_RESPONSES: Readonly<Record<string, object>> = {
  ...Object.fromEntries(Object.values(BY_STATUS)),
  [ANY_ERROR]: response('Any other error.'),
};

/** Returns a reference to the error response of a status. `messages`: what the operation says with it. */
export function errorResponse(status: number | 'default', messages: readonly string[] = []): object {
  const name = status === 'default' ? ANY_ERROR : BY_STATUS[status]?.[0];
  if (!name) throw new Error(`The document has no response for ${status} ${STATUS_CODES[status] ?? ''}`);
  const description = messages.map((message) => `\`${message}\``).join(', ');
  return { $ref: `#/components/responses/${name}`, ...(description && { description }) };
}
