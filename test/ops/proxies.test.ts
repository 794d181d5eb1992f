import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { CLIENT_ADDRESS, freePort, Proxy, type ProxyOptions, type ProxyResponse, SITE } from './proxy.js';
import { hasProgram } from './tools.js';

/** How long the service keeps idle connections, in seconds (contract.md §7, `KEEP_ALIVE_SECONDS`). */
const KEEP_ALIVE_SECONDS = 72;
const CREDENTIALS = JSON.stringify(ADMINISTRATOR);

/* The examples of ops/ are started as they are, but for ports, certificate and paths. */
describe.each(['nginx', 'caddy'] as const)('the example of %s', (kind) => {
  const missing = [kind, 'openssl'].filter((program) => !hasProgram(program));
  // Elsewhere the client cannot have an address of its own: 127.0.0.2.
  if (process.platform !== 'linux') missing.push('Linux');
  if (missing.length > 0) {
    it.skip(`is run (skipped: no ${missing.join(', ')})`, () => undefined);
    return;
  }

  let service: TestService;
  let proxy: Proxy;
  beforeAll(async () => {
    service = await TestService.start({ API_PREFIX: '/auth', TRUST_PROXY: '1' });
    proxy = await Proxy.start(kind, { upstreams: [portOf(service)] });
  });
  afterAll(async () => {
    await proxy?.stop();
    await service?.stop();
  });

  async function startProxy(options: ProxyOptions): Promise<Proxy> {
    const started = await Proxy.start(kind, options);
    onTestFinished(() => started.stop());
    return started;
  }

  const signIn = (headers: Readonly<Record<string, string>> = {}) =>
    proxy.send('/auth/token', { method: 'POST', body: CREDENTIALS, headers });

  async function bearer(): Promise<{ authorization: string }> {
    const { status, text } = await signIn();
    expect(status, text).toBe(201);
    return { authorization: `Bearer ${String(JSON.parse(text).accessToken)}` };
  }

  describe('names the address of the client', () => {
    const lastAddress = async () => {
      const { body } = await service.admin.get('/user/current/session');
      const [last] = [...body].sort((one, other) => other.createdAt.localeCompare(one.createdAt));
      return last.address;
    };

    it('in the session of a sign-in', async () => {
      expect((await signIn()).status).toBe(201);
      expect(await lastAddress()).toBe(CLIENT_ADDRESS);
    });

    it.each([
      { 'x-forwarded-for': '203.0.113.9' },
      { 'x-forwarded-for': '203.0.113.9, 203.0.113.8, 127.0.0.1' },
      { forwarded: 'for=203.0.113.9', 'x-real-ip': '203.0.113.9', 'x-client-ip': '203.0.113.9' },
    ])('whatever the client itself sends: %j', async (headers) => {
      expect((await signIn(headers)).status).toBe(201);
      expect(await lastAddress()).toBe(CLIENT_ADDRESS);
    });

    it('and not the host or the scheme that the client sends', async () => {
      const { text } = await proxy.send('/auth/info', {
        headers: { 'x-forwarded-host': 'evil.example.com', 'x-forwarded-proto': 'http' },
      });
      expect(JSON.parse(text).webSocketServerUrl).toContain(`wss://${proxy.host}/`);
    });
  });

  it('lets a page of the same origin sign in, and no other', async () => {
    expect((await signIn({ origin: `https://${proxy.host}` })).status).toBe(201);
    expect((await signIn({ origin: `https://${SITE}` })).status).toBe(403);
    expect((await signIn({ origin: 'https://evil.example.com' })).status).toBe(403);
  });

  describe('serves below the prefix', () => {
    it('Swagger UI, with all that the page loads', async () => {
      const page = await proxy.send('/auth/swagger');
      expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
      const loaded = [...page.text.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, path]) => path ?? '');
      expect(loaded.length).toBeGreaterThan(2);
      for (const path of loaded) {
        const { pathname } = new URL(path, `https://${SITE}/auth/swagger`);
        expect((await proxy.send(pathname)).status, pathname).toBe(200);
      }
      const document = JSON.parse((await proxy.send('/auth/swagger.json')).text);
      expect(document.servers).toEqual([{ url: '/auth' }]);
      expect((await proxy.send('/auth/')).headers.location).toBe('/auth/swagger');
    });

    it('pages, whose links lead to the next page', async () => {
      await expectLinks(proxy, await bearer());
    });

    it('nothing else', async () => {
      const metrics = ['/auth', '/auth/rest', '/api/rest'].flatMap((prefix) =>
        ['/metrics', '/metrics/', '/%6detrics'].map((path) => prefix + path),
      );
      for (const path of ['/', '/user', '/authority', ...metrics]) {
        const { status, headers, text } = await proxy.send(path);
        expect([status, JSON.parse(text)], path).toEqual([404, { error: 404, message: 'Not found' }]);
        // The service has not seen it.
        expect(headers, path).not.toHaveProperty('x-request-id');
      }
    });
  });

  it('serves below a prefix that the service does not know, with the links and redirects of the outside', async () => {
    const plain = await TestService.start({ TRUST_PROXY: '1' });
    onTestFinished(() => plain.stop());
    const stripping = await startProxy({ upstreams: [portOf(plain)], withoutPrefix: true });
    const { status, text } = await stripping.send('/auth/token', { method: 'POST', body: CREDENTIALS });
    expect(status).toBe(201);
    await expectLinks(stripping, { authorization: `Bearer ${String(JSON.parse(text).accessToken)}` });
    expect((await stripping.send('/auth/')).headers.location).toBe('/auth/swagger');
    expect((await stripping.send('/auth/swagger')).status).toBe(200);
    expect((await stripping.send('/auth/info')).headers).not.toHaveProperty('link');
  });

  describe('lets through', () => {
    it('headers of almost 16 KiB: the response is the service’s', async () => {
      const { status, text } = await proxy.send('/auth/user/current', {
        headers: { authorization: `Bearer ${'a'.repeat(15_500)}` },
      });
      expect([status, JSON.parse(text)]).toEqual([401, { error: 401, message: 'Unauthorized' }]);
    });

    it('a request line of 9 KiB', async () => {
      const { status, text } = await proxy.send(`/auth/user?after=${'a'.repeat(9000)}`, {
        headers: await bearer(),
      });
      expect([status, JSON.parse(text).message]).toEqual([400, 'Invalid request parameters']);
    });

    it('a body of 1 MiB', async () => {
      const user = { login: `proxied-${kind}`, role: 1, password: 'a long password of tests' };
      const body = JSON.stringify(user).padEnd(1024 * 1024);
      const { status } = await proxy.send('/auth/user', { method: 'POST', headers: await bearer(), body });
      expect(status).toBe(201);
    });

    it('the id of a request, or makes one', async () => {
      const { headers } = await proxy.send('/auth/info', {
        headers: { 'x-request-id': 'the-id-of-a-client' },
      });
      expect(headers['x-request-id']).toBe('the-id-of-a-client');
      const made = (await proxy.send('/auth/info')).headers['x-request-id'];
      expect(made).toMatch(/^[\w-]{32,36}$/);
    });
  });

  it('refuses headers that are too large', async () => {
    const { status } = await proxy.send('/auth/info', { headers: { 'x-large': 'a'.repeat(70_000) } });
    expect([400, 431]).toContain(status);
  });

  describe('responds in the form of the service', () => {
    it.each([{}, { 'transfer-encoding': 'chunked' }])('to a body that is too large: %j', async (headers) => {
      const { status, text } = await proxy.send('/auth/user', {
        method: 'POST',
        headers: { ...(await bearer()), ...headers },
        body: ' '.repeat(1024 * 1024 + 1),
      });
      expect([status, JSON.parse(text)]).toEqual([
        413,
        { error: 413, message: 'The body is larger than 1 MiB' },
      ]);
    });

    it('where no service listens', async () => {
      const lonely = await startProxy({ upstreams: [await freePort()] });
      const { status, headers, text } = await lonely.send('/auth/info');
      expect([status, JSON.parse(text)]).toEqual([
        503,
        { error: 503, message: 'The service is not available' },
      ]);
      expect(headers['retry-after']).toBe('5');
      expect(headers['content-type']).toContain('application/json');
    });
  });

  it('does not compress, even if the client and the service would', async () => {
    const received: unknown[] = [];
    const port = await listen((request, response) => {
      received.push(request.headers['accept-encoding']);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ token: 'a'.repeat(5000) }));
    });
    const compressing = await startProxy({ upstreams: [port] });
    const { headers } = await compressing.send('/auth/x', { headers: { 'accept-encoding': 'gzip, br' } });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(received).toHaveLength(1);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('sends no %s twice', async (method) => {
    let requests = 0;
    const breakOff = () =>
      listen((request) => {
        requests += 1;
        request.resume().once('end', () => request.socket.destroy());
      });
    const failing = await startProxy({ upstreams: [await breakOff(), await breakOff()] });
    const { status } = await failing.send('/auth/user/1', { method, body: '{}' });
    expect([status, requests]).toEqual([503, 1]);
  });

  it('redirects from http to https', async () => {
    const response = await fetch(`http://127.0.0.1:${proxy.plainPort}/auth/user?take=1`, {
      headers: { host: SITE },
      redirect: 'manual',
    });
    expect(response.status).toBe(308);
  });

  it('closes idle connections before the service does', () => {
    const [file, pattern] =
      kind === 'nginx'
        ? ['ops/nginx/hivegate.conf', /upstream[^}]*keepalive_timeout (\d+)s;/]
        : ['ops/caddy/Caddyfile', /transport http \{[^}]*keepalive (\d+)s/];
    const [, seconds] = pattern.exec(readFileSync(file, 'utf8')) ?? [];
    expect(Number(seconds)).toBeLessThan(KEEP_ALIVE_SECONDS);
    expect(Number(seconds)).toBeGreaterThan(0);
  });
});

