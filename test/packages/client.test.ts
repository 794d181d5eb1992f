import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClientOptions,
  HivegateClient,
  HivegateError,
  MemoryTokenStore,
  unwrap,
  UserRole,
} from '../../packages/client/src/index.js';
import { freshName } from '../support/fresh-name.js';
import { ADMINISTRATOR, TestService, type TestUser } from '../support/service.js';

/*
 * The package @hivegate/client on a real service. What a service never does is in the specs of the package.
 */

let service: TestService;
let rotating: TestService;
beforeAll(async () => {
  service = await TestService.start({ API_PREFIX: '/api/rest' });
  rotating = await TestService.start({ REFRESH_ROTATION: 'on' });
});
afterAll(async () => {
  await service.stop();
  await rotating.stop();
});

/** A client, and the requests that it sends: `POST /token/refresh`. */
function clientOf({ client: { baseUrl } }: TestService, options: Partial<ClientOptions> = {}) {
  const sent: string[] = [];
  const client = new HivegateClient({
    baseUrl,
    fetch: (url, init) => {
      sent.push(`${init.method ?? ''} ${url.slice(baseUrl.length)}`);
      return fetch(url, init);
    },
    ...options,
  });
  return { client, sent };
}

const tokensOf = ({ accessToken, refreshToken }: TestUser): MemoryTokenStore =>
  new MemoryTokenStore({ accessToken, refreshToken });

/** A store whose access token the service refuses. */
const spoiled = ({ accessToken, refreshToken }: TestUser): MemoryTokenStore =>
  new MemoryTokenStore({ accessToken: `${accessToken.slice(0, -4)}AAAA`, refreshToken });

async function errorOf(call: Promise<unknown>): Promise<HivegateError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HivegateError);
  return error as HivegateError;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

const asAdministrator = async () => {
  const made = clientOf(service);
  await made.client.signIn(ADMINISTRATOR);
  return made;
};

