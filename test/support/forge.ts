import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import { calculateJwkThumbprint, SignJWT, type SignOptions } from 'jose';
import type { Client } from './client.js';
import type { TestDatabase } from './database.js';

/** A pair of keys that sign tokens, as the database of a service has it. */
export interface ForgersKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Signs refresh tokens. */
  readonly refreshKey: KeyObject;
}

/** The key with which the service on `database` signs: with it any claims can be signed as the service would. */
export async function stolenKey(database: TestDatabase): Promise<ForgersKey> {
  const rows = await database.query('SELECT * FROM signing_keys ORDER BY created_at DESC');
  const { kid, private_key: pem, refresh_key: secret } = rows[0] as Record<string, string>;
  const privateKey = createPrivateKey(pem ?? '');
  const refreshKey = createSecretKey(secret ?? '', 'base64url');
  return { kid: kid ?? '', privateKey, publicKey: createPublicKey(privateKey), refreshKey };
}

/** A key that no service has seen. */
export async function foreignKey(): Promise<ForgersKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = await calculateJwkThumbprint(publicKey.export({ format: 'jwk' }));
  return { kid, privateKey, publicKey, refreshKey: createSecretKey(randomBytes(32)) };
}

/** The rights of a token, as its claims have them. */
export interface TokenRights {
  /** By number. */
  readonly actions: readonly number[];
  /** Absent: the claim is left out. */
  readonly networks?: readonly string[] | undefined;
  /** Absent: the claim is left out. */
  readonly deviceTypes?: readonly string[] | undefined;
}

/** What a token says, apart from the claims that are the same in all. */
export interface TokenContent extends TokenRights {
  readonly userId: number;
  /** 1 access (the default), 0 refresh. */
  readonly type?: 0 | 1 | undefined;
  /** The session that it belongs to; absent: the claim is left out, and the service refuses the token. */
  readonly sid?: string | undefined;
  /** Seconds from now; negative: it has expired. */
  readonly expiresIn?: number | undefined;
}

/** The claims of a token as the service would write them, with any content (contract.md §5). */
export function makeClaims({
  userId,
  actions,
  networks,
  deviceTypes,
  type = 1,
  sid,
  expiresIn = 600,
}: TokenContent): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const exp = now + expiresIn;
  return {
    payload: { u: userId, a: actions, n: networks, dt: deviceTypes, e: exp * 1000, t: type },
    iss: 'hivegate',
    sub: String(userId),
    iat: Math.min(now, exp) - 60,
    exp,
    jti: randomUUID(),
    ...(sid !== undefined && { sid }),
  };
}

/** Signs claims with `key`, under a header that may lie. By default it is that of an access token. `options.crit`: the extensions that jose may sign. */
export function forge(
  claims: Readonly<Record<string, unknown>>,
  key: KeyObject | Uint8Array,
  header: {
    readonly alg?: string;
    readonly kid?: string;
    readonly [name: string]: unknown;
  },
  options?: SignOptions,
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...header })
    .sign(key, options);
}

/** Signs the claims of a refresh token as the service would, under a header that may lie. */
export const forgeRefresh = (
  claims: Readonly<Record<string, unknown>>,
  { kid, refreshKey }: ForgersKey,
  header: Readonly<Record<string, unknown>> = {},
  options?: SignOptions,
): Promise<string> => forge(claims, refreshKey, { alg: 'HS256', typ: 'rt+jwt', kid, ...header }, options);

/** What anyone could take for the secret of HS256: every form of the keys that a service publishes. */
export async function publicSecrets(client: Client): Promise<Buffer[]> {
  const { text, body } = await client.get('/.well-known/jwks.json');
  const forms = (body.keys as Record<string, unknown>[]).flatMap((jwk) => {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const pem = key.export({ type: 'spki', format: 'pem' });
    return [
      ...[pem, String(pem).trim(), key.export({ type: 'spki', format: 'der' })],
      ...[JSON.stringify(jwk), JSON.stringify(key.export({ format: 'jwk' })), jwk['kid'], jwk['x'], jwk['y']],
    ];
  });
  return [text, ...forms].map((form) => Buffer.from(form as string | Buffer));
}

/** One part of a token, as it is on the wire. */
export const encodePart = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
