import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SettingsError } from '../settings/settings.js';
import { deriveKey, refuseWeakKey, warningOf } from './jwt-key.js';
import { readServiceSettings } from './service-settings.js';

/*
 * What the original's library makes of secrets: the key in hexadecimal, and the HS256 token of {"sub":"x"} with it. `ERR`:
 * it fails, of a key without a byte only when it signs (test/fixtures/README.md).
 */
const rows = readFileSync('test/fixtures/original-jwt-keys.tsv', 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [secret = '', key = '', token = ''] = line.split('\t');
    const [length = '', hex = ''] = key.split(' ');
    return { secret, length, hex, token };
  });
const fails = ({ length }: { length: string }) => length === 'ERR';

const settingsWith = (secret: string, more: Record<string, string> = {}) =>
  readServiceSettings({ COMPATIBILITY: 'devicehive', JWT_SECRET: secret, ...more });

/** The error of a setting: one line, without the secret. */
function errorOf(secret: string): string {
  try {
    settingsWith(secret);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    return message;
  }
  return '';
}

describe('the key of a secret', () => {
  it('has rows of every kind', () => {
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter(fails).length).toBeGreaterThan(1);
  });

  it.each(rows.filter((row) => !fails(row)))(
    "is the original's for $secret",
    ({ secret, length, hex, token }) => {
      const key = deriveKey(secret);
      expect([String(key.length), key.toString('hex')]).toEqual([length, hex]);
      if (key.length === 0) {
        expect(token).toBe('ERR');
        return;
      }
      const [header, claims, signature] = token.split('.');
      const expected = createHmac('sha256', key).update(`${header}.${claims}`).digest('base64url');
      expect(signature).toBe(expected);
    },
  );

  it.each(rows.filter(fails))('is an error for $secret', ({ secret }) => {
    expect(() => deriveKey(secret)).toThrow(SettingsError);
  });

  it.each([
    // The library reserves less room for text that ends in padding, unless something skipped comes before it.
    ['abcd=', undefined],
    ['abcd==', undefined],
    ['abcd===', '69b71d'],
    ['abcd-=', '69b71d'],
    ['abc=', '69b7'],
    ['ab==', '69'],
    // `=` in the middle: what the library stores for it is 127, of which each byte takes the bits that fit.
    ['a=bc', '6ff6dc'],
    ['ab=c', '69dc'],
    ['====', 'ff'],
    ['\0abcd\x7f', '69b71d'],
    ['', ''],
  ])('of %j is %s', (secret, hex) => {
    if (hex === undefined) expect(() => deriveKey(secret)).toThrow(SettingsError);
    else expect(deriveKey(secret).toString('hex')).toBe(hex);
  });
});

describe('JWT_SECRET with COMPATIBILITY=devicehive', () => {
  it.each(rows.filter(({ length }) => fails({ length }) || Number(length) < 16))(
    'refuses $secret',
    ({ secret }) => {
      expect(errorOf(secret)).toMatch(/^JWT_SECRET is not valid: /);
    },
  );

  it.each([
    ['a'.repeat(40), ''],
    ['fhovh8sb2jsd1lom167dtpcs1d', ''],
    // 21 characters that count give 15 bytes, 22 to 24 give 16 or more with their padding.
    ['a'.repeat(21), 'base64 of 16 bytes or more'],
    ['a'.repeat(22), 'base64 of 16 bytes or more'],
    [`${'a'.repeat(22)}==`, ''],
    // 40 characters of which none counts.
    ['-_'.repeat(20), 'base64 of 16 bytes or more'],
    [`${'a'.repeat(40)}ü`, 'characters of ASCII alone'],
    [`${'a'.repeat(40)}=`, 'base64 that is padded to a multiple of four'],
    ['devicehive', 'a secret that no file of DeviceHive publishes'],
  ])('of %j: %j', (secret, message) => {
    expect(errorOf(secret)).toBe(
      message && `JWT_SECRET is not valid: with COMPATIBILITY=devicehive it accepts ${message}`,
    );
  });

  it('gives a warning for a key under 32 bytes, which does not show the secret', () => {
    const secret = 'fhovh8sb2jsd1lom167dtpcs1d';
    expect(warningOf(secret)).toBe('JWT_SECRET gives a key of 18 bytes: HS256 should have 32 or more');
    expect(() => {
      refuseWeakKey(secret);
    }).not.toThrow();
    expect(warningOf('a'.repeat(43))).toMatch(/30 bytes/);
    expect(warningOf(`${'a'.repeat(43)}=`)).toBeUndefined();
  });

  it('is the secret itself without COMPATIBILITY, of 32 characters or more', () => {
    const strict = (secret: string) => readServiceSettings({ JWT_SECRET: secret }).jwtSecret;
    expect(strict('üß'.repeat(16))).toBe('üß'.repeat(16));
    expect(() => strict('üß'.repeat(15))).toThrow('JWT_SECRET is not valid');
  });
});
