import { describe, expect, it } from 'vitest';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError, logAnswer } from './logger.js';

describe('an error as it is logged', () => {
  it('says what it says of itself, and what caused it, and nothing else', () => {
    const cause = Object.assign(new Error('disk full'), { code: 'SQLITE_FULL', parameters: ['a hash'] });
    const error = Object.assign(new Error('no answer', { cause }), { query: 'UPDATE users' });
    expect(describeError(error)).toEqual({
      name: 'Error',
      message: 'no answer',
      stack: expect.stringContaining('logging.spec.ts'),
      cause: { name: 'Error', message: 'disk full', code: 'SQLITE_FULL', stack: expect.any(String) },
    });
  });

  it('has no query of a request in it', () => {
    const error = new Error(
      'Reply was already sent, did you forget to "return reply" in "/user?login=x&a=b" (GET)?',
    );
    const seen = JSON.stringify(describeError(error));
    expect(seen).toContain('\\"/user\\" (GET)?');
    expect(seen).not.toContain('login=x');
  });

  it('is named by its type where it is none', () => {
    expect(describeError('a secret')).toEqual({ type: 'string' });
  });
});

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
      ip: '127.0.0.1',
      log: { info: (line: unknown) => lines.push(line) },
    };
    logAnswer(
      request as unknown as FastifyRequest,
      { statusCode: 200, elapsedTime: 1 } as unknown as FastifyReply,
    );
    expect(lines).toEqual([expect.objectContaining({ path })]);
  });
});
