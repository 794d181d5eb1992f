import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import bcrypt from 'bcrypt';
import { Piscina } from 'piscina';
import { describe, expect, it, vi } from 'vitest';
import { readSettings } from '../settings/read-settings.js';
import { HashingRank, type HashingTurn, turnOfUser } from './hashing-turn.js';
import { PASSWORD_MAX_LENGTH } from './password-forms.js';
import { PasswordHasher } from './password-hasher.js';

/** The cheapest, so that the suite is quick. */
const hasherOf = (cost = 4) => new PasswordHasher(readSettings({ BCRYPT_COST: String(cost) }));
const hasher = hasherOf();

/** The work of these calls of the worker threads, in rounds of bcrypt. */
const roundsIn = (calls: readonly (readonly unknown[])[]): number =>
  calls
    .flatMap(([task]) => (task as { candidates: { hashes: string[] }[] }).candidates)
    .flatMap(({ hashes }) => hashes)
    .reduce((sum, each) => sum + 2 ** bcrypt.getRounds(each), 0);

/** The hash of version 0.1: of a long password, or one with NUL, of its SHA-256 as text. As migration 0008 marks it. */
function earlierHash(typed: string, cost = 4): string {
  const bytes = Buffer.from(typed);
  const input =
    bytes.length > 72 || bytes.includes(0) ? createHash('sha256').update(bytes).digest('base64') : bytes;
  return `hivegate-0.1${bcrypt.hashSync(input, cost)}`;
}
const importedHash = (typed: string): string =>
  `devicehive-sha256$salt$${createHash('sha256').update(`salt${typed}`).digest('base64')}`;

/** The administrator that every installation of the original began with. */
const IMPORTED = 'devicehive-sha256$sjQbZgcCmFxqTV4CCmGwpIHO$DFXFrZ8VQIkOYECScBbBwsYinj+o8IlaLsRQ81wO+l8=';

describe('a password', () => {
  it.each([
    ['plain', 'correct horse battery'],
    ['empty', ''],
    ['with blanks around it', '  a b  '],
    ['beyond ASCII', 'пароль 語 🐝'],
    ['of 72 bytes', 'x'.repeat(72)],
    ['of 73 bytes', 'x'.repeat(73)],
    ['of 128 characters in 512 bytes', '🐝'.repeat(128)],
    ['with NUL', 'a\0b'],
    ['of NUL alone', '\0'],
  ])('that is %s is the one of its hash', async (_, password) => {
    const hash = await hasher.rehash(password);
    expect(await hasher.compare(password, hash)).toBe(true);
    expect(await hasher.compare(`${password}.`, hash)).toBe(false);
  });

  it.each([
    ['beyond 72 bytes', `${'x'.repeat(72)}a`, `${'x'.repeat(72)}b`],
    ['in length beyond 72 bytes', 'x'.repeat(72), 'x'.repeat(73)],
    ['in the middle of a character at byte 72', `${'x'.repeat(71)}é`, `${'x'.repeat(71)}è`],
    ['behind NUL', 'a\0b', 'a\0c'],
    ['in a repetition with NUL, which bcrypt does itself', 'a', 'a\0a'],
    ['in a NUL at the end', 'a', 'a\0'],
    ['in case', 'Secret', 'secret'],
    ['in a blank', 'secret', 'secret '],
    ['in an accent', 'é', 'e'],
    ['in a compatible character, which NFC keeps', 'ﬁ', 'fi'],
  ])('is not taken for another that differs %s', async (_, one, another) => {
    expect(await hasher.compare(another, await hasher.rehash(one))).toBe(false);
    expect(await hasher.compare(one, await hasher.rehash(another))).toBe(false);
  });

  it('never has the same hash twice, nor shows in it', async () => {
    const [one, another] = await Promise.all([hasher.rehash('secret'), hasher.rehash('secret')]);
    expect(one).not.toBe(another);
    expect(one).toMatch(/^\$2b\$04\$/);
    expect(one).not.toContain('secret');
  });

  it('of up to 72 bytes is hashed as bcrypt does everywhere', async () => {
    expect(await bcrypt.compare('correct horse', await hasher.rehash('correct horse'))).toBe(true);
    expect(await hasher.compare('correct horse', bcrypt.hashSync('correct horse', 4))).toBe(true);
  });
});

