import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readServiceSettings } from '../compatibility/service-settings.js';
import { warningsOf } from './weak-secrets.js';

const STRONG = 'wE3-fp9Qz_Lk2vTn7RbYx5HsUd8GjMaC';

/** 32 bytes as random as those of a generator, but the same in each run. */
const bytesOf = (index: number) => createHash('sha256').update(String(index)).digest();

describe('a secret is warned of', () => {
  it.each([
    ['a'.repeat(32), /^KEY_ENCRYPTION_SECRET is weak: it has few different characters$/],
    ['abcdabcd'.repeat(4), /few different/],
    ['12345'.repeat(7), /repeats/],
    ['Rx7-pQ2z'.repeat(4), /repeats a shorter text/],
    ['Rx7-pQ2z9Rx7-pQ2z9Rx7-', /repeats a shorter text/],
    ['change-me-please-1', /contains a text that many use/],
    ['CHANGE_ME_CHANGE_IT', /contains a text that many use/],
    ['<your secret key here>', /contains a text that many use/],
    ['0123456789abcdef0f1e', /contains a text that many use/],
    [` ${STRONG}`, /begins or ends with a space/],
    [`${STRONG}\u00a0`, /begins or ends with a space/],
    [`${STRONG}\r`, /contains a line end/],
  ])('where it is %j', (secret, warning) => {
    const warnings = warningsOf(readServiceSettings({ KEY_ENCRYPTION_SECRET: secret }));
    expect(warnings).toEqual([expect.stringMatching(warning)]);
    expect(warnings.join()).not.toContain(secret.trim());
  });

  it('of webhooks too: each, by its key', () => {
    const keys = [bytesOf(1), Buffer.alloc(32), Buffer.alloc(32, 7)].map((key) => key.toString('base64'));
    const settings = {
      WEBHOOK_URL: 'https://a.test/',
      WEBHOOK_SECRET: keys.map((key) => `whsec_${key}`).join(' '),
    };
    expect(warningsOf(readServiceSettings(settings))).toEqual([
      'WEBHOOK_SECRET is weak: it has few different characters',
      expect.stringMatching(/^WEBHOOK_SECRET is weak: it /),
    ]);
  });

  it('whichever it is', () => {
    const secrets = { JWT_SECRET: 'change me, please, but do it soon', ADMIN_PASSWORD: 'changeme123' };
    expect(warningsOf(readServiceSettings(secrets))).toEqual([
      'ADMIN_PASSWORD is weak: it contains a text that many use',
      'JWT_SECRET is weak: it contains a text that many use',
    ]);
  });

  it('not where it is a good one', () => {
    const secrets = [
      STRONG,
      ...Array.from({ length: 200 }, (_, index) => bytesOf(index).toString('hex').slice(32)),
      ...Array.from({ length: 200 }, (_, index) => bytesOf(index).toString('base64')),
      'correct horse battery staple, four words',
    ];
    const warned = secrets.filter(
      (secret) => warningsOf(readServiceSettings({ KEY_ENCRYPTION_SECRET: secret })).length > 0,
    );
    expect(warned).toEqual([]);
  });
});

describe('in the compatible mode', () => {
  const warnings = (secret: string) =>
    warningsOf(readServiceSettings({ COMPATIBILITY: 'devicehive', JWT_SECRET: secret }));

  it('a JWT_SECRET is accepted as the original accepts it, with a warning', () => {
    expect(warnings('a'.repeat(44))).toEqual(['JWT_SECRET is weak: it has few different characters']);
    expect(warnings(`${STRONG.replaceAll(/[-_]/g, '+')}0KcW4/eXzN1o\r\n`)).toEqual([
      'JWT_SECRET is weak: it contains a line end, a tab or another control character',
    ]);
  });

  it('a short key has its own', () => {
    expect(warnings('fhovh8sb2jsd1lom167dtpcs1d')).toEqual([
      'JWT_SECRET gives a key of 18 bytes: HS256 should have 32 or more',
    ]);
  });
});
