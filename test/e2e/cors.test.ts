import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
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
      'access-control-request-headers': 'authorization,content-type,if-match',
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
    expect(answer.headers.get('access-control-allow-methods')).toMatch(/\bPUT\b/);
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
});
