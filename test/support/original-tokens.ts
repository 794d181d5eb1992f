import { createHmac } from 'node:crypto';
import { encodePart } from './forge.js';

/** A secret of the original, and the 32 bytes of its key: what is Node's base64 as well. */
export const ORIGINAL_SECRET = 'dGhpcnR5LXR3byBieXRlcyBvZiBhIHNlY3JldCBrZXk=';
const KEY = Buffer.from(ORIGINAL_SECRET, 'base64');

/** The settings of a service that accepts tokens of the original. */
export const WITH_ORIGINAL_TOKENS = {
  COMPATIBILITY: 'devicehive',
  JWT_SECRET: ORIGINAL_SECRET,
  ACCEPT_ORIGINAL_TOKENS_UNTIL: '2099-12-31',
} as const;

/** The payload of a token of the original: a client's, for an hour. */
export const originalPayload = (
  userId: number,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  a: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17],
  e: Date.now() + 3_600_000,
  t: 1,
  u: userId,
  n: ['*'],
  dt: ['*'],
  ...more,
});

/** Signs claims as the original's library does, under a header and with a key that may be others. */
export function signOriginal(
  claims: unknown,
  {
    header = { alg: 'HS256' },
    key = KEY,
    hash = 'sha256',
  }: { header?: object; key?: Buffer; hash?: string } = {},
): string {
  const signed = `${encodePart(header)}.${encodePart(claims)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

/** An access token of the original for a user. */
export const originalToken = (userId: number, more: Readonly<Record<string, unknown>> = {}): string =>
  signOriginal({ payload: originalPayload(userId, more) });
