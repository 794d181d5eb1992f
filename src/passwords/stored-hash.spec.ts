import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costPrefixOf } from './foreign-hash.js';
import { exportedFormOf, refusalOf, storedFormOf } from './stored-hash.js';
import { parseStoredPassword } from './stored-password.js';

const HASHES = JSON.parse(readFileSync('test/fixtures/hashes-of-other-systems.json', 'utf8')) as {
  form: string;
  hash: string;
}[];
const hashOf = (form: string): string => HASHES.find((each) => each.form === form)?.hash ?? '';

const SALT = Buffer.alloc(16, 1).toString('base64').replaceAll('=', '');
const DIGEST = Buffer.alloc(32, 2).toString('base64').replaceAll('=', '');
const bytes = (length: number) => Buffer.alloc(length, 3).toString('base64');
const phc = (length: number) => bytes(length).replaceAll('=', '');
const argon2id = (parameters: string, salt = SALT, digest = DIGEST) =>
  `$argon2id$v=19$${parameters}$${salt}$${digest}`;
const scrypt = (parameters: string, salt = SALT, digest = DIGEST) =>
  `$scrypt$${parameters}$${salt}$${digest}`;
const djangoScrypt = (n: number, r: number, p: number) => `scrypt$${n}$salt$${r}$${p}$${bytes(64)}`;
const pbkdf2 = (rounds: number | string, digest = DIGEST) => `$pbkdf2-sha256$${rounds}$${SALT}$${digest}`;
const BCRYPT = `$2b$10$${'a'.repeat(21)}u${'b'.repeat(31)}`;

