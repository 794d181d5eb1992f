import { createHash, timingSafeEqual } from 'node:crypto';

/** The passwords of users that the original's files create: its migrations, and the data of its tests. */
const KNOWN_PASSWORDS = ['dhadmin_#911', 'admin_pass'];

/** Whether the password of a user of the original is one that everybody can read in its files. */
export function isKnownPassword(salt: string, digest: Buffer): boolean {
  return KNOWN_PASSWORDS.some((password) => {
    const hashed = createHash('sha256').update(`${salt}${password}`).digest();
    return digest.length === hashed.length && timingSafeEqual(digest, hashed);
  });
}
