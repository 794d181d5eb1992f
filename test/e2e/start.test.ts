import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kindOfDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { ServiceProcess } from '../support/process.js';
import { temporaryDatabase, temporaryDirectory } from '../support/temporary.js';

async function spawn(environment: Record<string, string> = {}, directory?: string): Promise<ServiceProcess> {
  const service = await ServiceProcess.spawn(environment, directory);
  onTestFinished(() => service.remove());
  return service;
}

async function takePort(): Promise<{ port: number }> {
  const server = await new Promise<Server>((listening) => {
    const taken = createServer().listen(0, '127.0.0.1', () => {
      listening(taken);
    });
  });
  onTestFinished(() => void server.close());
  return server.address() as { port: number };
}

/** Expects the service to refuse to start. */
async function expectRefusal(service: ServiceProcess, line: RegExp): Promise<void> {
  expectFailure({ code: await service.ended, stderr: service.stderr }, line);
}

describe('the start is refused with one line', () => {
  it.each([
    [
      { TRUST_PROXY: 'true' },
      /^TRUST_PROXY is not valid: it accepts the number of proxies between the clients and the service, or the addresses and networks of the proxies, separated by commas$/,
    ],
    [{ PORT: 'eighty' }, /^PORT is not valid: it accepts an integer from 0 to 65535$/],
    [{ DATABASE_URL: 'mysql://root:secret@db/x' }, /^DATABASE_URL is not valid: it accepts sqlite:/],
    [
      { CLIENT_WRITABLE_FIELDS: 'password,role' },
      /^CLIENT_WRITABLE_FIELDS is not valid: it accepts a list of /,
    ],
    [{ ADMIN_PASSWORD: 'short' }, /^ADMIN_PASSWORD is not valid: /],
    [{ JWT_SECRET: 'a-weak-secret' }, /^JWT_SECRET is not valid: /],
    [{ COMPATIBILITY: 'the original' }, /^COMPATIBILITY is not valid: it accepts devicehive$/],
    [
      { REFRESH_ROTATION: 'on', COMPATIBILITY: 'devicehive' },
      /^REFRESH_ROTATION is not valid: with COMPATIBILITY=devicehive it accepts off$/,
    ],
    [{ ACCEPT_ORIGINAL_TOKENS_UNTIL: '2030-01-01' }, /^ACCEPT_ORIGINAL_TOKENS_UNTIL is not valid: /],
  ] as const)('for %j, and nothing is made', async (environment, line) => {
    const service = await spawn(environment);
    await expectRefusal(service, line);
    expect(service.output).not.toContain(Object.values(environment)[0]);
    expect(await readdir(service.directory)).toEqual([]);
  });

  it('for a well-known password of the administrator', async () => {
    const { url } = await temporaryDatabase();
    const service = await spawn({ DATABASE_URL: url, ADMIN_PASSWORD: 'password123' });
    await expectRefusal(service, /^ADMIN_PASSWORD is not valid: Password is too common$/);
  });

  it('for a port that is taken', async () => {
    const { port } = await takePort();
    const { url } = await temporaryDatabase();
    await expectRefusal(
      await spawn({ DATABASE_URL: url, PORT: String(port), ADMIN_PASSWORD: 'a password of tests' }),
      /^HOST or PORT is not valid: .*EADDRINUSE/,
    );
  });

  it('for a database that is not there', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'file'), '');
    const url =
      kindOfDatabase() === 'sqlite'
        ? `sqlite:${join(directory, 'file', 'users.sqlite')}`
        : 'postgres://somebody:a-password-of-the-database@127.0.0.1:1/nothing';
    const service = await spawn({ DATABASE_URL: url });
    await expectRefusal(service, /^DATABASE_URL cannot be used: /);
    expect(service.output).not.toContain('a-password-of-the-database');
  });

  it.each([
    ['a newer version has used', `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later')`],
    ['somebody else uses', 'CREATE TABLE users (name text)'],
  ])('for a database that %s', async (name, sql) => {
    const database = await temporaryDatabase();
    const { url } = database;
    if (name.startsWith('a newer')) {
      const first = await spawn({ DATABASE_URL: url });
      await first.listening();
      await first.stop();
    }
    await database.query(sql);
    await expectRefusal(await spawn({ DATABASE_URL: url }), /^DATABASE_URL cannot be used: /);
  });

  it('for a file that is no database', async ({ skip }) => {
    if (kindOfDatabase() !== 'sqlite') skip('PostgreSQL has no file');
    const file = join(await temporaryDirectory(), 'users.sqlite');
    await writeFile(
      file,
      'This is a letter to my aunt, and it is longer than the header of a database.'.repeat(20),
    );
    await expectRefusal(await spawn({ DATABASE_URL: `sqlite:${file}` }), /^DATABASE_URL cannot be used: /);
  });
});

