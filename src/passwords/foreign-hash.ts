import { type BcryptText, parseBcrypt } from './bcrypt-text.js';

/** Bounds of what a hash may cost (contract.md §10, Import). Memory in bytes. */
const MOST_MEMORY = 256 * 2 ** 20;
const MOST_PASSES = 10;
const MOST_ROUNDS = 2_000_000;
/** Each lane is a thread of its own. */
const MOST_LANES = 16;
/** A hash that needs more memory than this, in bytes, is verified alone (contract.md §10). */
const MOST_MEMORY_BESIDE_OTHERS = 16 * 2 ** 20;

/** Characters of a hash, and bytes of its parts. A short digest would match many passwords. */
const LONGEST_TEXT = 512;
const LONGEST_SALT = 64;
const SHORTEST_DIGEST = 16;
const LONGEST_DIGEST = 64;
/** Argon2 itself has no shorter salt, and needs 8 KiB for each lane. */
const SHORTEST_ARGON2_SALT = 8;
const LEAST_KIB_OF_LANE = 8;

/** The digests that PBKDF2 is used with, and their length in bytes. */
const PBKDF2_DIGESTS = { sha1: 20, sha256: 32, sha512: 64 } as const;
type Pbkdf2Digest = keyof typeof PBKDF2_DIGESTS;

