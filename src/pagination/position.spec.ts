import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ApiError } from '../errors/api-error.js';
import { fromAfter, type Order, toAfter } from './position.js';

const byId: Order = { byKey: false, direction: 'ASC' };
const byKey: Order = { byKey: true, direction: 'ASC' };
const opaque = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const refusalOf = (after: string, order: Order): unknown => {
  try {
    return fromAfter(after, order, 'user');
  } catch (error) {
    return (error as ApiError).body;
  }
};
const REFUSED = { error: 400, details: [{ field: 'after' }] };

describe('after', () => {
  it('is the id where the order is by id', () => {
    expect(toAfter({ id: 7, key: '' }, byId, 'user')).toBe('7');
    expect(fromAfter('7', byId, 'user')).toEqual({ id: 7, key: '' });
    expect(fromAfter('0', byId, 'user')).toEqual({ id: 0, key: '' });
  });

  it('holds key and id where the order is by key', () => {
    const key = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(key, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (key, id) => {
        expect(fromAfter(toAfter({ id, key }, byKey, 'user'), byKey, 'user')).toEqual({ id, key });
      }),
    );
  });

  it.each([
    '',
    'x',
    '-1',
    '1.5',
    '1e3',
    ' 1',
    '9007199254740992',
    '99999999999999999999',
    opaque(['user', 'a', 1]),
  ])('is no id: %j', (after) => {
    expect(refusalOf(after, byId)).toMatchObject(REFUSED);
  });

  it.each([
    '',
    '7',
    'x',
    '!',
    opaque('user'),
    opaque(null),
    opaque({}),
    opaque(['network', 'a', 1]),
    opaque(['a', 1]),
    opaque(['user', 'a']),
    opaque(['user', 'a', '1']),
    opaque(['user', 'a', 0]),
    opaque(['user', 'a', -1]),
    opaque(['user', 'a', 1.5]),
    opaque(['user', 'a', 2 ** 53]),
    opaque(['user', 'a', 1, 2]),
    opaque(['user', 1, 1]),
    opaque(['user', null, 1]),
    opaque(['user', 'a\0', 1]),
    opaque(['user', '\ud83d', 1]),
    // Other texts of a position.
    `${opaque(['user', 'a', 1])}=`,
    Buffer.from('["user", "a", 1]').toString('base64url'),
    Buffer.from('["user","\\ud83d",1]').toString('base64url'),
    Buffer.from('["user","a",1e999]').toString('base64url'),
    Buffer.from([0xff, 0xfe]).toString('base64url'),
  ])('is no position of this list: %j', (after) => {
    expect(refusalOf(after, byKey)).toMatchObject(REFUSED);
  });

  it('is a position or a 400, whatever is sent', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    fc.assert(
      fc.property(any, fc.boolean(), (after, isByKey) => {
        const order = { ...byId, byKey: isByKey };
        const read = refusalOf(after, order) as { id?: number };
        if (typeof read.id !== 'number') expect(read).toMatchObject(REFUSED);
      }),
    );
  });
});
