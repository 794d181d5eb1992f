import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { SettingsError } from '../../settings/settings.js';
import { decryptKey, encryptKey, isEncrypted } from './key-encryption.js';

const SECRET = 'the secret of the tests';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

describe('an encrypted key', () => {
  let stored: string;
  beforeAll(async () => {
    stored = await encryptKey(PEM, SECRET);
  });

  it('comes back under the same secret, and is still a key', async () => {
    const pem = await decryptKey(stored, SECRET);
    expect(pem).toBe(PEM);
    expect(createPrivateKey(pem).asymmetricKeyType).toBe('ec');
  });

  it('shows nothing of the key, and is never the same twice', async () => {
    expect(isEncrypted(stored)).toBe(true);
    const inner = PEM.split('\n')[1] ?? '';
    const parts = stored.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(parts.join()).not.toContain(inner);
    expect(await encryptKey(PEM, SECRET)).not.toBe(stored);
  });

  it('takes as many rounds to guess as OWASP asks of PBKDF2 with SHA-512', () => {
    expect(decodeProtectedHeader(stored)).toMatchObject({
      alg: 'PBES2-HS512+A256KW',
      enc: 'A256GCM',
      p2c: 210_000,
    });
  });

  it.each([
    ['another secret', `${SECRET}.`, /^KEY_ENCRYPTION_SECRET is not valid: it is not the one/],
    ['no secret', undefined, /^KEY_ENCRYPTION_SECRET is not valid: .* it is unset$/],
  ])('does not under %s: one line that names the variable', async (_, secret, line) => {
    const error: unknown = await decryptKey(stored, secret).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SettingsError);
    expect((error as Error).message).toMatch(line);
    expect((error as Error).message).not.toContain(SECRET);
  });

  it('does not when it has been tampered with', async () => {
    const parts = stored.split('.');
    const [first = '', ...rest] = parts[3] ?? '';
    parts[3] = `${first === 'A' ? 'B' : 'A'}${rest.join('')}`;
    await expect(decryptKey(parts.join('.'), SECRET)).rejects.toThrow(SettingsError);
  });
});

describe.each([
  ['private', PEM],
  ['refresh', randomBytes(32).toString('base64url')],
])('a %s key', (_, key) => {
  it.each([undefined, SECRET])('that is not encrypted is taken as it is (secret: %s)', async (secret) => {
    expect(isEncrypted(key)).toBe(false);
    expect(await decryptKey(key, secret)).toBe(key);
  });

  it('that is encrypted comes back', async () => {
    const stored = await encryptKey(key, SECRET);
    expect(isEncrypted(stored)).toBe(true);
    expect(await decryptKey(stored, SECRET)).toBe(key);
  });
});
