import type { OpenAPIObject } from '@nestjs/swagger';

/** What each status of an error means (contract.md §6). */
const MEANINGS: Readonly<Record<number, string>> = {
  400: 'not valid, `details` names the fields at fault',
  401: 'not signed in',
  403: 'not allowed',
  404: 'not found',
  405: 'the path has other methods',
  408: 'the request did not arrive in time',
  412: '`If-Match` or `If-None-Match` does not hold',
  413: 'the body is too large, or has too many members',
  415: 'the body has another type, or is not UTF-8',
  429: 'too many requests',
  431: 'the headers are larger than 16 KiB',
  500: 'a fault of the service',
  503: 'not available now',
};

/** The statuses that every operation can return, before its handler runs or because the service fails. Any may have a body. */
export const EVERY_OPERATION: readonly number[] = [400, 405, 408, 412, 413, 415, 431, 500, 503];

/** The statuses of errors in words, for the description of the document. */
export const STATUSES_IN_WORDS = `**Errors** have the body \`ApiError\`: ${Object.entries(MEANINGS)
  .map(([status, meaning]) => `${status} ${meaning}`)
  .join('; ')}.`;

const REQUEST_ID = {
  description: 'Names the request in the log: the caller’s own id, if it sent a valid one.',
  required: true,
  schema: { type: 'string', minLength: 1 },
} as const;

/** The headers of every response. */
export const EVERY_RESPONSE = { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } };

/** The headers and responses of the document's components. All errors are one response, so that generators make one type. */
export const SHARED_COMPONENTS = {
  headers: { 'X-Request-Id': REQUEST_ID },
  responses: {
    Error: {
      description: 'An error. The description of the operation says which it can be.',
      headers: {
        ...EVERY_RESPONSE,
        'Retry-After': {
          description: 'With 429 and 503: seconds to wait before the next try.',
          schema: { type: 'integer', minimum: 1 },
        },
        'WWW-Authenticate': {
          description: 'With 401: how to authenticate; for a token that was sent, `error="invalid_token"`.',
          schema: { type: 'string' },
        },
        Allow: { description: 'With 405: the methods of the path.', schema: { type: 'string' } },
        'Accept-Patch': {
          description: 'With 415: the types of body that `PATCH` takes.',
          schema: { type: 'string' },
        },
      },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } },
    },
  },
} satisfies OpenAPIObject['components'];

/** The error responses of every operation. */
export const ERROR_RESPONSES = {
  '4XX': { $ref: '#/components/responses/Error' },
  default: { $ref: '#/components/responses/Error' },
} as const;
