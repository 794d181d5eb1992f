import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { sendRaw } from '../support/raw.js';
import { assign, createScope, KINDS } from '../support/scopes.js';
import { HOME, PASSWORD, TestService, type TestUser } from '../support/service.js';
import { readTables } from '../support/tables.js';

/* Conditional requests (contract.md §3, RFC 9110 §13). The syntax of the headers: src/http/etag.spec.ts. */

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const GONE = 987_654_321;
const CHANGED = { status: 412, message: 'The resource has been changed' };
const THE_SAME = { status: 412, message: 'The resource is as If-None-Match names it' };
const NO_TAG = { status: 412, message: 'If-Match cannot match here: this resource has no entity tag' };
const DENIED = { status: 403, message: 'Access is denied' };

const tagOf = ({ headers }: Answer): string => headers.get('etag') ?? '';
const unless = (tag: string) => ({ 'if-none-match': tag });

/** One record with an entity tag: what the tests have to know to hold all four kinds of routes. */
interface Resource {
  readonly path: string;
  /** What events about it name. */
  readonly subject: string;
  /** May read it and change it. */
  readonly client: Client;
  /** May not read it; absent where everyone has such a record. */
  readonly stranger?: Client;
  /** Another body each time. */
  readonly change: () => object;
  readonly isDeletable: boolean;
}

const [NETWORK, DEVICE_TYPE] = KINDS;

async function createUserResource(): Promise<Resource> {
  const user = await service.createUser();
  return {
    path: `/user/${user.id}`,
    subject: `user/${user.id}`,
    client: service.admin,
    stranger: (await service.createUser()).client,
    change: () => ({ data: { fresh: freshName('data') } }),
    isDeletable: true,
  };
}

async function createOwnResource(): Promise<Resource> {
  const { client, id } = await service.createUser();
  return {
    path: '/user/current',
    subject: `user/${id}`,
    client,
    change: () => ({ data: { fresh: freshName('data') } }),
    isDeletable: false,
  };
}

async function createScopeResource(kind: (typeof KINDS)[number]): Promise<Resource> {
  const subject = `${kind.path}/${await createScope(service, kind)}`;
  return {
    path: `/${subject}`,
    subject,
    client: service.admin,
    stranger: (await service.createUser({ allDeviceTypesAvailable: false })).client,
    change: () => ({ description: freshName('description') }),
    isDeletable: true,
  };
}

const RESOURCES: readonly (readonly [string, () => Promise<Resource>])[] = [
  ['/user/{id}', createUserResource],
  ['/user/current', createOwnResource],
  ['/network/{id}', () => createScopeResource(NETWORK)],
  ['/devicetype/{id}', () => createScopeResource(DEVICE_TYPE)],
];

/** A resource, a tag that it had before, and the one that it has now. */
async function createChanged(create: () => Promise<Resource>) {
  const resource = await create();
  const { path, client, change } = resource;
  const stale = tagOf(await client.get(path));
  expect((await client.put(path, change())).status).toBe(204);
  const { text, headers } = await client.get(path);
  return { ...resource, stale, current: headers.get('etag') ?? '', text };
}

