import { chmod, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encryptKey } from '../../src/authentication/signing-keys/key-encryption.js';
import { runCommand } from '../support/command.js';
import { createDatabase, kindOfDatabase, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/process.js';
import { TestService } from '../support/service.js';
import { temporaryDatabase } from '../support/temporary.js';

interface Diagnosis {
  readonly level: string;
  readonly message: string;
}

async function examine(
  environment: Record<string, string>,
): Promise<{ code: number | null; diagnoses: Diagnosis[]; text: string }> {
  const { code, stdout, stderr } = await runCommand('doctor', ['--json'], environment);
  expect(stderr).toBe('');
  const diagnoses = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Diagnosis);
  return { code, diagnoses, text: stdout };
}
const withLevel = (diagnoses: readonly Diagnosis[], level: string) =>
  diagnoses.filter((diagnosis) => diagnosis.level === level).map(({ message }) => message);

async function started(): Promise<TestService> {
  const service = await TestService.start();
  onTestFinished(() => service.stop());
  return service;
}
const pathOf = ({ url }: TestDatabase) => url.replace(/^sqlite:/, '');

describe('doctor', () => {
  it('finds no error in a service that runs as it should, and has one line per diagnosis', async () => {
    const { database } = await started();
    const { code, stdout, stderr } = await runCommand('doctor', [], { DATABASE_URL: database.url });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines) expect(line).toMatch(/^(?:warning|ok {5}) {2}\S/);
    expect(stdout).toContain('is of this version');
  });

  it('names every wrong setting, and shows no value', async () => {
    const secret = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
    const { code, diagnoses, text } = await examine({
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      JWT_SECRET: secret,
      DATABASE_URL: 'postgres://user:zq7secret@[',
    });
    expect(code).toBe(1);
    const errors = withLevel(diagnoses, 'error').join('\n');
    for (const variable of ['PORT', 'LOG_LEVEL', 'JWT_SECRET', 'DATABASE_URL'])
      expect(errors).toContain(`${variable} is not valid`);
    expect(errors).toContain('The database was not checked');
    expect(text).not.toContain('zq7');
    expect(text).not.toContain(secret);
  });

  it('warns of a weak secret', async () => {
    const { database } = await started();
    const { code, diagnoses } = await examine({
      DATABASE_URL: database.url,
      KEY_ENCRYPTION_SECRET: 'change-me-please-change-me',
    });
    expect(withLevel(diagnoses, 'warning').join('\n')).toMatch(/KEY_ENCRYPTION_SECRET is weak/);
    expect(code).toBe(0);
  });

  it('warns of a well-known password of the administrator', async () => {
    const { database } = await started();
    const { code, diagnoses, text } = await examine({
      DATABASE_URL: database.url,
      ADMIN_PASSWORD: 'password123',
    });
    expect(withLevel(diagnoses, 'warning').join('\n')).toMatch(
      /^ADMIN_PASSWORD is unwise: Password is too common/m,
    );
    expect({ code, text }).toEqual({ code: 0, text: expect.not.stringContaining('password123') });
  });

  it.each([
    [{ HOST: '0.0.0.0' }, 'warning', /TRUST_PROXY is unset/],
    [{ HOST: '::' }, 'warning', /TRUST_PROXY is unset/],
    [{ HOST: '0.0.0.0', TRUST_PROXY: '1' }, 'warning', /TRUST_PROXY is a number/],
    [{ HOST: '0.0.0.0', TRUST_PROXY: '10.0.0.1' }, 'ok', /TRUST_PROXY names the proxies/],
    [{ HOST: 'localhost', TRUST_PROXY: '1' }, 'ok', /this machine alone/],
    [{ HOST: '127.0.0.2' }, 'ok', /this machine alone/],
  ])('%j: %s', async (settings, level, message) => {
    const database = await temporaryDatabase();
    const { diagnoses } = await examine({ DATABASE_URL: database.url, ...settings });
    expect(withLevel(diagnoses, level).join('\n')).toMatch(message);
  });

  it('says that an empty database is empty, and creates nothing', async () => {
    const database = await temporaryDatabase();
    const { code, diagnoses } = await examine({ DATABASE_URL: database.url });
    expect(withLevel(diagnoses, 'warning')).toContain(
      'The database is empty: the first start creates its tables',
    );
    expect(code).toBe(0);
    if (kindOfDatabase() === 'sqlite') expect(await readdir(dirname(pathOf(database)))).toEqual([]);
    else
      expect(
        await database.query(`SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'`),
      ).toEqual([]);
  });

  it('tells a database of another version', async () => {
    const { database } = await started();
    const [last] = await database.query('SELECT max(id) AS id FROM migrations');
    await database.query('DELETE FROM migrations WHERE id = ?', [Number(last?.['id'])]);
    const older = await examine({ DATABASE_URL: database.url });
    expect(withLevel(older.diagnoses, 'warning').join('\n')).toMatch(/^Migrations are pending/m);
    await database.query(
      `INSERT INTO migrations ("timestamp", name) VALUES (9999999999999, 'OfTomorrow9999999999999')`,
    );
    const newer = await examine({ DATABASE_URL: database.url });
    expect(newer.code).toBe(1);
    expect(withLevel(newer.diagnoses, 'error').join('\n')).toMatch(/is of a newer version/);
  });

  it('finds administrators with passwords that everybody knows, but does not show which', async () => {
    const service = await started();
    await service.database.query('UPDATE users SET login = ?, login_key = ? WHERE id = 1', [
      'dhadmin',
      'dhadmin',
    ]);
    for (const [known, isKnown] of [
      ['dhadmin_#911', true],
      ['dhadmin', true],
      ['another one, which is fine', false],
    ] as const) {
      const { default: bcrypt } = await import('bcrypt');
      await service.database.query('UPDATE users SET password_hash = ? WHERE id = 1', [
        await bcrypt.hash(known, 4),
      ]);
      const { code, diagnoses, text } = await examine({
        DATABASE_URL: service.database.url,
        BCRYPT_COST: '4',
      });
      const errors = withLevel(diagnoses, 'error').join('\n');
      expect({
        known,
        found: errors.includes('Administrator 1 has a password that everybody knows'),
        code,
      }).toEqual({
        known,
        found: isKnown,
        code: isKnown ? 1 : 0,
      });
      expect(text).not.toContain('dhadmin');
    }
  });

  it('says that no administrator is left', async () => {
    const { database } = await started();
    await database.query('UPDATE users SET status = 2');
    const { code, diagnoses } = await examine({ DATABASE_URL: database.url });
    expect(code).toBe(0);
    expect(withLevel(diagnoses, 'warning')).toContain(
      'There is no active administrator: the next start of the service creates one',
    );
  });

  it('takes an administrator whom failed logins have locked out for one that is active, as the service does', async () => {
    const { database } = await started();
    await database.query(
      `UPDATE users SET status = 1, locked_by_failed_logins = ${kindOfDatabase() === 'sqlite' ? '1' : 'true'}`,
    );
    const { diagnoses } = await examine({ DATABASE_URL: database.url });
    expect(JSON.stringify(diagnoses)).not.toContain('no active administrator');
  });

  it('says how many administrators it has looked at, if there are more', async () => {
    const { database } = await started();
    for (let id = 2; id <= 11; id += 1)
      await database.query(
        'INSERT INTO users (id, login, login_key, role, status, password_hash) VALUES (?, ?, ?, 0, 0, ?)',
        [id, `admin${id}`, `admin${id}`, ''],
      );
    const { diagnoses } = await examine({ DATABASE_URL: database.url, BCRYPT_COST: '4' });
    expect(withLevel(diagnoses, 'ok').join('\n')).toMatch(/^None of the first 10 administrators has/m);
  });

  it('says that the stored keys need another secret', async () => {
    const { database } = await started();
    const secret = 'the secret of the test, never used';
    await database.query('UPDATE signing_keys SET private_key = ?', [await encryptKey('a key', secret)]);
    const { code, diagnoses, text } = await examine({
      DATABASE_URL: database.url,
      KEY_ENCRYPTION_SECRET: 'zq7 another secret of the test',
    });
    expect(code).toBe(1);
    expect(withLevel(diagnoses, 'error').join('\n')).toMatch(/^KEY_ENCRYPTION_SECRET/m);
    expect(text).not.toContain('zq7');
  });

  it('says why the database cannot be reached, without its password', async () => {
    const url =
      kindOfDatabase() === 'sqlite'
        ? 'sqlite:/dev/null/none/a.sqlite'
        : 'postgres://nobody:zq7secret@127.0.0.1:1/x';
    const { code, diagnoses, text } = await examine({ DATABASE_URL: url });
    expect(code).toBe(1);
    expect(withLevel(diagnoses, 'error').join('\n')).toMatch(/^DATABASE_URL cannot be used: /m);
    expect(text).not.toContain('zq7');
  });
});

