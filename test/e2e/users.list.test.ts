import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { idsOf } from '../support/scopes.js';
import { TestService } from '../support/service.js';
import { createUser, userFields } from '../support/users.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

/** Users of one test: `names` under a prefix that nobody else has. */
interface Family {
  readonly prefix: string;
  readonly ids: readonly number[];
  /** A query for these users and no others. */
  readonly all: string;
}

async function createFamily(
  names: readonly string[],
  fields: (index: number) => Record<string, unknown> = () => ({}),
  client = service.admin,
): Promise<Family> {
  const prefix = freshName('list');
  const ids: number[] = [];
  for (const [index, name] of names.entries()) {
    const { id } = await createUser(client, { login: `${prefix}${name}`, ...fields(index) });
    ids.push(id);
  }
  return { prefix, ids, all: `loginPattern=${prefix}%25` };
}

const loginsOf = ({ body }: Answer): string[] => body.map(({ login }: { login: string }) => login);
const list = (query: string) => service.admin.get(`/user?${query}`);
const count = async (query: string) => (await service.admin.get(`/user/count?${query}`)).body;

describe('GET /user', () => {
  it('shows the view listed, in the order of ids', async () => {
    const { prefix, ids, all } = await createFamily(['b', 'a'], () => ({ data: { x: 1 }, status: 2 }));
    expect((await list(all)).body).toEqual(
      ['b', 'a'].map((name, index) => ({
        id: ids[index],
        login: `${prefix}${name}`,
        role: 1,
        status: 2,
        lastLogin: null,
        data: { x: 1 },
        introReviewed: false,
        allDeviceTypesAvailable: true,
      })),
    );
  });

  it('shows at most 100 users when nothing is said, and announces the rest', async () => {
    const own = await TestService.start();
    try {
      // Behind the service's back: a hundred hashes would take their time.
      for (let index = 0; index < 101; index += 1) {
        await own.database.query(
          'INSERT INTO users (login, login_key, password_hash, role, status) VALUES (?, ?, ?, 1, 0)',
          [`U${index}`, `u${index}`, '-'],
        );
      }
      const answer = await own.admin.get('/user');
      expect(answer.body).toHaveLength(100);
      expect(answer.headers.get('link')).toBe(`</user?after=${idsOf(answer).at(-1)}>; rel="next"`);
      expect((await own.admin.get('/user?take=10000')).body).toHaveLength(102);
      expect((await own.admin.get('/user/count')).body).toEqual({ count: 102 });
    } finally {
      await own.stop();
    }
  });

  it('finds a login exactly, ignoring case', async () => {
    const { prefix } = await createFamily(['Ada', 'AdaX', '_da']);
    for (const login of [`${prefix}Ada`, `${prefix}ADA`.toUpperCase(), `${prefix}ada`]) {
      expect(loginsOf(await list(`login=${login}`))).toEqual([`${prefix}Ada`]);
      expect(await count(`login=${login}`)).toEqual({ count: 1 });
    }
    for (const login of [`${prefix}ad`, `${prefix}A%25`, `${prefix}___`, '', "'%20OR%20''='"]) {
      expect((await list(`login=${login}`)).body).toEqual([]);
      expect(await count(`login=${login}`)).toEqual({ count: 0 });
    }
  });

  // The same rows on SQLite and on PostgreSQL.
  it.each([
    ['%', ['.abc', '_abc', 'xABC', '-abcd']],
    ['%c', ['.abc', '_abc', 'xABC']],
    ['_abc', ['.abc', '_abc', 'xABC']],
    ['_ABC_', ['-abcd']],
    ['xabc', ['xABC']],
    ['%b%', ['.abc', '_abc', 'xABC', '-abcd']],
    ['\\_abc', ['_abc']],
    ['\\_%', ['_abc']],
    ['%\\_abc', ['_abc']],
    ['\\%', []],
    ['\\xabc', []],
    ['%\\', []],
    ['\\', []],
    ['%\\\\%', []],
    ['[.x]abc', []],
    ['*', []],
    ['.ABC', ['.abc']],
    ["%' OR ''='", []],
    ['%😀', []],
    ['%İ', []],
  ])('finds logins like %j', async (pattern, names) => {
    const { prefix } = await createFamily(['.abc', '_abc', 'xABC', '-abcd']);
    const query = `loginPattern=${encodeURIComponent(`${prefix.toUpperCase()}${pattern}`)}`;
    expect(loginsOf(await list(query))).toEqual(names.map((name) => `${prefix}${name}`));
    expect(await count(query)).toEqual({ count: names.length });
  });

  it.each([
    ['', []],
    ['\\', []],
    ['%\\', []],
    ['\\\\\\', []],
    ['\\%', []],
    ['ro\\ot', []],
    ['!root', []],
  ])('takes the pattern %j for what it is', async (pattern, found) => {
    expect((await list(`loginPattern=${encodeURIComponent(pattern)}`)).body).toEqual(found);
  });

  it('lets loginPattern win over login', async () => {
    const { prefix, all } = await createFamily(['a', 'b']);
    for (const query of [`login=${prefix}a&${all}`, `${all}&login=nobody-has-this`]) {
      expect(loginsOf(await list(query))).toEqual([`${prefix}a`, `${prefix}b`]);
      expect(await count(query)).toEqual({ count: 2 });
    }
  });

  it('filters by role and by status, alone and together', async () => {
    const kinds = [
      [0, 0],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ] as const;
    const { ids, all } = await createFamily(['a', 'b', 'c', 'd', 'e'], (index) => ({
      role: kinds[index]?.[0],
      status: kinds[index]?.[1],
    }));
    for (const [query, indexes] of [
      ['role=0', [0, 1]],
      ['role=1', [2, 3, 4]],
      ['status=0', [0, 2]],
      ['status=1', [3]],
      ['status=2', [1, 4]],
      ['role=1&status=2', [4]],
      ['role=0&status=1', []],
    ] as const) {
      expect(idsOf(await list(`${all}&${query}`))).toEqual(indexes.map((index) => ids[index]));
      expect(await count(`${all}&${query}`)).toEqual({ count: indexes.length });
    }
  });

  it('sorts by id or login, up or down, named in any case', async () => {
    const { prefix, all } = await createFamily(['b', 'C', 'a', '_', '1']);
    for (const [query, names] of [
      ['', 'bCa_1'],
      ['sortOrder=desc', '1_aCb'],
      ['sortField=ID', 'bCa_1'],
      ['sortField=id&sortOrder=DESC', '1_aCb'],
      ['sortField=Login', '1_abC'],
      ['sortField=login&sortOrder=asc', '1_abC'],
      ['sortField=LOGIN&sortOrder=Desc', 'Cba_1'],
    ] as const) {
      expect(loginsOf(await list(`${all}&${query}`))).toEqual([...names].map((name) => `${prefix}${name}`));
    }
  });

  it('takes and skips, and begins behind an id in either direction', async () => {
    const { ids, all } = await createFamily(['a', 'b', 'c', 'd']);
    const [a = 0, b = 0, c = 0, d = 0] = ids;
    for (const [query, wanted] of [
      ['take=1', [a]],
      ['take=10000', ids],
      ['skip=0', ids],
      ['skip=2', [c, d]],
      ['skip=4', []],
      ['skip=9007199254740991', []],
      ['take=2&skip=1', [b, c]],
      ['sortField=Login&sortOrder=DESC&take=2&skip=1', [c, b]],
      ['after=0', ids],
      [`after=${b}`, [c, d]],
      [`after=${b}&take=1`, [c]],
      [`after=${d}`, []],
      ['after=9007199254740991', []],
      [`after=${c}&sortOrder=DESC`, [b, a]],
      [`after=${c}&sortField=id&sortOrder=desc&take=1`, [b]],
      ['after=9007199254740991&sortOrder=DESC', [d, c, b, a]],
    ] as const) {
      expect(idsOf(await list(`${all}&${query}`)), query).toEqual(wanted);
    }
  });

  it.each([
    'take=0',
    'take=10001',
    'take=-1',
    'take=1.5',
    'take=1e1',
    'take=ten',
    'take=',
    'take=99999999999999999999',
    'skip=-1',
    'skip=x',
    'skip=9007199254740992',
    'after=x',
    'after=-1',
    'after=9007199254740992',
    'after=1&skip=0',
    'after=1&skip=5',
    'after=1&sortField=Login',
    'after=%00',
    'after=a%00',
    'after=',
    'after=&sortField=Login',
    'role=2',
    'role=-1',
    'role=client',
    'role=',
    'status=3',
    'status=active',
    'sortOrder=up',
    'sortOrder=',
    'sortField=role',
    'sortField=',
    'sortField=id;drop',
    'sortField=__proto__',
    'login=%00',
    'login=a%00b',
    'loginPattern=%00%25',
    'sortField=ID%00',
    'take=1%00',
  ])('refuses %s, and names the parameter', async (query) => {
    const [field = ''] = query.split('=');
    expectError(await list(query), { status: 400, message: 'Invalid request parameters', fields: [field] });
  });

  it.each(['login', 'loginPattern', 'role', 'status', 'sortField', 'sortOrder', 'take', 'skip', 'after'])(
    'refuses %s when it is given twice, even with one value',
    async (name) => {
      const value = { sortField: 'ID', sortOrder: 'ASC' }[name] ?? '1';
      expectError(await list(`${name}=${value}&${name}=${value}`), { status: 400, fields: [name] });
    },
  );
});

