import { readFileSync } from 'node:fs';
import bcrypt from 'bcrypt';
import { Piscina } from 'piscina';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { StoredHashWatch } from '../../src/authentication/sign-in/stored-hash-watch.js';
import { Database } from '../../src/database/database.js';
import { SlowComparisons } from '../../src/passwords/slow-comparisons.js';
import { storedFormOf } from '../../src/passwords/stored-hash.js';
import { findForeignHashes } from '../../src/users/stored-hash-costs.js';
import { type Answer, visiblePart } from '../support/client.js';
import { createDatabase, kindOfDatabase } from '../support/database.js';
import { PASSWORD, TestService, type TestUser } from '../support/service.js';

const HASHES = JSON.parse(readFileSync('test/fixtures/hashes-of-other-systems.json', 'utf8')) as {
  readonly form: string;
  readonly password: string;
  readonly hash: string;
}[];
/**
 * One hash of each form. The other passwords are a matter of src/passwords/password-hasher.spec.ts. The dearest come last:
 * once the service has seen one, each rejected sign-in takes as long.
 */
const FORMS = [
  ...new Map(
    HASHES.toReversed().map(({ form, password, hash }) => [form, [form, password, hash] as const]),
  ).values(),
].toReversed();
const WRONG = 'not the password at all';
const hashOf = (form: string): string => HASHES.find((each) => each.form === form)?.hash ?? '';
/** Needs 64 MiB. */
const LARGE = hashOf('argon2id with the default parameters');
const LARGE_PASSWORD = 'correct horse';
/** Has another digest than any password. */
const noHash = (cost: string, salt: string) => `$argon2id$v=19$${cost}$${salt}$${'A'.repeat(43)}`;

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
  // It measures the kinds again each minute, which would be counted.
  service.app.get(StoredHashWatch).onModuleDestroy();
  await service.admin.put('/configuration/user.login.maxAttempts', { value: '999999' });
});
afterAll(() => service.stop());
afterEach(() => {
  vi.restoreAllMocks();
});

const store = async ({ id }: { id: number }, hash: string, where = service) => {
  await where.database.query('UPDATE users SET password_hash = ? WHERE id = ?', [hash, id]);
};
const read = async ({ id }: { id: number }) => {
  const [row] = await service.database.query('SELECT password_hash AS hash FROM users WHERE id = ?', [id]);
  return String(row?.['hash']);
};
const signIn = ({ login }: { login: string }, password: string, where = service): Promise<Answer> =>
  where.client.post('/token', { login, password });
const imported = async (hash: string, where = service): Promise<TestUser> => {
  const user = await where.createUser();
  await store(user, hash, where);
  return user;
};
/** Looks for kinds of hashes, as the service does every ten seconds, and returns when all of them have been measured. */
async function measureAll({ app }: TestService): Promise<SlowComparisons> {
  const know = vi.spyOn(SlowComparisons.prototype, 'know');
  await app.get(StoredHashWatch).look();
  await know.mock.results[0]?.value;
  const slow = know.mock.contexts[0] as SlowComparisons;
  know.mockRestore();
  return slow;
}
/** The comparisons with hashes of other systems that threads have made. */
const verifications = (run: { mock: { calls: unknown[][] } }) =>
  run.mock.calls.filter(([, options]) => (options as { name?: string } | undefined)?.name === 'verify');