/** Follows the link of a page of users through a proxy. */
async function expectLinks(proxy: Proxy, headers: { authorization: string }): Promise<void> {
  const create = (login: string) =>
    proxy.send('/auth/user', {
      method: 'POST',
      headers,
      body: JSON.stringify({ login, role: 1, password: 'a long password of tests' }),
    });
  expect((await create(`next-${proxy.plainPort}`)).status).toBe(201);
  const first = await proxy.send('/auth/user?take=1&sortField=Login', { headers });
  const [, next = ''] = /^<(\/auth\/user\?[^>]*)>; rel="next"$/.exec(String(first.headers.link)) ?? [];
  const second = await proxy.send(next, { headers });
  expect(second.status).toBe(200);
  expect(idsOf(second)).not.toEqual(idsOf(first));
}

const idsOf = ({ text }: ProxyResponse): number[] =>
  (JSON.parse(text) as { id: number }[]).map(({ id }) => id);

const portOf = (service: TestService): number => (service.app.getHttpServer().address() as AddressInfo).port;

/** Starts an HTTP server for one test, and returns its port. */
async function listen(handler: Parameters<typeof createServer>[1]): Promise<number> {
  const server = await new Promise<Server>((listening) => {
    const started = createServer(handler ?? (() => undefined)).listen(0, '127.0.0.1', () => {
      listening(started);
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
