import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshName } from '../support/fresh-name.js';
import { createHolder, createScope, KINDS } from '../support/scopes.js';
import { PASSWORD, TestService, type TestUser } from '../support/service.js';

/** The responses that DeviceHive's clients read (contract.md §9). */

let service: TestService;
let user: TestUser;
let network: number;
beforeAll(async () => {
  service = await TestService.start({ COMPATIBILITY: 'devicehive' });
  network = await createScope(service, KINDS[0]);
  user = await createHolder(service, KINDS[0], network);
});
afterAll(() => service.stop());

/** A moment with a zone, as nothing but the service's own resources shows one. */
const WITH_ZONE = /\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/;
/** The layout of the Go SDK: `2006-01-02T15:04:05.000`. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/;

describe('timestamps', () => {
  it.each([
    ['/user/current', 'lastLogin'],
    ['/user/{id}', 'lastLogin'],
    ['/user?login={login}', '0.lastLogin'],
    ['/info', 'serverTimestamp'],
    ['/info/cache', 'serverTimestamp'],
  ])('of GET %s have no zone', async (path, member) => {
    const asked = path.replace('{id}', String(user.id)).replace('{login}', user.login);
    for (const caller of path.includes('?') ? [service.admin] : [service.admin, user.client]) {
      const { text, body } = await caller.get(asked);
      const shown: unknown = member.split('.').reduce((value, name) => value[name], body);
      expect(shown).toMatch(TIMESTAMP);
      expect(text).not.toMatch(WITH_ZONE);
      // In UTC, and now: within the minutes that a suite takes.
      expect(Math.abs(Date.parse(`${String(shown)}Z`) - Date.now())).toBeLessThan(600_000);
    }
  });

  it('of no response to a client have a zone', async () => {
    const fields = { login: freshName('zone'), password: PASSWORD, role: 1, data: {} };
    const scope = { name: freshName('zone') };
    const { admin } = service;
    const created = await admin.post('/user', fields);
    const answers = [
      created,
      await admin.get('/user'),
      await admin.get(`/user/${created.body.id}`),
      await admin.get('/user/count'),
      await admin.put('/configuration/a.zone', { value: '1' }),
      await admin.get('/configuration/a.zone'),
      await admin.post('/network', scope),
      await admin.get('/network'),
      await admin.get('/network/1'),
      await admin.post('/devicetype', scope),
      await admin.get('/devicetype/1'),
      await admin.get('/user/1/devicetype'),
      await admin.get('/device'),
      await user.client.get('/network'),
      await user.client.get(`/user/current`),
      await user.client.post('/token/create', { userId: user.id }),
      await service.client.get('/info'),
      await service.client.get('/info/config/cluster'),
      await service.client.get('/user'),
    ];
    for (const { text } of answers) expect(text).not.toMatch(WITH_ZONE);
  });

  it('keep their zone in sessions and events', async () => {
    for (const path of ['/user/current/session', `/user/${user.id}/session`]) {
      const [session] = (await user.client.get(path)).body;
      for (const name of ['createdAt', 'lastUsedAt', 'expiresAt']) expect(session[name]).toMatch(/\.\d{3}Z$/);
    }
    const [event] = (await service.admin.get('/event?take=1')).body;
    expect(event.time).toMatch(/\.\d{3}Z$/);
  });

  it('in the data of users stay as they were sent', async () => {
    const data = { when: '2026-01-31T12:00:00.000Z', lastLogin: '2026-01-31T12:00:00Z', list: ['12:00:00Z'] };
    expect((await user.client.put('/user/current', { data })).status).toBe(204);
    for (const path of ['/user/current', `/user/${user.id}`])
      expect((await user.client.get(path)).body.data).toEqual(data);
    expect((await service.admin.get(`/user?login=${user.login}`)).body[0].data).toEqual(data);
  });
});

describe('networks and device types', () => {
  it.each(KINDS)('of a kind, $path, show their devices where one is read', async (kind) => {
    const name = freshName('shown');
    const id = await createScope(service, kind, { name });
    const { text } = await service.admin.get(`/${kind.path}/${id}`);
    expect(text).toBe(`{"devices":[],"id":${id},"name":"${name}","description":null}`);
    const listed = await service.admin.get(`/${kind.path}?name=${name}`);
    expect(listed.text).toBe(`[{"id":${id},"name":"${name}","description":null}]`);
  });

  it.each(KINDS)('that are not there are an error and no more: $path', async ({ path }) => {
    const { status, body } = await service.admin.get(`/${path}/987654321`);
    expect([status, Object.keys(body)]).toEqual([404, ['error', 'message']]);
    expect(Object.keys((await service.client.get(`/${path}/1`)).body)).toEqual(['error', 'message']);
  });

  it.each(KINDS)('keep their entity tag: $path', async (kind) => {
    const id = await createScope(service, kind);
    const { headers } = await service.admin.get(`/${kind.path}/${id}`);
    const tag = headers.get('etag') ?? '';
    expect(tag).not.toBe('');
    const again = await service.admin.get(`/${kind.path}/${id}`, { 'if-none-match': tag });
    expect([again.status, again.text]).toEqual([304, '']);
  });
});

describe('GET /info', () => {
  it.each([
    [{}, /^ws:\/\/127\.0\.0\.1:\d+\/dh\/websocket$/],
    [{ API_PREFIX: '/api/rest' }, /^ws:\/\/127\.0\.0\.1:\d+\/api\/websocket$/],
    [{ API_PREFIX: '/rest' }, /^ws:\/\/127\.0\.0\.1:\d+\/websocket$/],
    [{ API_PREFIX: '/a/b/c' }, /^ws:\/\/127\.0\.0\.1:\d+\/a\/b\/websocket$/],
    [
      { WEBSOCKET_URL: 'wss://ws.example.com/dh/rest/websocket' },
      /^wss:\/\/ws\.example\.com\/dh\/rest\/websocket$/,
    ],
  ])('names the web socket with %o', async (settings, wanted) => {
    const own = await TestService.start({ COMPATIBILITY: 'devicehive', ...settings });
    try {
      const { body } = await own.client.get('/info');
      expect(body).toEqual({
        apiVersion: '4.1.0',
        serverTimestamp: expect.stringMatching(TIMESTAMP),
        webSocketServerUrl: expect.stringMatching(wanted),
      });
    } finally {
      await own.stop();
    }
  });
});