describe('an imported hash', () => {
  it.each(HASHES.map(({ form, hash }) => [form, hash]))('of the form %s is taken', (_, hash) => {
    expect(refusalOf(hash)).toBeUndefined();
    expect(parseStoredPassword(storedFormOf(hash)).kind).toBe('foreign');
  });

  it.each([
    ['argon2id with 256 MiB', argon2id('m=262144,t=10,p=4')],
    ['argon2id in the least memory', argon2id('m=8,t=1,p=1')],
    ['scrypt with 256 MiB', scrypt('ln=18,r=8,p=1')],
    ['scrypt with 256 MiB by p', scrypt('ln=14,r=8,p=16')],
    ['scrypt of Django with 256 MiB', djangoScrypt(2 ** 18, 8, 1)],
    ['PBKDF2 with 2 million rounds', pbkdf2(2_000_000)],
    ['PBKDF2 in PHC', pbkdf2('i=600000,l=32')],
    ['PBKDF2 in PHC without a length', pbkdf2('i=600000')],
    ['PBKDF2 with SHA-1 in PHC', `$pbkdf2-sha1$i=1000,l=20$${SALT}$${phc(20)}`],
    ['bcrypt with cost 15', BCRYPT.replace('10', '15')],
    ['bcrypt with cost 4', BCRYPT.replace('10', '04')],
    ['the hash of the original', `devicehive-sha256$salt$${bytes(32)}`],
    ['the hash of version 0.1', `hivegate-0.1${BCRYPT}`],
    ['the hash of this version, marked', `hivegate${BCRYPT}`],
  ])('may be %s', (_, hash) => {
    expect(refusalOf(hash)).toBeUndefined();
  });

  it.each([
    ['nothing', '', 'the hash is of an unknown kind'],
    ['a password', 'secret', 'the hash is of an unknown kind'],
    ['of SHA-256 alone', 'a'.repeat(64), 'the hash is of an unknown kind'],
    ['of crypt(3)', '$6$salt$digest', 'hashes of crypt(3) are not supported'],
    ['argon2i', argon2id('m=8,t=1,p=1').replace('2id', '2i'), 'of argon2, only argon2id is supported'],
    ['argon2d', argon2id('m=8,t=1,p=1').replace('2id', '2d'), 'of argon2, only argon2id is supported'],
    [
      'of version 16',
      argon2id('m=8,t=1,p=1').replace('19', '16'),
      'of argon2id, only version 19 is supported',
    ],
    [
      'without a version',
      argon2id('m=8,t=1,p=1').replace('v=19$', ''),
      'of argon2id, only version 19 is supported',
    ],
    ['argon2id over 256 MiB', argon2id('m=262145,t=1,p=1'), 'argon2id needs more than 256 MiB'],
    ['argon2id over 4 TiB', argon2id('m=4294967296,t=1,p=1'), 'argon2id needs more than 256 MiB'],
    ['argon2id with 11 passes', argon2id('m=8,t=11,p=1'), 'argon2id makes more than 10 passes'],
    ['argon2id with 17 lanes', argon2id('m=1024,t=1,p=17'), 'argon2id has more than 16 lanes'],
    ['argon2id with few KiB', argon2id('m=15,t=1,p=2'), 'argon2id has less than 8 KiB for each lane'],
    [
      'argon2id with a short salt',
      argon2id('m=8,t=1,p=1', phc(7)),
      'the salt of argon2id has less than 8 bytes',
    ],
    ['a number with a leading zero', argon2id('m=08,t=1,p=1'), 'a cost parameter is not a positive number'],
    ['a number of zero', argon2id('m=8,t=0,p=1'), 'a cost parameter is not a positive number'],
    [
      'a number that overflows',
      argon2id(`m=${'9'.repeat(400)},t=1,p=1`),
      'a cost parameter is not a positive number',
    ],
    ['a negative number', argon2id('m=-8,t=1,p=1'), 'the hash is malformed'],
    ['a number in another notation', argon2id('m=8e1,t=1,p=1'), 'the hash is malformed'],
    ['parameters in another order', argon2id('t=1,m=8,p=1'), 'the hash is malformed'],
    [
      'a digest of one byte',
      argon2id('m=8,t=1,p=1', SALT, phc(1)),
      'the digest does not have 16 to 64 bytes',
    ],
    ['no digest', argon2id('m=8,t=1,p=1', SALT, ''), 'the digest does not have 16 to 64 bytes'],
    ['a digest of 15 bytes', pbkdf2(1, phc(15)), 'the digest does not have 16 to 64 bytes'],
    ['a digest of 65 bytes', pbkdf2(1, phc(65)), 'the digest does not have 16 to 64 bytes'],
    ['no salt', scrypt('ln=4,r=8,p=1', ''), 'the hash has no salt'],
    ['a salt of 65 bytes', scrypt('ln=4,r=8,p=1', phc(65)), 'the salt is longer than 64 bytes'],
    [
      'padding where there is none',
      scrypt('ln=4,r=8,p=1', `${SALT}==`),
      'a part of the hash is not base64 without padding',
    ],
    ['bits behind the last byte', scrypt('ln=4,r=8,p=1', 'AB'), 'a part of the hash is not base64'],
    ['URL-safe base64', scrypt('ln=4,r=8,p=1', '_-_-_-_-_-_-'), 'a part of the hash is not base64'],
    ['scrypt over 256 MiB', scrypt('ln=18,r=8,p=2'), 'scrypt needs more than 256 MiB (128·N·r·p)'],
    ['scrypt by its exponent', scrypt('ln=64,r=1,p=1'), 'scrypt needs more than 256 MiB (128·N·r·p)'],
    ['scrypt by r', scrypt('ln=1,r=1048576,p=1'), 'scrypt needs more than 256 MiB (128·N·r·p)'],
    [
      'scrypt by numbers whose product is no integer any more',
      scrypt('ln=31,r=9999999999,p=9999999999'),
      'scrypt needs more than 256 MiB (128·N·r·p)',
    ],
    [
      'scrypt with an N that is no power of two',
      djangoScrypt(1000, 8, 1),
      'N of scrypt is not a power of two above 1',
    ],
    ['scrypt with N 1', djangoScrypt(1, 8, 1), 'N of scrypt is not a power of two above 1'],
    [
      'PBKDF2 over 2 million rounds',
      pbkdf2(2_000_001),
      'PBKDF2 makes more than 2000000 rounds, counted in each block of its output',
    ],
    [
      'PBKDF2 over 2 million rounds in two blocks',
      pbkdf2(1_000_001, phc(64)),
      'PBKDF2 makes more than 2000000 rounds, counted in each block of its output',
    ],
    [
      'PBKDF2 of MD5',
      pbkdf2(1000).replace('sha256', 'md5'),
      'of PBKDF2, only SHA-1, SHA-256 and SHA-512 are supported',
    ],
    [
      'PBKDF2 of a property of every object',
      'pbkdf2_constructor$1$salt$AAAAAAAAAAAAAAAAAAAAAA==',
      'of PBKDF2, only SHA-1, SHA-256 and SHA-512 are supported',
    ],
    [
      'PBKDF2 of another length than it says',
      pbkdf2('i=1000,l=16'),
      'the digest does not have the length that the hash states',
    ],
    ['bcrypt with cost 16', BCRYPT.replace('10', '16'), 'the cost of bcrypt is not 4 to 15'],
    ['bcrypt with cost 31', BCRYPT.replace('10', '31'), 'the cost of bcrypt is not 4 to 15'],
    ['bcrypt with cost 3', BCRYPT.replace('10', '03'), 'the cost of bcrypt is not 4 to 15'],
    ['bcrypt of $2x$', BCRYPT.replace('2b', '2x'), 'of bcrypt, only $2a$, $2b$ and $2y$ are supported'],
    ['bcrypt of $2$', BCRYPT.replace('2b', '2'), 'the bcrypt hash is malformed'],
    ['bcrypt that was cut', BCRYPT.slice(0, -1), 'the bcrypt hash is malformed'],
    ['bcrypt with more behind it', `${BCRYPT}a`, 'the bcrypt hash is malformed'],
    ['bcrypt with a line end', `${BCRYPT}\n`, 'the hash is malformed'],
    ['bcrypt of this version that was cut', `hivegate${BCRYPT.slice(0, -1)}`, 'the bcrypt hash is malformed'],
    ['what the column holds', `imported${BCRYPT}`, 'the hash is of an unknown kind'],
    [
      'longer than any hash',
      `pbkdf2_sha256$1$${'s'.repeat(500)}$${bytes(32)}`,
      'the hash is longer than 512 characters',
    ],
    ['the original, cut', `devicehive-sha256$salt$${bytes(31)}`, 'the hash is malformed'],
  ])('is refused if it is %s', (_, hash, reason) => {
    expect(refusalOf(hash)).toBe(reason);
  });

  it('is never named in the reason, and is either refused or understood', () => {
    const parts = fc.oneof(
      ...[
        ...'$=,.+/',
        '$2b$',
        '$argon2id$v=19$',
        '$scrypt$',
        'pbkdf2_sha256',
        'm=8,t=1,p=1',
        'ln=4,r=8,p=1',
      ].map((part) => fc.constant(part)),
      ...[SALT, DIGEST, 'imported', 'hivegate', '10'].map((part) => fc.constant(part)),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const mutated = fc
      .tuple(fc.constantFrom(...HASHES.map(({ hash }) => hash), BCRYPT), fc.nat(120), fc.nat(4), parts)
      .map(([hash, at, cut, put]) => hash.slice(0, at) + put + hash.slice(at + cut));
    const joined = fc.array(parts, { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.oneof(mutated, joined), (hash) => {
        const refusal = refusalOf(hash);
        if (refusal === undefined) {
          const stored = storedFormOf(hash);
          expect(parseStoredPassword(stored).kind).not.toBe('none');
          expect(storedFormOf(exportedFormOf(stored))).toBe(stored);
        } else {
          expect(refusal).toMatch(/^[\w ()·$,-]+$/);
          expect(hash.length > 20 && refusal.includes(hash)).toBe(false);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('of scrypt is stored with its cost before its salt, and is the same', () => {
    const hash = hashOf('scrypt of Django');
    const stored = storedFormOf(hash);
    expect(stored).toMatch(/^\$scrypt\$ln=6,r=8,p=\d\$/);
    expect(parseStoredPassword(stored)).toEqual(parseStoredPassword(hash));
  });

  it.each([
    ['of passlib', `$pbkdf2-sha256$1000$${SALT}$${phc(64)}`, 'sha256$i=1000,l=64'],
    ['in PHC', `$pbkdf2-sha256$i=1000$${SALT}$${phc(64)}`, 'sha256$i=1000,l=64'],
    ['of Django', `pbkdf2_sha1$1000$salt$${bytes(40)}`, 'sha1$i=1000,l=40'],
    ['of passlib with SHA-1', `$pbkdf2$1000$${SALT}$${phc(40)}`, 'sha1$i=1000,l=40'],
  ])(
    'of PBKDF2 %s with a long digest is stored with its length before its salt, and is the same',
    (_, hash, cost) => {
      const stored = storedFormOf(hash);
      expect(costPrefixOf(stored)).toBe(`$pbkdf2-${cost}$`);
      expect(parseStoredPassword(stored)).toEqual(parseStoredPassword(hash));
      expect(storedFormOf(exportedFormOf(stored))).toBe(stored);
      expect(costPrefixOf(storedFormOf(pbkdf2(1000)))).toBe('$pbkdf2-sha256$1000$');
    },
  );

  it('of bcrypt is told from one of this version, in the column and in a file', () => {
    expect(storedFormOf(BCRYPT)).toBe(`imported${BCRYPT}`);
    expect(parseStoredPassword(storedFormOf(BCRYPT)).kind).toBe('foreign');
    expect(exportedFormOf(`imported${BCRYPT}`)).toBe(BCRYPT);
    expect(exportedFormOf(BCRYPT)).toBe(`hivegate${BCRYPT}`);
    expect(parseStoredPassword(storedFormOf(`hivegate${BCRYPT}`)).kind).toBe('current');
    expect(exportedFormOf(`hivegate-0.1${BCRYPT}`)).toBe(`hivegate-0.1${BCRYPT}`);
    expect(exportedFormOf(hashOf('argon2id'))).toBe(hashOf('argon2id'));
  });
});