describe('a password that bcrypt would truncate', () => {
  it.each([
    ['over 72 bytes', 'x'.repeat(73)],
    ['of 128 characters in 512 bytes', '🐝'.repeat(128)],
    ['with NUL', 'a\0b'],
  ])('%s is hashed as the byte 0xFF and its SHA-256, which no text can equal', async (_, password) => {
    const hash = await hasher.rehash(password);
    const digest = createHash('sha256').update(password).digest('base64');
    expect(await bcrypt.compare(Buffer.concat([Buffer.of(0xff), Buffer.from(digest)]), hash)).toBe(true);
    for (const typed of [digest, `ÿ${digest}`, `\u00ff${digest}`, `\ufffd${digest}`])
      expect(await hasher.compare(typed, hash)).toBe(false);
  });
});

describe('a hash of version 0.1', () => {
  it.each([
    ['short', 'correct horse'],
    ['of 72 bytes', 'x'.repeat(72)],
    ['of 73 bytes', 'x'.repeat(73)],
    ['with NUL', 'a\0b'],
    ['of the length of a digest', `${'A'.repeat(43)}=`],
  ])('%s is compared as it was then, and is to be made anew', async (_, password) => {
    const stored = earlierHash(password);
    expect(await hasher.compare(password, stored)).toBe(true);
    expect(await hasher.compare(`${password}.`, stored)).toBe(false);
    expect(hasher.needsUpgrade(stored)).toBe(true);
    // Made anew, it is of today's kind.
    const upgraded = await hasher.rehash(password);
    expect(hasher.needsUpgrade(upgraded)).toBe(false);
    expect(await hasher.compare(password, upgraded)).toBe(true);
  });

  it('without its prefix is taken for one of today', async () => {
    expect(await hasher.compare('x'.repeat(73), earlierHash('x'.repeat(73)).slice(12))).toBe(false);
  });
});

describe('a password in another normal form', () => {
  /** NFC, NFD, and neither. */
  const FORMS = ['n\u1ee3\u0300', 'no\u031b\u0323\u0300', 'n\u01a1\u0300\u0323'] as const;

  it('is the same password, if it was hashed by this version', async () => {
    for (const set of FORMS) {
      const hash = await hasher.rehash(set);
      for (const typed of FORMS) expect(await hasher.compare(typed, hash)).toBe(true);
    }
    // Of the bytes of NFC: whoever verifies it elsewhere needs no other form.
    expect(await bcrypt.compare(FORMS[0], await hasher.rehash(FORMS[1]))).toBe(true);
  });

  it.each([
    ['by version 0.1', earlierHash],
    ['by DeviceHive', importedHash],
  ])('matches the form in which it was hashed %s', async (_, hashOf) => {
    const [nfc, nfd, neither] = FORMS;
    for (const typed of [nfc, nfd, neither]) {
      for (const set of [typed, nfc, nfd]) expect(await hasher.compare(typed, hashOf(set))).toBe(true);
      expect(await hasher.compare(typed, hashOf('no'))).toBe(false);
    }
  });

  it('does not match a hash of today in a form that is not NFC', async () => {
    // Such a hash cannot be made by this version. Only the prefix of an earlier one opens the other forms.
    expect(await hasher.compare('e\u0301', bcrypt.hashSync('e\u0301', 4))).toBe(false);
    expect(await hasher.compare('e\u0301', bcrypt.hashSync('é', 4))).toBe(true);
  });

  it('costs as many comparisons as the typed text has forms, whatever it is compared with', async () => {
    const slow = hasherOf(6);
    const compared = vi.spyOn(Piscina.prototype, 'run');
    const stored = [
      undefined,
      'no hash',
      importedHash('a'),
      earlierHash('a'),
      ...[4, 6].map((cost) => bcrypt.hashSync('a', cost)),
    ];
    for (const [typed, forms] of [
      ['wrong', 1],
      ['語 🐝', 1],
      ['é', 2],
      ['e\u0301', 2],
      [FORMS[2], 3],
      ['é'.repeat(2000), 1],
    ] as const) {
      for (const hash of stored) {
        compared.mockClear();
        expect(await slow.compare(typed, hash)).toBe(false);
        expect(roundsIn(compared.mock.calls)).toBe(forms * 2 ** 6);
      }
    }
    compared.mockRestore();
  });

  it('may be four times as long as its NFC', async () => {
    const password = '\u1f82'.repeat(PASSWORD_MAX_LENGTH);
    expect(await hasher.compare(password.normalize('NFD'), await hasher.rehash(password))).toBe(true);
  });
});

