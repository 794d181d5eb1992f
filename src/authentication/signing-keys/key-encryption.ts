import { compactDecrypt, CompactEncrypt } from 'jose';
import { SettingsError } from '../../settings/settings.js';

/** Iterations of PBKDF2 with HMAC-SHA-512: the OWASP recommendation. */
const ROUNDS = 210_000;
const ALGORITHM = 'PBES2-HS512+A256KW';

/** Whether a stored key is encrypted. Compact JWE contains dots; PEM and base64url do not. */
export const isEncrypted = (stored: string): boolean => stored.includes('.');

/** Encrypts a private or refresh key with `KEY_ENCRYPTION_SECRET`, as compact JWE (RFC 7516). */
export function encryptKey(key: string, secret: string): Promise<string> {
  return new CompactEncrypt(Buffer.from(key))
    .setProtectedHeader({ alg: ALGORITHM, enc: 'A256GCM' })
    .setKeyManagementParameters({ p2c: ROUNDS })
    .encrypt(Buffer.from(secret));
}

/**
 * Decrypts a stored private or refresh key. Returns it unchanged if it is not encrypted.
 *
 * @throws {SettingsError} when the secret is missing or is not the one that encrypted the key
 */
export async function decryptKey(stored: string, secret: string | undefined): Promise<string> {
  if (!isEncrypted(stored)) return stored;
  if (secret === undefined) {
    throw new SettingsError(
      'KEY_ENCRYPTION_SECRET is not valid: the stored signing key is encrypted, and it is unset',
    );
  }
  try {
    const { plaintext } = await compactDecrypt(stored, Buffer.from(secret), {
      keyManagementAlgorithms: [ALGORITHM],
      maxPBES2Count: ROUNDS,
    });
    return Buffer.from(plaintext).toString();
  } catch {
    throw new SettingsError(
      'KEY_ENCRYPTION_SECRET is not valid: it is not the one that the signing key was stored with',
    );
  }
}