describe.each(RESOURCES)('GET %s', (_path, create) => {
  it('returns 304 with the tag and no body if If-None-Match matches, to HEAD as well', async () => {
    const { path, client, stale, current } = await createChanged(create);
    expect(current).toMatch(/^"[\w.-]+"$/);
    for (const header of [
      current,
      `W/${current}`,
      '*',
      `${stale}, W/${current}`,
      `"a,b",${current} ,W/"c"`,
      `,, ${current}`,
    ])
      for (const method of ['GET', 'HEAD']) {
        const answer = await client.send(method, path, { headers: unless(header) });
        expect([header, answer.status, answer.text, tagOf(answer)]).toEqual([header, 304, '', current]);
        for (const name of ['content-type', 'content-length'])
          expect(answer.headers.get(name), name).toBeNull();
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(answer.headers.get('x-request-id')).toMatch(/./);
      }
  });

  it('returns 200 if it does not match: another tag, or no list of tags', async () => {
    const { path, client, stale, current, text } = await createChanged(create);
    for (const header of [
      stale,
      '"*"',
      '',
      current.replaceAll('"', ''),
      current.slice(1),
      `w/${current}`,
      `${current} ${stale}`,
      `${current};`,
      `*, ${current}`,
      `"a,${current.slice(1)}`,
    ]) {
      const answer = await client.get(path, unless(header));
      expect([header, answer.status, tagOf(answer)]).toEqual([header, 200, current]);
      expect(answer.text).toBe(text);
    }
  });

  it('returns 412 if If-Match does not match, which is judged before If-None-Match', async () => {
    const { path, client, stale, current } = await createChanged(create);
    for (const header of [stale, `W/${current}`, '""', '', current.slice(1, -1)]) {
      const answer = await client.get(path, { 'if-match': header, 'if-none-match': current });
      expectError(answer, CHANGED);
      expect(answer.headers.get('etag')).toBeNull();
    }
    for (const header of [current, `${stale}, ${current}`, '*']) {
      expect((await client.get(path, { 'if-match': header })).status).toBe(200);
      expect((await client.get(path, { 'if-match': header, 'if-none-match': current })).status).toBe(304);
    }
  });

  it('reads thousands of tags, and more than the headers may hold are 431', async () => {
    const { path, client, current } = await createChanged(create);
    const many = `"1", `.repeat(2500);
    expect((await client.get(path, unless(many + current))).status).toBe(304);
    expect((await client.get(path, unless(`${many}"2"`))).status).toBe(200);
    expect((await client.get(path, { 'if-match': many + current })).status).toBe(200);
    expectError(await client.get(path, { 'if-match': many }), CHANGED);
    for (const spoilt of [`"1"${' '.repeat(12_000)}x`, `${','.repeat(12_000)}x`, `"${'1'.repeat(12_000)}`])
      expect((await client.get(path, unless(spoilt))).status).toBe(200);
    // Not documented for any route: no route is reached.
    const plain = new Client(client.baseUrl, client.token);
    expect((await plain.get(path, unless('"1", '.repeat(4000)))).status).toBe(431);
  });

  it('reads a header that comes in several lines as one list', async () => {
    const { path, client, current } = await createChanged(create);
    const { pathname } = new URL(client.baseUrl);
    const head = [
      `GET ${pathname.replace(/\/$/, '')}${path} HTTP/1.1`,
      'Host: a',
      `Authorization: Bearer ${client.token ?? ''}`,
      'If-None-Match: "1"',
      `If-None-Match: ${current}`,
      'Connection: close',
    ];
    expect((await sendRaw(client.baseUrl, `${head.join('\r\n')}\r\n\r\n`)).status).toBe(304);
  });
});

