import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { commandOutput, runCommand } from '../support/command.js';
import { createPostgres, kindOfDatabase, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/process.js';
import { temporaryDirectory } from '../support/temporary.js';

/** One byte for each character, bytes without a meaning, several bytes, and one that has no conversion to UTF-8. */
const ENCODINGS = ['LATIN1', 'SQL_ASCII', 'WIN1252', 'EUC_JP', 'MULE_INTERNAL'];

async function databaseIn(encoding: string): Promise<TestDatabase> {
  const options = `ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`;
  const database = await createPostgres(inject('postgresUrl'), { options });
  onTestFinished(() => database.remove());
  return database;
}

/** One line that says where the problem is, what it is and what to write. */
const refusalOf = (encoding: string) =>
  new RegExp(
    `^DATABASE_URL cannot be used: [^\\n]*\\b${encoding}\\. [^\\n]*CREATE DATABASE \\w+ ENCODING 'UTF8'[^\\n]*TEMPLATE template0\\n$`,
  );

/** Everything that the database has outside of PostgreSQL's own schemas. */
async function contentOf(database: TestDatabase): Promise<unknown[]> {
  return database.query(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
     UNION ALL SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'`,
  );
}

describe.runIf(kindOfDatabase() === 'postgres')('A PostgreSQL database in another encoding', () => {
  it.each(ENCODINGS)('in %s is refused at the start, in one line, and is not changed', async (encoding) => {
    const database = await databaseIn(encoding);
    const service = await ServiceProcess.spawn({
      DATABASE_URL: database.url,
      ADMIN_PASSWORD: 'zq7 a secret',
    });
    onTestFinished(() => service.remove());
    expect(await service.ended).toBe(1);
    expect(service.stderr).toMatch(refusalOf(encoding));
    expect(service.output).not.toContain('hivegate:hivegate');
    if (encoding !== 'MULE_INTERNAL') expect(await contentOf(database)).toEqual([]);
  });

  /** Runs a command that opens the database, and expects the refusal. */
  async function expectRefusal(
    name: string,
    parameters: readonly string[],
    directory: string,
  ): Promise<void> {
    const database = await databaseIn('LATIN1');
    const environment = { DATABASE_URL: database.url };
    const input = 'correct horse battery\n';
    const { code, stdout, stderr } = await runCommand(name, parameters, environment, { directory, input });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(refusalOf('LATIN1'));
    expect(await contentOf(database)).toEqual([]);
  }

  it.each([
    ['migrate', []],
    ['migrate', ['--check']],
    ['users', ['list']],
    ['users', ['create', 'ada']],
    ['users', ['export']],
    ['keys', ['rotate']],
    ['backup', ['new.backup']],
    ['import', ['users', 'users.ndjson']],
    ['events', []],
  ])('is refused by %s %j', async (name, parameters) => {
    const directory = await temporaryDirectory();
    const user = { login: 'ada', role: 'client', passwordHash: null };
    await writeFile(join(directory, 'users.ndjson'), `${JSON.stringify(user)}\n`);
    await expectRefusal(name, parameters, directory);
  });

  it('is refused by restore', async () => {
    const directory = await temporaryDirectory();
    const source = { DATABASE_URL: (await databaseIn('UTF8')).url };
    await commandOutput('migrate', [], source);
    await commandOutput('backup', ['a.backup'], source, { directory });
    await expectRefusal('restore', ['a.backup'], directory);
  });

  it('is a failed check of the doctor', async () => {
    const database = await databaseIn('SQL_ASCII');
    const { code, stdout } = await runCommand('doctor', ['--json'], { DATABASE_URL: database.url });
    expect(code).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    const errors = lines
      .map((line) => JSON.parse(line) as { level: string; message: string })
      .filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(`${errors[0]?.message}\n`).toMatch(refusalOf('SQL_ASCII'));
    expect(await contentOf(database)).toEqual([]);
  });

  it('is not refused in UTF-8, whatever the locale and the encoding of the client', async () => {
    const database = await databaseIn('UTF8');
    const name = new URL(database.url).pathname.slice(1);
    await database.query(`ALTER DATABASE ${name} SET client_encoding = 'LATIN1'`);
    expect((await runCommand('migrate', [], { DATABASE_URL: database.url })).stderr).toBe('');
  });
});
