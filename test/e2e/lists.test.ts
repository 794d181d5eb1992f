import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { follow, insertUsers, nextOf, type StoredUser } from '../support/lists.js';
import { createScope, idsOf, KINDS } from '../support/scopes.js';
import { TestService } from '../support/service.js';
import { createUser } from '../support/users.js';

/*
 * What lists of users, networks and device types have in common (contract.md §3 and §4): patterns, keyset pages and
 * pages that end by size. What is special of each is in users.list.test.ts and scopes.test.ts.
 */

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const MIB = 1024 * 1024;
const encode = encodeURIComponent;

/** Whether a text is like a pattern, by the words of the contract. Both are lower case. */
function isLike(text: readonly string[], pattern: readonly string[]): boolean {
  const [first, second = ''] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === '%')
    return isLike(text, pattern.slice(1)) || (text.length > 0 && isLike(text.slice(1), pattern));
  if (text.length === 0) return false;
  if (first === '\\' && ['%', '_', '\\'].includes(second))
    return text[0] === second && isLike(text.slice(1), pattern.slice(2));
  return (first === '_' || first === text[0]) && isLike(text.slice(1), pattern.slice(1));
}

describe('patterns', () => {
  const characters = ['a', 'B', '%', '_', '\\', '!', 'é', '😀'];
  const someText = (most: number) =>
    fc.array(fc.constantFrom(...characters), { minLength: 1, maxLength: most });

  it('find the same names in every database', async () => {
    const own = await TestService.start();
    try {
      const names = new Set(fc.sample(someText(5), { numRuns: 80, seed: 9 }).map((name) => name.join('')));
      for (const name of [...names, '\\', 'a\\', '%', '\\%', 'ab', 'AB', 'Ab%', 'a_b', 'a!b'])
        if ((await own.admin.post('/network', { name })).status !== 201) names.delete(name);
      const { body } = await own.admin.get('/network?take=10000');
      const all = body as { id: number; name: string }[];
      await fc.assert(
        fc.asyncProperty(someText(7), async (pattern) => {
          const lower = pattern.map((character) => character.toLowerCase());
          const wanted = all.filter(({ name }) => isLike([...name.toLowerCase()], lower));
          const query = `namePattern=${encode(pattern.join(''))}`;
          expect(idsOf(await own.admin.get(`/network?${query}`))).toEqual(wanted.map(({ id }) => id));
          const counted = await own.admin.get(`/network/count?${query}`);
          expect(counted.body).toEqual({ count: wanted.length });
        }),
        { numRuns: 200 },
      );
    } finally {
      await own.stop();
    }
  });

  it.each([
    '\\',
    'a\\',
    '%\\',
    '\\\\\\',
    '%'.repeat(256),
    '_'.repeat(256),
    `${'%a'.repeat(127)}\\`,
    '!',
    '%!',
  ])('of any kind are no error: %j', async (pattern) => {
    for (const path of ['user?loginPattern', 'network?namePattern', 'devicetype?namePattern']) {
      expect((await service.admin.get(`/${path}=${encode(pattern)}`)).status).toBe(200);
      expect((await service.admin.get(`/${path.replace('?', '/count?')}=${encode(pattern)}`)).status).toBe(
        200,
      );
    }
  });
});

/** How the walks below make and change the rows of a list. */
const LISTS = [
  {
    path: 'user',
    key: 'Login',
    pattern: 'loginPattern',
    create: async (login: string) => (await createUser(service.admin, { login })).id,
    rename: (id: number, login: string) => service.admin.put(`/user/${id}`, { login }),
  },
  ...KINDS.map((kind) => ({
    path: kind.path,
    key: 'Name',
    pattern: 'namePattern',
    create: (name: string) => createScope(service, kind, { name }),
    rename: (id: number, name: string) => service.admin.put(`/${kind.path}/${id}`, { name }),
  })),
];

