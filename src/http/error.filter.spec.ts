import { describe, expect, it } from 'vitest';
import { BadRequestException, ServiceUnavailableException } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';
import { UnavailableError } from '../errors/unavailable.error.js';
import { toApiError } from './error.filter.js';

const fastifyError = (statusCode: number) =>
  Object.assign(new Error('what Fastify says'), { code: 'FST_ERR_SOME', statusCode });

describe('an exception becomes the error of the catalogue', () => {
  const own = requestErrors.tooManyRequests(7);

  it.each([
    ['one of our own stays as it is', own, own],
    [
      'a dependency that cannot be used: 503, with Retry-After and its message, not its cause',
      new UnavailableError('The database is not available', { cause: new Error('password=secret') }),
      requestErrors.unavailable('The database is not available'),
    ],
    ['Nest: 4xx', new BadRequestException('what Nest says'), requestErrors.invalidRequest()],
    ['Nest: 503', new ServiceUnavailableException('what Nest says'), requestErrors.overloaded()],
    ['Fastify: a body that is too large', fastifyError(413), requestErrors.bodyTooLarge(128)],
    ['Fastify: another content type', fastifyError(415), requestErrors.notJson()],
    ['Fastify: no such route', fastifyError(404), requestErrors.routeNotFound()],
    ['anything else: 500', new Error('secret'), requestErrors.internal()],
    [
      'a status of another library',
      Object.assign(new Error('secret'), { statusCode: 404 }),
      requestErrors.internal(),
    ],
    ['undefined', undefined, requestErrors.internal()],
  ])('%s', (_, exception, expected) => {
    const { status, body, headers } = toApiError(exception);
    expect({ status, body, headers }).toEqual({
      status: expected.status,
      body: expected.body,
      headers: expected.headers,
    });
  });
});
