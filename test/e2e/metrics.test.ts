import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MetricsServer } from '../../src/metrics/metrics-server.js';
import type { Client } from '../support/client.js';
import { kindOfDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { type Sample, samplesOf, sumOf } from '../support/metrics.js';
import { ServiceProcess } from '../support/process.js';
import { exchangeRaw } from '../support/raw.js';
import { PASSWORD, TestService } from '../support/service.js';
import { temporaryDatabase } from '../support/temporary.js';
import { until } from '../support/until.js';

const WRONG = 'not the password';
const LIMIT = 4;

async function start(environment: Record<string, string>): Promise<TestService> {
  const service = await TestService.start(environment);
  onTestFinished(() => service.stop());
  return service;
}

const scrape = async (client: Client): Promise<Sample[]> => samplesOf((await client.get('/metrics')).text);

/** Waits until a metric has a value: some are counted after the response has been sent. */
async function untilSum(
  client: Client,
  name: string,
  labels: Record<string, string>,
  value: number,
): Promise<void> {
  // Metrics are those of the process: services of other suites in it may count, too.
  await until(async () => sumOf(await scrape(client), name, labels) >= value);
}

describe('GET /metrics without METRICS', () => {
  it('is an unknown path, and not in the document', async () => {
    const { client } = await start({});
    const unknown = await client.get('/nowhere');
    const { status, body } = await client.get('/metrics');
    expect({ status, body }).toEqual({ status: 404, body: unknown.body });
    expect((await client.get('/swagger.json')).body.paths).not.toHaveProperty('/metrics');
  });
});

describe('METRICS=on', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({ METRICS: 'on' });
    await service.admin.put('/configuration/user.login.maxAttempts', { value: String(LIMIT) });
  });
  afterAll(() => service.stop());

  it('serves Prometheus text to anyone, by GET and HEAD alone, and documents it', async () => {
    const { client } = service;
    const { status, headers, text } = await client.get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).toContain('\n# TYPE hivegate_http_request_duration_seconds histogram\n');
    expect(await client.send('HEAD', '/metrics', {})).toMatchObject({ status: 200, text: '' });
    expect((await client.post('/metrics')).status).toBe(405);
    expect((await client.get('/metrics?name=x')).status).toBe(400);
    expect((await client.get('/swagger.json')).body.paths).toHaveProperty('/metrics');
  });

  it('counts requests by the template of the route, the method and the status', async () => {
    const { client, admin } = service;
    const { id } = await service.createUser();
    const route = { method: 'GET', route: '/user/{id}', status: '200' };
    const name = 'hivegate_http_request_duration_seconds_count';
    const before = sumOf(await scrape(client), name, { ...route, route: '/user/:id' });
    await admin.get(`/user/${id}`);
    await admin.get('/user/1');
    await untilSum(client, name, { ...route, route: '/user/:id' }, before + 2);
    const samples = await scrape(client);
    expect(
      sumOf(samples, 'hivegate_http_request_duration_seconds_sum', { route: '/user/:id' }),
    ).toBeGreaterThan(0);
    expect(samples.some(({ labels }) => labels['route']?.includes(String(id)))).toBe(false);
  });

  it('has no more series however many paths, methods and headers clients make up', async () => {
    const { client, admin } = service;
    const name = 'hivegate_http_request_duration_seconds_count';
    const made = async (word: string) => {
      await client.get(`/${word}`);
      await client.get(`/user/${word}`);
      await admin.get(`/user/${word}/session/${word}`);
      await client.get(`/swagger/${word}`);
      await client.post(`/metrics/${word}?${word}=${word}`);
      for (const method of ['PURGE', 'PROPFIND', 'TRACE', 'REPORT', 'DELETE', 'PATCH', 'OPTIONS'])
        for (const path of ['/info', `/${word}`])
          await exchangeRaw(
            client.baseUrl,
            `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
          );
      await exchangeRaw(client.baseUrl, `${word.toUpperCase()} / HTTP/1.1\r\nHost: x\r\n\r\n`);
      await exchangeRaw(client.baseUrl, `GET /%${word} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    };
    const seriesAfter = async (words: readonly string[]) => {
      const before = sumOf(await scrape(client), name, { route: 'unknown' });
      for (const word of words) await made(word);
      // Those to made-up paths and by other methods, of each word.
      await until(
        async () => sumOf(await scrape(client), name, { route: 'unknown' }) >= before + 17 * words.length,
      );
      return new Set(
        (await scrape(client))
          .filter((sample) => sample.name === name)
          .map(({ labels }) => JSON.stringify(labels)),
      );
    };
    const first = await seriesAfter(['zero']);
    const more = await seriesAfter(Array.from({ length: 10 }, (_, index) => `word-${index}`));
    expect([...more].filter((series) => !first.has(series))).toEqual([]);
    const samples = await scrape(client);
    const methods = new Set(samples.flatMap(({ labels }) => labels['method'] ?? []));
    expect(
      [...methods].filter((method) => !/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|other)$/.test(method)),
    ).toEqual([]);
    expect(sumOf(samples, name, { method: 'other', route: 'unknown', status: '400' })).toBeGreaterThan(10);
    expect(sumOf(samples, name, { method: 'other', route: 'unknown', status: '405' })).toBeGreaterThan(10);
  });

  it('counts sign-ins by the status of the response', async () => {
    const { client } = service;
    const { login } = await service.createUser();
    const before = await scrape(client);
    await client.signIn({ login, password: PASSWORD });
    await client.signIn({ login, password: WRONG });
    await client.post('/token', {});
    for (const status of ['201', '401', '400']) {
      const labels = { status };
      const name = 'hivegate_sign_ins_total';
      await untilSum(client, name, labels, sumOf(before, name, labels) + 1);
    }
  });

  it('measures hashing, commits, events, caches, sessions and connections', async () => {
    const { client } = service;
    const before = await scrape(client);
    const user = await service.createUser();
    await user.client.get('/user/current');
    await user.client.get('/user/current');
    await user.client.put('/user/current', { data: { n: 1 } });
    await untilSum(
      client,
      'hivegate_events_total',
      { type: 'user.created' },
      sumOf(before, 'hivegate_events_total', { type: 'user.created' }) + 1,
    );
    const after = await scrape(client);
    const rise = (name: string, labels?: Record<string, string>) =>
      sumOf(after, name, labels) - sumOf(before, name, labels);
    // The hash of the new password, and its comparison.
    expect(rise('hivegate_password_hashing_wait_seconds_count')).toBe(2);
    expect(sumOf(after, 'hivegate_password_hashing_threads')).toBeGreaterThan(0);
    expect(sumOf(after, 'hivegate_password_hashing_running')).toBe(0);
    expect(sumOf(after, 'hivegate_password_hashing_waiting')).toBe(0);
    // The user, the attempt, the sign-in, its session and the update.
    expect(rise('hivegate_database_commit_transactions_sum')).toBe(4);
    expect(rise('hivegate_database_commit_transactions_count')).toBe(4);
    expect(rise('hivegate_database_commit_duration_seconds_count')).toBe(4);
    expect(rise('hivegate_database_commit_duration_seconds_sum')).toBeGreaterThan(0);
    expect(rise('hivegate_cache_lookups_total', { cache: 'tokens', result: 'miss' })).toBe(1);
    expect(rise('hivegate_cache_lookups_total', { cache: 'tokens', result: 'hit' })).toBeGreaterThanOrEqual(
      2,
    );
    const principals = sumOf(after, 'hivegate_cache_lookups_total', { cache: 'principals' });
    if (kindOfDatabase() === 'postgres') expect(principals).toBeGreaterThan(0);
    else expect(principals).toBe(0);
    expect(sumOf(after, 'hivegate_http_connections')).toBeGreaterThan(0);
    expect(sumOf(after, 'hivegate_database_connections')).toBeGreaterThan(1);
    expect(sumOf(after, 'hivegate_database_waiting')).toBe(0);
    expect(sumOf(after, 'hivegate_build_info', { database: kindOfDatabase() })).toBe(1);
    expect(sumOf(after, 'nodejs_heap_size_used_bytes')).toBeGreaterThan(0);
  });

  it('counts transactions that share a commit together', async ({ skip }) => {
    if (kindOfDatabase() !== 'sqlite') skip('PostgreSQL groups commits itself');
    const { client } = service;
    const users = await Promise.all(Array.from({ length: 4 }, () => service.createUser()));
    const before = await scrape(client);
    const puts = Array.from({ length: 32 }, async (_, index) =>
      users[index % 4]?.client.put('/user/current', { data: { index } }),
    );
    await Promise.all(puts);
    const after = await scrape(client);
    const rise = (name: string) => sumOf(after, name) - sumOf(before, name);
    expect(rise('hivegate_database_commit_transactions_sum')).toBe(32);
    expect(rise('hivegate_database_commit_transactions_count')).toBeLessThan(32);
  });

  it('counts the open sessions of the database', async () => {
    const { client } = await start({ METRICS: 'on' });
    const counted = async () =>
      (await scrape(client)).find(({ name }) => name === 'hivegate_open_sessions')?.value;
    await until(async () => (await counted()) !== undefined);
    // That of the administrator.
    expect(await counted()).toBe(1);
  });

  it('has no login, token, id or address in it', async () => {
    const { client } = service;
    const login = freshName('some-login');
    const user = await service.createUser({ login });
    await client.signIn({ login, password: WRONG }, '203.0.113.77');
    await client.signIn({ login: 'a-made-up-login', password: 'a-made-up-password' }, '203.0.113.77');
    await user.client.get(`/user/${user.id}?login=${login}`);
    await client.as('a-made-up-token').get('/user/a-made-up-path');
    const { text } = await client.get('/metrics');
    for (const secret of [login, user.accessToken, '203.0.113', 'a-made-up', '127.0.0.1'])
      expect(text).not.toContain(secret);
  });

  describe('tells nobody whether a login exists', () => {
    /** What counters gained by failed sign-ins at a login, one more than lock it out. */
    const risesBy = async (login: string): Promise<Record<string, number>> => {
      const { client } = service;
      const failed = { type: 'signIn.failed' };
      // The events of what came before are in the order of things.
      const settled = async () => {
        const { body } = await service.admin.get('/event?take=1');
        expect(body).toHaveLength(1);
        return scrape(client);
      };
      const before = await settled();
      for (let attempt = 0; attempt < LIMIT + 3; attempt += 1)
        expect((await client.signIn({ login, password: WRONG }, '203.0.113.5')).status).toBe(401);
      await untilSum(
        client,
        'hivegate_sign_ins_total',
        { status: '401' },
        sumOf(before, 'hivegate_sign_ins_total', { status: '401' }) + LIMIT + 3,
      );
      await untilSum(
        client,
        'hivegate_events_total',
        failed,
        sumOf(before, 'hivegate_events_total', failed) + LIMIT + 3,
      );
      const after = await settled();
      const own = after.filter(
        ({ name, labels }) =>
          name.startsWith('hivegate_') &&
          /_(?:total|count|sum)$/.test(name) &&
          !name.endsWith('seconds_sum') &&
          !['/metrics', '/event'].includes(labels['route'] ?? '') &&
          labels['cache'] === undefined,
      );
      return Object.fromEntries(
        own
          .map(
            ({ name, labels }) =>
              [
                `${name} ${JSON.stringify(labels)}`,
                sumOf(after, name, labels) - sumOf(before, name, labels),
              ] as const,
          )
          .filter(([, rise]) => rise !== 0),
      );
    };

    it('by any counter: failed sign-ins and lockouts count alike', async () => {
      const nobody = await risesBy(freshName('nobody'));
      expect(nobody).toMatchObject({
        'hivegate_lockouts_total {}': 1,
        'hivegate_sign_ins_total {"status":"401"}': LIMIT + 3,
        'hivegate_events_total {"type":"signIn.failed"}': LIMIT + 3,
        'hivegate_password_hashing_wait_seconds_count {}': LIMIT + 3,
      });
      const user = await service.createUser();
      expect(await risesBy(user.login)).toEqual(nobody);
      expect((await service.admin.get(`/user/${user.id}`)).body.status).toBe(1);
      // Now it is locked out: as a login that nobody has and that is.
      expect((await risesBy(user.login))['hivegate_lockouts_total {}']).toBeUndefined();
    });

    it('nor whether its user is disabled, or locked by an administrator, or an administrator', async () => {
      const nobody = await risesBy(freshName('nobody'));
      for (const fields of [{ status: 2 }, { status: 1 }, { role: 0 }]) {
        const login = freshName('user');
        await service.admin.post('/user', { login, password: PASSWORD, role: 1, ...fields });
        expect(await risesBy(login)).toEqual(nobody);
      }
    });

    it('nor when an administrator has let its user in again', async () => {
      const login = freshName('nobody');
      await risesBy(login);
      const nobody = await risesBy(login);
      expect(nobody['hivegate_lockouts_total {}']).toBeUndefined();
      const user = await service.createUser();
      await risesBy(user.login);
      await service.admin.put(`/user/${user.id}`, { status: 0 });
      expect(await risesBy(user.login)).toEqual(nobody);
    });

    it('nor when its user has signed in meanwhile', async () => {
      const { client } = service;
      const rise = async (login: string, succeed: () => Promise<unknown>) => {
        const before = sumOf(await scrape(client), 'hivegate_lockouts_total');
        for (let attempt = 1; attempt <= LIMIT; attempt += 1) {
          if (attempt === LIMIT) await succeed();
          expect((await client.signIn({ login, password: WRONG }, '203.0.113.6')).status).toBe(401);
        }
        await service.admin.get('/event?take=1');
        return sumOf(await scrape(client), 'hivegate_lockouts_total') - before;
      };
      const { login } = await service.createUser();
      const signIn = async () => {
        expect((await client.signIn({ login, password: PASSWORD }, '203.0.113.6')).status).toBe(201);
      };
      expect(await rise(login, signIn)).toBe(1);
      expect(await rise(freshName('nobody'), () => Promise.resolve())).toBe(1);
    });

    it('nor by what a lockout leaves behind when it ends', async () => {
      const events = sumOf(await scrape(service.client), 'hivegate_events_total', { type: 'user.lockedOut' });
      expect(events).toBe(0);
    });
  });
});