describe('@hivegate/client', () => {
  it('signs in, creates, reads, updates, patches, deletes and signs out', async () => {
    const { client: admin } = await asAdministrator();
    const login = freshName('package');
    const password = 'correct horse battery';
    const { id } = await admin.createUser({
      login,
      password,
      role: UserRole.Client,
      data: { theme: 'dark', size: 1 },
    });
    expect(await admin.getUser(id)).toMatchObject({ id, login, networks: [] });

    const tokens = new MemoryTokenStore();
    const { client } = clientOf(service, { tokens });
    await client.signIn({ login, password });
    await client.patchUser('current', { data: { theme: null } });
    await client.updateUser('current', ({ data }) => ({ data: { ...data, seen: true } }));
    expect((await client.getUser('current')).data).toEqual({ size: 1, seen: true });
    await admin.updateUser(id, { introReviewed: true });
    expect(await client.getUser('current')).toMatchObject({ introReviewed: true, data: { size: 1 } });

    const kept = tokens.get();
    await client.signOut();
    expect(tokens.get()).toBeUndefined();
    const { client: thief } = clientOf(service, { tokens: new MemoryTokenStore(kept) });
    expect(await errorOf(thief.getUser('current'))).toMatchObject({ kind: 'signedOut', status: 401 });
    expect(await errorOf(client.getUser('current'))).toMatchObject({ kind: 'response', status: 401 });
    await client.signOut();

    await admin.deleteUser(id);
    expect(await errorOf(admin.getUser(id))).toMatchObject({ status: 404 });
  });

  it.each([
    { sortField: 'ID', sortOrder: 'ASC' },
    { sortField: 'Login', sortOrder: 'DESC' },
  ] as const)('iterates all pages of users by $sortField $sortOrder, and each user once', async (sort) => {
    const { client } = await asAdministrator();
    const stem = freshName('package');
    // `_` stands for any character in a pattern, unless it is escaped.
    for (const end of ['_a', '_b', '_c', '@d', '.e', '-f', '_g']) {
      await service.createUser({ login: `${stem}${end}` });
    }
    const query = { ...sort, loginPattern: `${stem}\\_%` };
    const logins = (await all(client.users({ ...query, take: 2 }))).map(({ login }) => login);
    const expected = ['_a', '_b', '_c', '_g'].map((end) => `${stem}${end}`);
    expect(logins).toEqual(sort.sortOrder === 'ASC' ? expected : expected.reverse());
    expect(await all(client.users({ ...query, take: 2, skip: 1 }))).toHaveLength(3);
    expect(await all(client.users({ ...query, take: 4 })), 'a page that is just full').toHaveLength(4);
    expect(await all(client.users({ login: `${stem}@d` }))).toHaveLength(1);
    expect(await all(client.users({ login: `${stem}&take=1` }))).toEqual([]);
  });

  it('iterates sessions, networks, device types and events', async () => {
    const { client } = await asAdministrator();
    const user = await service.createUser();
    for (let more = 0; more < 4; more += 1) await service.client.signIn(user);
    const sessions = await all(client.sessions(user.id, { take: 2 }));
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(5);
    expect(await all(clientOf(service, { tokens: tokensOf(user) }).client.sessions())).toHaveLength(5);

    const name = freshName('package');
    for (const end of ['a', 'b', 'c']) await service.admin.post('/network', { name: `${name} ${end}` });
    expect(await all(client.networks({ namePattern: `${name}%`, take: 1 }))).toHaveLength(3);
    expect((await all(client.deviceTypes({ take: 1 })))[0]).toMatchObject({ id: 1 });

    const events = await all(client.events({ subject: `user/${user.id}`, take: 2 }));
    const ids = events.map(({ id }) => Number(id));
    expect(ids.length).toBeGreaterThan(4);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it('updates on condition: no increment of 20 at once is lost', async () => {
    const { client } = await asAdministrator();
    const { id } = await service.createUser({ data: { count: 0 } });
    const increment = () =>
      client.updateUser(id, ({ data }) => ({ data: { count: Number(data?.['count']) + 1 } }), {
        attempts: 100,
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    expect((await client.getUser(id)).data).toEqual({ count: 20 });
  });

  it('gives up a conditional update after its attempts, and changes nothing', async () => {
    const { client, sent } = await asAdministrator();
    const { id } = await service.createUser();
    const race = async () => {
      await service.admin.put(`/user/${id}`, { data: { by: sent.length } });
      return { introReviewed: true };
    };
    expect(await errorOf(client.updateUser(id, race, { attempts: 2 }))).toMatchObject({ status: 412 });
    expect(sent.filter((request) => request === `PUT /user/${id}`)).toHaveLength(2);
    expect((await client.getUser(id)).introReviewed).toBe(false);
  });

  it('refreshes once for 100 callers with an expired token', async () => {
    const user = await service.createUser();
    const { accessToken, refreshToken } = user;
    const tokens = new MemoryTokenStore({ accessToken, refreshToken, expiresAt: Date.now() - 1 });
    const { client, sent } = clientOf(service, { tokens });
    const users = await Promise.all(Array.from({ length: 100 }, () => client.getUser('current')));
    expect(new Set(users.map(({ id }) => id))).toEqual(new Set([user.id]));
    expect(sent.filter((request) => request === 'POST /token/refresh')).toHaveLength(1);
    expect(tokens.get()).toMatchObject({ refreshToken });
    expect(tokens.get()?.accessToken).not.toBe(accessToken);
    expect(tokens.get()?.expiresAt).toBeGreaterThan(Date.now() + 1_700_000);
  });

  it('refreshes once for 100 callers whose token is refused', async () => {
    const user = await service.createUser();
    const { client, sent } = clientOf(service, { tokens: spoiled(user) });
    await Promise.all(Array.from({ length: 100 }, () => client.getUser('current')));
    expect(sent.filter((request) => request === 'POST /token/refresh')).toHaveLength(1);
  });

  it('ends with a typed error when the session has been revoked, and asks no more', async () => {
    const user = await service.createUser();
    const tokens = tokensOf(user);
    const { client, sent } = clientOf(service, { tokens });
    await service.admin.delete(`/user/${user.id}/session`);
    const errors = await Promise.all(Array.from({ length: 10 }, () => errorOf(client.getUser('current'))));
    for (const error of errors) expect(error).toMatchObject({ kind: 'signedOut', status: 401 });
    expect(sent.filter((request) => request === 'POST /token/refresh')).toHaveLength(1);
    expect(tokens.get()).toBeUndefined();
  });

  it('keeps the newest refresh token where they rotate, in two clients that share a store', async () => {
    const user = await rotating.createUser();
    const tokens = tokensOf(user);
    const seen = new Set<string | undefined>([user.refreshToken]);
    const { client: one } = clientOf(rotating, { tokens });
    const { client: other } = clientOf(rotating, { tokens });
    for (let round = 0; round < 3; round += 1) {
      // The access token has expired, as far as both know.
      const { accessToken = '', refreshToken } = tokens.get() ?? {};
      tokens.set({ accessToken, refreshToken, expiresAt: 0 });
      await Promise.all([one.getUser('current'), other.getUser('current'), one.getUser('current')]);
      seen.add(tokens.get()?.refreshToken);
    }
    expect(seen.size, 'one new refresh token in each round').toBe(4);
    expect((await rotating.admin.get(`/user/${user.id}/session`)).body).toHaveLength(1);
  });

  it('goes on where a tab of its own store has refreshed too: both get the same refresh token', async () => {
    const user = await rotating.createUser();
    const tabs = [spoiled(user), spoiled(user)];
    await Promise.all(tabs.map((tokens) => clientOf(rotating, { tokens }).client.getUser('current')));
    expect(tabs[0]?.get()?.refreshToken).toBe(tabs[1]?.get()?.refreshToken);
    expect(tabs[0]?.get()?.refreshToken).not.toBe(user.refreshToken);
  });

  it('goes on where the tokens were created for it', async () => {
    const user = await service.createUser();
    const tokens = await service.createToken(user.id, { actions: ['GetCurrentUser'] });
    const { client } = clientOf(service, { tokens: new MemoryTokenStore({ ...tokens, expiresAt: 0 }) });
    expect((await client.getUser('current')).id).toBe(user.id);
    expect(await errorOf(client.updateUser('current', {}))).toMatchObject({
      status: 403,
      message: 'Access is denied',
    });
  });

  it('has typed errors: message, fields and request id', async () => {
    const { client } = await asAdministrator();
    const invalid = await errorOf(client.createUser({ login: 'a b', password: 'x', role: 1 }));
    expect(invalid).toMatchObject({ kind: 'response', status: 400, retryAfter: undefined });
    expect(invalid.details.map(({ field }) => field)).toEqual(['login']);
    expect(invalid.message).toBe(invalid.details[0]?.message);
    expect(invalid.requestId).toMatch(/^[\w-]{8,}$/);
  });

  it.each([
    { what: 'quotes', login: 'a"b\\c' },
    { what: 'letters of other alphabets', login: 'ünïcödé' },
    { what: 'NUL', login: '\u0000' },
    { what: 'half a surrogate pair', login: '\ud800' },
    { what: 'a blank', login: ' ' },
    { what: 'a path', login: '../../user' },
    { what: 'a query', login: '%2e&login=x' },
    { what: '3000 letters', login: 'x'.repeat(3000) },
  ])('says no more than that it may not sign in with $what as login', async ({ login }) => {
    const { client, sent } = clientOf(service);
    const error = await errorOf(client.signIn({ login, password: 'a wrong password' }));
    expect(error.kind).toBe('response');
    expect([400, 401]).toContain(error.status);
    expect(sent).toEqual(['POST /token']);
  });

  it('keeps the session that was open where a second sign-in fails', async () => {
    const { client } = await asAdministrator();
    await errorOf(client.signIn({ ...ADMINISTRATOR, password: 'a wrong password' }));
    expect((await client.getUser('current')).id).toBe(1);
  });

  it('reaches everything else by the typed client, with the same tokens', async () => {
    const { client } = await asAdministrator();
    const network = await unwrap(client.api.GET('/network/{id}', { params: { path: { id: 1 } } }));
    expect(network.name).toBe('Default network');
    expect((await unwrap(client.api.GET('/info'))).apiVersion).toEqual(expect.any(String));
    const missing = unwrap(client.api.GET('/network/{id}', { params: { path: { id: 999_999 } } }));
    expect(await errorOf(missing)).toMatchObject({ status: 404 });
    const { id } = await service.createUser();
    const path = { id, networkId: 1 };
    expect(
      await unwrap(client.api.PUT('/user/{id}/network/{networkId}', { params: { path } })),
    ).toBeUndefined();
  });
});
