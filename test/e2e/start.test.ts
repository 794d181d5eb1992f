import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { VERSION } from '../../src/version.js';
import { runCommand } from '../support/command.js';
import { kindOfDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { holdMigrations } from '../support/held-database.js';
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

/** Whether this machine has the address ::1. Containers often have none. */
const hasIPv6 = () =>
  Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

/** Whether a process can be started as the first of a PID namespace: a container without an init. */
const canBeProcess1 = () => spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;

/** Starts the service as process 1. It is the child of the process that is returned. */
async function spawnAsProcess1(environment: Record<string, string>): Promise<ServiceProcess> {
  const service = await ServiceProcess.spawn(environment, undefined, [
    'unshare',
    '--pid',
    '--fork',
    '--kill-child',
  ]);
  onTestFinished(() => service.remove());
  return service;
}

/** The id of the only child of a process, as seen from here (Linux). */
const childOf = async (pid: number): Promise<number> =>
  Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'));

/** Expects the service to refuse to start: one line says why, and neither it nor the log has a stack. */
async function expectRefusal(service: ServiceProcess, line: RegExp): Promise<void> {
  expectFailure({ code: await service.ended, stderr: service.stderr }, line);
  expect(service.log.filter(({ err }) => err !== undefined)).toEqual([]);
  expect(service.stdout).not.toMatch(/ {4}at /);
}

/** Expects the log to have a warning. */
function expectWarning({ log }: ServiceProcess, msg: string): void {
  expect(log).toContainEqual(expect.objectContaining({ level: 40, msg }));
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

  it('but only warned of where an administrator is there, at each start', async () => {
    const { url } = await temporaryDatabase();
    const first = await spawn({ DATABASE_URL: url, ADMIN_PASSWORD: 'a password of tests' });
    await first.listening();
    await first.stop();
    const second = await spawn({ DATABASE_URL: url, ADMIN_PASSWORD: 'password123' });
    await second.listening();
    expectWarning(
      second,
      'ADMIN_PASSWORD is unwise: Password is too common. A start that had to use it would be refused',
    );
    expect(second.output).not.toContain('password123');
  });

  it('for a port that is taken', async () => {
    const { port } = await takePort();
    const { url } = await temporaryDatabase();
    await expectRefusal(
      await spawn({ DATABASE_URL: url, PORT: String(port), ADMIN_PASSWORD: 'a password of tests' }),
      new RegExp(
        `^The port is busy: another program listens on 127.0.0.1:${port}. End it, or set PORT or HOST$`,
      ),
    );
  });

  it.each([
    ['no-such-host.invalid', /^HOST is not valid: the name no-such-host\.invalid has no address$/],
    ['192.0.2.254', /^HOST is not valid: 192\.0\.2\.254 is no address of this machine\. /],
  ])('for the host %s, which is not of this machine', async (host, line) => {
    const { url } = await temporaryDatabase();
    await expectRefusal(
      await spawn({ DATABASE_URL: url, HOST: host, ADMIN_PASSWORD: 'a password of tests' }),
      line,
    );
  });

  it('for each of several wrong settings, wherever they stand', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, '.env'), 'BCRYPT_COST=\nSWAGGER=never-ever\nJWT_SECRET_FILE=secret\n');
    const service = await spawn({ PORT: 'eighty', BCRYPT_COST: 'high-as-can-be' }, directory);
    expect(await service.ended).toBe(1);
    expect(service.stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^PORT is not valid: it accepts an integer/),
      'SWAGGER is not valid: it accepts on or off',
      expect.stringMatching(/^JWT_SECRET_FILE is not valid: .*; there is no such file$/),
      expect.stringMatching(/^BCRYPT_COST is not valid: /),
    ]);
    expect(service.output).not.toMatch(/eighty|high-as|never-ever/);
    expect(await readdir(directory)).toEqual(['.env']);
  });

  it('for a .env that is a directory', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, '.env'));
    await expectRefusal(await spawn({}, directory), /^\.env is not valid: .*; it is not a file$/);
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

describe('settings', () => {
  it('are read from files and from .env, and the environment takes precedence', async () => {
    const { url } = await temporaryDatabase();
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'password'), 'the password of a file\r\n');
    await writeFile(join(directory, 'url'), `${url}\n`);
    await writeFile(
      join(directory, '.env'),
      'ADMIN_LOGIN=eve\nKEEP_ALIVE_SECONDS=7\nADMIN_PASSWORD_FILE=password\nDATABASE_URL=mysql://nowhere\n',
    );
    const service = await spawn({ ADMIN_LOGIN: 'ada', DATABASE_URL_FILE: 'url' }, directory);
    const client = await service.listening();
    const { status, headers } = await client.signIn({ login: 'ada', password: 'the password of a file' });
    expect({ status, keepAlive: headers.get('keep-alive') }).toEqual({ status: 201, keepAlive: 'timeout=7' });
    expect(service.output).not.toContain('the password of a file');
  });

  it('are read alike by the commands', async () => {
    const { url } = await temporaryDatabase();
    const first = await spawn({ DATABASE_URL: url, ADMIN_LOGIN: 'ada' });
    await first.listening();
    await first.stop();
    const directory = await temporaryDirectory();
    await writeFile(join(directory, '.env'), `DATABASE_URL=${url}\n`);
    const { code, stdout } = await runCommand('users', ['list'], {}, { directory });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('ada') });
  });

  it('that are unwise are warned of in the log, which shows no secret', async () => {
    const { url } = await temporaryDatabase();
    const service = await spawn({ DATABASE_URL: url, KEY_ENCRYPTION_SECRET: 'changeme-changeme-now' });
    await service.listening();
    expectWarning(service, 'KEY_ENCRYPTION_SECRET is weak: it contains a text that many use');
    expect(service.output).not.toContain('changeme');
  });
});

