import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { decryptKey } from '../../src/authentication/signing-keys/key-encryption.js';
import { type Client } from '../support/client.js';
import { kindOfDatabase } from '../support/database.js';
import { foreignKey, forge } from '../support/forge.js';
import { PostgresProxy } from '../support/postgres-proxy.js';
import { ServiceProcess } from '../support/process.js';
import { TestService } from '../support/service.js';
import { beginSlowSignIn } from '../support/slow-request.js';
import { temporaryDatabase } from '../support/temporary.js';
import { until } from '../support/until.js';

const LOGIN = 'ada';
const PASSWORD = 'the password of the operator';
const OPERATOR = { login: LOGIN, password: PASSWORD };

/** A process with an administrator; `environment` differs from its settings. */
async function start(environment: Record<string, string> = {}) {
  const database = await temporaryDatabase();
  const { service, client } = await ServiceProcess.start({
    DATABASE_URL: database.url,
    ADMIN_LOGIN: LOGIN,
    ADMIN_PASSWORD: PASSWORD,
    RATE_LIMIT: 'off',
    ...environment,
  });
  onTestFinished(() => service.remove());
  return { service, client, database };
}

/** One GET on a connection that is kept alive. */
function getOn(
  agent: Agent,
  { baseUrl }: Client,
  path: string,
): Promise<{ status?: number | undefined; text: string; retryAfter?: string | undefined }> {
  return new Promise((resolve, reject) => {
    httpRequest(`${baseUrl}${path}`, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ status: response.statusCode, text, retryAfter: response.headers['retry-after'] });
      });
    })
      .on('error', reject)
      .end();
  });
}

describe('SIGTERM', () => {
  it('lets requests in flight finish, refuses new ones, closes the database and ends with 0', async () => {
    const { service, client } = await start({ BCRYPT_COST: '4' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => {
      agent.destroy();
    });
    expect((await getOn(agent, client, '/health/ready')).status).toBe(200);
    const slow = beginSlowSignIn(client, OPERATOR);
    await slow.sent;
    // The head of the slow request has been read once a later request on another connection has been answered.
    expect((await getOn(agent, client, '/health/live')).status).toBe(200);

    service.signal('SIGTERM');
    await service.written(/SIGTERM: finishing what is in flight/);
    await expectRefused(() => getOn(agent, client, '/info'));
    await expectRefused(() => getOn(new Agent(), client, '/info'));

    const answer = await slow.finish();
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(answer).toContain('"accessToken"');
    expect(await service.ended).toBe(0);
    if (kindOfDatabase() === 'sqlite') {
      const left = await readdir(service.directory).catch(() => []);
      expect(left.filter((name) => /-wal$|-shm$/.test(name))).toEqual([]);
    }
  });

  it('is not held up by connections that are open and idle', async () => {
    const { service, client } = await start();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => {
      agent.destroy();
    });
    await Promise.all(Array.from({ length: 5 }, () => getOn(agent, client, '/health/live')));
    const { hostname, port } = new URL(client.baseUrl);
    const idle = connect(Number(port), hostname);
    idle.on('error', () => undefined);
    onTestFinished(() => void idle.destroy());
    await new Promise((connected) => idle.once('connect', connected));
    expect(await service.stop()).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['half a head', 'GET /info HTTP/1.1\r\nHost'],
  ])('is not held up by a client that sends %s and keeps its half of the connection', async (_, sent) => {
    const { service, client } = await start();
    const { hostname, port } = new URL(client.baseUrl);
    const half = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    half.on('error', () => undefined);
    onTestFinished(() => void half.destroy());
    await new Promise<void>((written) => {
      half.once('connect', () => {
        if (sent === '') written();
        else
          half.write(sent, () => {
            written();
          });
      });
    });
    // It is there once a later connection has been answered.
    await client.get('/health/live');
    expect(await service.stop()).toBe(0);
  });

  it('lets sign-ins finish that have yet to be hashed', async () => {
    const { service, client } = await start({ BCRYPT_COST: '11' });
    const signIns = Array.from({ length: 3 }, () => beginSlowSignIn(client, OPERATOR));
    await Promise.all(signIns.map(({ sent }) => sent));
    await client.get('/health/live');
    service.signal('SIGTERM');
    await service.written(/SIGTERM: finishing what is in flight/);
    for (const answer of await Promise.all(signIns.map(({ finish }) => finish()))) {
      expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    }
    expect(await service.ended).toBe(0);
  });

  it('a second time changes nothing, nor does SIGINT', async () => {
    const { service, client } = await start();
    const slow = beginSlowSignIn(client, OPERATOR);
    await slow.sent;
    await client.get('/health/live');
    service.signal('SIGTERM');
    await service.written(/SIGTERM: finishing/);
    service.signal('SIGTERM');
    service.signal('SIGINT');
    expect(await slow.finish()).toMatch(/^HTTP\/1\.1 201 /);
    expect(await service.ended).toBe(0);
  });

  it('leaves a file that can be copied alone: nothing of it is in a log of SQLite', async ({ skip }) => {
    if (kindOfDatabase() !== 'sqlite') skip('PostgreSQL has no file');
    const { service } = await ServiceProcess.start();
    onTestFinished(() => service.remove());
    expect(await service.stop()).toBe(0);
    expect(await readdir(join(service.directory, 'data'))).toEqual(['users.sqlite']);
  });
});