describe('GET /user/count', () => {
  it('counts what the same filters find', async () => {
    const { prefix, all } = await createFamily(['a', 'b', 'c'], (index) => ({ status: index }));
    expect(await count(all)).toEqual({ count: 3 });
    expect(await count(`${all}&status=2`)).toEqual({ count: 1 });
    expect(await count(`login=${prefix}A`)).toEqual({ count: 1 });
  });

  it.each(['take=1', 'skip=1', 'after=1', 'sortField=ID', 'sortOrder=ASC'])(
    'knows filters alone, and not %s',
    async (query) => {
      const [field = ''] = query.split('=');
      expectError(await service.admin.get(`/user/count?${query}`), { status: 400, fields: [field] });
    },
  );

  it.each(['role=2', 'status=x', 'login=%00', 'role=1&role=1'])('refuses %s', async (query) => {
    const [field = ''] = query.split('=');
    expectError(await service.admin.get(`/user/count?${query}`), { status: 400, fields: [field] });
  });
});

describe.each(['', '/dh/rest'])('the pages of GET %s/user', (prefix) => {
  let prefixed: TestService;
  let root: Client;
  beforeAll(async () => {
    prefixed = prefix === '' ? service : await TestService.start({ API_PREFIX: prefix });
    root = new Client(new URL(prefixed.client.baseUrl).origin, prefixed.admin.token);
  });
  afterAll(async () => {
    if (prefix !== '') await prefixed.stop();
  });

  /** Follows the links from `path` to the end, and gives all pages and the links between them. */
  async function follow(path: string): Promise<{ pages: number[][]; links: URLSearchParams[] }> {
    const pages: number[][] = [];
    const links: URLSearchParams[] = [];
    for (let next: string | undefined = path; next !== undefined;) {
      expect(pages.length).toBeLessThan(20);
      const answer = await root.get(next);
      expect(answer.status).toBe(200);
      pages.push(idsOf(answer));
      const link = answer.headers.get('link');
      next = link === null ? undefined : /^<(\/[^<>]*)>; rel="next"$/.exec(link)?.[1];
      if (link !== null) {
        expect(next).toMatch(new RegExp(`^${prefix}/user\\?`));
        links.push(new URL(next ?? '', 'http://any').searchParams);
      }
    }
    return { pages, links };
  }

  const names = ['e', 'd', 'c', 'b', 'a'];
  const family = () => createFamily(names, () => ({ status: 2 }), prefixed.admin);

  it('follow each other to the end in keyset form where the sort is by id', async () => {
    const { ids, all } = await family();
    for (const [order, wanted] of [
      ['', ids],
      ['&sortOrder=ASC&sortField=ID', ids],
      ['&sortOrder=DESC', [...ids].reverse()],
    ] as const) {
      const { pages, links } = await follow(`${prefix}/user?${all}&take=2&status=2&role=1${order}`);
      expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
      expect(pages.flat()).toEqual(wanted);
      expect(links.map((link) => link.get('after'))).toEqual([String(wanted[1]), String(wanted[3])]);
      for (const link of links) expect(link.has('skip')).toBe(false);
    }
  });

  it('go over from skip to keyset form', async () => {
    const { ids, all } = await family();
    const byLogin = await follow(`${prefix}/user?${all}&take=2&skip=1&sortField=Login`);
    expect(byLogin.pages).toEqual([
      [ids[3], ids[2]],
      [ids[1], ids[0]],
    ]);
    expect(byLogin.links.map((link) => link.has('skip'))).toEqual([false]);
    const { pages, links } = await follow(`${prefix}/user?${all}&take=2&skip=1`);
    expect(pages.flat()).toEqual(ids.slice(1));
    expect(links.map((link) => [link.get('skip'), link.get('after')])).toEqual([[null, String(ids[2])]]);
  });

  it('follow each other to the end in keyset form where the sort is by login', async () => {
    const { ids, all } = await family();
    for (const [order, wanted] of [
      ['', [...ids].reverse()],
      ['&sortOrder=desc', ids],
    ] as const) {
      const { pages, links } = await follow(`${prefix}/user?${all}&take=2&sortField=login${order}`);
      expect(pages.flat()).toEqual(wanted);
      expect(links).toHaveLength(2);
      for (const link of links) {
        expect(link.has('skip')).toBe(false);
        expect(link.get('after')).toMatch(/^[\w-]+$/);
        expect(link.get('sortField')).toBe('login');
      }
    }
  });

  it('keep the filters, the size and the sort in their links', async () => {
    const { prefix: login, all } = await family();
    const query = `${all}&login=a%26b&take=2&status=2&role=1&sortField=Login&sortOrder=DESC`;
    const { links } = await follow(`${prefix}/user?${query}`);
    expect(links).toHaveLength(2);
    for (const link of links) {
      link.delete('after');
      expect(Object.fromEntries(link)).toEqual({
        loginPattern: `${login}%`,
        login: 'a&b',
        take: '2',
        status: '2',
        role: '1',
        sortField: 'Login',
        sortOrder: 'DESC',
      });
    }
  });

  it('end with the last user, whether or not its page is full', async () => {
    const { all } = await family();
    for (const sort of ['', '&sortField=Login', '&sortOrder=DESC'])
      for (const take of [5, 6]) {
        const { pages } = await follow(`${prefix}/user?${all}&take=${take}${sort}`);
        expect(pages.map((page) => page.length)).toEqual([5]);
      }
  });

  it('come with every response under the prefix: Location too', async () => {
    const { headers, body } = await prefixed.admin.post('/user', userFields());
    const location = headers.get('location');
    expect(location).toBe(`${prefix}/user/${body.id}`);
    expect((await root.get(location ?? '')).body.id).toBe(body.id);
    if (prefix !== '') expectError(await root.get(`/user/${body.id}`), { status: 404 });
  });
});