// On SQLite there is one process.
describe.runIf(kindOfDatabase() === 'postgres')('METRICS=on in two processes', () => {
  it('counts lockouts in each, whether somebody has the login or not', async () => {
    const service = await start({});
    const user = await service.createUser();
    const administrator = freshName('administrator');
    await service.admin.post('/user', { login: administrator, password: PASSWORD, role: 0 });
    const processes = await Promise.all(
      [1, 2].map(async () => {
        const { service: other, client } = await ServiceProcess.start({
          DATABASE_URL: service.database.url,
          METRICS: 'on',
        });
        onTestFinished(() => other.remove());
        return client;
      }),
    );
    const lockouts = () =>
      Promise.all(processes.map(async (client) => sumOf(await scrape(client), 'hivegate_lockouts_total')));
    let expected = 0;
    for (const login of [freshName('nobody'), user.login, administrator]) {
      for (const client of processes)
        for (let attempt = 0; attempt < 11; attempt += 1)
          expect((await client.signIn({ login, password: WRONG })).status).toBe(401);
      expected += 1;
      expect(await lockouts(), login).toEqual([expected, expected]);
    }
  });
});

describe('METRICS=on with API_PREFIX', () => {
  it('is under the prefix, as every route, and its labels leave the prefix out', async () => {
    const { client } = await start({ METRICS: 'on', API_PREFIX: '/dh/rest' });
    await client.get('/info');
    await untilSum(
      client,
      'hivegate_http_request_duration_seconds_count',
      { route: '/info', status: '200' },
      1,
    );
    expect((await scrape(client)).some(({ labels }) => labels['route']?.startsWith('/dh'))).toBe(false);
    expect((await fetch(new URL('/metrics', client.baseUrl))).status).toBe(404);
  });
});