describe('a text that is not well-formed', () => {
  const LONE = 'lone \ud800 surrogate';

  it('is the password of nothing', async () => {
    await expect(hasher.rehash(LONE)).rejects.toThrow(/well-formed/);
    // Version 0.1 hashed a lone surrogate like any other.
    expect(await hasher.compare(LONE, earlierHash(LONE))).toBe(false);
    expect(await hasher.compare(LONE, importedHash(LONE))).toBe(false);
  });
});

describe('a hash that was brought along from the original', () => {
  it('is SHA-256 over salt and password, in base64', async () => {
    expect(await hasher.compare('dhadmin_#911', IMPORTED)).toBe(true);
  });

  it.each(['dhadmin_#912', '', 'DHADMIN_#911', 'sjQbZgcCmFxqTV4CCmGwpIHOdhadmin_#911'])(
    'is not the one of %j',
    async (password) => {
      expect(await hasher.compare(password, IMPORTED)).toBe(false);
    },
  );

  it('that was cut off, or is too long, is the one of nothing', async () => {
    const short = IMPORTED.slice(0, -8);
    expect(await hasher.compare('dhadmin_#911', short)).toBe(false);
    const long = `${IMPORTED.slice(0, -1)}AAAA`;
    expect(await hasher.compare('dhadmin_#911', long)).toBe(false);
  });

  it('is to be made anew', () => {
    expect(hasher.needsUpgrade(IMPORTED)).toBe(true);
  });
});

describe('the cost', () => {
  it('of a new hash is that of the settings', async () => {
    expect(bcrypt.getRounds(await hasherOf(5).rehash('secret'))).toBe(5);
    expect(bcrypt.getRounds(await hasherOf(5).hash('secret', turnOfUser(1)))).toBe(5);
  });

  it.each([
    [4, false],
    [5, true],
    [6, true],
  ])('of a stored hash, 4, calls for a new one at %i: %s', async (cost, wanted) => {
    expect(hasherOf(cost).needsUpgrade(await hasher.rehash('secret'))).toBe(wanted);
  });

  it('of a stored hash does not matter to whether the password is right', async () => {
    expect(await hasherOf(6).compare('secret', await hasher.rehash('secret'))).toBe(true);
  });

  it('of a comparison with nothing is that of a real one, and it finds nothing', async () => {
    // In processor time, which other processes have no part in.
    const effort = async (work: () => Promise<unknown>) => {
      const before = process.cpuUsage();
      await work();
      return process.cpuUsage(before).user;
    };
    const slow = hasherOf(10);
    const hash = await slow.rehash('secret');
    const real = await effort(() => slow.compare('wrong', hash));
    expect(await effort(() => slow.compare('wrong'))).toBeGreaterThan(real / 2);
    expect(await effort(() => slow.compare('wrong', IMPORTED))).toBeGreaterThan(real / 2);
    expect(await slow.compare('')).toBe(false);
  });

  it('of a comparison that fails is the highest one that has been seen, whatever it is compared with', async () => {
    const compared = vi.spyOn(Piscina.prototype, 'run');
    const slow = hasherOf(7);
    const roundsOf = async (hash?: string) => {
      compared.mockClear();
      expect(await slow.compare('wrong', hash)).toBe(false);
      return roundsIn(compared.mock.calls);
    };
    const hashes = [
      undefined,
      '',
      'no hash',
      IMPORTED,
      ...[4, 5, 6, 7].map((cost) => bcrypt.hashSync('a', cost)),
    ];
    for (const hash of hashes) expect(await roundsOf(hash)).toBe(2 ** 7);
    // The cost has been lowered: the hashes of before are dearer than what is made now.
    expect(await roundsOf(bcrypt.hashSync('a', 8))).toBe(2 ** 8);
    for (const hash of hashes) expect(await roundsOf(hash)).toBe(2 ** 8);
    compared.mockRestore();
    expect(await slow.compare('a', bcrypt.hashSync('a', 4))).toBe(true);
  });
});

