import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STRICT } from '../dialect/dialect.js';
import { readSettings } from '../settings/read-settings.js';
import { PasswordPolicy } from './password-policy.js';

const policyOf = (environment: Record<string, string> = {}) =>
  new PasswordPolicy(readSettings(environment), STRICT);
const policy = policyOf();
const problem = (password: string, login = 'ada') => policy.problem(password, login);

const LENGTH = 'Password can contain only from 8 to 128 symbols!';
const NOT_WELL_FORMED = 'Password must be well-formed Unicode';

describe('a password', () => {
  it.each([
    ['of 8 characters', 'zq7!vhXe', undefined],
    ['of 7', 'zq7!vhX', LENGTH],
    ['of none', '', LENGTH],
    ['of 128', 'xY'.repeat(64), undefined],
    ['of 129', `${'xY'.repeat(64)}.`, LENGTH],
    ['of 8 bees, which are 32 bytes', '🐝'.repeat(8), undefined],
    ['of 7 bees, which are 14 units of UTF-16', '🐝'.repeat(7), LENGTH],
    ['of 128 bees', '🐝'.repeat(128), undefined],
    ['of blanks around it, which count', '  zq7!  ', undefined],
    ['of NUL and line breaks', '\0\n\r\t\0\n\r\t', undefined],
    ['of 8 letters, each with an accent of its own', 'e\u0301'.repeat(8), undefined],
    ['of 7, which are 14 as they were typed', 'e\u0301'.repeat(7), LENGTH],
    ['of 128, which are 512 as they were typed', '\u1f82'.repeat(128).normalize('NFD'), undefined],
    ['of 129, which are 516 as they were typed', '\u1f82'.repeat(129).normalize('NFD'), LENGTH],
    ['of so much that normalising it would take minutes', `a${'\u0315\u0300'.repeat(500_000)}`, LENGTH],
    ['with a lone surrogate', 'zq7!vhX\ud83d', NOT_WELL_FORMED],
    ['with the other half of one', '\udc1dzq7!vhX', NOT_WELL_FORMED],
  ])('%s', (_, password, expected) => {
    expect(problem(password)).toBe(expected);
  });

  it('is as long as it has characters, whichever they are', () => {
    const settings = readSettings({ PASSWORD_BLOCKLIST: 'off' });
    const lenient = new PasswordPolicy(settings, STRICT);
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'é', '語', '🐝', ' '), { maxLength: 140 }), (characters) => {
        const fits = characters.length >= 8 && characters.length <= 128;
        expect(lenient.problem(characters.join(''), 'somebody else') === undefined).toBe(fits);
      }),
    );
  });

  it.each(['password', 'PassWord', '12345678', 'qwertyuiop', 'iloveyou', 'sunshine', 'football'])(
    'that is well known, %s, is too common, in any case (ASVS 6.2.4)',
    (password) => {
      expect(problem(password)).toBe('Password is too common');
    },
  );

  it.each(['ada.lovelace', 'ADA.Lovelace'])(
    'must not be the login, in any case: %s (ASVS 6.2.11)',
    (password) => {
      expect(problem(password, 'Ada.Lovelace')).toBe('Password must not be the login');
    },
  );

  it('is well known, or the login, in another normal form too', () => {
    // The sign of the unit kelvin is the letter K in NFC.
    expect(problem('\u212aawasaki')).toBe(problem('kawasaki'));
    expect(problem('kawasaki')).toBe('Password is too common');
    expect(problem('\u212aim.Deal', 'kim.deal')).toBe('Password must not be the login');
  });

  it('may hold the login', () => {
    expect(problem('ada.lovelace!', 'ada.lovelace')).toBeUndefined();
  });
});

describe('the settings', () => {
  it('PASSWORD_BLOCKLIST=off lets well-known ones pass, but not the login', () => {
    const lenient = policyOf({ PASSWORD_BLOCKLIST: 'off' });
    expect(lenient.problem('password', 'ada')).toBeUndefined();
    expect(lenient.problem('password', 'password')).toBe('Password must not be the login');
  });

  it('PASSWORD_MIN_LENGTH moves the limit, the message with it, and the list', () => {
    expect(policyOf({ PASSWORD_MIN_LENGTH: '12' }).problem('zq7!vhXe.kW', 'ada')).toBe(
      'Password can contain only from 12 to 128 symbols!',
    );
    const short = policyOf({ PASSWORD_MIN_LENGTH: '6' });
    expect(short.problem('zq7!vh', 'ada')).toBeUndefined();
    expect(short.problem('123456', 'ada')).toBe('Password is too common');
  });
});

it('a refused password is a 400 that names the field, and does not repeat the password', () => {
  const check = () => {
    policy.check('password', 'ada');
  };
  const message = 'Password is too common';
  expect(check).toThrow(
    expect.objectContaining({ status: 400, message, details: [{ field: 'password', message }] }),
  );
  expect(() => {
    policy.check('zq7!vhXe', 'ada');
  }).not.toThrow();
});
