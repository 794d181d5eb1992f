import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import bcrypt from 'bcrypt';
import { Piscina } from 'piscina';
import { describe, expect, it, vi } from 'vitest';
import { Logger } from '@nestjs/common';
import { readSettings } from '../settings/read-settings.js';
import { HashingRank, type HashingTurn, turnOfUser } from './hashing-turn.js';
import { PASSWORD_MAX_LENGTH } from './password-forms.js';
import { PasswordHasher } from './password-hasher.js';
import { storedFormOf } from './stored-hash.js';

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

/** Passwords, and hashes that other implementations made of them. */
const OF_OTHERS = JSON.parse(readFileSync('test/fixtures/hashes-of-other-systems.json', 'utf8')) as [
  OfAnother,
  ...OfAnother[],
];
interface OfAnother {
  readonly madeBy: string;
  readonly form: string;
  readonly password: string;
  readonly hash: string;
}
/** The four characters that may end a salt of bcrypt, with one more bit set. */
const NEXT: Readonly<Record<string, string>> = { '.': '/', O: 'P', e: 'f', u: 'v' };

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

  it('of a comparison that fails is that of the settings, whatever it is compared with', async () => {
    const compared = vi.spyOn(Piscina.prototype, 'run');
    const slow = hasherOf(7);
    const roundsOf = async (hash?: string) => {
      compared.mockClear();
      expect(await slow.compare('wrong', hash)).toBe(false);
      return roundsIn(compared.mock.calls.filter(([, options]) => options?.name === 'compare'));
    };
    const hashes = [
      undefined,
      '',
      'no hash',
      IMPORTED,
      ...[4, 5, 6, 7, 8].map((cost) => bcrypt.hashSync('a', cost)),
      ...[4, 5, 6, 7, 8].map((cost) => storedFormOf(bcrypt.hashSync('a', cost))),
      ...OF_OTHERS.filter(({ form }) => !form.includes('default')).map(({ hash }) => storedFormOf(hash)),
    ];
    for (const hash of hashes) expect(await roundsOf(hash)).toBe(2 ** 7);
    compared.mockRestore();
    expect(await slow.compare('a', bcrypt.hashSync('a', 4))).toBe(true);
    expect(await slow.compare('a', bcrypt.hashSync('a', 8))).toBe(true);
  });
});

