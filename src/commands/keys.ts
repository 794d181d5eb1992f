import {
  KEY_LEAD,
  readKeys,
  revokeKey,
  rotateKey,
  signerAt,
} from '../authentication/signing-keys/key-rotation.js';
import type { SigningKey } from '../authentication/signing-keys/signing-key.entity.js';
import { OperatorError } from '../errors/operator-error.js';
import type { Settings } from '../settings/settings.js';
import { parseArguments, UsageError } from './arguments.js';
import type { Action, ArgumentParser } from './command.js';
import { withDatabase } from './existing-database.js';

/* Manages signing keys while the service runs (0012-key-rotation.md). */

/** Maximum number of seconds until a new key signs: 365 days. */
const LONGEST_LEAD = 31_536_000;

/** A thumbprint (RFC 7638) by SHA-256, in base64url. */
const KEY_ID = /^[\w-]{43}$/;

/** Lists the keys, and which of them signs. */
export const list: ArgumentParser = (args) => {
  parseArguments(args);
  return ofStoredKeys(async (settings) => {
    const keys = await withDatabase(settings, (database) => database.read(readKeys));
    const signer = signerAt(keys, Date.now());
    return keys.map((key, index) => `${key.kid}  ${describe(keys, index, signer, settings)}`).join('\n');
  });
};

/** Publishes a new key, which signs later. */
export const rotate: ArgumentParser = (args) => {
  const seconds = leadOf(args);
  return ofStoredKeys(async (settings) => {
    const { kid, createdAt } = await withDatabase(settings, (database) =>
      rotateKey(database, settings.keyEncryptionSecret, seconds),
    );
    return `${kid} is published, and signs from ${createdAt.toISOString()} on`;
  });
};

/** Revokes a key, so that its tokens are rejected. */
export const revoke: ArgumentParser = (args) => {
  // A key id may start with a hyphen, so it must not be parsed as an option.
  const isKeyId = KEY_ID.test(args[0] ?? '');
  const { positionals } = parseArguments(isKeyId ? ['--', ...args] : args, { positionals: ['kid'] });
  const [kid] = positionals;
  return ofStoredKeys(async (settings) => {
    await withDatabase(settings, (database) => revokeKey(database, kid));
    return `${kid} is revoked: every process rejects its tokens within two seconds; services that verify offline may accept them until they fetch the keys again`;
  });
};

/** Refuses an action when a secret signs instead of the stored keys. */
function ofStoredKeys(action: Action): Action {
  return (settings) => {
    if (settings.jwtSecret === undefined) return action(settings);
    throw new OperatorError(
      'JWT_SECRET is set: it signs, and there is nothing to rotate; to change it, set another and restart every process, which ends all tokens',
    );
  };
}

/** Returns the number of seconds until the new key starts to sign. */
function leadOf(args: readonly string[]): number {
  const { values } = parseArguments(args, {
    options: { now: { type: 'boolean' }, in: { type: 'string' } },
  });
  const { now = false, in: sent } = values;
  if (sent === undefined) return now ? 0 : KEY_LEAD;
  const seconds = Number(sent);
  if (now) throw new UsageError('--now and --in exclude each other');
  if (!/^\d{1,8}$/.test(sent) || seconds > LONGEST_LEAD)
    throw new UsageError(`--in is not a number of seconds from 0 to ${LONGEST_LEAD}`);
  return seconds;
}

function describe(keys: readonly SigningKey[], index: number, signer: number, settings: Settings): string {
  const from = keys[index]?.createdAt.toISOString() ?? '';
  if (index > signer) return `published, signs from ${from} on`;
  if (index === signer) return `signs since ${from}`;
  const until = keys[index + 1]?.createdAt.getTime() ?? 0;
  const lifetime = Math.max(settings.accessTokenTtl, settings.refreshTokenTtl) * 1000;
  return `accepted; its tokens with the usual lifetime end by ${new Date(until + lifetime).toISOString()}`;
}
