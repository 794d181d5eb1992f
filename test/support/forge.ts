import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import type { TestDatabase } from './database.js';

/** A key that signs tokens, as the database of a service has it. */
export interface ForgersKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The key with which the service on `database` signs: with it any claims can be signed as the service would. */
export async function stolenKey(database: TestDatabase): Promise<ForgersKey> {
  const rows = await database.query('SELECT kid, private_key FROM signing_keys ORDER BY created_at DESC');
  const { kid, private_key: pem } = rows[0] as { kid: string; private_key: string };
  const privateKey = createPrivateKey(pem);
  return { kid, privateKey, publicKey: createPublicKey(privateKey) };
}

/** A key that no service has seen. */
export async function foreignKey(): Promise<ForgersKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid: await calculateJwkThumbprint(publicKey.export({ format: 'jwk' })), privateKey, publicKey };
}

/** Signs claims with `key`, under a header that may lie. */
export function forge(
  claims: Readonly<Record<string, unknown>>,
  key: KeyObject | Uint8Array,
  header: { readonly alg?: string; readonly kid?: string; readonly [name: string]: unknown },
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);
}

/** One part of a token, as it is on the wire. */
export const encodePart = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