/** Expects no connection, or the answer of a service on its way out. */
async function expectRefused(ask: () => ReturnType<typeof getOn>): Promise<void> {
  const refused = await ask().catch((error: unknown) => (error as NodeJS.ErrnoException).code);
  if (typeof refused === 'object') {
    expect(refused).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
    expect(JSON.parse(refused.text)).toEqual({ error: 503, message: expect.any(String) });
  } else {
    expect(['ECONNREFUSED', 'ECONNRESET']).toContain(refused);
  }
}

describe('the log', () => {
  it('has one line of JSON for each response, with the id of its request', async () => {
    const { service, client } = await start();
    const { headers } = await client.get('/info?login=x', { 'x-request-id': 'mine-1' });
    expect(headers.get('x-request-id')).toBe('mine-1');
    const generated = (await client.get('/user/current')).headers.get('x-request-id');
    await service.stop();
    const answers = service.log.filter(({ msg }) => msg === 'answered');
    expect(answers).toEqual([
      expect.objectContaining({
        reqId: 'mine-1',
        method: 'GET',
        path: '/info',
        status: 400,
        ms: expect.any(Number),
      }),
      expect.objectContaining({ reqId: generated, method: 'GET', path: '/user/current', status: 401 }),
    ]);
  });

  it('has no failure of ours for a caller that hangs up in the middle of its body', async () => {
    const { service, client } = await start();
    const { hostname, port } = new URL(client.baseUrl);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n{"login":',
    );
    // It says that it goes on: the body is being read.
    await once(socket, 'data');
    socket.destroy();
    await once(socket, 'close');
    // The service has seen it, too: it lets the connection go before it answers on another one.
    await client.get('/info');
    await service.stop();
    expect(service.output).not.toContain('request failed');
  });

  it('has nothing secret in it, however loud it is', async () => {
    const { service, client, database } = await start({
      LOG_LEVEL: 'trace',
      KEY_ENCRYPTION_SECRET: 'the-secret-of-the-signing-keys',
    });
    const stored = await database.query('SELECT private_key, refresh_key FROM signing_keys');
    const keys = await Promise.all(
      stored
        .flatMap((row) => Object.values(row) as string[])
        .map((key) => decryptKey(key, 'the-secret-of-the-signing-keys')),
    );
    expect(keys).toHaveLength(2);
    const { body: tokens } = await client.signIn({ login: LOGIN, password: PASSWORD });
    const admin = client.as(tokens.accessToken);
    const secrets = [
      PASSWORD,
      tokens.accessToken,
      tokens.refreshToken,
      'the-secret-of-the-signing-keys',
      'a-wrong-password-of-somebody',
      'a-new-password-of-somebody',
      'a-password-in-a-broken-body',
      'a-token-in-the-query',
      'a-password-in-a-wrong-place',
      'private-data-of-somebody',
    ] as const;
    await client.signIn({ login: LOGIN, password: secrets[4] });
    await client.signIn({ login: 'nobody', password: secrets[4] });
    const user = { login: 'grace', password: secrets[5], role: 1, data: { note: secrets[9] } };
    const { body } = await admin.post('/user', user);
    await admin.post('/user', user);
    await admin.put(`/user/${body.id}`, { password: secrets[5], login: LOGIN });
    await admin.put(`/user/${body.id}`, { password: secrets[8], role: 7 });
    await admin.put(`/user/${body.id}`, { oldPassword: secrets[4], password: secrets[5] });
    await client.post('/token', `{"login":"ada","password":"${secrets[6]}"`);
    await client.get(`/user/current?access_token=${secrets[7]}`);
    await client.as(secrets[7]).get('/user/current');
    await client.refresh(tokens.refreshToken);
    await client.refresh(tokens.accessToken);
    await admin.get(`/user?password=${secrets[8]}`);
    await admin.post('/token/create', { userId: body.id, password: secrets[8] });
    const [row] = await database.query('SELECT password_hash FROM users WHERE login = ?', ['grace']);
    await service.stop();
    expect(service.log.length).toBeGreaterThan(15);
    const signatures = [tokens.accessToken, tokens.refreshToken].map((token: string) => token.split('.')[2]);
    const hidden = [String(row?.['password_hash']), ...signatures];
    // A log would hold a PEM with its line breaks escaped.
    const lines = keys.flatMap((key) => key.split('\n')).filter((line) => !/^(?:-----.*)?$/.test(line));
    for (const secret of [...secrets, ...hidden, ...lines]) expect(service.output).not.toContain(secret);
  });
});

