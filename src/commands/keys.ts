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
import { parseArguments } from './arguments.js';
import { run, withDatabase } from './command.js';

/* Manages signing keys while the service runs: `npm run keys -- list | rotate | revoke` (0012-key-rotation.md). */

const USAGE = 'keys: list | rotate [--now | --in <seconds>] | revoke <kid>';
/** Maximum number of seconds until a new key signs: 365 days. */
const LONGEST_LEAD = 31_536_000;

run(async (settings, parameters) => {
  const command = parse(parameters);
  if (settings.jwtSecret !== undefined)
    throw new OperatorError(
      'JWT_SECRET is set: it signs, and there is nothing to rotate; to change it, set another and restart every process, which ends all tokens',
    );
  return command(settings);
});

function parse([name, ...rest]: readonly string[]): (settings: Settings) => Promise<string> {
  switch (name) {
    case 'list':
      parseArguments(rest, { usage: USAGE, options: {} });
      return list;
    case 'rotate': {
      const seconds = leadOf(rest);
      return (settings) => rotate(settings, seconds);
    }
    case 'revoke': {
      // A key id may start with a hyphen, so it must not be parsed as an option.
      const { positionals } = parseArguments(rest[0] === '--' ? rest : ['--', ...rest], {
        usage: USAGE,
        positionals: ['kid'],
        options: {},
      });
      return (settings) => revoke(settings, positionals.join());
    }
    default:
      throw new OperatorError(USAGE);
  }
}

/** Returns the number of seconds until the new key starts to sign. */
function leadOf(args: readonly string[]): number {
  const { values } = parseArguments(args, {
    usage: USAGE,
    options: { now: { type: 'boolean' }, in: { type: 'string' } },
  });
  const { now = false, in: sent } = values;
  if (sent === undefined) return now ? 0 : KEY_LEAD;
  const seconds = Number(sent);
  if (now || !/^\d{1,8}$/.test(sent) || seconds > LONGEST_LEAD) throw new OperatorError(USAGE);
  return seconds;
}

async function list(settings: Settings): Promise<string> {
  const keys = await withDatabase(settings, (database) => database.read(readKeys));
  const signer = signerAt(keys, Date.now());
  return keys.map((key, index) => `${key.kid}  ${describe(keys, index, signer, settings)}`).join('\n');
}

function describe(keys: readonly SigningKey[], index: number, signer: number, settings: Settings): string {
  const from = keys[index]?.createdAt.toISOString() ?? '';
  if (index > signer) return `published, signs from ${from} on`;
  if (index === signer) return `signs since ${from}`;
  const until = keys[index + 1]?.createdAt.getTime() ?? 0;
  const lifetime = Math.max(settings.accessTokenTtl, settings.refreshTokenTtl) * 1000;
  return `accepted; its tokens of the usual life end by ${new Date(until + lifetime).toISOString()}`;
}

async function rotate(settings: Settings, seconds: number): Promise<string> {
  const { kid, createdAt } = await withDatabase(settings, (database) =>
    rotateKey(database, settings.keyEncryptionSecret, seconds),
  );
  return `${kid} is published, and signs from ${createdAt.toISOString()} on`;
}

async function revoke(settings: Settings, kid: string): Promise<string> {
  await withDatabase(settings, (database) => revokeKey(database, kid));
  return `${kid} is revoked: within two seconds no process takes its tokens any more; services that verify by themselves may until they fetch the keys anew`;
}