describe('the first start', () => {
  it('makes an administrator whose generated password is shown once, on the console and not in the log (ASVS 6.3.2)', async () => {
    const { url } = await temporaryDatabase();
    const environment = { DATABASE_URL: url, ADMIN_LOGIN: 'ada', LOG_LEVEL: 'trace' };
    const first = await spawn(environment);
    const client = await first.listening();
    const password = /Password: +(\S+)/.exec(first.stderr)?.[1] ?? '';
    expect(password.length).toBeGreaterThanOrEqual(24);
    expect((await client.signIn({ login: 'ada', password })).status).toBe(201);
    expect(await first.stop()).toBe(0);
    expect(first.stdout).not.toContain(password);
    expect(first.stderr.split(password)).toHaveLength(2);

    const second = await spawn(environment);
    const again = await second.listening();
    expect(second.output).not.toMatch(/Password: /);
    expect((await again.signIn({ login: 'ada', password })).status).toBe(201);
  });

  it('has shown the generated password of an administrator that is there, also when it failed', async () => {
    const { url } = await temporaryDatabase();
    const { port } = await takePort();
    const failed = await spawn({ DATABASE_URL: url, PORT: String(port) });
    expect(await failed.ended).toBe(1);
    const password = /Password: +(\S+)/.exec(failed.stderr)?.[1];
    const client = await (await spawn({ DATABASE_URL: url })).listening();
    expect((await client.signIn({ login: 'admin', password })).status).toBe(201);
  });

  it('makes the administrator of the settings, and shows no password', async () => {
    const { url } = await temporaryDatabase();
    const service = await spawn({ DATABASE_URL: url, ADMIN_LOGIN: 'ada', ADMIN_PASSWORD: 'chosen by hand' });
    const client = await service.listening();
    expect(service.output).not.toContain('chosen by hand');
    const { status, body } = await client.signIn({ login: 'ada', password: 'chosen by hand' });
    expect(status).toBe(201);
    const { body: user } = await client.as(body.accessToken).get('/user/current');
    expect(user).toMatchObject({ id: 1, login: 'ada', role: 0, status: 0, networks: [] });
  });

  it('leaves an administrator that is there alone, whatever the settings say', async () => {
    const { url } = await temporaryDatabase();
    const first = await spawn({
      DATABASE_URL: url,
      ADMIN_LOGIN: 'ada',
      ADMIN_PASSWORD: 'the first password',
    });
    await first.listening();
    await first.stop();
    const second = await spawn({ DATABASE_URL: url, ADMIN_LOGIN: 'eve', ADMIN_PASSWORD: 'another password' });
    const client = await second.listening();
    expect((await client.signIn({ login: 'eve', password: 'another password' })).status).toBe(401);
    expect((await client.signIn({ login: 'ada', password: 'another password' })).status).toBe(401);
    expect((await client.signIn({ login: 'ada', password: 'the first password' })).status).toBe(201);
  });

  it('with no settings at all keeps its data in ./data, where nobody else can read it', async ({ skip }) => {
    if (kindOfDatabase() !== 'sqlite') skip('SQLite is the default');
    const service = await spawn();
    await service.listening();
    const data = join(service.directory, 'data');
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(data)) {
      expect({ name, mode: (await stat(join(data, name))).mode & 0o077 }).toEqual({ name, mode: 0 });
    }
    expect(await readdir(data)).toContain('users.sqlite');
  });

  it('makes the directories above its file', async ({ skip }) => {
    if (kindOfDatabase() !== 'sqlite') skip('PostgreSQL has no file');
    const directory = join(await temporaryDirectory(), 'there');
    await mkdir(directory);
    const service = await spawn({ DATABASE_URL: `sqlite:${directory}/is/none/users.sqlite` });
    await service.listening();
    expect(await readdir(join(directory, 'is', 'none'))).toContain('users.sqlite');
  });
});

describe('HOST=localhost', () => {
  /** Both addresses that the name usually has, on a machine that knows one alone, too. */
  const BOTH = `import dns from 'node:dns';
    const { lookup } = dns;
    dns.lookup = (host, options, done) => host === 'localhost' && options.all
      ? done(null, [{ address: '127.0.0.1', family: 4 }, { address: '::1', family: 6 }])
      : lookup(host, options, done);`;

  it('is one address: nothing that listens beside it knows of its limits', async () => {
    const { url } = await temporaryDatabase();
    const service = await spawn({
      DATABASE_URL: url,
      HOST: 'localhost',
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(BOTH)}`,
    });
    const { port } = new URL((await service.listening()).baseUrl);
    const reached = await Promise.all(
      ['127.0.0.1', '[::1]'].map((host) =>
        fetch(`http://${host}:${port}/health/live`).then(
          ({ status }) => status,
          () => 'refused',
        ),
      ),
    );
    expect(reached.sort()).toEqual([200, 'refused']);
  });
});