describe.each(RESOURCES)('PUT and DELETE %s', (_path, create) => {
  const methodsOf = ({ isDeletable }: Resource) => (isDeletable ? ['PUT', 'DELETE'] : ['PUT']);

  it('return 412 and change nothing if If-Match does not match or If-None-Match does', async () => {
    const record = await createChanged(create);
    const { path, subject, client, stale, current, text, change } = record;
    const countEvents = async () => {
      const all = 'SELECT subject FROM events UNION ALL SELECT subject FROM pending_events';
      const [row] = await service.database.query(
        `SELECT count(*) AS count FROM (${all}) e WHERE subject = ?`,
        [subject],
      );
      return Number(row?.['count']);
    };
    const other = tagOf(await service.admin.get('/user/1'));
    const events = await countEvents();
    expect(events).toBeGreaterThan(0);
    for (const method of methodsOf(record))
      for (const [headers, error] of [
        [{ 'if-match': stale }, CHANGED],
        [{ 'if-match': other }, CHANGED],
        [{ 'if-match': `W/${current}` }, CHANGED],
        [{ 'if-match': '' }, CHANGED],
        [{ 'if-match': `${current} ${current}` }, CHANGED],
        [{ 'if-none-match': '*' }, THE_SAME],
        [{ 'if-none-match': current }, THE_SAME],
        [{ 'if-none-match': `"a,b", W/${current}` }, THE_SAME],
        [{ 'if-match': current, 'if-none-match': current }, THE_SAME],
        [{ 'if-match': stale, 'if-none-match': stale }, CHANGED],
        [{ 'if-match': '*', 'if-none-match': '*' }, THE_SAME],
      ] as const) {
        const body = method === 'PUT' ? change() : undefined;
        expectError(await client.send(method, path, { body, headers }), error);
      }
    const after = await client.get(path);
    expect([after.text, tagOf(after)]).toEqual([text, current]);
    expect(await countEvents()).toBe(events);
  });

  it('are done if If-Match matches and If-None-Match does not', async () => {
    const { path, client, stale, change, isDeletable } = await createChanged(create);
    const current = async () => tagOf(await client.get(path));
    for (const headers of [
      async () => ({ 'if-match': await current() }),
      async () => ({ 'if-match': `${stale}, ${await current()}` }),
      () => ({ 'if-match': '*' }),
      () => ({ 'if-none-match': `W/${stale}` }),
      () => ({ 'if-none-match': 'no tag' }),
      async () => ({ 'if-match': await current(), 'if-none-match': stale }),
    ])
      expect((await client.put(path, change(), await headers())).status).toBe(204);
    if (!isDeletable) return;
    const headers = { 'if-match': await current(), 'if-none-match': stale };
    expect((await client.delete(path, headers)).status).toBe(204);
  });

  it('let one of many with one tag through', async () => {
    const { path, client, current, change } = await createChanged(create);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.put(path, change(), { 'if-match': current })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array<number>(7).fill(412)]);
  });
});

describe.each(RESOURCES.filter(([path]) => path !== '/user/current'))('%s', (path, create) => {
  it('tells a client that may not read it nothing about its tag', async () => {
    const { path: of, stranger = service.client, current, change } = await createChanged(create);
    for (const headers of [
      { 'if-none-match': '*' },
      { 'if-none-match': current },
      { 'if-match': '"1"' },
      { 'if-match': current },
    ] as const) {
      expectError(await stranger.get(of, headers), DENIED);
      expectError(await stranger.put(of, change(), headers), DENIED);
      expectError(await stranger.delete(of, headers), DENIED);
      expectError(await service.client.get(of, headers), { status: 401, message: 'Unauthorized' });
    }
  });

  it('is 404 where there is none, whatever the headers say', async () => {
    const missing = path.replace('{id}', String(GONE));
    for (const headers of [{ 'if-match': '*' }, { 'if-match': '"1.1"' }, { 'if-none-match': '*' }] as const)
      for (const method of ['GET', 'PUT', 'DELETE'])
        expect((await service.admin.send(method, missing, { headers })).status, method).toBe(404);
  });

  it('never matches the tag of another record, nor of one that was deleted', async () => {
    const [first, second] = [await create(), await create()];
    const tag = tagOf(await first.client.get(first.path));
    expect((await second.client.get(second.path, unless(tag))).status).toBe(200);
    expectError(await second.client.put(second.path, second.change(), { 'if-match': tag }), CHANGED);
    expectError(await second.client.delete(second.path, { 'if-match': tag }), CHANGED);
    expect((await first.client.delete(first.path)).status).toBe(204);
    const third = await create();
    expect((await third.client.get(third.path, unless(tag))).status).toBe(200);
    expectError(await third.client.put(third.path, third.change(), { 'if-match': tag }), CHANGED);
  });
});

