import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ TRUST_PROXY: '' });
});
afterAll(() => service.stop());

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('GET /info', () => {
  it('gives anyone the version, the time and where the web socket server is (contract.md §4)', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    const before = Date.now();
    const { status, body } = await service.client.get('/info');
    expect(status).toBe(200);
    expect(body).toEqual({
      apiVersion: version,
      serverTimestamp: expect.stringMatching(MOMENT),
      webSocketServerUrl: `${service.client.baseUrl.replace('http:', 'ws:')}/websocket`,
    });
    expect(Date.parse(body.serverTimestamp)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(body.serverTimestamp)).toBeLessThanOrEqual(Date.now());
  });

  it('gives the URL of the settings where there is one', async () => {
    const other = await TestService.start({ WEBSOCKET_URL: 'wss://sockets.example.com/dh/websocket' });
    try {
      const { body } = await other.client.get('/info');
      expect(body.webSocketServerUrl).toBe('wss://sockets.example.com/dh/websocket');
    } finally {
      await other.stop();
    }
  });

  it('does not believe forwarded headers by default', async () => {
    const { body } = await service.client.get('/info', {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example.com',
    });
    expect(body.webSocketServerUrl).toMatch(/^ws:\/\/127\.0\.0\.1:/);
  });

  it('believes the proxies that TRUST_PROXY names', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'gate.example.com' };
    for (const TRUST_PROXY of ['1', '2', '127.0.0.1', '127.0.0.0/8, 10.0.0.1']) {
      const other = await TestService.start({ TRUST_PROXY });
      try {
        const { body } = await other.client.get('/info', forwarded);
        expect(body.webSocketServerUrl, TRUST_PROXY).toBe('wss://gate.example.com/websocket');
      } finally {
        await other.stop();
      }
    }
  });

  it('does not repeat a host of theirs that is not valid', async () => {
    const other = await TestService.start({ TRUST_PROXY: '1' });
    try {
      for (const host of ['a b/<x>', 'user@evil.example.com', '', 'a, b c']) {
        const { body } = await other.client.get('/info', { 'x-forwarded-host': host });
        expect(body.webSocketServerUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/websocket$/);
      }
    } finally {
      await other.stop();
    }
  });

  it('does not believe one that TRUST_PROXY does not name', async () => {
    for (const TRUST_PROXY of ['false', '0', '10.0.0.1']) {
      const other = await TestService.start({ TRUST_PROXY });
      try {
        const { body } = await other.client.get('/info', { 'x-forwarded-host': 'evil.example.com' });
        expect(body.webSocketServerUrl, TRUST_PROXY).not.toContain('evil');
      } finally {
        await other.stop();
      }
    }
  });
});

describe('GET /info/cache', () => {
  it('gives anyone the time and a text about the caches', async () => {
    const { status, body } = await service.client.get('/info/cache');
    expect(status).toBe(200);
    expect(body).toEqual({
      serverTimestamp: expect.stringMatching(MOMENT),
      cacheStats: expect.any(String),
    });
  });
});

describe('API_PREFIX', () => {
  it('moves every path', async () => {
    const other = await TestService.start({ API_PREFIX: '/dh/rest' });
    try {
      const bare = other.client.baseUrl.replace('/dh/rest', '');
      const outside = other.admin.as(other.admin.token);
      const paths = ['/info', '/info/cache', '/health/live', '/health/ready', '/swagger.json'];
      for (const path of [...paths, '/.well-known/jwks.json', '/user', '/user/1', '/user/count']) {
        expect((await other.admin.get(path)).status, path).toBe(200);
        const moved = await fetch(`${bare}${path}`, {
          headers: { authorization: `Bearer ${outside.token}` },
        });
        expect(moved.status, path).toBe(404);
        expect(await moved.json(), path).toEqual({ error: 404, message: 'Not found' });
      }
      expect((await other.client.get('/swagger')).status).toBe(200);
      expect((await fetch(`${bare}/token`, { method: 'POST', body: '{}' })).status).toBe(404);
      expect((await other.client.get('/info')).body.webSocketServerUrl).toMatch(/\/dh\/rest\/websocket$/);
    } finally {
      await other.stop();
    }
  });

  it('is part of the Location of what has been created', async () => {
    const other = await TestService.start({ API_PREFIX: '/dh/rest' });
    try {
      const { id } = await other.createUser();
      const created = await other.admin.post('/user', {
        login: 'located',
        password: 'a long password',
        role: 1,
      });
      expect(created.headers.get('location')).toBe(`/dh/rest/user/${id + 1}`);
    } finally {
      await other.stop();
    }
  });
});