describe('an imported hash', () => {
  it.each(FORMS)(
    'of the form %s, of %j, signs its user in, and is replaced by bcrypt',
    async (_, password, hash) => {
      const stored = storedFormOf(hash);
      const user = await imported(stored);
      expect((await signIn(user, WRONG)).status).toBe(401);
      expect(
        (await user.client.put('/user/current', { oldPassword: WRONG, password: PASSWORD })).status,
      ).toBe(403);
      expect(await read(user)).toBe(stored);
      expect((await signIn(user, password)).status).toBe(201);
      const replaced = await read(user);
      expect(replaced).toMatch(/^\$2b\$04\$/);
      expect(await bcrypt.compare(password, replaced)).toBe(true);
      expect((await signIn(user, password)).status).toBe(201);
      expect((await signIn(user, WRONG)).status).toBe(401);
      expect(await read(user)).toBe(replaced);
    },
  );

  it('that is replaced makes the same events as any sign-in, and leaves sessions and the ETag alone', async () => {
    const [plain, user] = [await service.createUser(), await imported(hashOf('pbkdf2_sha256'))];
    const tagOf = async ({ client }: TestUser) =>
      (await client.get('/user/current')).headers.get('etag') ?? '';
    const version = (tag: string) => tag.split(/[.:-]/)[0];
    const before = await tagOf(user);
    await signIn(plain, PASSWORD);
    await signIn(user, LARGE_PASSWORD);
    expect(version(await tagOf(user))).toBe(version(before));
    const typesOf = async ({ id }: TestUser) => {
      const { body } = await service.admin.get(`/event?subject=user/${id}`);
      return (body as { type: string }[]).map(({ type }) => type);
    };
    expect(await typesOf(user)).toEqual(await typesOf(plain));
    expect((await user.client.get('/user/current')).status).toBe(200);
  });

  it('counts as the old password, and a new one takes its place', async () => {
    const user = await imported(hashOf('argon2id'));
    const change = { oldPassword: LARGE_PASSWORD, password: 'quite another password' };
    expect((await user.client.put('/user/current', change)).status).toBe(204);
    expect((await signIn(user, LARGE_PASSWORD)).status).toBe(401);
    expect((await signIn(user, change.password)).status).toBe(201);
  });

  it('never shows in a response', async () => {
    const user = await imported(hashOf('argon2id'));
    const shown = [
      await service.admin.get(`/user/${user.id}`),
      await service.admin.get(`/user?login=${user.login}`),
      await signIn(user, WRONG),
      await service.admin.get(`/event?subject=user/${user.id}`),
    ];
    for (const { text } of shown) expect(text).not.toContain('argon2');
  });

  it('does not survive that a user is locked out or disabled', async () => {
    for (const status of [1, 2]) {
      const user = await imported(hashOf('argon2id'));
      await service.admin.put(`/user/${user.id}`, { status });
      const run = vi.spyOn(Piscina.prototype, 'run');
      expect((await signIn(user, LARGE_PASSWORD)).status).toBe(401);
      expect(verifications(run)).toEqual([]);
      expect(await read(user)).toBe(hashOf('argon2id'));
      vi.restoreAllMocks();
    }
  });
});

describe('a rejected sign-in', () => {
  it('spends the same time for everyone, and only the hash of the user is computed', async () => {
    const make = (hash: string) => imported(hash);
    const large = await make(LARGE);
    const attempts = {
      'argon2id of 64 MiB': [large, WRONG, 1],
      'argon2id of 1 MiB': [await make(hashOf('argon2id')), WRONG, 1],
      pbkdf2: [await make(hashOf('pbkdf2_sha256')), WRONG, 1],
      'bcrypt of another cost': [await make(storedFormOf(bcrypt.hashSync(PASSWORD, 6))), WRONG, 1],
      'bcrypt of another system': [await make(storedFormOf(bcrypt.hashSync(PASSWORD, 4))), WRONG, 0],
      bcrypt: [await service.createUser(), WRONG, 0],
      unknown: [{ login: 'nobody-has-this' }, WRONG, 0],
      'too costly': [await make(noHash('m=999999,t=1,p=1', 'c2FsdHNhbHQ')), WRONG, 0],
      malformed: [await make('$argon2id$'), WRONG, 0],
      empty: [await make(''), WRONG, 0],
      'locked out': [await service.createUser({ status: 1 }), PASSWORD, 0],
      disabled: [await service.createUser({ status: 2 }), PASSWORD, 0],
    } as const;
    await measureAll(service);
    const run = vi.spyOn(Piscina.prototype, 'run');
    const compare = vi.spyOn(SlowComparisons.prototype, 'compare');
    const wait = vi.spyOn(SlowComparisons.prototype, 'wait');
    const answers = new Set<string>();
    for (const [name, [user, password, computed]] of Object.entries(attempts)) {
      for (const mock of [run, compare, wait]) mock.mockClear();
      const answer = await signIn(user, password);
      expect(answer.status, name).toBe(401);
      answers.add(visiblePart(answer));
      expect(verifications(run), name).toHaveLength(computed);
      expect([compare.mock.calls.length, wait.mock.calls.length], name).toEqual([computed, 1 - computed]);
      // Bcrypt of the configured cost is computed for all of them.
      expect(run.mock.calls, name).toHaveLength(1 + computed);
    }
    expect(answers.size).toBe(1);
    wait.mockClear();
    expect((await signIn(await service.createUser(), PASSWORD)).status).toBe(201);
    expect(wait).not.toHaveBeenCalled();
  });

  it('takes as long as the slowest hash from the start on, and after an import beside the service', async () => {
    const database = await createDatabase();
    const before = await TestService.start({}, database);
    const user = await imported(LARGE, before);
    await before.stop();
    const run = vi.spyOn(Piscina.prototype, 'run');
    const after = await TestService.start({}, database);
    // It has been measured, though nobody has signed in but the administrator.
    expect(verifications(run)).toHaveLength(1);
    const beside = await imported(storedFormOf(hashOf('scrypt with the default parameters')), after);
    const slow = await measureAll(after);
    expect(verifications(run).length).toBeGreaterThan(1);
    expect(slow.target).toBeGreaterThan(0);
    // When all of them have signed in, nobody waits any more.
    for (const each of [user, beside]) expect((await signIn(each, LARGE_PASSWORD, after)).status).toBe(201);
    await after.app.get(StoredHashWatch).look();
    expect(slow.target).toBe(0);
    await after.stop();
    await database.remove();
  });
});

