import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS_SCHEMA } from '../../src/settings/settings.js';
import { startPostgresServer } from '../support/postgres.js';
import { ServiceProcess } from '../support/process.js';
import { itWithPrograms, itWithPythonTools, runPythonTool, runTool, systemEnvironment } from './tools.js';

interface ComposeService {
  readonly image: string;
  readonly user?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<'hivegate' | 'postgres', ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const compose = parse(readFileSync('compose.yaml', 'utf8'), { merge: true }) as Compose;
const SCRIPT = 'ops/postgres/10-role-of-the-service.sql';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hivegate-secrets-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

describe('compose.yaml', () => {
  itWithPythonTools('is what the schema of the Compose specification allows', () => {
    const check = (file: string) =>
      runPythonTool('check-jsonschema', '--builtin-schema', 'vendor.compose-spec', file).status;
    expect(check('compose.yaml')).toBe(0);
    const wrong = join(temporaryFolder(), 'compose.yaml');
    writeFileSync(wrong, readFileSync('compose.yaml', 'utf8').replace('read_only:', 'readonly:'));
    expect(check(wrong)).toBe(1);
  });

  it.each(['hivegate', 'postgres'] as const)('confines %s', (name) => {
    expect(compose.services[name]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.any(String),
      cpus: expect.any(Number),
      pids_limit: expect.any(Number),
    });
    for (const right of ['cap_add', 'privileged', 'network_mode', 'pid', 'devices'])
      expect(compose.services[name]).not.toHaveProperty(right);
  });

  it('passes secrets as files alone, in variables that the service knows', () => {
    const { environment, secrets } = compose.services.hivegate;
    const known = Object.values(SETTINGS_SCHEMA).map(({ variable }) => `${variable}_FILE`);
    const files = Object.entries(environment).filter(([variable]) => variable.endsWith('_FILE'));
    expect(files.map(([variable]) => variable).filter((variable) => !known.includes(variable))).toEqual([]);
    expect(files.map(([, path]) => path).sort()).toEqual(
      secrets.map((name) => `/run/secrets/${name}`).sort(),
    );
    for (const service of Object.values(compose.services)) {
      const inTheOpen = Object.keys(service.environment).filter((name) =>
        /PASSWORD$|SECRET$|_URL$/.test(name),
      );
      expect(inTheOpen).toEqual([]);
    }
  });
});

describe('the secrets', () => {
  const make = (folder: string) => runTool(['sh', 'ops/compose/make-secrets.sh', folder]);

  it('that compose.yaml mounts are made, in a folder that only its owner may enter', () => {
    const folder = join(temporaryFolder(), 'secrets');
    expect(make(folder).status).toBe(0);
    const mounted = Object.values(compose.secrets).map(({ file }) => file);
    expect(readdirSync(folder).sort()).toEqual(mounted.map((file) => file.replace('./secrets/', '')).sort());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const content = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(content('key_encryption_secret')).toMatch(/^[A-Za-z0-9]{43}$/);
    expect(content('database_url')).toBe(
      `postgres://hivegate:${content('hivegate_password')}@postgres:5432/hivegate`,
    );
    const all = readdirSync(folder).map(content);
    expect(new Set(all).size).toBe(all.length);
  });

  it('are kept when they are made again, and never shown', () => {
    const folder = join(temporaryFolder(), 'secrets');
    make(folder);
    const before = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const { output } = make(folder);
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(before);
    for (const secret of before) expect(output).not.toContain(secret);
    expect(output.match(/ is kept$/gm)).toHaveLength(before.length);
  });
});

describe('the role of the service in PostgreSQL', () => {
  itWithPrograms(
    ['psql'],
    'is no superuser, and the service starts, migrates and works with it',
    async () => {
      const server = await startPostgresServer();
      onTestFinished(() => server.remove());
      const superuser = await renameSuperuser(server.url);
      const secrets = join(temporaryFolder(), 'secrets');
      runTool(['sh', 'ops/compose/make-secrets.sh', secrets]);
      const create = () =>
        runTool(['psql', '--no-psqlrc', '--no-password', '--quiet', '-d', superuser, '-f', SCRIPT], {
          ...systemEnvironment,
          HIVEGATE_PASSWORD_FILE: join(secrets, 'hivegate_password'),
        });
      expect(create()).toEqual({ status: 0, output: '' });

      // The host is that of the container: here, the server is elsewhere.
      const { host } = new URL(server.url);
      const address = readFileSync(join(secrets, 'database_url'), 'utf8').replace('postgres:5432', host);
      writeFileSync(join(secrets, 'address'), address);
      const { service, client } = await ServiceProcess.start({
        DATABASE_URL_FILE: join(secrets, 'address'),
        ADMIN_PASSWORD_FILE: join(secrets, 'admin_password'),
        KEY_ENCRYPTION_SECRET_FILE: join(secrets, 'key_encryption_secret'),
      });
      onTestFinished(() => service.remove());
      const password = readFileSync(join(secrets, 'admin_password'), 'utf8');
      const { status, body } = await client.signIn({ login: 'admin', password });
      expect(status).toBe(201);
      expect((await client.as(body?.accessToken).put('/user/current', { data: { a: 1 } })).status).toBe(204);

      const connection = new pg.Client({ connectionString: address });
      await connection.connect();
      onTestFinished(() => connection.end());
      const { rows } = await connection.query(
        'SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user',
      );
      expect(Object.values(rows[0])).toEqual([false, false, false, false, false]);
      await expect(connection.query("COPY (SELECT 1) TO PROGRAM 'true'")).rejects.toThrow(
        'permission denied',
      );
      await expect(connection.query('CREATE DATABASE other')).rejects.toThrow('permission denied');
      // Nobody else may use its database. Of other databases, nobody loses a right: the server may have other users.
      const { rows: databases } = await connection.query(
        "SELECT datname FROM pg_database WHERE has_database_privilege('public', datname, 'CONNECT') ORDER BY datname",
      );
      expect(databases.map(({ datname }) => datname)).toEqual(['postgres', 'template0', 'template1']);
      // A second time nothing is changed, and the failure is not hidden.
      expect(create().status).toBe(3);
    },
  );
});

/** The superuser of our servers is called as the role of the service: gives it the name that the image has for it. */
async function renameSuperuser(url: string): Promise<string> {
  const renamed = url.replace('//hivegate:', '//postgres:');
  for (const [connectionString, command] of [
    [url, "CREATE ROLE other SUPERUSER LOGIN PASSWORD 'hivegate'"],
    [url.replace('//hivegate:', '//other:'), 'ALTER ROLE hivegate RENAME TO postgres'],
  ] as const) {
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query(command);
    await client.end();
  }
  return renamed;
}