describe('a hash of another system', () => {
  it.each(OF_OTHERS.map(({ madeBy, form, password, hash }) => [form, madeBy, password, hash]))(
    '%s, made by %s of %j, is verified, and is to be replaced',
    async (_, __, password, hash) => {
      const stored = storedFormOf(hash);
      expect(await hasher.compare(password, stored)).toBe(true);
      expect(await hasher.compare(`!${password}`, stored)).toBe(false);
      expect(await hasher.compare('', stored)).toBe(false);
      expect(hasher.needsUpgrade(stored)).toBe(true);
      // Inserted by hand, without its mark, it is one of this version.
      if (!hash.startsWith('$2')) expect(await hasher.compare(password, hash)).toBe(true);
    },
  );

  it('is that of the form in which it was hashed', async () => {
    const { hash } =
      OF_OTHERS.find(({ form, password }) => form === 'argon2id' && password.includes('ä')) ?? {};
    expect(await hasher.compare('pässwörd 語 🐝'.normalize('NFD'), hash)).toBe(true);
  });

  it('with another name of the digest or the length is verified in PHC', async () => {
    const { password, hash } = OF_OTHERS.find(({ form }) => form === 'pbkdf2-sha256') ?? OF_OTHERS[0];
    const phc = hash.replace('$1000$', '$i=1000,l=32$').replaceAll('.', '+');
    expect(await hasher.compare(password, phc)).toBe(true);
    expect(await hasher.compare('wrong', phc)).toBe(false);
  });

  it.each(['2a', '2b', '2y'])('of bcrypt, $%s$, is of the first 72 bytes', async (minor) => {
    const hashOf = (typed: string) =>
      storedFormOf(bcrypt.hashSync(Buffer.from(typed).subarray(0, 72), 4).replace('2b', minor));
    for (const length of [72, 73, 128]) {
      const long = 'x'.repeat(length);
      expect(await hasher.compare(long, hashOf(long))).toBe(true);
      expect(await hasher.compare('x'.repeat(71), hashOf(long))).toBe(false);
    }
    // An implementation of $2a$ counts the bytes in one byte: 255 of them were none.
    expect(await hasher.compare(`${'é'.repeat(127)}a`, hashOf('é'.repeat(127)))).toBe(true);
    expect(await hasher.compare(`${'é'.repeat(127)}a`, hashOf(''))).toBe(false);
    // A password of this version is not truncated.
    expect(await hasher.compare('x'.repeat(73), await hasher.rehash('x'.repeat(74)))).toBe(false);
  });

  it('that is slow is computed after bcrypt, as others wait after it: the order of rejections tells nothing', async () => {
    const run = vi.spyOn(Piscina.prototype, 'run');
    const { hash, password } = OF_OTHERS.find(({ form }) => form === 'argon2id') ?? OF_OTHERS[0];
    for (const typed of [password, 'wrong', 'e\u0301']) {
      run.mockClear();
      await hasher.compare(typed, hash);
      expect(run.mock.calls.map(([, options]) => options?.name)).toEqual(['compare', 'verify']);
    }
    run.mockRestore();
  });

  it('of bcrypt does not take a password with NUL for another', async () => {
    const stored = storedFormOf(bcrypt.hashSync('a', 4));
    expect(await hasher.compare('a', stored)).toBe(true);
    for (const typed of ['a\0', 'a\0a', 'a\0b', '\0a'])
      expect(await hasher.compare(typed, stored)).toBe(false);
  });

  it('of bcrypt may have bits that belong to nothing', async () => {
    const hash = bcrypt.hashSync('secret', 4);
    const unclean = hash.replace(
      /^(.{28})(.)/,
      (_, start: string, last: string) => `${start}${NEXT[last] ?? ''}`,
    );
    expect(unclean).not.toBe(hash);
    expect(await hasher.compare('secret', storedFormOf(unclean))).toBe(true);
  });

  it('that would cost too much, or is malformed, is never computed, and is told once without it', async () => {
    const warned = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const run = vi.spyOn(Piscina.prototype, 'run');
    const own = hasherOf(4);
    const part = 'c2VjcmV0IHNhbHQgb2YgaXQ';
    const bombs = [
      `$argon2id$v=19$m=4194304,t=1,p=1$${part}$${'A'.repeat(43)}`,
      `$argon2id$v=19$m=8,t=4294967295,p=1$${part}$${'A'.repeat(43)}`,
      `$scrypt$ln=30,r=8,p=1$${part}$${'A'.repeat(43)}`,
      `pbkdf2_sha256$2147483647$${part}$${'A'.repeat(43)}=`,
      `imported$2b$31$${part.slice(0, 22)}${'a'.repeat(31)}`,
      `$2b$31$${part.slice(0, 22)}${'a'.repeat(31)}`,
      `$argon2id$${part}`,
    ];
    for (const bomb of [...bombs, ...bombs]) expect(await own.compare('secret', bomb)).toBe(false);
    expect(run.mock.calls.filter(([, options]) => options?.name !== 'compare')).toEqual([]);
    expect(roundsIn(run.mock.calls)).toBe(2 * bombs.length * 2 ** 4);
    const told = warned.mock.calls.map(([message]) => String(message));
    expect(told).toHaveLength(new Set(told).size);
    expect(told.length).toBeGreaterThan(4);
    expect(told.join()).not.toContain(part);
    run.mockRestore();
    warned.mockRestore();
  });
});

describe('rejections beside a slow hash', () => {
  const LARGE = OF_OTHERS.find(({ form }) => form === 'argon2id with the default parameters')?.hash;
  const turnOf = (source: string): HashingTurn => ({
    keys: [source, source, 'ada'],
    rankOf: () => HashingRank.Unfailed,
  });

  it('delay no right password, and end in the order in which they came, whatever hash they met', async () => {
    const own = hasherOf(4);
    await own.know([LARGE ?? '']);
    const right = await own.rehash('secret');
    const run = Reflect.get<Piscina, 'run'>(Piscina.prototype, 'run');
    let release = (): void => undefined;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    // The slow hash takes until it is told to end.
    vi.spyOn(Piscina.prototype, 'run').mockImplementation(async function (this: Piscina, task, options) {
      if (options?.name === 'verify') await isReleased;
      return (await run.call(this, task, options)) as unknown;
    });
    const ended: string[] = [];
    const rejections: Promise<unknown>[] = [];
    const names = ['slow 0', 'plain 1', 'slow 2', 'unknown 3', 'slow 4'];
    for (const [index, name] of names.entries()) {
      const hash = name.startsWith('slow') ? LARGE : name.startsWith('plain') ? right : undefined;
      const turn = turnOf(`source ${index}`);
      rejections.push(
        own.inTurn(turn, (slot) => own.compare('wrong', hash, slot)).then(() => ended.push(name)),
      );
      await vi.waitFor(() => {
        expect([own.load.waiting, own.load.running]).toEqual([index, 0]);
      });
    }
    for (let time = 0; time < 10; time += 1)
      expect(await own.inTurn(turnOf('right'), (slot) => own.compare('secret', right, slot))).toBe(true);
    expect(ended).toEqual([]);
    release();
    await Promise.all(rejections);
    expect(ended).toEqual(names);
    vi.restoreAllMocks();
    await own.onApplicationShutdown();
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