describe.each(LISTS.map((list) => [list.path, list] as const))('the pages of /%s', (path, list) => {
  const { key, pattern, create, rename } = list;
  const remove = (id: number) => service.admin.delete(`/${path}/${id}`);
  /** An opaque `after` of this list. */
  const opaqueAfter = async () => {
    const prefix = freshName('opaque');
    await create(`${prefix}-a`);
    await create(`${prefix}-b`);
    const answer = await service.admin.get(`/${path}?${pattern}=${prefix}%25&sortField=${key}&take=1`);
    return new URL(nextOf(answer) ?? '', 'http://any').searchParams.get('after') ?? '';
  };

  it('show each row once that nobody has touched, in order, whatever happens to the others between them', async () => {
    // What happens after a page: to which of its rows, and of those that come after.
    const change = fc.record({
      what: fc.constantFrom('delete', 'rename to the start', 'rename to the end', 'create'),
      at: fc.constantFrom('last of the page', 'any of the page', 'any'),
      index: fc.nat(100),
    });
    const walk = fc.record({
      byKey: fc.boolean(),
      order: fc.constantFrom('ASC', 'DESC'),
      take: fc.integer({ min: 1, max: 4 }),
      changes: fc.array(change, { maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(walk, async ({ byKey, order, take, changes }) => {
        const prefix = freshName('walk');
        const names = new Map<number, string>();
        // Of a scope, names may differ by case alone: their keys are the same.
        const endings = path === 'user' ? ['d', 'B', 'e', 'c', 'A', 'f'] : ['d', 'B', 'b', 'C', 'c', 'a'];
        for (const ending of endings) {
          const name = `${prefix}-m${ending}`;
          names.set(await create(name), name);
        }
        const touched = new Set<number>();
        const left = [...changes];
        const query = `${pattern}=${prefix}%25&take=${take}&sortOrder=${order}&sortField=${byKey ? key : 'ID'}`;
        const pages = await follow(service.admin, `/${path}?${query}`, async (page) => {
          const next = left.shift();
          if (!next) return;
          const candidates = {
            'last of the page': idsOf(page).slice(-1),
            'any of the page': idsOf(page),
            any: [...names.keys()],
          };
          const ids = candidates[next.at];
          const id = ids[next.index % ids.length] ?? 0;
          const ending = freshName('');
          if (next.what === 'create') await create(`${prefix}-n${ending}`);
          else {
            touched.add(id);
            if (next.what === 'delete') await remove(id);
            else await rename(id, `${prefix}-${next.what.endsWith('start') ? 'a' : 'z'}${ending}`);
          }
        });
        const untouched = [...names].filter(([id]) => !touched.has(id));
        const keyOf = (name: string) => (byKey ? name.toLowerCase() : '');
        untouched.sort(([id, name], [otherId, otherName]) => {
          const [key, otherKey] = [keyOf(name), keyOf(otherName)];
          return key < otherKey ? -1 : key > otherKey ? 1 : id - otherId;
        });
        if (order === 'DESC') untouched.reverse();
        const wanted = untouched.map(([id]) => id);
        expect(pages.flatMap(idsOf).filter((id) => wanted.includes(id))).toEqual(wanted);
      }),
      { numRuns: 25 },
    );
  });

  it('begin behind a position in either direction, also when its row is another’s or gone', async () => {
    const prefix = freshName('gone');
    const all = `/${path}?${pattern}=${prefix}%25&sortField=${key}`;
    const ids = [];
    for (const ending of ['a', 'b', 'c']) ids.push(await create(`${prefix}-${ending}`));
    const [a, b = 0, c] = ids;
    const link = nextOf(await service.admin.get(`${all}&take=2`)) ?? '';
    await remove(b);
    expect(idsOf(await service.admin.get(link))).toEqual([c]);
    const { searchParams } = new URL(link, 'http://any');
    const after = encode(searchParams.get('after') ?? '');
    expect(idsOf(await service.admin.get(`${all}&after=${after}&sortOrder=DESC`))).toEqual([a]);
    const again = await create(`${prefix}-b`);
    expect(idsOf(await service.admin.get(`${all}&after=${after}`))).toEqual([again, c]);
  });

  it('refuse an after that is none of this list and sort, and say so', async () => {
    const own = await opaqueAfter();
    const byKey = `sortField=${key}`;
    const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const [after, query] of [
      [own, ''],
      [own, 'sortField=ID'],
      [own.slice(1), byKey],
      [`${own}=`, byKey],
      ['1', byKey],
      ['0', byKey],
      ['', byKey],
      ['\0', byKey],
      [text(['any', 'a', 1]), byKey],
      [text([path, 'a\0', 1]), byKey],
      [text([path, '\ud83d', 1]), byKey],
      [text([path, 'a', 2 ** 63]), byKey],
      [text([path, 'a', null]), byKey],
      [text([path, ['a'], 1]), byKey],
      [text({ length: 3, 0: path, 1: 'a', 2: 1 }), byKey],
      ['x'.repeat(5000), byKey],
      ['9223372036854775808', ''],
      ['1; DROP TABLE users', ''],
    ] as const) {
      const answer = await service.admin.get(`/${path}?after=${encode(after)}&${query}`);
      expectError(answer, { status: 400, message: 'Invalid request parameters', fields: ['after'] });
    }
    for (const other of LISTS.filter(({ path: other }) => other !== path)) {
      const answer = await service.admin.get(`/${other.path}?after=${own}&sortField=${other.key}`);
      expectError(answer, { status: 400, fields: ['after'] });
    }
  });

  it('take any position of this list for what it is', async () => {
    const all = await service.admin.get(`/${path}?take=10000&sortField=${key}`);
    for (const [position, wanted] of [
      [[path, '', 1], idsOf(all)],
      [[path, '\u{10ffff}'.repeat(400), Number.MAX_SAFE_INTEGER], []],
      [[path, "' OR ''='", 1], idsOf(all)],
    ] as const) {
      const after = Buffer.from(JSON.stringify(position)).toString('base64url');
      const answer = await service.admin.get(`/${path}?take=10000&sortField=${key}&after=${after}`);
      expect(idsOf(answer)).toEqual(wanted);
    }
  });

  it('refuse after together with skip, in every sort', async () => {
    const own = await opaqueAfter();
    for (const query of ['after=1&skip=0', `after=${own}&sortField=${key}&skip=1`])
      expectError(await service.admin.get(`/${path}?${query}`), { status: 400, fields: ['after'] });
  });
});

describe('a list of many', () => {
  const COUNT = 4321;
  const stored: StoredUser[] = Array.from({ length: COUNT }, (_, index) => ({
    login: `many-${(index * 7919) % COUNT}-${index % 10 === 0 ? 'X' : 'y'}`,
    role: index % 3 === 0 ? 0 : 1,
    status: index % 2000 === 7 ? 1 : index % 4 === 0 ? 2 : 0,
  }));
  let own: TestService;
  let ids: Map<string, number>;
  beforeAll(async () => {
    own = await TestService.start();
    await insertUsers(own.database, stored);
    const rows = await own.database.query('SELECT id, login FROM users');
    ids = new Map(rows.map(({ id, login }) => [String(login), Number(id)]));
  });
  afterAll(() => own.stop());

  const idOf = ({ login }: StoredUser) => ids.get(login) ?? 0;
  const FILTERS: readonly (readonly [query: string, isFound: (user: StoredUser) => boolean])[] = [
    ['loginPattern=many-%25', () => true],
    ['loginPattern=%25x', ({ login }) => login.endsWith('X')],
    ['loginPattern=many-4%25', ({ login }) => login.startsWith('many-4')],
    ['loginPattern=many-432_-%25', ({ login }) => /^many-432.-/.test(login)],
    ['loginPattern=many-%25&role=0&status=2', ({ role, status }) => role === 0 && status === 2],
    ['loginPattern=many-%25&status=1', ({ status }) => status === 1],
    ['loginPattern=many-%25&role=0&status=1', ({ role, status }) => role === 0 && status === 1],
    ['role=1', ({ role }) => role === 1],
    ['status=2', ({ status }) => status === 2],
    ['loginPattern=%25nobody%25', () => false],
  ];

  it.each(FILTERS)('finds and counts what %s says, wherever it is', async (query, isFound) => {
    const found = stored.filter(isFound);
    expect((await own.admin.get(`/user/count?${query}`)).body).toEqual({ count: found.length });
    const byId = found.map(idOf).sort((one, other) => one - other);
    const byLogin = [...found]
      .sort((one, other) => (one.login.toLowerCase() < other.login.toLowerCase() ? -1 : 1))
      .map(idOf);
    for (const [sort, wanted] of [
      ['sortField=ID', byId],
      ['sortField=ID&sortOrder=DESC', byId.toReversed()],
      ['sortField=Login', byLogin],
      ['sortField=Login&sortOrder=DESC', byLogin.toReversed()],
    ] as const) {
      const all = `/user?${query}&${sort}`;
      expect(idsOf(await own.admin.get(`${all}&take=10000`))).toEqual(wanted);
      expect((await follow(own.admin, `${all}&take=1000`)).flatMap(idsOf)).toEqual(wanted);
      for (const skip of [0, 1, 199, 200, 201, 1000, wanted.length - 1, wanted.length, COUNT]) {
        if (skip < 0) continue;
        const answer = await own.admin.get(`${all}&take=3&skip=${skip}`);
        expect(idsOf(answer)).toEqual(wanted.slice(skip, skip + 3));
        expect(nextOf(answer) === undefined).toBe(skip + 3 >= wanted.length);
      }
    }
  });

  it('counts all, and skips far', async () => {
    expect((await own.admin.get('/user/count')).body).toEqual({ count: COUNT + 1 });
    for (const skip of [0, 200, 4000, COUNT])
      expect(idsOf(await own.admin.get(`/user?skip=${skip}&take=1`))).toHaveLength(1);
    expect((await own.admin.get(`/user?skip=${COUNT + 1}`)).body).toEqual([]);
  });

  it('shows a lockout that has ended as status 0, and finds it so', async () => {
    const locked = stored[4000] ?? { login: '' };
    await own.database.query(
      'UPDATE users SET status = 1, locked_by_failed_logins = ?, blocked_at = 1, blocked_until = 2 WHERE login = ?',
      [process.env['TEST_DATABASE'] === 'postgres' ? 'true' : 1, locked.login],
    );
    const listed = (query: string) => own.admin.get(`/user?take=10000&${query}`).then(idsOf);
    expect(await listed('status=0')).toContain(idOf(locked));
    expect(await listed('status=1')).not.toContain(idOf(locked));
    const { body } = await own.admin.get(`/user?login=${locked.login}&status=0`);
    expect(body).toMatchObject([{ id: idOf(locked), status: 0 }]);
  });
});

describe('a list of large users', () => {
  const data = JSON.stringify({ text: 'é'.repeat(32_000) });
  let own: TestService;
  beforeAll(async () => {
    own = await TestService.start();
    await insertUsers(
      own.database,
      Array.from({ length: 300 }, (_, index) => ({ login: `large-${index}`, data })),
    );
  });
  afterAll(() => own.stop());

  it.each(['', '&sortField=Login&sortOrder=DESC', '&loginPattern=%25e%25', '&role=1'])(
    'ends a page before its body has more than 8 MiB, and announces the next: take=10000%s',
    async (query) => {
      const pages = await follow(own.admin, `/user?take=10000${query}`);
      const sizes = pages.map(({ text }) => Buffer.byteLength(text));
      expect(Math.max(...sizes)).toBeLessThanOrEqual(8 * MIB);
      // No page ends earlier than it has to.
      for (const [index, size] of sizes.slice(0, -1).entries()) {
        const [first] = pages[index + 1]?.body as unknown[];
        expect(size + 1 + Buffer.byteLength(JSON.stringify(first))).toBeGreaterThan(8 * MIB);
      }
      expect(new Set(pages.flatMap(idsOf)).size).toBe(query === '' || query.includes('Login') ? 301 : 300);
      expect(pages.flatMap(idsOf)).toHaveLength(query === '' || query.includes('Login') ? 301 : 300);
    },
  );

  it('shows data as it was sent', async () => {
    const { body, text } = await own.admin.get('/user?take=2&sortField=Login');
    expect(text).toContain(`"data":${data}`);
    expect(body).toHaveLength(2);
  });
});
