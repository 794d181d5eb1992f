import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { logResponse } from './access-log.js';

describe('a request as it is logged', () => {
  it.each([
    ['/user?login=x', '/user'],
    ['http://name:secret@host/user/1?login=x', '/user/1'],
    ['http://host', ''],
    ['*', '*'],
  ])('for %s is %j', (url, path) => {
    const lines: unknown[] = [];
    const request = {
      method: 'GET',
      url,
      log: { info: (line: unknown) => lines.push(line) },
    };
    logResponse(
      request as unknown as FastifyRequest,
      { statusCode: 200, elapsedTime: 1 } as unknown as FastifyReply,
      '127.0.0.1',
    );
    expect(lines).toEqual([expect.objectContaining({ path })]);
  });
});