interface Derived {
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/** argon2id of version 19. `memory` in KiB. */
export interface Argon2idHash extends Derived {
  readonly kind: 'argon2id';
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/** scrypt. `n`, `r` and `p` as in RFC 7914. */
export interface ScryptHash extends Derived {
  readonly kind: 'scrypt';
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** PBKDF2 with HMAC. */
export interface Pbkdf2Hash extends Derived {
  readonly kind: 'pbkdf2';
  readonly algorithm: Pbkdf2Digest;
  readonly rounds: number;
}

/**
 * bcrypt. `of`: the first 72 bytes of the password; its SHA-256 in hexadecimal; `own`: of this service, with a higher cost
 * than it has now.
 */
export interface ForeignBcryptHash extends BcryptText {
  readonly kind: 'bcrypt';
  readonly of: 'password' | 'sha256' | 'own';
}

/** A password hash that another system has made. The next sign-in replaces it. */
export type ForeignHash = Argon2idHash | ScryptHash | Pbkdf2Hash | ForeignBcryptHash;

/** Why a hash cannot be used. The message never holds a part of the hash. */
export class UnusableHash extends Error {}

/** Marks a stored bcrypt hash of another system: without it, it would be one of this service. */
export const FOREIGN_BCRYPT = 'imported';

type Groups = Readonly<Record<string, string>>;

/** The forms that are read: a pattern, and what its groups mean. `$2…` itself stands in the column with a prefix. */
const FORMS: readonly (readonly [RegExp, (groups: Groups) => ForeignHash])[] = [
  [
    /^(?:argon2)?\$argon2id\$v=(?<version>\d+)\$m=(?<m>\d+),t=(?<t>\d+),p=(?<p>\d+)\$(?<salt>[^$]*)\$(?<digest>[^$]*)$/,
    argon2id,
  ],
  // PHC, as passlib writes it.
  [
    /^\$scrypt\$ln=(?<ln>\d+),r=(?<r>\d+),p=(?<p>\d+)\$(?<salt>[^$]*)\$(?<digest>[^$]*)$/,
    ({ ln, r, p, salt, digest }) => scrypt(powerOfTwo(ln), r, p, phcBase64(salt), phcBase64(digest)),
  ],
  // Django.
  [
    /^scrypt\$(?<n>\d+)\$(?<salt>[^$]*)\$(?<r>\d+)\$(?<p>\d+)\$(?<digest>[^$]*)$/,
    ({ n, salt, r, p, digest }) => scrypt(positive(n), r, p, text(salt), base64(digest)),
  ],
  // PHC.
  [
    /^\$pbkdf2(?:-(?<algorithm>[a-z0-9]+))?\$i=(?<rounds>\d+)(?:,l=(?<length>\d+))?\$(?<salt>[^$]*)\$(?<digest>[^$]*)$/,
    ({ algorithm = 'sha1', rounds, length, salt, digest }) =>
      pbkdf2(algorithm, rounds, phcBase64(salt), ofLength(phcBase64(digest), length)),
  ],
  // passlib: base64 with a point instead of the plus sign.
  [
    /^\$pbkdf2(?:-(?<algorithm>[a-z0-9]+))?\$(?<rounds>\d+)\$(?<salt>[^$]*)\$(?<digest>[^$]*)$/,
    ({ algorithm = 'sha1', rounds, salt, digest }) =>
      pbkdf2(algorithm, rounds, pointBase64(salt), pointBase64(digest)),
  ],
  // Django.
  [
    /^pbkdf2_(?<algorithm>[a-z0-9]+)\$(?<rounds>\d+)\$(?<salt>[^$]*)\$(?<digest>[^$]*)$/,
    ({ algorithm, rounds, salt, digest }) => pbkdf2(algorithm, rounds, text(salt), base64(digest)),
  ],
  // As stored here, and Django's.
  [/^(?:imported|bcrypt\$)(?<bcrypt>\$2.*)$/, ({ bcrypt }) => foreignBcrypt(bcrypt, 'password')],
  [/^bcrypt_sha256\$(?<bcrypt>\$2.*)$/, ({ bcrypt }) => foreignBcrypt(bcrypt, 'sha256')],
];

/** What is known of hashes that are not read. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:argon2)?\$argon2(?:i|d)\$/, 'of argon2, only argon2id is supported'],
  [/^(?:argon2)?\$argon2id\$m=/, 'of argon2id, only version 19 is supported'],
  [
    /^\$(?:argon2|scrypt|pbkdf2)|^(?:argon2|scrypt|pbkdf2_|bcrypt|imported|hivegate|devicehive-sha256)/,
    'the hash is malformed',
  ],
  [/^\$[156y]\$|^\$(?:gy|7)\$/, 'hashes of crypt(3) are not supported'],
];

/**
 * Parses the hash of another system, as it is stored.
 *
 * @throws {UnusableHash} when it is malformed, of an unknown kind or beyond the limits
 */
export function parseForeignHash(stored: string): ForeignHash {
  if (stored.length > LONGEST_TEXT)
    throw new UnusableHash(`the hash is longer than ${LONGEST_TEXT} characters`);
  for (const [form, parse] of FORMS) {
    const { groups } = form.exec(stored) ?? {};
    if (groups) return parse(groups);
  }
  const [, reason = 'the hash is of an unknown kind'] = OTHERS.find(([form]) => form.test(stored)) ?? [];
  throw new UnusableHash(reason);
}

const COST_PREFIX =
  /^(?:(?:argon2)?\$argon2id\$v=19\$[^$]+\$|\$scrypt\$[^$]+\$|scrypt\$\d+\$|\$pbkdf2[^$]*\$[^$]+\$|pbkdf2_\w+\$\d+\$|(?:imported|bcrypt\$|bcrypt_sha256\$|hivegate-0\.1)\$2[aby]\$\d\d\$|devicehive-sha256\$)/;

/** Returns the beginning of a stored hash up to its salt: others with this beginning cost as much. */
export const costPrefixOf = (stored: string): string | undefined => COST_PREFIX.exec(stored)?.[0];

/** Whether the verification needs so much memory that only one may run at a time. */
export const needsMuchMemory = (hash: ForeignHash): boolean => memoryOf(hash) > MOST_MEMORY_BESIDE_OTHERS;

/** Returns what determines how long a verification takes. Two hashes with the same text take equally long. */
export function costOf(hash: ForeignHash): string {
  switch (hash.kind) {
    case 'argon2id':
      return `argon2id m=${hash.memory},t=${hash.passes},p=${hash.lanes}`;
    case 'scrypt':
      return `scrypt n=${hash.n},r=${hash.r},p=${hash.p}`;
    case 'pbkdf2':
      return `pbkdf2-${hash.algorithm} i=${hash.rounds},blocks=${blocksOf(hash)}`;
    case 'bcrypt':
      return `bcrypt of=${hash.of === 'own' ? 'own' : 'other'},cost=${hash.cost}`;
  }
}

/** Returns what {@link costPrefixOf} tells of a cost: hashes of PBKDF2 with digests of several lengths begin alike. */
export const visibleCostOf = (hash: ForeignHash): string =>
  hash.kind === 'pbkdf2' ? `pbkdf2-${hash.algorithm} i=${hash.rounds}` : costOf(hash);

/** In bytes; of scrypt by the formula of the contract. */
function memoryOf(hash: ForeignHash): number {
  if (hash.kind === 'argon2id') return hash.memory * 1024;
  return hash.kind === 'scrypt' ? 128 * hash.n * hash.r * hash.p : 0;
}

/** Returns how many blocks a digest of PBKDF2 consists of. Each takes all rounds. */
export const blocksOf = ({ algorithm, digest }: Pick<Pbkdf2Hash, 'algorithm' | 'digest'>): number =>
  Math.ceil(digest.length / PBKDF2_DIGESTS[algorithm]);

function argon2id({ version, m, t, p, salt, digest }: Groups): Argon2idHash {
  if (version !== '19') throw new UnusableHash('of argon2id, only version 19 is supported');
  const hash: Argon2idHash = {
    kind: 'argon2id',
    memory: positive(m),
    passes: positive(t),
    lanes: positive(p),
    ...derived(phcBase64(salt), phcBase64(digest)),
  };
  if (hash.salt.length < SHORTEST_ARGON2_SALT)
    throw new UnusableHash(`the salt of argon2id has less than ${SHORTEST_ARGON2_SALT} bytes`);
  if (memoryOf(hash) > MOST_MEMORY) throw new UnusableHash('argon2id needs more than 256 MiB');
  if (hash.passes > MOST_PASSES) throw new UnusableHash(`argon2id makes more than ${MOST_PASSES} passes`);
  if (hash.lanes > MOST_LANES) throw new UnusableHash(`argon2id has more than ${MOST_LANES} lanes`);
  if (hash.memory < LEAST_KIB_OF_LANE * hash.lanes)
    throw new UnusableHash(`argon2id has less than ${LEAST_KIB_OF_LANE} KiB for each lane`);
  return hash;
}

function scrypt(
  n: number,
  r: string | undefined,
  p: string | undefined,
  salt: Buffer,
  digest: Buffer,
): ScryptHash {
  const hash: ScryptHash = { kind: 'scrypt', n, r: positive(r), p: positive(p), ...derived(salt, digest) };
  if (n < 2 || !Number.isInteger(Math.log2(n)))
    throw new UnusableHash('N of scrypt is not a power of two above 1');
  // With a small N, what it really needs exceeds the formula of the contract.
  if (Math.max(memoryOf(hash), scryptMemory(hash) - SCRYPT_MARGIN) > MOST_MEMORY)
    throw new UnusableHash('scrypt needs more than 256 MiB (128·N·r·p)');
  return hash;
}

/** Bytes beside the large table, for the formula of the contract counts that alone. */
const SCRYPT_MARGIN = 2 ** 20;
/** Returns what the implementation needs for scrypt, in bytes. */
export const scryptMemory = ({ n, r, p }: Pick<ScryptHash, 'n' | 'r' | 'p'>): number => 128 * r * (n + p + 2);

function pbkdf2(
  algorithm: string | undefined,
  rounds: string | undefined,
  salt: Buffer,
  digest: Buffer,
): Pbkdf2Hash {
  if (!isPbkdf2Digest(algorithm))
    throw new UnusableHash('of PBKDF2, only SHA-1, SHA-256 and SHA-512 are supported');
  const hash: Pbkdf2Hash = { kind: 'pbkdf2', algorithm, rounds: positive(rounds), ...derived(salt, digest) };
  // Each block of the digest takes all rounds.
  if (hash.rounds * blocksOf(hash) > MOST_ROUNDS)
    throw new UnusableHash(
      `PBKDF2 makes more than ${MOST_ROUNDS} rounds, counted in each block of its output`,
    );
  return hash;
}

const isPbkdf2Digest = (name: string | undefined): name is Pbkdf2Digest =>
  name !== undefined && Object.hasOwn(PBKDF2_DIGESTS, name);

function foreignBcrypt(bcrypt: string | undefined, of: ForeignBcryptHash['of']): ForeignBcryptHash {
  const parsed = parseBcrypt(bcrypt ?? '');
  if (typeof parsed === 'string') throw new UnusableHash(parsed);
  return { kind: 'bcrypt', of, ...parsed };
}

function derived(salt: Buffer, digest: Buffer): Derived {
  if (salt.length === 0) throw new UnusableHash('the hash has no salt');
  if (salt.length > LONGEST_SALT) throw new UnusableHash(`the salt is longer than ${LONGEST_SALT} bytes`);
  if (digest.length < SHORTEST_DIGEST || digest.length > LONGEST_DIGEST)
    throw new UnusableHash(`the digest does not have ${SHORTEST_DIGEST} to ${LONGEST_DIGEST} bytes`);
  return { salt, digest };
}

function positive(digits = ''): number {
  if (!/^[1-9]\d{0,9}$/.test(digits)) throw new UnusableHash('a cost parameter is not a positive number');
  return Number(digits);
}

function powerOfTwo(exponent: string | undefined): number {
  const log = positive(exponent);
  if (log > 31) throw new UnusableHash('scrypt needs more than 256 MiB (128·N·r·p)');
  return 2 ** log;
}

function ofLength(digest: Buffer, length: string | undefined): Buffer {
  if (length !== undefined && positive(length) !== digest.length)
    throw new UnusableHash('the digest does not have the length that the hash states');
  return digest;
}

/** A salt that is used as it is written. */
const text = (salt = ''): Buffer => Buffer.from(salt, 'utf8');

/** Base64 with padding, each value in its one spelling. */
function base64(encoded = ''): Buffer {
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) throw new UnusableHash('a part of the hash is not base64');
  return bytes;
}

/** Base64 without padding, as PHC strings have it. */
function phcBase64(encoded = ''): Buffer {
  if (encoded.includes('=')) throw new UnusableHash('a part of the hash is not base64 without padding');
  return base64(encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '='));
}

function pointBase64(encoded = ''): Buffer {
  if (encoded.includes('+')) throw new UnusableHash('a part of the hash is not base64 with points');
  return phcBase64(encoded.replaceAll('.', '+'));
}
