import { describe, expect, it } from 'vitest';
import { serializeError } from './error-serializer.js';

describe('an error as it is logged', () => {
  it('says what it says of itself, and what caused it, and nothing else', () => {
    const cause = Object.assign(new Error('disk full'), { code: 'SQLITE_FULL', parameters: ['a hash'] });
    const error = Object.assign(new Error('no answer', { cause }), { query: 'UPDATE users' });
    expect(serializeError(error)).toEqual({
      name: 'Error',
      message: 'no answer',
      stack: expect.stringContaining('error-serializer.spec.ts'),
      cause: { name: 'Error', message: 'disk full', code: 'SQLITE_FULL', stack: expect.any(String) },
    });
  });

  it('has no query of a request in it', () => {
    const error = new Error(
      'Reply was already sent, did you forget to "return reply" in "/user?login=x&a=b" (GET)?',
    );
    const seen = JSON.stringify(serializeError(error));
    expect(seen).toContain('\\"/user\\" (GET)?');
    expect(seen).not.toContain('login=x');
  });

  it('is named by its type where it is none', () => {
    expect(serializeError('a secret')).toEqual({ type: 'string' });
  });
});
