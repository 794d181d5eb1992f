import {
  blocksOf,
  FOREIGN_BCRYPT,
  type ForeignHash,
  parseForeignHash,
  UnusableHash,
} from './foreign-hash.js';
import { parseStoredPassword } from './stored-password.js';

/*
 * Password hashes as files of users hold them (contract.md §10), and as the column holds them. They differ in bcrypt:
 * `$2b$…` in a file is of any system, in the column it is of this one, which hashes long passwords in its own way. So the
 * column marks those of other systems, and a file those of this one.
 */

/** Marks a bcrypt hash of this service in a file of users. */
const OWN_BCRYPT = 'hivegate';
const BCRYPT = '$2';

/** Why an imported password hash cannot be used; undefined: it can. The reason never holds a part of the hash. */
export function refusalOf(hash: string): string | undefined {
  try {
    storedFormOf(hash);
    return undefined;
  } catch (error) {
    if (error instanceof UnusableHash) return error.message;
    throw error;
  }
}

/**
 * Returns what the column holds for an imported hash.
 *
 * @throws {UnusableHash} if it cannot be used: see {@link refusalOf}
 */
export function storedFormOf(hash: string): string {
  // The mark of a file is none of the column, and the other way round.
  if (hash.startsWith(FOREIGN_BCRYPT)) throw new UnusableHash('the hash is of an unknown kind');
  if (hash.startsWith(OWN_BCRYPT + BCRYPT)) {
    const own = hash.slice(OWN_BCRYPT.length);
    if (parseStoredPassword(own).kind !== 'current') throw new UnusableHash('the bcrypt hash is malformed');
    return own;
  }
  const text = hash.startsWith(BCRYPT) ? FOREIGN_BCRYPT + hash : hash;
  const stored = parseStoredPassword(text);
  // Says why.
  if (stored.kind === 'none') parseForeignHash(text);
  return stored.kind === 'foreign' ? (toPhc(stored.hash) ?? text) : text;
}

/**
 * Returns the PHC string of a hash whose cost may stand behind its salt: the index of hashes is read by cost
 * (users/stored-hash-costs.ts). These are scrypt of Django, and PBKDF2 with a digest of several blocks.
 */
function toPhc(hash: ForeignHash): string | undefined {
  if (hash.kind === 'scrypt')
    return `$scrypt$ln=${Math.log2(hash.n)},r=${hash.r},p=${hash.p}${partsOf(hash)}`;
  if (hash.kind === 'pbkdf2' && blocksOf(hash) > 1)
    return `$pbkdf2-${hash.algorithm}$i=${hash.rounds},l=${hash.digest.length}${partsOf(hash)}`;
  return undefined;
}

const partsOf = ({ salt, digest }: { readonly salt: Buffer; readonly digest: Buffer }): string =>
  [salt, digest].map((bytes) => `$${bytes.toString('base64').replaceAll('=', '')}`).join('');

/** Returns the form in which a file of users holds a stored hash: what {@link storedFormOf} reads. */
export function exportedFormOf(stored: string): string {
  if (stored.startsWith(FOREIGN_BCRYPT)) return stored.slice(FOREIGN_BCRYPT.length);
  return stored.startsWith(BCRYPT) ? OWN_BCRYPT + stored : stored;
}
