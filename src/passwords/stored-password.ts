import { createHash } from 'node:crypto';
import { type ForeignHash, parseForeignHash, UnusableHash } from './foreign-hash.js';

/** bcrypt ignores all bytes after the first 72. */
const BCRYPT_BYTES = 72;
/** A byte that no UTF-8 text contains: it tells a digest from a password that is typed like one. */
const DIGEST_MARK = Buffer.of(0xff);
/**
 * A bcrypt hash that the library supports. The cost is at most 15: a higher one could block a thread for hours. The
 * prefix marks those of version 0.1 (migration 0008).
 */
const BCRYPT = /^(?<earlier>hivegate-0\.1)?(?<bcrypt>\$2[ab]\$(?<cost>0[4-9]|1[0-5])\$[./A-Za-z0-9]{53})$/;
/** A hash imported from DeviceHive: one round of SHA-256 over salt and password. */
const ORIGINAL = /^devicehive-sha256\$(?<salt>[^$]{0,64})\$(?<digest>[A-Za-z0-9+/]{43}=)$/;

/** What the column of hashes holds for a user without a password: no password matches it. */
export const NO_PASSWORD = '';

/** A bcrypt hash. `earlier`: of version 0.1, which did not mark digests and did not normalise. */
export interface BcryptPassword {
  readonly kind: 'current' | 'earlier';
  readonly hash: string;
  readonly cost: number;
}

/**
 * What a column of password hashes holds. `original`: of DeviceHive. `foreign`: of another system. `none`: nothing that a
 * password can match; `reason` says why, and holds nothing of it.
 */
export type StoredPassword =
  | BcryptPassword
  | { readonly kind: 'original'; readonly salt: string; readonly digest: Buffer }
  | { readonly kind: 'foreign'; readonly hash: ForeignHash }
  | { readonly kind: 'none'; readonly reason?: string };

/** Parses a stored hash. Its prefix says which kind it is of (contract.md §8). */
export function parseStoredPassword(stored: string): StoredPassword {
  const bcrypt = BCRYPT.exec(stored)?.groups;
  if (bcrypt) {
    const { earlier, bcrypt: hash = '', cost } = bcrypt;
    return { kind: earlier === undefined ? 'current' : 'earlier', hash, cost: Number(cost) };
  }
  const original = ORIGINAL.exec(stored)?.groups;
  if (original) {
    const { salt = '', digest = '' } = original;
    return { kind: 'original', salt, digest: Buffer.from(digest, 'base64') };
  }
  try {
    return { kind: 'foreign', hash: parseForeignHash(stored) };
  } catch (error) {
    if (error instanceof UnusableHash) return { kind: 'none', reason: error.message };
    throw error;
  }
}

/**
 * Returns the bytes of a password that bcrypt hashes. What bcrypt would truncate is replaced by its SHA-256 in base64,
 * marked (contract.md §8). The same for a password with NUL: bcrypt repeats the password with a NUL terminator, so
 * `a\0a` and `a` would be equal.
 */
export function toBcryptInput(form: string, kind: BcryptPassword['kind'] = 'current'): Buffer {
  const bytes = Buffer.from(form, 'utf8');
  if (bytes.length <= BCRYPT_BYTES && !bytes.includes(0)) return bytes;
  const digest = Buffer.from(createHash('sha256').update(bytes).digest('base64'));
  return kind === 'earlier' ? digest : Buffer.concat([DIGEST_MARK, digest]);
}

/** Returns the bytes of a password that a hash of another system is of. bcrypt ignores what follows the 72nd byte. */
export function toForeignInput(form: string, hash: ForeignHash): Buffer {
  if (hash.kind !== 'bcrypt') return Buffer.from(form, 'utf8');
  if (hash.of === 'sha256') return Buffer.from(createHash('sha256').update(form, 'utf8').digest('hex'));
  return Buffer.from(form, 'utf8').subarray(0, BCRYPT_BYTES);
}
