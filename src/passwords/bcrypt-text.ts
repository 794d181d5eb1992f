/** Costs of bcrypt that are computed. A higher one could block a thread for hours (contract.md §10). */
const LEAST_BCRYPT_COST = 4;
const MOST_BCRYPT_COST = 15;

/** The text of a bcrypt hash. */
export interface BcryptText {
  /** In the form `$2b$`. */
  readonly hash: string;
  readonly cost: number;
}

const FORM = /^\$2(?<minor>[a-z])?\$(?<cost>\d\d)\$(?<salt>[./A-Za-z0-9]{22})(?<digest>[./A-Za-z0-9]{31})$/;
const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** The bits of the last character that belong to the 16 bytes of the salt, and to the 23 bytes of the digest. */
const LAST_OF_SALT = 0x30;
const LAST_OF_DIGEST = 0x3c;

/**
 * Parses a bcrypt hash of another system, and returns it as `$2b$`: for a password of up to 72 bytes without NUL, `$2a$`,
 * `$2b$` and `$2y$` are the same. Bits that belong to nothing are cleared; some implementations leave them set.
 *
 * @returns why it cannot be used, if it cannot
 */
export function parseBcrypt(text: string): BcryptText | string {
  const { minor, cost, salt = '', digest = '' } = FORM.exec(text)?.groups ?? {};
  if (minor === undefined || cost === undefined) return 'the bcrypt hash is malformed';
  if (!'aby'.includes(minor)) return 'of bcrypt, only $2a$, $2b$ and $2y$ are supported';
  if (Number(cost) < LEAST_BCRYPT_COST || Number(cost) > MOST_BCRYPT_COST)
    return `the cost of bcrypt is not ${LEAST_BCRYPT_COST} to ${MOST_BCRYPT_COST}`;
  const hash = `$2b$${cost}$${withLast(salt, LAST_OF_SALT)}${withLast(digest, LAST_OF_DIGEST)}`;
  return { hash, cost: Number(cost) };
}

function withLast(encoded: string, mask: number): string {
  const last = ALPHABET.indexOf(encoded.slice(-1)) & mask;
  return encoded.slice(0, -1) + ALPHABET.charAt(last);
}
