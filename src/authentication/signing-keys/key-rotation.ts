import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { EntityManager } from 'typeorm';
import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { OperatorError } from '../../errors/operator-error.js';
import type { EventActor } from '../../events/event.js';
import { SERVICE_ACTOR } from '../../events/event.js';
import { recordEvent } from '../../events/record-event.js';
import { SettingsError } from '../../settings/settings.js';
import { decryptKey, encryptKey, isEncrypted } from './key-encryption.js';
import { SigningKey } from './signing-key.entity.js';

/** Subject of the notification that keys were added or removed. */
export const KEYS_CHANGED = 'signing-keys';
/** Milliseconds until every process that can read the database has seen added or removed keys. */
export const KEYS_NOTICED = 2000;
/** Seconds for which other services may cache the JWKS. */
export const JWKS_MAX_AGE = 300;
/**
 * Seconds between publishing a key and signing with it: {@link JWKS_MAX_AGE}, plus the ten minutes for which common
 * JWKS clients cache the response.
 */
export const KEY_LEAD = JWKS_MAX_AGE + 600;

/** Reads the stored keys in the order in which they sign. */
export const readKeys = (manager: EntityManager): Promise<SigningKey[]> =>
  manager.find(SigningKey, { order: { createdAt: 'ASC', kid: 'ASC' } });

/** Returns the index of the key that signs at a moment: the last one that has started, or else the first. */
export const signerAt = (keys: readonly Pick<SigningKey, 'createdAt'>[], moment: number): number =>
  Math.max(
    keys.findLastIndex(({ createdAt }) => createdAt.getTime() <= moment),
    0,
  );

/** Bytes of a refresh key: the size of the HS256 output, the minimum in RFC 7518 §3.2. */
const REFRESH_KEY_BYTES = 32;

/** Generates a pair of keys. Its secret parts are encrypted if `secret` is set. */
async function makeKey(secret: string | undefined): Promise<Omit<SigningKey, 'createdAt'>> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(jwk);
  return {
    kid,
    publicJwk: JSON.stringify({ ...jwk, kid, alg: 'ES256', use: 'sig' }),
    privateKey: await protectKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), secret),
    refreshKey: await protectKey(makeRefreshKey(), secret),
  };
}

const makeRefreshKey = () => randomBytes(REFRESH_KEY_BYTES).toString('base64url');

/** Returns a private or refresh key in its stored form: encrypted if `secret` is set. */
const protectKey = (key: string, secret: string | undefined): Promise<string> =>
  secret === undefined || isEncrypted(key) ? Promise.resolve(key) : encryptKey(key, secret);

/**
 * Generates the first pair of keys. Completes pairs that an earlier version stored, and encrypts keys that were stored
 * before `secret` was set.
 *
 * @throws {SettingsError} when the secret is not the one of a pair that has to be completed
 */
export async function ensureKeys(database: Database, secret: string | undefined): Promise<void> {
  await database.transaction(async (transaction) => {
    const { manager } = transaction;
    const keys = await lockKeys(transaction);
    if (keys.length === 0) {
      const made = await makeKey(secret);
      await manager.insert(SigningKey, { ...made, createdAt: new Date() });
      const event = { type: 'key.created', subject: `key/${made.kid}`, actor: SERVICE_ACTOR } as const;
      await recordEvent(transaction, event);
    }
    for (const { kid, privateKey, refreshKey } of keys) {
      // Without this check, a wrong secret would encrypt the new key, and the right one could not decrypt it.
      if (refreshKey === null) await decryptKey(privateKey, secret);
      const secured = {
        privateKey: await protectKey(privateKey, secret),
        refreshKey: await protectKey(refreshKey ?? makeRefreshKey(), secret),
      };
      if (secured.privateKey !== privateKey || secured.refreshKey !== refreshKey)
        await manager.update(SigningKey, kid, secured);
    }
  });
}

/**
 * Publishes a new key that starts to sign in `seconds`, at least {@link KEYS_NOTICED}: no process may sign with a key
 * that another process has not seen yet.
 *
 * @throws {OperatorError} when another pending key starts to sign before this one would
 * @throws {SettingsError} when the secret is not the one of the service
 */
export async function rotateKey(
  database: Database,
  secret: string | undefined,
  seconds: number,
): Promise<SigningKey> {
  const actor: EventActor = { userId: null, command: 'keys rotate' };
  const stored = await database.read(readKeys);
  for (const { privateKey } of stored.slice(-1)) await assertSecretOf(privateKey, secret);
  const made = await makeKey(secret);
  return database.transaction(async (transaction) => {
    const keys = await lockKeys(transaction);
    const now = Date.now();
    const from = now + Math.max(seconds * 1000, KEYS_NOTICED);
    const pending = keys.find(({ createdAt }) => createdAt.getTime() > now && createdAt.getTime() <= from);
    if (pending)
      throw new OperatorError(
        `A rotation is under way: ${pending.kid} signs from ${pending.createdAt.toISOString()} on`,
      );
    const key: SigningKey = { ...made, createdAt: new Date(from) };
    await transaction.manager.insert(SigningKey, key);
    await recordEvent(transaction, { type: 'key.created', subject: `key/${key.kid}`, actor });
    await transaction.announce(KEYS_CHANGED);
    return key;
  });
}

/**
 * Deletes a key. Every token that it has signed becomes invalid.
 *
 * @throws {OperatorError} when there is no such key, or no other key to sign in its place
 */
export async function revokeKey(database: Database, kid: string): Promise<void> {
  const actor: EventActor = { userId: null, command: 'keys revoke' };
  await database.transaction(async (transaction) => {
    const keys = await lockKeys(transaction);
    const index = keys.findIndex((key) => key.kid === kid);
    if (index < 0) throw new OperatorError(`There is no key ${kid}`);
    if (index === keys.length - 1 && index === signerAt(keys, Date.now()))
      throw new OperatorError(
        `${kid} signs, and no newer key would take its place: rotate --now comes first`,
      );
    await transaction.manager.delete(SigningKey, kid);
    await recordEvent(transaction, { type: 'key.revoked', subject: `key/${kid}`, actor });
    await transaction.announce(KEYS_CHANGED);
  });
}

async function lockKeys(transaction: Transaction): Promise<SigningKey[]> {
  await transaction.serialise('signingKeys');
  return readKeys(transaction.manager);
}

/** Rejects a wrong secret: the running service could not decrypt the new key. */
async function assertSecretOf(stored: string, secret: string | undefined): Promise<void> {
  if (secret !== undefined && !isEncrypted(stored))
    throw new SettingsError(
      'KEY_ENCRYPTION_SECRET is not valid: the stored signing key is not encrypted; start the service with it first',
    );
  await decryptKey(stored, secret);
}