describe('the tag of a user', () => {
  const own = (user: TestUser) => user.client.get('/user/current');
  /** Expects that what has been done shows in the response and in the tag, and does not fail an edit. */
  async function expectShown(user: TestUser, work: () => Promise<unknown>): Promise<void> {
    const before = await own(user);
    await work();
    const after = await user.client.get('/user/current', unless(tagOf(before)));
    expect(after.status).toBe(200);
    expect(after.text).not.toBe(before.text);
    expect(tagOf(after)).not.toBe(tagOf(before));
    expect((await user.client.get('/user/current', unless(tagOf(after)))).status).toBe(304);
    // A change whose condition is that nothing has been seen since.
    const none = { 'if-none-match': tagOf(before) };
    expect((await user.client.put('/user/current', {}, none)).status).toBe(204);
    expectError(await user.client.put('/user/current', {}, unless(tagOf(after))), THE_SAME);
    const edit = { data: { after: freshName('edit') } };
    expect((await user.client.put('/user/current', edit, { 'if-match': tagOf(before) })).status).toBe(204);
  }

  it('changes with lastLogin, by sign-in and by refresh, which fails no edit', async () => {
    const user = await service.createUser();
    await expectShown(user, () => service.client.signIn(user, HOME));
    await expect
      .poll(async () => {
        const before = tagOf(await own(user));
        await service.client.refresh(user.refreshToken);
        return tagOf(await own(user)) === before;
      })
      .toBe(false);
  });

  it('changes when a network of the user is renamed, described or deleted, which fails no edit', async () => {
    const [first, second] = [await createScope(service, NETWORK), await createScope(service, NETWORK)];
    const user = await service.createUser();
    await assign(service, NETWORK, user.id, first, second);
    for (const body of [{ name: freshName('renamed') }, { description: 'of now' }, { description: null }])
      await expectShown(user, () => service.admin.put(`/network/${second}`, body));
    await expectShown(user, () => service.admin.delete(`/network/${second}`));
    await expectShown(user, () => service.admin.delete(`/network/${first}`));
  });

  it('changes with each of many networks, and stays short', async () => {
    const user = await service.createUser();
    const ids: number[] = [];
    for (let count = 0; count < 12; count += 1) ids.push(await createScope(service, NETWORK));
    await assign(service, NETWORK, user.id, ...ids);
    for (const id of [ids[0], ids[6], ids[11]])
      await expectShown(user, () => service.admin.put(`/network/${id}`, { name: freshName('renamed') }));
    expect(tagOf(await own(user)).length).toBeLessThan(60);
  });

  it('stays when another network is renamed, and when one of its own is written as it is', async () => {
    const [mine, other] = [await createScope(service, NETWORK), await createScope(service, NETWORK)];
    const user = await service.createUser();
    await assign(service, NETWORK, user.id, mine);
    const before = tagOf(await own(user));
    await service.admin.put(`/network/${other}`, { name: freshName('renamed') });
    const { body } = await service.admin.get(`/network/${mine}`);
    expect((await service.admin.put(`/network/${mine}`, body)).status).toBe(204);
    expect(tagOf(await own(user))).toBe(before);
  });

  it('changes when a network is assigned or taken away, which is a change of the record', async () => {
    const network = await createScope(service, NETWORK);
    const user = await service.createUser();
    for (const method of ['PUT', 'DELETE']) {
      const before = tagOf(await own(user));
      expect((await service.admin.send(method, `/user/${user.id}/network/${network}`)).status).toBe(204);
      expect(tagOf(await own(user))).not.toBe(before);
      expectError(await user.client.put('/user/current', {}, { 'if-match': before }), CHANGED);
    }
  });

  it('changes when a lockout expires, before its end is stored', async () => {
    const user = await service.createUser();
    for (let attempt = 0; attempt < 10; attempt += 1)
      await service.client.signIn({ login: user.login, password: 'a wrong password' });
    const locked = await own(user);
    expect(locked.body.status).toBe(1);
    await service.database.query('UPDATE users SET blocked_until = 1 WHERE id = ?', [user.id]);
    const ended = await user.client.get('/user/current', unless(tagOf(locked)));
    expect([ended.status, ended.body.status]).toEqual([200, 0]);
    expectError(await user.client.put('/user/current', {}, { 'if-match': tagOf(locked) }), CHANGED);
    expectError(await user.client.put('/user/current', {}, unless(tagOf(ended))), THE_SAME);
    expect((await user.client.put('/user/current', {}, { 'if-match': tagOf(ended) })).status).toBe(204);
  });

  it('at /user/current never matches that of another caller', async () => {
    // Neither has signed in: the two records differ in nothing but their id and login.
    const users = [await service.createUser(), await service.createUser()];
    await service.database.query('UPDATE users SET last_login = NULL WHERE id IN (?, ?)', [
      ...users.map(({ id }) => id),
    ]);
    const [first, second] = users as [TestUser, TestUser];
    const tag = tagOf(await own(first));
    expect((await second.client.get('/user/current', unless(tag))).status).toBe(200);
    expectError(await second.client.put('/user/current', { data: {} }, { 'if-match': tag }), CHANGED);
  });

  it('is judged before passwords are compared and hashed', async () => {
    const user = await service.createUser();
    const tag = tagOf(await own(user));
    const body = { password: 'quite another password', oldPassword: 'a wrong password' };
    for (const [headers, error] of [
      [{ 'if-match': '"1.1"' }, CHANGED],
      [{ 'if-none-match': '*' }, THE_SAME],
      [{ 'if-none-match': tag }, THE_SAME],
    ] as const) {
      // More often than old passwords are compared.
      for (let time = 0; time < 6; time += 1)
        expectError(await user.client.put('/user/current', body, headers), error);
    }
    const right = { ...body, oldPassword: PASSWORD };
    expect((await user.client.put('/user/current', right, { 'if-match': tag })).status).toBe(204);
  });
});