describe('METRICS=on with COMPATIBILITY=devicehive', () => {
  it('is under the prefix of the service alone: a proxy that hides it need not know the others', async () => {
    const { client } = await start({ METRICS: 'on', COMPATIBILITY: 'devicehive' });
    const statusOf = async (path: string) => (await fetch(new URL(path, client.baseUrl))).status;
    expect(await statusOf('/dh/rest/metrics')).toBe(200);
    for (const prefix of ['/auth/rest', '/api/rest']) {
      expect(await statusOf(`${prefix}/info`)).toBe(200);
      for (const path of ['/metrics', '/metrics/', '/metrics?x=1', '/%6detrics', '/metrics/?x', '//metrics'])
        expect(await statusOf(prefix + path), prefix + path).toBe(404);
    }
  });
});

/** A request on an agent. */
function ask(agent: Agent, url: string, method = 'GET', headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      httpRequest(url, { agent, method, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => {
          resolve({ status: response.statusCode, headers: response.headers, text });
        });
      })
        .on('error', reject)
        .end();
    },
  );
}

describe('METRICS with an address', () => {
  it.each(['127.0.0.1:0', '[::1]:0', 'localhost:0'])('%s serves metrics there alone', async (address) => {
    const service = await start({ METRICS: address });
    const { url = '' } = service.app.get(MetricsServer, { strict: false });
    expect(url).toMatch(/^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d+$/);
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => {
      agent.destroy();
    });
    const { status, headers, text } = await ask(agent, `${url}/metrics`);
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
    });
    expect(sumOf(samplesOf(text), 'hivegate_sign_ins_total', { status: '201' })).toBe(1);
    expect(await ask(agent, `${url}/metrics`, 'HEAD')).toMatchObject({ status: 200, text: '' });
    expect(await ask(agent, `${url}/metrics?x=1`)).toMatchObject({ status: 200 });
    expect(await ask(agent, `${url}/metrics`, 'POST')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
    for (const path of ['/', '/metrics/', '/info', '/user/current', '/token', '//metrics'])
      expect(await ask(agent, `${url}${path}`)).toMatchObject({
        status: 404,
        text: expect.stringContaining('"error":404'),
      });
    expect(await ask(agent, `${url}/metrics`, 'GET', { 'x-long': 'x'.repeat(10_000) })).toMatchObject({
      status: 431,
    });
    expect((await service.client.get('/metrics')).status).toBe(404);
    expect((await service.client.get('/swagger.json')).body.paths).not.toHaveProperty('/metrics');
  });

  it('keeps no connection, so that nobody can take all that there may be', async () => {
    const service = await start({ METRICS: '127.0.0.1:0' });
    const { url = '' } = service.app.get(MetricsServer, { strict: false });
    for (let scraper = 0; scraper < 70; scraper += 1) {
      const agent = new Agent({ keepAlive: true });
      onTestFinished(() => {
        agent.destroy();
      });
      expect(await ask(agent, `${url}${scraper % 2 === 0 ? '/metrics' : '/'}`)).toMatchObject({
        status: scraper % 2 === 0 ? 200 : 404,
        headers: { connection: 'close' },
      });
    }
  });

  it('serves them until the last request has ended, and is not held up by connections that are idle', async () => {
    const database = await temporaryDatabase();
    const { service, client } = await ServiceProcess.start({
      DATABASE_URL: database.url,
      METRICS: '127.0.0.1:0',
    });
    onTestFinished(() => service.remove());
    const [, url = ''] = await service.written(/Metrics are served at (http:\/\/127\.0\.0\.1:\d+\/metrics)/);
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => {
      agent.destroy();
    });
    await ask(agent, url);
    const { hostname, port } = new URL(client.baseUrl);
    const slow = connect(Number(port), hostname);
    const body = '{"login":"x","password":"some password"}';
    slow.write(
      `POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n{`,
    );
    await client.get('/health/live');
    await client.get('/health/live');
    service.signal('SIGTERM');
    await service.written(/SIGTERM/);
    expect((await ask(agent, url)).status).toBe(200);
    slow.write(body.slice(1));
    const [answer] = (await once(slow, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 401 /);
    expect(await service.ended).toBe(0);
  });

  it('that another program has taken stops the start with one line that names METRICS', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const database = await temporaryDatabase();
    const service = await ServiceProcess.spawn({
      DATABASE_URL: database.url,
      ADMIN_PASSWORD: PASSWORD,
      METRICS: `127.0.0.1:${port}`,
    });
    onTestFinished(() => service.remove());
    expectFailure(
      { code: await service.ended, stderr: service.stderr },
      /^METRICS cannot be used: another program listens at this address$/,
    );
  });
});