describe.skipIf(kindOfDatabase() === 'postgres')('doctor, on SQLite', () => {
  it('changes nothing, whether the service runs or not', async () => {
    const database = await createDatabase();
    onTestFinished(() => database.remove());
    const { service } = await ServiceProcess.start({ DATABASE_URL: database.url });
    const folder = dirname(pathOf(database));
    const seen = async () => {
      const names = (await readdir(folder)).sort();
      return Promise.all(
        names.map(async (name) => [
          name,
          (await readFile(`${folder}/${name}`)).length,
          (await stat(`${folder}/${name}`)).mode,
        ]),
      );
    };
    const during = (await seen()).map(([name]) => name);
    const running = await examine({ DATABASE_URL: database.url, BCRYPT_COST: '4' });
    expect(running.code).toBe(0);
    expect((await seen()).map(([name]) => name)).toEqual(during);
    await service.stop();
    const before = await seen();
    expect(before.map(([name]) => name)).toEqual(['users.sqlite']);
    const stopped = await examine({ DATABASE_URL: database.url, BCRYPT_COST: '4' });
    expect(withLevel(stopped.diagnoses, 'ok').join('\n')).toContain('is of this version');
    expect(await seen()).toEqual(before);
  });

  it('finds files that others may read, and a folder that others may write to', async () => {
    const { database } = await started();
    const file = pathOf(database);
    await chmod(file, 0o644);
    await chmod(`${file}-wal`, 0o640);
    await chmod(dirname(file), 0o777);
    const { code, diagnoses } = await examine({ DATABASE_URL: database.url });
    expect(code).toBe(1);
    const errors = withLevel(diagnoses, 'error').join('\n');
    expect(errors).toContain(`chmod 600 ${file}\n`);
    expect(errors).toContain(`chmod 600 ${file}-wal`);
    expect(errors).toContain(`chmod 700 ${dirname(file)}`);
    await chmod(file, 0o600);
    await chmod(`${file}-wal`, 0o600);
    await chmod(dirname(file), 0o700);
    expect((await examine({ DATABASE_URL: database.url })).code).toBe(0);
  });

  it('says that a folder in the place of the file is none', async () => {
    const database = await temporaryDatabase();
    await mkdir(pathOf(database), { recursive: true });
    const { code, diagnoses } = await examine({ DATABASE_URL: database.url });
    expect(code).toBe(1);
    expect(withLevel(diagnoses, 'error').join('\n')).toContain('is not a file');
  });
});

describe.skipIf(kindOfDatabase() === 'sqlite')('doctor, on PostgreSQL', () => {
  it('looks at the role, the connections and the way to the server', async () => {
    const { database } = await started();
    const { diagnoses } = await examine({ DATABASE_URL: database.url });
    const fine = withLevel(diagnoses, 'ok').join('\n');
    expect(fine).toMatch(/^PostgreSQL \d+$/m);
    expect(fine).toContain('The clocks of this machine and of the database agree');
    expect(fine).toContain('Notifications between processes arrive');
    expect(fine).toContain('The connection to the database stays on this machine');
    expect(diagnoses.map(({ message }) => message).join('\n')).toMatch(
      /^Processes of the service on this database: 1$/m,
    );
    // The tests connect as the superuser.
    expect(withLevel(diagnoses, 'warning').join('\n')).toContain('is a superuser');
  });

  it('says that a standby, or a database that is read-only, takes no writes', async () => {
    const { database } = await started();
    const name = new URL(database.url).pathname.slice(1);
    await database.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const { code, diagnoses } = await examine({ DATABASE_URL: database.url });
    expect(code).toBe(1);
    expect(withLevel(diagnoses, 'error').join('\n')).toContain('takes no writes');
  });
});
