import { METHODS } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../support/errors.js';
import { sendRaw } from '../support/raw.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';

const NAMED = 'https://console.example.com';
const EVIL = 'https://evil.example.com';
const DENIED = { status: 403, message: 'Access is denied' };
/** What a page can send without a preflight: an untyped body, and one that its form may have. */
const SIMPLE = [
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  {},
];
/** The headers of a request that a browser sends from elsewhere. */
const FOREIGN: readonly Readonly<Record<string, string>>[] = [
  { origin: EVIL, 'sec-fetch-site': 'cross-site' },
  { origin: EVIL },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
];

let service: TestService;
let open: TestService;
let prefixed: TestService;
beforeAll(async () => {
  service = await TestService.start();
  open = await TestService.start({ CORS_ORIGINS: NAMED });
  prefixed = await TestService.start({ API_PREFIX: '/dh/rest' });
});
afterAll(async () => {
  for (const each of [service, open, prefixed]) await each.stop();
});

describe('what a browser sends to /token… from another origin', () => {
  it.each(['/token', '/token/refresh', '/token/create', '/token/revoke', '/%74oken'])(
    'is refused: %s',
    async (path) => {
      for (const each of [service, open, prefixed]) {
        for (const headers of FOREIGN)
          for (const type of SIMPLE) {
            expectError(
              await each.client.post(path, JSON.stringify(ADMINISTRATOR), { ...type, ...headers }),
              DENIED,
            );
            expectError(await each.admin.post(path, '{malformed', { ...type, ...headers }), DENIED);
          }
      }
    },
  );

  it('is refused before its body is read', async () => {
    for (const path of ['/token', '/token/refresh', '/token/create', '/token/revoke']) {
      const request = `POST ${path} HTTP/1.1\r\nHost: a\r\nOrigin: ${EVIL}\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n`;
      expectError(await sendRaw(service.client.baseUrl, request), DENIED);
    }
  });

  it('is refused whatever its method is', async () => {
    for (const method of METHODS.filter((name) => name !== 'CONNECT')) {
      const request = `${method} /token HTTP/1.1\r\nHost: a\r\nOrigin: ${EVIL}\r\nConnection: close\r\n\r\n`;
      expect((await sendRaw(service.client.baseUrl, request)).status).toBe(403);
    }
  });

  it('counts for no lockout and no limit', async () => {
    const limited = await TestService.start({ RATE_LIMIT: 'on' });
    try {
      const user = await limited.createUser();
      const credentials = { login: user.login, password: user.password };
      for (let count = 0; count < 200; count += 1) {
        const answer = await limited.client.post(
          '/token',
          { ...credentials, password: 'wrong' },
          { origin: EVIL },
        );
        expect(answer.status).toBe(403);
      }
      expect((await limited.client.signIn(credentials)).status).toBe(201);
      const { body } = await limited.admin.get(`/event?subject=user/${user.id}`);
      expect(JSON.stringify(body)).not.toMatch(/signIn\.failed|locked/);
    } finally {
      await limited.stop();
    }
  });

  it('is served everywhere else: those routes need a token, which no page of another origin has', async () => {
    for (const headers of FOREIGN) {
      expect((await service.admin.get('/user/current', headers)).status).toBe(200);
      expect((await service.client.get('/info', headers)).status).toBe(200);
    }
  });
});

describe('what comes from the service’s own origin, an origin that is named, or no browser', () => {
  const signIn = (each: TestService, headers: Record<string, string>) =>
    each.client.post('/token', ADMINISTRATOR, headers);

  it('is served', async () => {
    for (const each of [service, open, prefixed]) {
      const { origin } = new URL(each.client.baseUrl);
      for (const headers of [
        {},
        { origin },
        { origin: origin.replace('http:', 'https:') },
        { origin, 'sec-fetch-site': 'same-origin' },
        { 'sec-fetch-site': 'none' },
      ])
        expect((await signIn(each, headers)).status).toBe(201);
    }
  });

  it('is served from an origin that CORS_ORIGINS names, by whatever site', async () => {
    for (const site of [{}, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
      expect((await signIn(open, { origin: NAMED, ...site })).status).toBe(201);
    expectError(await signIn(service, { origin: NAMED }), DENIED);
  });

  it('is served to a host whose TLS ends at a proxy, with and without the default port', async () => {
    const body = JSON.stringify(ADMINISTRATOR);
    for (const host of ['gate.example.com', 'gate.example.com:443']) {
      const request = `POST /token HTTP/1.1\r\nHost: ${host}\r\nOrigin: https://gate.example.com\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      expect((await sendRaw(service.client.baseUrl, request)).status).toBe(201);
    }
  });
});
