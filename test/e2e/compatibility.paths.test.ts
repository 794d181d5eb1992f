import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../support/client.js';
import { BAD_IDS } from '../support/ids.js';
import { nextOf } from '../support/lists.js';
import { exchangeRaw, sendRaw } from '../support/raw.js';
import { createScope, KINDS } from '../support/scopes.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';

/** The paths that DeviceHive's clients ask for (contract.md §9). */

let service: TestService;
let origin: string;
beforeAll(async () => {
  service = await TestService.start({ COMPATIBILITY: 'devicehive' });
  ({ origin } = new URL(service.client.baseUrl));
});
afterAll(() => service.stop());

/** Calls the service under another prefix, as the administrator; not held to the API document, which has one prefix. */
const under = (prefix: string, { admin } = service) =>
  new Client(new URL(prefix, admin.baseUrl).href, admin.token);
const PREFIXES = ['/dh/rest', '/api/rest', '/auth/rest'] as const;

describe.each(PREFIXES)('under %s', (prefix) => {
  it('the set-ups of compose and Helm find everything', async () => {
    const anyone = new Client(`${origin}${prefix}`);
    const signedIn = await anyone.post('/token', ADMINISTRATOR);
    expect(signedIn.status).toBe(201);
    const own = anyone.as(signedIn.body.accessToken);
    for (const path of [
      '/user',
      '/user/',
      '/user/current',
      '/user/1/',
      '/user/count/?role=0',
      '/info',
      '/network/',
    ])
      expect([path, (await own.get(path)).status]).toEqual([path, 200]);
    expect((await own.get('/user/1')).body).toEqual((await service.admin.get('/user/1')).body);
    expect((await own.post('/token/refresh/', { refreshToken: signedIn.body.refreshToken })).status).toBe(
      201,
    );
    expect((await own.put('/user/current/', { data: { prefix } })).status).toBe(204);
    expect((await service.admin.get('/user/current')).body.data).toEqual({ prefix });
  });

  it('the next page is under it, too', async () => {
    await service.createUser();
    const page = await under(prefix).get('/user/?take=1');
    expect(nextOf(page)).toBe(`${prefix}/user/?take=1&after=1`);
    const next = await new Client(origin, service.admin.token).get(nextOf(page) ?? '');
    expect(next.body).toHaveLength(1);
    expect(next.body).not.toEqual(page.body);
  });

  it('the same is refused', async () => {
    const anyone = new Client(`${origin}${prefix}`);
    for (const path of ['/user', '/user/', '/user/current', '/configuration/a', '/device', '/device/'])
      expect([path, (await anyone.get(path)).status]).toEqual([path, 401]);
    const client = anyone.as((await service.createUser()).accessToken);
    for (const path of ['/user', '/user/', '/user/1', '/user/1/', '/event', '/configuration/a'])
      expect([path, (await client.get(path)).status]).toEqual([path, 403]);
    expect((await under(prefix).get('/unknown')).status).toBe(404);
    expect((await under(prefix).post('/user/current')).status).toBe(405);
  });

  it('a body is limited as ever', async () => {
    for (const path of ['/token', '/token/']) {
      const large = JSON.stringify({ ...ADMINISTRATOR, more: 'x'.repeat(4096) });
      expect((await under(prefix).post(path, large)).status).toBe(413);
    }
    for (const path of ['/network', '/network/', '/token/create/'])
      expect((await under(prefix).post(path, `{"name":"${'x'.repeat(131_072)}"}`)).status).toBe(413);
  });

  it('the token is checked before the body is read', async () => {
    for (const path of ['/user', '/user/', '/network/', '/token/create/', '/user/abc']) {
      const request = `POST ${prefix}${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n`;
      const { status } = await sendRaw(origin, request);
      expect([path, status]).toEqual([path, path === '/user/abc' ? 405 : 401]);
    }
  });

  it('a page of another origin cannot sign in', async () => {
    for (const path of ['/token', '/token/', '/token/refresh/', '/token/create', '/%74oken', '/token/?a=1'])
      for (const headers of [{ origin: 'https://evil.example.com' }, { 'sec-fetch-site': 'cross-site' }])
        expect([path, (await under(prefix).post(path, ADMINISTRATOR, headers)).status]).toEqual([path, 403]);
  });
});

