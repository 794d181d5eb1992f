import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Scripted, serve, tokenOf } from '../test/scripted-server.js';
import { type ClientOptions, HivegateClient } from './client.js';
import { HivegateError } from './errors.js';
import { MemoryTokenStore, type Tokens, type TokenStore } from './tokens.js';
import { unwrap } from './unwrap.js';

const USER = { id: 1, login: 'ann', role: 1, status: 0, data: null, networks: [] };
const UNAUTHORIZED: Scripted = { status: 401, body: { error: 401, message: 'Unauthorized' } };
const BUSY = (retryAfter?: string): Scripted => ({
  status: 503,
  headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  body: { error: 503, message: 'The service is busy' },
});

const storeOf = (accessToken = tokenOf('first'), refreshToken: string | undefined = 'refresh-1') =>
  new MemoryTokenStore({ accessToken, refreshToken });
const clientOf = (url: string, options: Partial<ClientOptions> = {}) =>
  new HivegateClient({ baseUrl: url, tokens: storeOf(), ...options });

/** The error that a call ends with. */
async function errorOf(call: Promise<unknown>): Promise<HivegateError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HivegateError)) throw new Error(`Not a HivegateError: ${String(error)}`);
  return error;
}

describe('refreshing', () => {
  it('is one request for 100 callers whose token has expired, each of which then succeeds', async () => {
    const expired = tokenOf('expired', { age: 3600, seconds: -1 });
    const fresh = tokenOf('fresh');
    const server = await serve(async ({ url, headers }) => {
      if (url === '/token/refresh') {
        await new Promise((done) => setTimeout(done, 20));
        return { status: 201, body: { accessToken: fresh } };
      }
      return headers.authorization === `Bearer ${fresh}` ? { body: USER } : UNAUTHORIZED;
    });
    const client = clientOf(server.url, { tokens: storeOf(expired) });
    await Promise.all(Array.from({ length: 100 }, () => client.getUser('current')));
    expect(server.countOf('POST /token/refresh')).toBe(1);
    expect(server.countOf('GET /user/current')).toBe(100);
  });

  it('is one request for a storm of 401s, and a late 401 for the old token needs none', async () => {
    const [old, fresh] = [tokenOf('old'), tokenOf('fresh')];
    let late: (() => void) | undefined;
    const server = await serve(async ({ url, headers }) => {
      if (url === '/token/refresh') return { status: 201, body: { accessToken: fresh } };
      const isOld = headers.authorization === `Bearer ${old}`;
      if (isOld && url === '/user/99') await new Promise<void>((done) => (late = done));
      return isOld ? UNAUTHORIZED : { body: USER };
    });
    const client = clientOf(server.url, { tokens: storeOf(old) });
    const last = client.getUser(99);
    await expect.poll(() => late).toBeDefined();
    await Promise.all(Array.from({ length: 100 }, () => client.getUser(1)));
    late?.();
    await last;
    expect(server.countOf('POST /token/refresh')).toBe(1);
  });

  it('happens once for a request, even if each new token is refused', async () => {
    let issued = 0;
    const server = await serve(({ url }) =>
      url === '/token/refresh'
        ? { status: 201, body: { accessToken: tokenOf(`issued ${(issued += 1)}`) } }
        : UNAUTHORIZED,
    );
    const error = await errorOf(clientOf(server.url).getUser(1));
    expect(error).toMatchObject({ kind: 'response', status: 401, message: 'Unauthorized' });
    expect(server.requests.map(({ url }) => url)).toEqual(['/user/1', '/token/refresh', '/user/1']);
  });

  it('that is refused ends the session: one refresh, a typed error for all, and no tokens', async () => {
    const tokens = storeOf();
    const server = await serve(() => ({
      ...UNAUTHORIZED,
      headers: { 'x-request-id': 'request-7' },
    }));
    const client = clientOf(server.url, { tokens });
    const errors = await Promise.all(Array.from({ length: 20 }, () => errorOf(client.getUser(1))));
    for (const error of errors) {
      expect(error).toMatchObject({ kind: 'signedOut', status: 401, requestId: 'request-7' });
      expect(error.cause).toMatchObject({ kind: 'response', message: 'Unauthorized' });
    }
    expect(server.countOf('POST /token/refresh')).toBe(1);
    expect(tokens.get()).toBeUndefined();
  });

  it('that fails for another reason keeps the tokens', async () => {
    const tokens = storeOf();
    const server = await serve(({ url }) =>
      url === '/token/refresh' ? { status: 502, body: '<h1>Bad gateway</h1>' } : UNAUTHORIZED,
    );
    const error = await errorOf(clientOf(server.url, { tokens }).getUser(1));
    expect(error).toMatchObject({ kind: 'unreadable', status: 502 });
    expect(tokens.get()?.refreshToken).toBe('refresh-1');
  });

  it('before the expiry is no condition: a token that is still good is used if it fails, and it waits a while', async () => {
    const soon = tokenOf('soon', { age: 1000, seconds: 10 });
    const server = await serve(({ url }) => (url === '/token/refresh' ? BUSY('60') : { body: USER }));
    const client = clientOf(server.url, { tokens: storeOf(soon) });
    for (let calls = 0; calls < 3; calls += 1) await client.getUser(1);
    expect(server.countOf('POST /token/refresh')).toBe(1);
    expect(server.countOf('GET /user/1')).toBe(3);
  });

  it('keeps the newest refresh token, and the old one where the response names none', async () => {
    const last = tokenOf('c');
    const answers = [{ accessToken: tokenOf('b'), refreshToken: 'refresh-2' }, { accessToken: last }];
    const tokens = storeOf(tokenOf('a'));
    let good = '';
    const server = await serve(({ url, headers }) => {
      if (url !== '/token/refresh') {
        return headers.authorization === `Bearer ${good}` ? { body: USER } : UNAUTHORIZED;
      }
      const body = answers.shift();
      good = body?.accessToken ?? '';
      return { status: 201, body };
    });
    const client = clientOf(server.url, { tokens });
    await client.getUser(1);
    expect(tokens.get()?.refreshToken).toBe('refresh-2');
    good = 'none';
    await client.getUser(1);
    expect(tokens.get()).toMatchObject({ accessToken: last, refreshToken: 'refresh-2' });
    const sent = server.requests.filter(({ url }) => url === '/token/refresh').map(({ body }) => body);
    expect(sent).toEqual(['{"refreshToken":"refresh-1"}', '{"refreshToken":"refresh-2"}']);
  });

  it('is one for two clients that share a store, such as tabs', async () => {
    const fresh = tokenOf('fresh');
    const server = await serve(async ({ url, headers }) => {
      if (url === '/token/refresh') {
        await new Promise((done) => setTimeout(done, 20));
        return { status: 201, body: { accessToken: fresh, refreshToken: 'refresh-2' } };
      }
      return headers.authorization === `Bearer ${fresh}` ? { body: USER } : UNAUTHORIZED;
    });
    const tokens = storeOf();
    const tabs = [clientOf(server.url, { tokens }), clientOf(server.url, { tokens })];
    await Promise.all(tabs.map((tab) => tab.getUser(1)));
    expect(server.countOf('POST /token/refresh')).toBe(1);
  });

  it('uses what another tab has stored meanwhile, without a lock too', async () => {
    const [mine, theirs] = [tokenOf('mine'), tokenOf('theirs')];
    let kept = { accessToken: tokenOf('old'), refreshToken: 'refresh-1' };
    const tokens: TokenStore = { get: () => kept, set: (next) => (kept = next as typeof kept) };
    const server = await serve(({ url, headers }) => {
      if (url !== '/token/refresh') {
        return headers.authorization === `Bearer ${theirs}` ? { body: USER } : UNAUTHORIZED;
      }
      kept = { accessToken: theirs, refreshToken: 'refresh-2' };
      return { status: 201, body: { accessToken: mine, refreshToken: 'refresh-1b' } };
    });
    await clientOf(server.url, { tokens }).getUser(1);
    expect(kept).toEqual({ accessToken: theirs, refreshToken: 'refresh-2' });
  });

  it('does not send a request as the user who has signed in meanwhile', async () => {
    let kept = { accessToken: tokenOf('old'), refreshToken: 'refresh-1' };
    const tokens: TokenStore = { get: () => kept, set: (next) => (kept = next as typeof kept) };
    const server = await serve(() => {
      kept = { accessToken: tokenOf('other', { user: 2 }), refreshToken: 'refresh-of-2' };
      return UNAUTHORIZED;
    });
    const error = await errorOf(
      clientOf(server.url, { tokens }).updateUser('current', { introReviewed: true }),
    );
    expect(error).toMatchObject({ kind: 'signedOut', message: 'Another user has signed in' });
    expect(server.requests).toHaveLength(1);
    expect(kept.refreshToken).toBe('refresh-of-2');
  });

  it('stores nothing once the client has signed out', async () => {
    const tokens = storeOf();
    let refreshed: ((value: Scripted) => void) | undefined;
    const server = await serve(({ url }) => {
      if (url === '/token/refresh') return new Promise<Scripted>((done) => (refreshed = done));
      return url === '/token/revoke' ? { body: {} } : UNAUTHORIZED;
    });
    const client = clientOf(server.url, { tokens });
    const failed = errorOf(client.getUser(1));
    await expect.poll(() => refreshed).toBeDefined();
    await client.signOut();
    refreshed?.({ status: 201, body: { accessToken: tokenOf('fresh'), refreshToken: 'refresh-2' } });
    expect(await failed).toMatchObject({ kind: 'signedOut' });
    expect(tokens.get()).toBeUndefined();
  });

  it('stores nothing either where the store is slow, and the client signs out while it is read', async () => {
    let kept: unknown = { accessToken: tokenOf('old'), refreshToken: 'refresh-1' };
    let reads = 0;
    const tokens: TokenStore = {
      async get() {
        const read = kept as Tokens;
        // The third time: after the refresh.
        if ((reads += 1) === 3) await client.signOut();
        return read;
      },
      set: (next) => (kept = next),
    };
    const server = await serve(({ url }) => {
      if (url === '/token/refresh') return { status: 201, body: { accessToken: tokenOf('fresh') } };
      return url === '/token/revoke' ? { body: {} } : UNAUTHORIZED;
    });
    const client = clientOf(server.url, { tokens });
    expect(await errorOf(client.getUser(1))).toMatchObject({ kind: 'signedOut' });
    expect(kept).toBeUndefined();
  });

  it('goes by the age of the token, not by a clock that is wrong', async () => {
    const behind = { age: 7200, seconds: -5400 };
    const server = await serve(({ url }) =>
      url === '/token'
        ? { status: 201, body: { accessToken: tokenOf('a', behind), refreshToken: 'r' } }
        : { body: USER },
    );
    const client = clientOf(server.url, { tokens: new MemoryTokenStore() });
    await client.signIn({ login: 'ann', password: 'a password' });
    await client.getUser(1);
    expect(server.countOf('POST /token/refresh')).toBe(0);
  });

  it('needs a refresh token: without one a 401 is a 401', async () => {
    const server = await serve(() => UNAUTHORIZED);
    const tokens = new MemoryTokenStore({ accessToken: tokenOf('a', { age: 9, seconds: -1 }) });
    const error = await errorOf(clientOf(server.url, { tokens }).getUser(1));
    expect(error).toMatchObject({ kind: 'response', status: 401 });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a token', () => {
  const bodyOfUser = () => ({ body: USER });

  it('is sent to the base URL alone', async () => {
    const [server, other] = [await serve(bodyOfUser), await serve(bodyOfUser)];
    const { api } = clientOf(`${server.url}/api`);
    await api.GET('/user/current', { baseUrl: other.url });
    await api.GET('/user/current', { baseUrl: `${server.url}/apiary` });
    await api.GET('/user/current', { baseUrl: `${server.url}/api` });
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(server.requests.map(({ url, headers }) => [url, typeof headers.authorization])).toEqual([
      ['/apiary/user/current', 'undefined'],
      ['/api/user/current', 'string'],
    ]);
  });

  it('follows no link to another origin: the next page is asked for here', async () => {
    const other = await serve(() => ({ body: [] }));
    const server = await serve((_request, index) => ({
      body: [{ ...USER, id: index }],
      headers: index === 0 ? { link: `<${other.url}/user?after=5&take=1>; rel="next"` } : {},
    }));
    const ids = [];
    for await (const { id } of clientOf(server.url).users({ take: 1, skip: 3 })) ids.push(id);
    expect(ids).toEqual([0, 1]);
    expect(server.requests.map(({ url }) => url)).toEqual(['/user?take=1&skip=3', '/user?take=1&after=5']);
    expect(other.requests).toEqual([]);
  });

  it('follows no redirect, and neither does a password', async () => {
    const other = await serve(() => ({ status: 201, body: { accessToken: tokenOf('a') } }));
    const server = await serve(({ url }) => ({ status: 307, headers: { location: other.url + url } }));
    const client = clientOf(server.url);
    expect(await errorOf(client.getUser(1))).toMatchObject({ kind: 'network' });
    expect(await errorOf(client.signIn({ login: 'ann', password: 'secret' }))).toMatchObject({
      kind: 'network',
    });
    expect(other.requests).toEqual([]);
  });

  it('of the caller is sent as it is, and its 401 refreshes nothing', async () => {
    const server = await serve(() => UNAUTHORIZED);
    const { response } = await clientOf(server.url).api.GET('/user/current', {
      headers: { authorization: 'Bearer mine' },
    });
    expect(response.status).toBe(401);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer mine']);
  });

  it('is not sent where none is needed, so that no refresh comes before a sign-in', async () => {
    const server = await serve(() => ({
      status: 201,
      body: { accessToken: tokenOf('new'), refreshToken: 'r' },
    }));
    const expired = storeOf(tokenOf('expired', { age: 3600, seconds: -1 }));
    await clientOf(server.url, { tokens: expired }).signIn({ login: 'ann', password: 'secret' });
    expect(server.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/token', undefined],
    ]);
  });

  it.each(['a\r\nx-evil: 1', 'täken', '', 'two words'])(
    'that is none (%j) is not sent, nor named in the error',
    async (text) => {
      const server = await serve(bodyOfUser);
      const error = await errorOf(clientOf(server.url, { tokens: storeOf(text) }).getUser(1));
      expect(error.kind).toBe('signedOut');
      if (text !== '') expect(inspect(error)).not.toContain(text);
      expect(server.requests).toEqual([]);
    },
  );
});

describe('secrets', () => {
  it('appear in nothing that can be logged', async () => {
    const secrets = ['the password', tokenOf('access-secret'), 'refresh-secret'];
    const [password = '', accessToken = '', refreshToken = ''] = secrets;
    const server = await serve(({ url }) =>
      url === '/token' ? { status: 201, body: { accessToken, refreshToken } } : undefined,
    );
    const tokens = new MemoryTokenStore();
    const client = clientOf(server.url, { tokens, retry: false });
    const seen: unknown[] = [client, tokens, client.api];
    await client.signIn({ login: 'ann', password });
    seen.push(await errorOf(client.getUser(1)), await errorOf(client.signOut()));
    const html = await serve(({ body }) => ({ status: 400, body: `<p>${body}</p>` }));
    seen.push(await errorOf(clientOf(html.url).signIn({ login: 'ann', password })));
    for (const thing of seen) {
      const shown = `${inspect(thing, { depth: 20, showHidden: true })}${JSON.stringify(thing)}${String(thing)}`;
      for (const secret of secrets) expect(shown).not.toContain(secret);
    }
  });
});

describe('a 503 or 429', () => {
  /** Refuses the first request so, and then responds with success. */
  const once = (refusal: Scripted) =>
    serve((_request, index) => (index === 0 ? refusal : { body: USER, headers: { etag: '"1.1"' } }));

  it('is waited for as long as Retry-After says', async () => {
    const server = await once(BUSY('1'));
    const began = performance.now();
    await clientOf(server.url).getUser(1);
    expect(performance.now() - began).toBeGreaterThan(990);
    expect(server.requests).toHaveLength(2);
  });

  it.each(['3600', new Date(Date.now() + 3_600_000).toUTCString()])(
    'that asks for an hour (%s) is an error at once, which says so',
    async (retryAfter) => {
      const server = await once(BUSY(retryAfter));
      const error = await errorOf(clientOf(server.url).getUser(1));
      expect(error).toMatchObject({ kind: 'response', status: 503, message: 'The service is busy' });
      expect(error.retryAfter).toBeGreaterThan(3590);
      expect(server.requests).toHaveLength(1);
    },
  );

  it('with Retry-After 0 for ever is tried a bounded number of times', async () => {
    const server = await serve(() => BUSY('0'));
    const error = await errorOf(clientOf(server.url, { retry: { times: 3 } }).getUser(1));
    expect(error).toMatchObject({ status: 503, retryAfter: 0 });
    expect(server.requests).toHaveLength(4);
  });

  it('is not waited for where the caller wants no retries', async () => {
    const server = await once(BUSY('0'));
    expect((await errorOf(clientOf(server.url, { retry: false }).getUser(1))).status).toBe(503);
  });

  it('ends with the signal of the caller, and its reason is what is thrown', async () => {
    const server = await serve(() => BUSY('20'));
    const controller = new AbortController();
    const call = clientOf(server.url).getUser(1, { signal: controller.signal });
    await expect.poll(() => server.requests.length).toBe(1);
    const reason = new Error('The window has been closed');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it('creates nothing twice, but a 429 has done nothing and is repeated', async () => {
    const busy = await once(BUSY('0'));
    const user = { login: 'ann', password: 'a good password', role: 1 } as const;
    expect((await errorOf(clientOf(busy.url).createUser(user))).status).toBe(503);
    expect(busy.requests).toHaveLength(1);
    const limited = await once({ ...BUSY('0'), status: 429 });
    await clientOf(limited.url).createUser(user);
    expect(limited.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([user, user]);
  });

  it('does not compare an old password again, which may have been replaced', async () => {
    const server = await once(BUSY('0'));
    const change = { oldPassword: 'the old one', password: 'the new one' };
    expect((await errorOf(clientOf(server.url).updateUser('current', change))).status).toBe(503);
    expect(server.requests).toHaveLength(1);
  });

  it('of a conditional update whose repeat does not match is a 503: it may have been made', async () => {
    const server = await serve(({ method }, index) => {
      if (method === 'GET') return { body: USER, headers: { etag: '"1.1"' } };
      return index === 1 ? BUSY('0') : { status: 412, body: { error: 412, message: 'Changed' } };
    });
    let computed = 0;
    const update = clientOf(server.url).updateUser(1, () => ({ data: { computed: (computed += 1) } }));
    expect(await errorOf(update)).toMatchObject({ status: 503 });
    expect(computed).toBe(1);
  });
});

describe('a conditional update', () => {
  it('reads again after a 412, a bounded number of times', async () => {
    const server = await serve(({ method }, index) =>
      method === 'GET'
        ? { body: USER, headers: { etag: `W/"1.${index}"` } }
        : { status: 412, body: { error: 412, message: 'The resource has been changed' } },
    );
    const update = clientOf(server.url).updateUser(1, () => ({ introReviewed: true }), { attempts: 3 });
    expect(await errorOf(update)).toMatchObject({ kind: 'response', status: 412 });
    expect(server.requests.map(({ method, headers }) => [method, headers['if-match']])).toEqual([
      ['GET', undefined],
      ['PUT', '"1.0"'],
      ['GET', undefined],
      ['PUT', '"1.2"'],
      ['GET', undefined],
      ['PUT', '"1.4"'],
    ]);
  });

  it('sends nothing where there is nothing to change', async () => {
    const server = await serve(() => ({ body: USER, headers: { etag: '"1.1"' } }));
    const client = clientOf(server.url);
    await client.updateUser(1, () => undefined);
    await client.updateUser(1, () => ({}));
    await client.updateUser(1, () => ({ data: undefined }) as object);
    expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
  });

  it('is not sent without a condition, where the tag is missing', async () => {
    const server = await serve(() => ({ body: USER }));
    const update = clientOf(server.url).updateUser(1, () => ({ introReviewed: true }));
    expect((await errorOf(update)).message).toContain('no entity tag');
    expect(server.requests).toHaveLength(1);
  });
});

describe('pages', () => {
  it('that are announced in a circle are an error, and no page is read twice', async () => {
    const server = await serve((_request, index) => ({
      body: [{ ...USER, id: index }],
      headers: { link: `</user?after=${index % 2 === 0 ? 'a' : 'b'}>; rel="next"` },
    }));
    const ids: unknown[] = [];
    const read = async () => {
      for await (const { id } of clientOf(server.url).users()) ids.push(id);
    };
    expect(await errorOf(read())).toMatchObject({ kind: 'unreadable' });
    expect(server.requests.map(({ url }) => url)).toEqual(['/user', '/user?after=a', '/user?after=b']);
  });

  it('are loaded when they are needed, and no more after a break', async () => {
    const server = await serve((_request, index) => ({
      body: [{ ...USER, id: index }],
      headers: { link: `</user?after=${index}>; rel="next"` },
    }));
    for await (const { id } of clientOf(server.url).users()) if (id === 1) break;
    expect(server.requests).toHaveLength(2);
  });
});

describe('a response that is not one of Hivegate', () => {
  it.each([
    { what: 'HTML of success', scripted: { body: '<html>Sign in to the Wi-Fi</html>' } },
    { what: 'HTML of an error', scripted: { status: 502, body: '<html>Bad gateway</html>' } },
    {
      what: 'JSON cut short',
      scripted: { headers: { 'content-type': 'application/json' }, body: '{"id": 1, "lo' },
    },
    { what: 'JSON of another shape', scripted: { status: 500, body: ['oh'] } },
    { what: 'an error without a body', scripted: { status: 500 } },
  ])('$what is an `unreadable` error, which does not quote it', async ({ scripted }) => {
    const server = await serve(() => scripted);
    const error = await errorOf(clientOf(server.url).getUser(1));
    expect(error).toMatchObject({ kind: 'unreadable', status: scripted.status ?? 200, details: [] });
    expect(inspect(error)).not.toMatch(/Wi-Fi|<html|"lo|oh'/);
  });

  it('in place of tokens is one too, and nothing is stored', async () => {
    const tokens = new MemoryTokenStore();
    const server = await serve(() => ({ status: 201, body: { accessToken: { not: 'a text' } } }));
    const signIn = clientOf(server.url, { tokens }).signIn({ login: 'ann', password: 'secret' });
    expect(await errorOf(signIn)).toMatchObject({ kind: 'unreadable' });
    expect(tokens.get()).toBeUndefined();
  });

  it.each([undefined, null, 5, [], 'text'].map((value) => ({ sent: JSON.stringify(value), value })))(
    '$sent where an object should be is an `unreadable` error of every call',
    async ({ sent }) => {
      const server = await serve(() => ({
        status: 200,
        ...(sent !== undefined && { headers: { 'content-type': 'application/json' }, body: sent }),
      }));
      const client = clientOf(server.url);
      const calls = [
        () => client.signIn({ login: 'ann', password: 'the right one' }),
        () => client.getUser(1),
        () => client.createUser({ login: 'ann', role: 1, password: 'the right one' }),
        () => client.updateUser(1, ({ role }) => ({ role })),
      ];
      for (const call of calls) expect(await errorOf(call())).toMatchObject({ kind: 'unreadable' });
      expect(server.countOf('PUT /user/1')).toBe(0);
    },
  );

  it.each([undefined, null, 5, {}, 'text'].map((value) => ({ sent: JSON.stringify(value), value })))(
    '$sent where a list should be is an `unreadable` error',
    async ({ sent }) => {
      const server = await serve(() => ({
        status: 200,
        ...(sent !== undefined && { headers: { 'content-type': 'application/json' }, body: sent }),
      }));
      const client = clientOf(server.url);
      for (const list of [client.users(), client.networks(), client.events(), client.sessions()])
        expect(await errorOf(list.next())).toMatchObject({ kind: 'unreadable' });
    },
  );

  it.each([undefined, 'null'])('%s instead of refreshed tokens is an `unreadable` error', async (body) => {
    const server = await serve(({ url }) =>
      url === '/token/refresh' ? { status: 201, ...(body !== undefined && { body }) } : UNAUTHORIZED,
    );
    const tokens = storeOf();
    const client = clientOf(server.url, { tokens });
    expect(await errorOf(client.getUser(1))).toMatchObject({ kind: 'unreadable' });
    expect(tokens.get(), 'the session may be open still').toBeDefined();
  });

  it('or none at all is a `network` error with the cause', async () => {
    const broken = await serve(() => undefined);
    for (const url of [broken.url, 'http://127.0.0.1:1']) {
      const error = await errorOf(clientOf(url).getUser(1));
      expect(error).toMatchObject({ kind: 'network', status: undefined });
      expect(error.cause).toBeInstanceOf(TypeError);
    }
  });

  it('and breaks off in the middle is a `network` error', async () => {
    const server = await serve(() => ({
      headers: { 'content-length': '1000', 'content-type': 'application/json', connection: 'close' },
      body: '{"id": 1',
    }));
    const error = await errorOf(clientOf(server.url).getUser(1));
    expect(error.kind).toBe('network');
  });
});

describe('the base URL', () => {
  it.each(['', '/', '//'])('may end in "%s"', async (end) => {
    const server = await serve(() => ({ body: USER }));
    await clientOf(`${server.url}/dh/rest${end}`).getUser(1);
    expect(server.requests.map(({ url }) => url)).toEqual(['/dh/rest/user/1']);
  });

  it.each([
    'nonsense',
    '/only/a/path',
    'javascript:alert(1)',
    'ftp://example.com',
    'https://ann:secret@example.com',
    'https://example.com/?token=secret',
    'https://example.com/#secret',
  ])('%s is refused, and not quoted', (baseUrl) => {
    const make = () => new HivegateClient({ baseUrl });
    expect(make).toThrow(TypeError);
    expect(make).not.toThrow(/secret/);
  });
});

describe('the typed client', () => {
  it('sends a merge patch as one', async () => {
    const server = await serve(() => ({ status: 204 }));
    const client = clientOf(server.url);
    await client.patchUser(7, { data: { theme: null } });
    await client.api.PATCH('/user/current', {
      body: {},
      headers: { 'content-type': 'application/json; x=1' },
    });
    expect(server.requests.map(({ headers, body }) => [headers['content-type'], body])).toEqual([
      ['application/merge-patch+json', '{"data":{"theme":null}}'],
      ['application/json; x=1', '{}'],
    ]);
  });

  it('gives errors as data; unwrap makes them errors', async () => {
    const details = [{ field: 'login', message: 'too short' }];
    const server = await serve(() => ({
      status: 400,
      headers: { 'x-request-id': 'abc' },
      body: { error: 400, message: 'too short', details },
    }));
    const { api } = clientOf(server.url);
    expect((await api.GET('/network/{id}', { params: { path: { id: 1 } } })).error).toMatchObject({
      error: 400,
    });
    const error = await errorOf(unwrap(api.GET('/network/{id}', { params: { path: { id: 1 } } })));
    expect(error).toMatchObject({ kind: 'response', status: 400, details, requestId: 'abc' });
    expect(error.name).toBe('HivegateError');
  });
});
