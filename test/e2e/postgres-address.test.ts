import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Outcome, runCommand } from '../support/command.js';
import { createPostgres, kindOfDatabase, type TestDatabase } from '../support/database.js';
import { type PostgresServer, startPostgresServer } from '../support/postgres.js';
import { ServiceProcess } from '../support/process.js';
import { PASSWORD } from '../support/service.js';
import { temporaryDirectory } from '../support/temporary.js';
import { until } from '../support/until.js';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** What every server of these tests has: the user and its password. */
const SECRET = 'zq7/secret of:the\\server';
const ENCODED = encodeURIComponent(SECRET);

describe.runIf(kindOfDatabase() === 'postgres')('The way to PostgreSQL', () => {
  let directory: string;
  let sockets: string;
  let server: PostgresServer;
  let database: TestDatabase;
  let port: string;
  let name: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hivegate-test-'));
    await chmod(directory, 0o755);
    sockets = join(directory, 'the sockets');
    await mkdir(sockets);
    // The server runs as another user where the tests are root.
    await chmod(sockets, 0o777);
    server = await startPostgresServer(
      ...['-c', `listen_addresses=127.0.0.1${hasIpv6 ? ',::1' : ''}`],
      ...['-c', `unix_socket_directories=${sockets}`],
    );
    database = await createPostgres(server.url);
    ({ port } = new URL(server.url));
    name = new URL(database.url).pathname.slice(1);
    await database.query(`CREATE ROLE ada LOGIN PASSWORD '${SECRET.replaceAll("'", "''")}'`);
    await database.query(`ALTER DATABASE ${name} OWNER TO ada`);
    await database.query('GRANT ALL ON SCHEMA public TO ada');
    expect((await list(`postgres://ada:${ENCODED}@127.0.0.1:${port}/${name}`, {}, 'migrate')).code).toBe(0);
  });
  afterAll(async () => {
    await server.remove();
    await rm(directory, { recursive: true, force: true });
  });

  /** Runs a command with this address, and `PG*` variables. */
  async function list(
    url: string,
    variables: Readonly<Record<string, string>> = {},
    command: 'users' | 'migrate' = 'users',
  ): Promise<Outcome> {
    const environment = { HOME: directory, DATABASE_URL: url, ...variables };
    const outcome = await runCommand(command, command === 'users' ? ['list', '--json'] : [], environment);
    expect(outcome.stderr).not.toContain('zq7');
    return outcome;
  }
  const expectConnection = async (url: string, variables?: Readonly<Record<string, string>>) => {
    const { code, stderr } = await list(url, variables);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  };
  const expectRefusal = async (wanted: RegExp, url: string, variables?: Readonly<Record<string, string>>) => {
    const { code, stdout, stderr } = await list(url, variables);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(wanted);
  };
  const encodedSockets = () => encodeURIComponent(sockets);

  describe.skipIf(process.platform === 'win32')('by a socket', () => {
    it.each([
      [
        '?host= behind a user',
        (path: string) => `postgres://ada:${ENCODED}@/${name}?host=${path}&port=${port}`,
      ],
      [
        '?host= alone',
        (path: string) => `postgres:///${name}?host=${path}&port=${port}&user=ada&password=${ENCODED}`,
      ],
      ['an encoded host', (path: string) => `postgres://ada:${ENCODED}@${path}:${port}/${name}`],
      [
        'an sslmode, which sockets need not',
        (path: string) => `postgres://ada:${ENCODED}@${path}:${port}/${name}?sslmode=verify-full`,
      ],
    ])('connects: %s', async (_, urlOf) => {
      await expectConnection(urlOf(encodedSockets()));
    });

    it('connects where PGHOST names it', async () => {
      await expectConnection(`postgres:///${name}`, {
        PGHOST: sockets,
        PGPORT: port,
        PGUSER: 'ada',
        PGPASSWORD: SECRET,
      });
    });

    it('serves, hears notifications, and says where its data is', async () => {
      const url = `postgres://ada:${ENCODED}@/${name}?host=${encodedSockets()}&port=${port}`;
      const { service, client } = await ServiceProcess.start({
        DATABASE_URL: url,
        ADMIN_PASSWORD: PASSWORD,
        METRICS: 'on',
      });
      onTestFinished(() => service.remove());
      expect((await client.get('/health/ready')).status).toBe(200);
      expect(service.output).toContain(`${name} on ${sockets}`);
      const { code, stdout } = await runCommand('doctor', [], { DATABASE_URL: url });
      expect(stdout).toContain('Notifications between processes arrive');
      expect(stdout).toContain('stays on this machine');
      expect(code).toBe(0);
      expect(await service.stop()).toBe(0);
      expect(service.output).not.toContain('zq7');
    });

    it('says which socket there is none of', async () => {
      await expectRefusal(/DATABASE_URL cannot be used: .*ENOENT/, `postgres://ada@/${name}?host=/nowhere`);
    });
  });

  it.skipIf(!hasIpv6)('connects to an IPv6 address (needs ::1)', async () => {
    await expectConnection(`postgres://ada:${ENCODED}@[::1]:${port}/${name}`);
    await expectConnection(`postgres:///${name}?user=ada`, {
      PGHOST: '::1',
      PGPORT: port,
      PGPASSWORD: SECRET,
    });
  });

  describe('with the password in a file', () => {
    const escaped = SECRET.replaceAll(/[\\:]/g, String.raw`\$&`);
    async function passwords(lines: readonly string[], mode = 0o600): Promise<string> {
      const path = join(directory, `pgpass-${lines.length}-${mode}`);
      await writeFile(path, `${lines.join('\n')}\n`, { mode });
      return path;
    }
    const byAddress = () => `postgres://ada@127.0.0.1:${port}/${name}`;

    it('connects by PGPASSFILE, by the first line that fits', async () => {
      const path = await passwords([
        `127.0.0.1:1:*:ada:wrong`,
        `127.0.0.1:${port}:${name}:ada:${escaped}`,
        '*:*:*:*:wrong',
      ]);
      await expectConnection(byAddress(), { PGPASSFILE: path });
    });

    it('connects by .pgpass in the home directory', async () => {
      const home = await temporaryDirectory();
      await writeFile(join(home, '.pgpass'), `*:*:*:ada:${escaped}\n`, { mode: 0o600 });
      await expectConnection(byAddress(), { HOME: home });
    });

    it.skipIf(process.platform === 'win32')(
      'connects by a socket, whose directory the file names',
      async () => {
        const path = await passwords([`${sockets}:*:*:ada:${escaped}`, 'localhost:*:*:ada:wrong', '']);
        const url = `postgres://ada@/${name}?host=${encodedSockets()}&port=${port}`;
        await expectConnection(url, { PGPASSFILE: path });
      },
    );

    it('is refused, and says where a password may be, where there is none', async () => {
      const wanted = /^DATABASE_URL cannot be used: the server asks for a password.*\.pgpass/;
      await expectRefusal(wanted, byAddress(), { PGPASSFILE: '/nowhere' });
      await expectRefusal(wanted, byAddress(), { PGPASSFILE: await passwords(['h:*:*:ada:zq7']) });
    });

    it.skipIf(process.platform === 'win32')('does not read a file that others can read', async () => {
      const path = await passwords([`*:*:*:ada:${escaped}`], 0o644);
      const { code, stderr } = await list(byAddress(), { PGPASSFILE: path });
      expect(code).toBe(1);
      expect(stderr).toMatch(/group or world access/);
      expect(stderr).toMatch(/^DATABASE_URL cannot be used: the server asks for a password/m);
    });

    it('is refused where it is wrong, in one line', async () => {
      await expectRefusal(
        /password authentication failed/,
        `postgres://ada:zq7wrong@127.0.0.1:${port}/${name}`,
      );
    });
  });

  it('takes options and a name for its connections', async () => {
    await database.query('CREATE SCHEMA IF NOT EXISTS other AUTHORIZATION ada');
    const url = `postgres://ada:${ENCODED}@127.0.0.1:${port}/${name}`;
    // There are no tables in that schema.
    await expectRefusal(/never been started/, `${url}?options=-c%20search_path%3Dother`);
    await expectRefusal(/never been started/, url, { PGOPTIONS: '-c search_path=other' });
    await expectConnection(`${url}?application_name=billing&connect_timeout=3`);
  });

  it.each([
    ['sslmode=prefer', {}, /sslmode in DATABASE_URL cannot be used: write disable, require/],
    ['', { PGSSLMODE: 'prefer' }, /PGSSLMODE cannot be used: write disable, require/],
    ['', { PGSERVICE: 'zq7' }, /PGSERVICE cannot be used: write into the URL/],
    ['target_session_attrs=read-write', {}, /name the one host/],
    ['statement_timeout=1', {}, /the service sets its own/],
    ['max=1000', {}, /max in DATABASE_URL is not known: leave it out/],
  ])('is refused where it would not be what it says: %s %j', async (query, variables, wanted) => {
    const url = `postgres://ada:${ENCODED}@127.0.0.1:${port}/${name}?${query}`;
    await expectRefusal(wanted, url.replace(/\?$/, ''), variables);
    const service = await ServiceProcess.spawn({ DATABASE_URL: url.replace(/\?$/, ''), ...variables });
    onTestFinished(() => service.remove());
    expect(await service.ended).toBe(1);
    expect(service.stderr).toMatch(wanted);
    expect(service.output).not.toContain('zq7');
  });

  it('is refused for several hosts', async () => {
    await expectRefusal(/name one host/, `postgres://ada:${ENCODED}@127.0.0.1:${port},127.0.0.1:1/${name}`);
  });

  describe.skipIf(!hasOpenssl)('with TLS (needs openssl)', () => {
    let tls: string;
    const url = (query: string, host = 'localhost') =>
      `postgres://ada:${ENCODED}@${host}:${port}/${name}?${query}`;

    beforeAll(async () => {
      tls = join(directory, 'tls');
      await mkdir(tls);
      const openssl = (...args: readonly string[]) =>
        execFileSync('openssl', [...args], { cwd: tls, stdio: 'pipe' });
      const authority = (file: string) =>
        openssl(
          ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${file}`],
          ...['-keyout', `${file}.key`, '-out', `${file}.crt`],
        );
      authority('ca');
      authority('other');
      const sign = async (file: string, extension: string) => {
        await writeFile(join(tls, `${file}.ext`), extension);
        openssl(
          ...['req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${file}`],
          ...['-keyout', `${file}.key`, '-out', `${file}.csr`],
        );
        openssl(
          ...['x509', '-req', '-in', `${file}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'],
          ...['-days', '2', '-extfile', `${file}.ext`, '-out', `${file}.crt`],
        );
      };
      // Not for 127.0.0.1.
      await sign('server', 'subjectAltName=DNS:localhost\n');
      await sign('ada', 'extendedKeyUsage=clientAuth\n');
      const { uid, gid } = await stat(await dataDirectory());
      await chmod(join(tls, 'server.key'), 0o600);
      await chown(join(tls, 'server.key'), uid, gid);
      const set = (setting: string, value: string) =>
        database.query(`ALTER SYSTEM SET ${setting} = '${value}'`);
      await set('ssl_cert_file', join(tls, 'server.crt'));
      await set('ssl_key_file', join(tls, 'server.key'));
      await set('ssl_ca_file', join(tls, 'ca.crt'));
      await set('ssl', 'on');
      await database.query('SELECT pg_reload_conf()');
      await until(async () => (await database.query('SHOW ssl'))[0]?.['ssl'] === 'on');
    });

    const dataDirectory = async () =>
      String((await database.query('SHOW data_directory'))[0]?.['data_directory']);
    const file = (name: string) => encodeURIComponent(join(tls, name));

    it('encrypts with require, and verifies nothing, as libpq does', async () => {
      await expectConnection(url('sslmode=require'));
      await expectConnection(url('sslmode=require', '127.0.0.1'));
      await expectConnection(url('sslmode=no-verify'));
      await expectConnection(url('').replace('?', ''), { PGSSLMODE: 'require' });
    });

    it('verifies the authority with require and sslrootcert, and with verify-ca', async () => {
      for (const mode of ['require', 'verify-ca']) {
        await expectConnection(url(`sslmode=${mode}&sslrootcert=${file('ca.crt')}`));
        await expectConnection(url(`sslmode=${mode}&sslrootcert=${file('ca.crt')}`, '127.0.0.1'));
        await expectRefusal(/cannot be used/, url(`sslmode=${mode}&sslrootcert=${file('other.crt')}`));
      }
    });

    it('verifies the name too with verify-full', async () => {
      await expectConnection(url(`sslmode=verify-full&sslrootcert=${file('ca.crt')}`));
      await expectConnection(url('sslmode=verify-full'), { PGSSLROOTCERT: join(tls, 'ca.crt') });
      await expectConnection(url('').replace('?', ''), {
        PGSSLMODE: 'verify-full',
        PGSSLROOTCERT: join(tls, 'ca.crt'),
      });
      // The certificate is for localhost.
      const byAddress = url(`sslmode=verify-full&sslrootcert=${file('ca.crt')}`, '127.0.0.1');
      await expectRefusal(/cannot be used: .*127\.0\.0\.1/, byAddress);
      await expectRefusal(/cannot be used/, url(`sslmode=verify-full&sslrootcert=${file('other.crt')}`));
      // By the authorities that Node knows.
      await expectRefusal(/cannot be used/, url('sslmode=verify-full'));
    });

    it('serves over it, and the doctor tells an unverified server', async () => {
      const full = url(`sslmode=verify-full&sslrootcert=${file('ca.crt')}`);
      const { service, client } = await ServiceProcess.start({
        DATABASE_URL: full,
        ADMIN_PASSWORD: PASSWORD,
      });
      onTestFinished(() => service.remove());
      expect((await client.get('/health/ready')).status).toBe(200);
      const connections = await database.query(
        `SELECT bool_and(ssl) AS "all", count(*)::int AS "count" FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'ada'`,
      );
      expect(connections).toEqual([{ all: true, count: expect.any(Number) }]);
      expect(connections[0]?.['count']).toBeGreaterThan(1);
      const doctor = async (address: string) =>
        (await runCommand('doctor', [], { DATABASE_URL: address })).stdout;
      expect(await doctor(full)).toMatch(/^ok +The connection to the database is encrypted$/m);
      expect(await doctor(url('sslmode=require'))).toMatch(
        /^warning +.*encrypted, but its server is not verified/m,
      );
    });

    it('shows a client certificate', async () => {
      const hba = join(await dataDirectory(), 'pg_hba.conf');
      const { uid, gid } = await stat(hba);
      const lines = ['hostssl all ada all cert', 'local all all password', 'host all all all password', ''];
      await writeFile(hba, lines.join('\n'));
      await chown(hba, uid, gid);
      await database.query('SELECT pg_reload_conf()');
      const both = `sslcert=${file('ada.crt')}&sslkey=${file('ada.key')}`;
      await until(async () => (await list(url('sslmode=require'))).code === 1);
      await expectConnection(url(`sslmode=require&${both}`));
      await expectConnection(url('sslmode=require'), {
        PGSSLCERT: join(tls, 'ada.crt'),
        PGSSLKEY: join(tls, 'ada.key'),
      });
      await expectRefusal(
        /do not go together/,
        url(`sslmode=require&sslcert=${file('ada.crt')}&sslkey=${file('server.key')}`),
      );
    });
  });
});
