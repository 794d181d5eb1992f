// Runs in the threads of bcrypt.worker.mjs, which have set their priority.
import { pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto';
import bcrypt from 'bcrypt';

/** As `Algorithm.Argon2id` and `Version.V0x13` of the package, whose enumerations exist for TypeScript alone. */
const ARGON2ID = 2;
const VERSION_19 = 1;

/**
 * Whether one of the inputs matches the hash that it is compared with. If none does, all have been computed.
 *
 * @param {{ comparisons: { input: Uint8Array, hash: import('./foreign-hash.js').ForeignHash, maxmem: number }[] }} task
 */
export const verify = async ({ comparisons }) => {
  for (const comparison of comparisons) if (await matches(comparison)) return true;
  return false;
};

async function matches({ input, hash, maxmem }) {
  const { kind, salt, digest } = hash;
  if (kind === 'bcrypt') return bcrypt.compareSync(Buffer.from(input), hash.hash);
  const { length } = digest;
  if (kind === 'argon2id') return timingSafeEqual(await argon2id(input, hash), digest);
  if (kind === 'pbkdf2')
    return timingSafeEqual(pbkdf2Sync(input, salt, hash.rounds, length, hash.algorithm), digest);
  const { n: N, r, p } = hash;
  return timingSafeEqual(scryptSync(input, salt, length, { N, r, p, maxmem }), digest);
}

async function argon2id(input, { memory, passes, lanes, salt, digest }) {
  // Loaded by those who need it: few installations have such hashes.
  const { hashRawSync } = await import('@node-rs/argon2');
  return hashRawSync(input, {
    algorithm: ARGON2ID,
    version: VERSION_19,
    memoryCost: memory,
    timeCost: passes,
    parallelism: lanes,
    outputLen: digest.length,
    salt,
  });
}