describe('a database that is away', () => {
  it('makes requests 503 and not 500, shows in readiness and not in liveness, and is found again', async ({
    skip,
  }) => {
    if (kindOfDatabase() !== 'postgres') skip('SQLite is a file');
    const database = await temporaryDatabase();
    expect(database.url).toContain(new URL(inject('postgresUrl')).host);
    const proxy = await PostgresProxy.to(database.url);
    onTestFinished(() => proxy.close());
    const service = await TestService.start({ DATABASE_URL: proxy.url }, database);
    onTestFinished(() => service.stop());
    const { client, admin } = service;
    const user = await service.createUser();
    expect((await client.get('/health/ready')).status).toBe(200);

    // Of a key that another process may have made meanwhile: nobody can tell without the database.
    const { privateKey, kid } = await foreignKey();
    const ofUnknownKey = await forge({}, privateKey, { kid });

    await proxy.close();
    const answers = await Promise.all([
      client.as(ofUnknownKey).get('/user/current'),
      client.refresh(ofUnknownKey),
      admin.get('/user'),
      admin.get('/user/current'),
      user.client.put('/user/current', { data: {} }),
      client.signIn(user),
      client.refresh(user.refreshToken),
      admin.post('/network', { name: 'n' }),
      admin.delete(`/user/${user.id}`),
    ]);
    for (const { status, headers, body } of answers) {
      expect({ status, body }).toEqual({ status: 503, body: { error: 503, message: expect.any(String) } });
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
    }
    // A result is kept for a second.
    await until(async () => (await client.get('/health/ready')).status === 503);
    const { body: unready } = await client.get('/health/ready');
    expect(unready).toEqual({ error: 503, message: 'Not ready: database: it does not respond' });
    expect((await client.get('/health/live')).status).toBe(200);
    expect((await client.get('/info')).status).toBe(200);

    await proxy.open();
    await until(async () => (await client.get('/health/ready')).status === 200);
    expect((await user.client.put('/user/current', { data: { back: true } })).status).toBe(204);
    expect((await admin.get(`/user/${user.id}`)).body.data).toEqual({ back: true });
  });
});

describe('What nobody has handled (ASVS 16.5.4)', () => {
  /** A process in which a signal leads to an error, with what no log may show. */
  const startWith = async (fault: string) => {
    const script = `process.once('SIGUSR2', () => { const error = Object.assign(new Error('a fault'), { parameters: ['a hash'] }); ${fault} })`;
    return start({ NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}` });
  };

  it('is logged; after a rejection the service goes on', async () => {
    const { service, client } = await startWith('Promise.reject(error)');
    service.signal('SIGUSR2');
    const [line] = await service.written(/.*a rejection was not handled.*/);
    expect(JSON.parse(line)).toMatchObject({ level: 50, err: { message: 'a fault' } });
    expect((await client.get('/health/ready')).status).toBe(200);
    expect(await service.stop()).toBe(0);
    expect(service.output).not.toContain('a hash');
  });

  it('ends the process after an error, once it is logged', async () => {
    const { service } = await startWith('throw error');
    service.signal('SIGUSR2');
    expect(await service.ended).toBe(1);
    const [line = ''] = /.*an error was not caught.*/.exec(service.output) ?? [];
    expect(JSON.parse(line)).toMatchObject({ level: 60, err: { message: 'a fault' } });
    expect(service.output).not.toContain('a hash');
  });
});
