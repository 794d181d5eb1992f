import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { TestService } from '../support/service.js';

const NAMED = 'https://console.example.com';
const ALSO_NAMED = 'http://localhost:3000';

let closed: TestService;
let open: TestService;
beforeAll(async () => {
  closed = await TestService.start();
  open = await TestService.start({ CORS_ORIGINS: `${NAMED}, ${ALSO_NAMED}` });
});
afterAll(async () => {
  await closed.stop();
  await open.stop();
});

const preflight = (service: TestService, origin: string): Promise<Answer> =>
  service.client.send('OPTIONS', '/user/current', {
    headers: {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization,content-type,if-match,if-none-match',
    },
  });
const call = (service: TestService, origin: string) => service.admin.get('/user/current', { origin });
const headersOfCors = ({ headers }: Answer) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('CORS', () => {
  it('is closed to every origin by default (contract.md §8)', async () => {
    for (const origin of [NAMED, 'null', 'http://127.0.0.1']) {
      expect(headersOfCors(await call(closed, origin))).toEqual([]);
      const answer = await preflight(closed, origin);
      expect(answer.status).toBe(405);
      expect(headersOfCors(answer)).toEqual([]);
    }
  });

  it.each([NAMED, ALSO_NAMED])('is open to %s, which is named', async (origin) => {
    const answer = await call(open, origin);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
    expect(answer.headers.get('access-control-expose-headers')).toContain('ETag');
  });

  it('answers the preflight of an origin that is named, without a token', async () => {
    const answer = await preflight(open, NAMED);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(NAMED);
    expect(answer.headers.get('access-control-allow-methods')).toMatch(/\bPUT, PATCH\b/);
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
  });

  it.each([
    'https://evil.example.com',
    'https://console.example.com.evil.com',
    'http://console.example.com',
    'https://console.example.com:444',
    'https://evilconsole.example.com',
    'null',
    '*',
  ])('stays closed to %s, which is not named', async (origin) => {
    const answers = [await call(open, origin), await preflight(open, origin)];
    for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('never allows credentials: tokens come in a header', async () => {
    for (const answer of [await call(open, NAMED), await preflight(open, NAMED)]) {
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('lets an origin that is named read errors as well', async () => {
    const answer = await open.client.get('/user/current', { origin: NAMED });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe(NAMED);
  });

  it.each([
    ['400 for a field', 400, 'PUT', '/user/current', '{"role":9}'],
    ['400 for malformed JSON', 400, 'PUT', '/user/current', '{'],
    ['400 for bad percent-encoding', 400, 'GET', '/user/%zz', undefined],
    ['400 for a long parameter', 400, 'GET', `/user/${'1'.repeat(2000)}`, undefined],
    ['403', 403, 'DELETE', '/user/1', undefined],
    ['404 of a record', 404, 'GET', '/user/987654321', undefined],
    ['404 of a path', 404, 'POST', '/nothing', '{}'],
    ['405', 405, 'POST', '/info', '{}'],
    ['412', 412, 'PUT', '/user/current', '{}'],
    ['413', 413, 'POST', '/token', ' '.repeat(5000)],
    ['415', 415, 'PUT', '/user/current', 'text'],
  ])('lets it read every error: %s', async (_, status, method, path, body) => {
    const headers = {
      origin: NAMED,
      authorization: `Bearer ${open.admin.token ?? ''}`,
      ...(status === 412 && { 'if-match': '"0"' }),
      ...(status === 415 && { 'content-type': 'text/plain' }),
    };
    const answer = await new Client(open.client.baseUrl).send(method, path, { body, headers });
    expectError(answer, {
      status,
      ...(answer.body.details && {
        fields: answer.body.details.map(({ field }: { field: string }) => field),
      }),
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe(NAMED);
    expect(answer.headers.get('vary')).toMatch(/origin/i);
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/WWW-Authenticate/);
    const foreign = await new Client(open.client.baseUrl).send(method, path, {
      body,
      headers: { ...headers, origin: 'https://evil.example.com' },
    });
    expect(headersOfCors(foreign)).toEqual([]);
  });

  it('lets it read a 429', async () => {
    const limited = await TestService.start({ CORS_ORIGINS: NAMED, RATE_LIMIT: 'on' });
    try {
      let answer: Answer | undefined;
      for (let count = 0; count < 130 && answer?.status !== 429; count += 1)
        answer = await limited.client.post('/token', { login: 'somebody', password: '' }, { origin: NAMED });
      expect(answer?.status).toBe(429);
      expect(answer?.headers.get('access-control-allow-origin')).toBe(NAMED);
    } finally {
      await limited.stop();
    }
  });

  it('answers OPTIONS that is no preflight as any method that a path does not have', async () => {
    const { baseUrl } = open.client;
    for (const headers of [
      {},
      { origin: NAMED },
      { 'access-control-request-method': 'PUT' },
      { origin: 'https://evil.example.com', 'access-control-request-method': 'PUT' },
    ]) {
      const known = await new Client(baseUrl).send('OPTIONS', '/user/current', { headers });
      expectError(known, { status: 405 });
      expect(known.headers.get('allow')).toBe('GET, HEAD, PUT, PATCH');
      expectError(await new Client(baseUrl).send('OPTIONS', '/nothing', { headers }), { status: 404 });
    }
  });

  it('answers the preflight of any path: the page then reads the 404 or 405 of the request itself', async () => {
    for (const path of ['/nothing', '/info', '/token', '/user/x']) {
      const { status, text, headers } = await open.client.send('OPTIONS', path, {
        headers: { origin: NAMED, 'access-control-request-method': 'POST' },
      });
      expect([status, text, headers.get('access-control-allow-origin')]).toEqual([204, '', NAMED]);
      expect(headers.get('x-request-id')).not.toBeNull();
    }
  });
});