describe('If-Match on other routes', () => {
  interface Operation {
    readonly method: string;
    readonly path: string;
    readonly isConditional: boolean;
    readonly isPublic: boolean;
  }

  async function otherOperations(): Promise<Operation[]> {
    const { body } = await service.client.get('/swagger.json');
    const paths = body.paths as Record<string, Record<string, { parameters?: { name: string }[] }>>;
    return Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { parameters = [], ...rest }]) => ({
        method: method.toUpperCase(),
        path,
        isConditional: parameters.some(({ name }) => name === 'If-Match'),
        isPublic: (rest as { security?: unknown[] }).security?.length === 0,
      })),
    );
  }

  const targetOf = ({ path }: Operation) => path.replaceAll(/\{\w+\}/g, '1');
  const withBody = ({ method }: Operation) => (method === 'GET' || method === 'DELETE' ? {} : { body: {} });

  const readState = async () => [
    await readTables(service.database),
    await service.database.query('SELECT * FROM sessions ORDER BY id'),
  ];

  it('is evaluated by the routes of the four records alone', async () => {
    const conditional = (await otherOperations()).filter(({ isConditional }) => isConditional);
    const paths = ['/user/current', '/user/{id}', '/network/{id}', '/devicetype/{id}'];
    expect(new Set(conditional.map(({ path }) => path))).toEqual(new Set(paths));
    for (const method of ['GET', 'PUT', 'DELETE'])
      for (const path of paths.slice(method === 'DELETE' ? 1 : 0))
        expect(conditional.filter((one) => one.method === method && one.path === path)).toHaveLength(1);
  });

  it('is 412 unless it is *, before anything is done', async () => {
    const operations = (await otherOperations()).filter(({ isConditional }) => !isConditional);
    expect(operations.length).toBeGreaterThan(30);
    const before = await readState();
    for (const operation of operations)
      for (const header of ['"1"', '', 'W/"1"', '*, "1"', 'x']) {
        const parts = { ...withBody(operation), headers: { 'if-match': header } };
        expectError(await service.admin.send(operation.method, targetOf(operation), parts), NO_TAG);
      }
    expect(await readState()).toEqual(before);
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      const { status } = await service.admin.get(targetOf(operation), { 'if-match': '*' });
      expect([200, 404], operation.path).toContain(status);
    }
  });

  it('is 412 after authentication and authorization', async () => {
    const user = await service.createUser();
    const headers = { 'if-match': '"1"' };
    for (const operation of await otherOperations()) {
      if (operation.isConditional || operation.isPublic) continue;
      const parts = { ...withBody(operation), headers };
      const nobody = await service.client.send(operation.method, targetOf(operation), parts);
      expect([operation.path, nobody.status]).toEqual([operation.path, 401]);
    }
    for (const [method, path] of [
      ['GET', '/user'],
      ['POST', '/user'],
      ['GET', '/user/1/network/1'],
      ['PUT', `/user/${user.id}/network/1`],
      ['GET', '/event'],
      ['DELETE', '/user/1/session'],
    ] as const)
      expectError(await user.client.send(method, path, { headers }), DENIED);
    expectError(await user.client.get('/user/current/session', headers), NO_TAG);
  });

  it('signs nobody in, and counts no failed login', async () => {
    const user = await service.createUser();
    const sessions = async () => (await service.admin.get(`/user/${user.id}/session`)).text;
    const before = await sessions();
    const headers = { 'if-match': '"1"' };
    const { login, password } = user;
    for (let time = 0; time < 20; time += 1)
      expectError(await service.client.post('/token', { login, password: 'a wrong one' }, headers), NO_TAG);
    expectError(await service.client.post('/token', { login, password }, headers), NO_TAG);
    const { refreshToken } = user;
    expectError(await service.client.post('/token/refresh', { refreshToken }, headers), NO_TAG);
    expectError(await service.client.post('/token/revoke', { token: refreshToken }, headers), NO_TAG);
    expect(await sessions()).toBe(before);
    expect((await service.client.signIn(user)).status).toBe(201);
  });

  it('is 412 at the routes that no controller has; unknown paths and methods stay 404 and 405', async () => {
    const headers = { 'if-match': '"1"' };
    for (const path of ['/', '/swagger', '/swagger.json', '/swagger.yaml', '/swagger/swagger-ui.css'])
      for (const method of ['GET', 'HEAD']) {
        const answer = await service.client.send(method, path, { headers });
        expect([method, path, answer.status]).toEqual([method, path, 412]);
      }
    expect((await service.client.get('/swagger.json', { 'if-match': '*' })).status).toBe(200);
    expectError(await service.admin.get('/nothing', headers), { status: 404 });
    expectError(await service.admin.send('PUT', '/user', { headers }), { status: 405 });
  });

  it('leaves If-None-Match to those that evaluate it', async () => {
    for (const path of ['/user', '/network/count', '/info', '/user/1/session'])
      expect((await service.admin.get(path, unless('*'))).status).toBe(200);
    const created = await service.admin.post('/network', { name: freshName('n') }, unless('*'));
    expect(created.status).toBe(201);
  });
});

describe('pages of other origins', () => {
  const ORIGIN = 'https://console.example.com';
  let open: TestService;
  beforeAll(async () => {
    open = await TestService.start({ CORS_ORIGINS: ORIGIN });
  });
  afterAll(() => open.stop());

  it('may send both headers, and read the tag of a 200 and of a 304', async () => {
    const preflight = await open.client.send('OPTIONS', '/user/current', {
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,if-match,if-none-match',
      },
    });
    expect(preflight.status).toBe(204);
    const allowed = preflight.headers.get('access-control-allow-headers')?.split(',');
    expect(allowed).toEqual(expect.arrayContaining(['if-match', 'if-none-match']));
    const read = await open.admin.get('/user/current', { origin: ORIGIN });
    const again = await open.admin.get('/user/current', {
      origin: ORIGIN,
      ...unless(tagOf(read)),
    });
    expect([read.status, again.status]).toEqual([200, 304]);
    for (const { headers } of [read, again]) {
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('access-control-expose-headers')).toContain('ETag');
      expect(headers.get('vary')).toMatch(/origin/i);
    }
  });
});