describe('other paths', () => {
  it.each([
    '/api/restaurant/info',
    '/api/rest2/info',
    '/API/REST/info',
    '/api/rest/dh/rest/info',
    '/dh/rest/api/rest/info',
    '/api/rest/api/rest/info',
    '/plugin/rest/info',
    '/api/info',
    '/info',
    '/dh/rest/info//',
    '/dh/rest//info',
    '//dh/rest/info',
    '/api//rest/info',
    '/api/rest/../rest/info',
    '/dh/rest/info/%2f',
  ])('are not there: %s', async (path) => {
    const text = await exchangeRaw(origin, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('keep their query', async () => {
    const { status, body } = await under('/api/rest').get('/user/?take=1&login=a/');
    expect([status, body]).toEqual([200, []]);
  });

  it('are not there in the strict mode', async () => {
    const strict = await TestService.start({ API_PREFIX: '/dh/rest' });
    try {
      for (const prefix of ['/api/rest', '/auth/rest'])
        expect((await under(prefix, strict).get('/info')).status).toBe(404);
      expect((await strict.client.get('/info')).status).toBe(200);
      expect((await under('/dh/rest', strict).get('/info/')).status).toBe(404);
    } finally {
      await strict.stop();
    }
  });
});

describe('API_PREFIX', () => {
  it.each(['/api/rest', '/a/b', '/auth/rest/v1'])('is %s where that is set', async (prefix) => {
    const own = await TestService.start({ COMPATIBILITY: 'devicehive', API_PREFIX: prefix });
    try {
      for (const served of [prefix, '/api/rest', '/auth/rest']) {
        expect([
          served,
          (await new Client(`${new URL(own.client.baseUrl).origin}${served}`).get('/info')).status,
        ]).toEqual([served, 200]);
      }
      expect((await under('/dh/rest', own).get('/info')).status).toBe(404);
      // Both prefixes and both modes: `Location` names the one of the setting.
      const { headers } = await under('/auth/rest', own).post('/user', {
        login: 'somebody',
        password: 'a password of tests',
        role: 1,
      });
      expect(headers.get('location')).toMatch(new RegExp(`^${prefix}/user/\\d+$`));
    } finally {
      await own.stop();
    }
  });
});

describe('limits', () => {
  it('are one for all prefixes', async () => {
    const limited = await TestService.start({ COMPATIBILITY: 'devicehive', RATE_LIMIT: 'on' });
    try {
      const login = 'nobody-at-all';
      const paths = PREFIXES.flatMap((prefix) => [`${prefix}/token`, `${prefix}/token/`]);
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 62; attempt += 1) {
        const path = paths[attempt % paths.length] ?? '';
        const client = new Client(new URL(limited.client.baseUrl).origin);
        statuses.push((await client.post(path, { login, password: 'wrong' })).status);
      }
      expect(statuses.filter((status) => status === 401)).toHaveLength(60);
      expect(statuses.slice(-2)).toEqual([429, 429]);
    } finally {
      await limited.stop();
    }
  });
});

describe('what is no id', () => {
  it.each(BAD_IDS)('is not there: %s', async (id) => {
    const [user, network] = [1, await createScope(service, KINDS[0])];
    const admin = under('/dh/rest');
    const asked = [
      ['GET', `/user/${id}`],
      ['PUT', `/user/${id}`],
      ['DELETE', `/user/${id}`],
      ['GET', `/user/${id}/devicetype`],
      ['PUT', `/user/${id}/network/${network}`],
      ['PUT', `/user/${user}/network/${id}`],
      ['DELETE', `/user/${user}/network/${id}`],
      ['PUT', `/user/${user}/devicetype/${id}`],
      ['GET', `/network/${id}`],
      ['PUT', `/network/${id}`],
      ['DELETE', `/devicetype/${id}`],
    ] as const;
    for (const [method, path] of asked) {
      const { status, body } = await admin.send(method, path, { body: method === 'PUT' ? {} : undefined });
      expect([method, path, status, body?.error]).toEqual([method, path, 404, 404]);
    }
  });

  it('is refused without a token, and to a client', async () => {
    const { client } = await service.createUser();
    expect((await new Client(service.client.baseUrl).get('/user/abc')).status).toBe(401);
    expect((await new Client(service.client.baseUrl, client.token).get('/user/abc')).status).toBeGreaterThan(
      400,
    );
    expect((await client.get('/user/current')).status).toBe(200);
  });
});
