import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/process.js';
import { exchangeRaw, sendRaw } from '../support/raw.js';
import { ADMINISTRATOR } from '../support/service.js';
import { until } from '../support/until.js';

let database: TestDatabase | undefined;
let service: ServiceProcess | undefined;
afterEach(async () => {
  await service?.remove();
  await database?.remove();
});

/** Starts the service as in production, and signs its administrator in. */
async function start(environment: Readonly<Record<string, string>> = {}): Promise<Client> {
  database = await createDatabase();
  const started = await ServiceProcess.start({
    DATABASE_URL: database.url,
    ADMIN_LOGIN: ADMINISTRATOR.login,
    ADMIN_PASSWORD: ADMINISTRATOR.password,
    ...environment,
  });
  service = started.service;
  const { body } = await started.client.signIn(ADMINISTRATOR);
  return started.client.as(body.accessToken);
}
/** The lines of the log of responses. */
const answered = () => service?.log.filter(({ msg }) => msg === 'answered') ?? [];
/** The line of the response with this id. */
async function lineOf(requestId: string | null): Promise<Record<string, unknown> | undefined> {
  const find = () => answered().find(({ reqId }) => reqId === requestId);
  await until(() => find() !== undefined);
  return find();
}

describe('the address of a client', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:710b', '203.0.113.11'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    // What is no address counts as that of the proxy.
    ['1.2.3.4:5678', '127.0.0.1'],
    ['[2001:db8::1]:443', '127.0.0.1'],
    ['unknown', '127.0.0.1'],
    ['', '127.0.0.1'],
  ])(
    'that a trusted proxy names is the same in the log and in sessions: %s is %s',
    async (named, address) => {
      const admin = await start({ TRUST_PROXY: '1' });
      const { headers, body } = await admin.post('/token', ADMINISTRATOR, { 'x-forwarded-for': named });
      expect((await lineOf(headers.get('x-request-id')))?.['address']).toBe(address);
      const sessions = await admin.as(body.accessToken).get('/user/current/session');
      expect(sessions.body.find(({ current }: { current: boolean }) => current).address).toBe(address);
      expect(service?.log.filter(({ level }) => level === 40)).toEqual([]);
    },
  );

  it('is limited as one, however it is spelt', async () => {
    const admin = await start({ TRUST_PROXY: '1' });
    const spellings = (index: number) =>
      ['203.0.113.7', '::ffff:203.0.113.7', '::ffff:cb00:7107', `::FFFF:203.0.113.7`][index % 4] ?? '';
    const noAddresses = (index: number) =>
      [`127.0.0.1:${index}`, `made-up-${index}`, `${'x'.repeat(1000)}${index}`, `10.${index}`][index % 4] ??
      '';
    for (const from of [spellings, noAddresses]) {
      const statuses = new Set<number>();
      for (let index = 0; index < 70; index += 1) {
        const answer = await admin.post(
          '/token',
          { login: 'somebody', password: '' },
          { 'x-forwarded-for': from(index) },
        );
        statuses.add(answer.status);
      }
      expect([...statuses]).toEqual([400, 429]);
    }
  });
});

describe('a proxy that names its clients', () => {
  it.each([undefined, '0', '10.0.0.0/8'])(
    'and is not trusted (TRUST_PROXY=%s) is a warning in the log, once',
    async (trust) => {
      const admin = await start(trust === undefined ? {} : { TRUST_PROXY: trust });
      for (const header of ['x-forwarded-for', 'forwarded', 'x-forwarded-for'])
        await admin.get('/info', { [header]: '203.0.113.7' });
      const { headers } = await admin.get('/info');
      await lineOf(headers.get('x-request-id'));
      const warnings = service?.log.filter(({ level }) => level === 40);
      expect(warnings).toEqual([
        expect.objectContaining({ msg: expect.stringContaining('TRUST_PROXY does not name') }),
      ]);
      expect(warnings?.[0]?.['msg']).toContain('share one source for lockouts and limits');
    },
  );

  it('and is trusted is none', async () => {
    const admin = await start({ TRUST_PROXY: '127.0.0.0/8' });
    await admin.get('/info', { 'x-forwarded-for': '203.0.113.7' });
    const { headers } = await admin.get('/info');
    await lineOf(headers.get('x-request-id'));
    expect(service?.log.filter(({ level }) => level === 40)).toEqual([]);
  });

  it('is none without such a header', async () => {
    const admin = await start();
    const { headers } = await admin.get('/info');
    await lineOf(headers.get('x-request-id'));
    expect(service?.log.filter(({ level }) => level === 40)).toEqual([]);
  });
});

describe('the log has a line, with the request id of the response, for', () => {
  it('what is no HTTP, headers over the limit, and what Fastify refuses by itself', async () => {
    const { baseUrl } = await start();
    for (const [bytes, status] of [
      ['garbage\r\n\r\n', 400],
      ['GET /info HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400],
      [`GET /info HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
      [
        'POST /token HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine-2\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n',
        400,
      ],
      ['GET /user/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
      ['GET * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 404],
      ['GET /info HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    ] as const) {
      const answer = await sendRaw(baseUrl, bytes);
      expect(answer.status).toBe(status);
      const line = await lineOf(answer.headers.get('x-request-id'));
      expect(line).toMatchObject({ level: 30, status, address: '127.0.0.1' });
      if (bytes.includes('X-Request-Id')) expect(line?.['reqId']).toMatch(/^mine/);
    }
    // Bytes of theirs are in none of them.
    expect(service?.stdout).not.toMatch(/garbage|aaaa/);
  });

  it('each of many slow connections', async () => {
    const { baseUrl } = await start();
    const ids = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const text = await exchangeRaw(baseUrl, index % 2 === 0 ? 'GET /info HTTP/1.1\r\nHost: a\r\n' : 'G');
        expect(text).toMatch(/^HTTP\/1\.1 408 /);
        return /\r\nx-request-id: (\S+)\r\n/i.exec(text)?.[1];
      }),
    );
    for (const id of ids)
      expect(await lineOf(id ?? null)).toMatchObject({ status: 408, address: '127.0.0.1' });
  });

  it('some of a flood, and one that says how many were left out', async () => {
    const { baseUrl } = await start();
    await Promise.all(Array.from({ length: 400 }, () => exchangeRaw(baseUrl, 'garbage\r\n\r\n')));
    const leftOut = () => service?.log.reduce((sum, { leftOut = 0 }) => sum + Number(leftOut), 0) ?? 0;
    const lines = () => answered().filter(({ status }) => status === 400).length;
    await until(() => lines() + leftOut() === 400);
    expect(lines()).toBeGreaterThanOrEqual(100);
    expect(leftOut()).toBeGreaterThan(0);
  });
});
