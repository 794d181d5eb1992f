import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
import { sendRaw } from '../support/raw.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';

const ALWAYS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
const API = {
  ...ALWAYS,
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cache-control': 'no-store',
};

describe.each(['', '/dh/rest'])('with API_PREFIX "%s", browsers are told', (prefix) => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({ API_PREFIX: prefix });
  });
  afterAll(() => service.stop());

  const expectHeaders = ({ headers }: Answer, expected: Readonly<Record<string, string>>) => {
    expect(Object.fromEntries(headers)).toMatchObject(expected);
    expect(headers.has('x-powered-by') || headers.has('server'), 'what it is made with').toBe(false);
  };

  it('ASVS 3.4.1, 3.4.3, 3.4.4, 14.3.2: to run, frame, sniff and keep nothing, whatever the response', async () => {
    const { admin, client } = service;
    const origin = new URL(client.baseUrl).origin;
    for (const answer of [
      await admin.get('/user/current'),
      await admin.put('/user/current', {}),
      await client.get('/info'),
      await client.get('/user/current'),
      await admin.get('/user/999999'),
      await admin.post('/user', '{'),
      await client.get('/nowhere'),
      await client.send('PATCH', '/user/current'),
      await client.get('/%zz'),
      await sendRaw(origin, 'GET * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
      await sendRaw(origin, 'what is no HTTP\r\n\r\n'),
      await sendRaw(origin, `GET / HTTP/1.1\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`),
    ]) {
      expectHeaders(answer, API);
    }
  });

  it('ASVS 14.3.2: to keep no token', async () => {
    const { body, headers } = await service.client.signIn(ADMINISTRATOR);
    expect(body.accessToken).toBeDefined();
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('that the public keys may be kept for five minutes', async () => {
    const { headers } = await service.client.get('/.well-known/jwks.json');
    expect(headers.get('cache-control')).toBe('public, max-age=300');
  });

  it('ASVS 3.4.3: to run the scripts of the page to try it out, and no others', async () => {
    for (const path of ['/swagger', '/swagger/page/page.mjs', '/swagger/swagger-ui.css']) {
      const answer = await service.client.get(path);
      expect(answer.status).toBe(200);
      expectHeaders(answer, ALWAYS);
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/default-src 'none';script-src 'self';/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy, 'nothing inline, nothing of others').not.toMatch(/unsafe|https?:|\*/);
    }
  });
});