describe('the line of the start', () => {
  it('says which version, database and address it is, and no password', async () => {
    const { url } = await temporaryDatabase();
    const environment = { DATABASE_URL: url, API_PREFIX: '/v1', ADMIN_PASSWORD: 'a password of tests' };
    const { hostname, port, pathname, password } = new URL(url);
    const place =
      kindOfDatabase() === 'sqlite'
        ? url.slice('sqlite:'.length)
        : `${pathname.slice(1)} on ${hostname}:${port}`;
    for (const database of ['new database', 'database']) {
      const service = await spawn(environment);
      const { baseUrl } = await service.listening();
      expect(service.stderr).toBe(
        `Hivegate answers at ${baseUrl} and shows its API at ${baseUrl}/swagger (version ${VERSION}, ${database} ${place})\n`,
      );
      if (password !== '') expect(service.stderr).not.toContain(password);
      await service.stop();
    }
  });

  it('has the absolute path of a file', async ({ skip }) => {
    if (kindOfDatabase() !== 'sqlite') skip('PostgreSQL has no file');
    const service = await spawn();
    await service.listening();
    const file = join(await realpath(service.directory), 'data', 'users.sqlite');
    expect(service.stderr).toContain(`, new database ${file})`);
  });

  it.for([
    ['0.0.0.0', 'http://0.0.0.0:', '127.0.0.1'],
    ['localhost', 'http://localhost:', 'localhost'],
    ['::', 'http://[::]:', '127.0.0.1'],
    ['::1', 'http://[::1]:', '[::1]'],
  ] as const)('has the host %s as it was asked for', async ([host, shown, reached], { skip }) => {
    if (host.includes(':') && !hasIPv6()) skip('this machine has no IPv6');
    const { url } = await temporaryDatabase();
    const service = await spawn({ DATABASE_URL: url, HOST: host });
    const { baseUrl } = await service.listening();
    expect(baseUrl).toMatch(new RegExp(`^${shown.replaceAll(/[[\].]/g, '\\$&')}[1-9]\\d+$`));
    expect((await fetch(`http://${reached}:${new URL(baseUrl).port}/health/live`)).status).toBe(200);
  });
});

describe('a signal that comes before the start is done', () => {
  /** Looks the name of the host up for ever: everything else of the start is done by then. */
  const HELD_UP = `import dns from 'node:dns/promises';
    import { syncBuiltinESMExports } from 'node:module';
    dns.lookup = () => new Promise(() => {
      process.stderr.write('held up\\n');
      setInterval(() => {}, 1e6);
    });
    syncBuiltinESMExports();`;
  const heldUp = {
    HOST: 'localhost',
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(HELD_UP)}`,
  };

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it at once, and the next start has all',
    async (signal) => {
      const { url } = await temporaryDatabase();
      const service = await spawn({ DATABASE_URL: url, ...heldUp });
      await service.written(/held up/);
      const password = /Password: +(\S+)/.exec(service.stderr)?.[1];
      service.signal(signal);
      // It is ended by the signal itself: 128 and its number, for a shell.
      expect(await service.ended).toBeNull();
      const client = await (await spawn({ DATABASE_URL: url })).listening();
      expect((await client.signIn({ login: 'admin', password })).status).toBe(201);
    },
  );

  it('during the migrations leaves nothing half-made', async () => {
    const database = await temporaryDatabase();
    const release = await holdMigrations(database.url);
    const service = await spawn({ DATABASE_URL: database.url });
    await release.whenWaitedFor(service.pid);
    service.signal('SIGTERM');
    expect(await service.ended).toBeNull();
    await release.now();
    const next = await spawn({ DATABASE_URL: database.url });
    await next.listening();
    expect(next.stderr).toContain(', new database ');
  });

  it('ends process 1, too, which has to do that itself', async ({ skip }) => {
    if (!canBeProcess1()) skip('unshare (util-linux) may not make a PID namespace here');
    const { url } = await temporaryDatabase();
    const service = await spawnAsProcess1({ DATABASE_URL: url, ...heldUp });
    await service.written(/held up/);
    process.kill(await childOf(service.pid), 'SIGTERM');
    expect(await service.ended).toBe(128 + 15);
  });
});

describe('process 1, as which a container runs it', () => {
  it('stops on SIGTERM', async ({ skip }) => {
    if (!canBeProcess1()) skip('unshare (util-linux) may not make a PID namespace here');
    const { url } = await temporaryDatabase();
    const service = await spawnAsProcess1({ DATABASE_URL: url });
    await service.listening();
    process.kill(await childOf(service.pid), 'SIGTERM');
    expect(await service.ended).toBe(0);
    expect(service.stderr).toMatch(/SIGTERM: finishing what is in flight\n$/);
  });
});

describe('npm start', () => {
  it('passes SIGTERM on, and ends as the service does', async ({ skip }) => {
    if (spawnSync('npm', ['--version']).status !== 0) skip('npm is missing');
    const { url } = await temporaryDatabase();
    const directory = await temporaryDirectory();
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: { start: string } };
    await writeFile(
      join(directory, 'package.json'),
      JSON.stringify({ private: true, scripts: { start: scripts.start } }),
    );
    await symlink(resolve('dist'), join(directory, 'dist'));
    const service = await ServiceProcess.spawn(
      { DATABASE_URL: url, HOME: directory, npm_config_update_notifier: 'false' },
      directory,
      // The program that the helper names is left out: npm knows its own.
      ['sh', '-c', 'exec npm start'],
    );
    onTestFinished(() => service.remove());
    await service.listening();
    service.signal('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(service.stderr).toMatch(/SIGTERM: finishing what is in flight\n$/);
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