describe('a flood', () => {
  const signIn = (source: string, login: string, rank: HashingRank = HashingRank.Unfailed): HashingTurn => ({
    keys: [source, source, login],
    rankOf: () => rank,
  });
  /** Takes all slots until told otherwise. */
  function occupy(busy: PasswordHasher): () => void {
    let release = (): void => undefined;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    for (let slot = 0; slot < availableParallelism(); slot += 1)
      void busy.inTurn(turnOfUser(0), () => isReleased).catch(() => undefined);
    return release;
  }

  it('of a fleet behind one address is served: the queue holds ten seconds of work', async () => {
    const fleet = Array.from({ length: 256 }, (_, index) =>
      hasher.hash('secret', signIn('a', `user ${index}`)),
    );
    const hashes = await Promise.all(fleet);
    expect(new Set(hashes).size).toBe(256);
  });

  it('beyond the queue loses its own newest, and a bystander loses nothing', async () => {
    // Of the highest cost: ten seconds of it are few.
    const slow = hasherOf(15);
    const release = occupy(slow);
    const work = () => Promise.resolve('served');
    const flood = Array.from({ length: 300 }, (_, index) => slow.inTurn(signIn('a', `user ${index}`), work));
    const bystanders = Array.from({ length: 3 }, (_, index) => slow.inTurn(signIn(`b${index}`, 'ada'), work));
    release();
    const outcomes = await Promise.allSettled(flood);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of refused) {
      expect(reason).toMatchObject({
        status: 503,
        message: 'The service is busy',
        headers: { 'Retry-After': '1' },
      });
    }
    const threads = Math.min(availableParallelism(), 8);
    const capacity = Math.floor((10_000 * threads) / (0.04 * 2 ** 15));
    expect(300 - refused.length).toBe(capacity - 3);
    expect(await Promise.all(bystanders)).toEqual(Array(3).fill('served'));
    await slow.onApplicationShutdown();
  });

  it('of a thousand sources that have failed lets others go first', async () => {
    const slow = hasherOf(4);
    const release = occupy(slow);
    const order: string[] = [];
    const served = (name: string) => () => Promise.resolve(order.push(name));
    const all = Array.from({ length: 1000 }, (_, index) =>
      slow.inTurn(signIn(`failed ${index}`, 'ada', HashingRank.Failed), served('failed')),
    );
    all.push(slow.inTurn(signIn('new', 'ada'), served('new')));
    all.push(slow.inTurn(turnOfUser(7), served('user')));
    all.push(slow.inTurn(signIn('known', 'ada', HashingRank.Known), served('known')));
    release();
    await Promise.all(all);
    // Every third turn goes to another rank.
    expect(order.slice(0, 4)).toEqual(['known', 'new', 'failed', 'user']);
    await slow.onApplicationShutdown();
  });

  it('leaves room again when a work fails', async () => {
    const failing = Array.from({ length: 20 }, () =>
      hasher.inTurn(turnOfUser(1), () => Promise.reject(new Error('broken'))),
    );
    const results = await Promise.allSettled(failing);
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(hasher.compare('secret', await hasher.rehash('secret'))).resolves.toBe(true);
  });
});