describe('hashes that need more than 16 MiB', () => {
  it('are verified one at a time, and all of their users get in', async () => {
    const users = await Promise.all(Array.from({ length: 4 }, () => imported(LARGE)));
    const run = Reflect.get<Piscina, 'run'>(Piscina.prototype, 'run');
    let [running, most] = [0, 0];
    vi.spyOn(Piscina.prototype, 'run').mockImplementation(async function (this: Piscina, task, options) {
      const isLarge = options?.name === 'verify';
      if (isLarge) most = Math.max(most, (running += 1));
      try {
        return (await run.call(this, task, options)) as unknown;
      } finally {
        if (isLarge) running -= 1;
      }
    });
    const answers = await Promise.all([
      ...users.map((user) => signIn(user, LARGE_PASSWORD)),
      // No more: on a slow machine, the last one would have waited for too long.
      ...[1, 2].map(() => signIn({ login: 'nobody-has-this' }, WRONG)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([
      ...Array<number>(4).fill(201),
      ...Array<number>(2).fill(401),
    ]);
    expect(most).toBe(1);
  });

  it('do not lock their user out who signs in many times at once', async () => {
    await service.admin.put('/configuration/user.login.maxAttempts', { value: '10' });
    const user = await imported(hashOf('argon2id'));
    const answers = await Promise.all(Array.from({ length: 30 }, () => signIn(user, LARGE_PASSWORD)));
    // The queue holds ten seconds of work; those that it has no room for have not been counted.
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 503)).toEqual([201]);
    expect((await signIn(user, LARGE_PASSWORD)).status).toBe(201);
    await service.admin.put('/configuration/user.login.maxAttempts', { value: '999999' });
  });
});

describe('the kinds of stored hashes', () => {
  it('are found in leaps over many hashes of one cost, beside some that cannot be read', async () => {
    const database = await createDatabase();
    const own = await TestService.start({}, database);
    const costs = ['m=65536,t=3,p=4', 'm=65536,t=4,p=4', 'm=19456,t=2,p=1'];
    const salt = (index: number) =>
      Buffer.from(`salt of ${index + 100_000}`)
        .toString('base64')
        .replaceAll('=', '');
    const hashes = [
      ...costs.flatMap((cost) => Array.from({ length: 300 }, (_, index) => noHash(cost, salt(index)))),
      ...Array.from({ length: 300 }, (_, index) => `pbkdf2_sha256$600000$${salt(index)}$x`),
      ...HASHES.map(({ hash }) => storedFormOf(hash)),
      ...['', 'x', '!', '🐝'.repeat(100), 'ÿ', `$argon2id$${'é'.repeat(3000)}`],
    ];
    const reads: string[] = [];
    for (const [index, hash] of hashes.entries())
      await database.query(
        'INSERT INTO users (login, login_key, password_hash, role, status) VALUES (?, ?, ?, 1, 0)',
        [`many-${index}`, `many-${index}`, hash],
      );
    const found = await own.app.get(Database).read((manager) => {
      const query = vi.spyOn(manager, 'query');
      return findForeignHashes(manager).finally(() => reads.push(...query.mock.calls.map(([sql]) => sql)));
    });
    for (const cost of costs) expect(found.filter((hash) => hash.includes(cost)).length).toBe(1);
    expect(found.filter((hash) => hash.startsWith('pbkdf2_sha256$600000$'))).toHaveLength(1);
    expect(found.filter((hash) => hash.startsWith('$2'))).toEqual([]);
    expect(found.length).toBeLessThan(40);
    if (kindOfDatabase() === 'sqlite') {
      const plan = await database.query(`EXPLAIN QUERY PLAN ${reads[0]}`, ['']);
      expect(JSON.stringify(plan)).toContain('SEARCH users USING INDEX users_foreign_hashes');
    }
    await own.stop();
    await database.remove();
  });
});
