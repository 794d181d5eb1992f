import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SCHEMA } from '../../src/app.schema.js';
import { migrationsOf } from '../../src/database/schema.js';
import { commandOutput, runCommand } from '../support/command.js';
import { kindOfDatabase, type TestDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { ServiceProcess } from '../support/process.js';
import { temporaryDatabase } from '../support/temporary.js';
import { hasTerminal, runInTerminal } from '../support/terminal.js';

const NAMES = migrationsOf(SCHEMA);
const NOTHING = 'The database is of this version: there is nothing to migrate\n';
const FIXTURES = resolve('test/fixtures');

const migrate = ({ url }: TestDatabase, ...parameters: string[]) =>
  runCommand('migrate', parameters, { DATABASE_URL: url });
const appliedTo = async (database: TestDatabase) =>
  (await database.query('SELECT name FROM migrations ORDER BY id')).map(({ name }) => name);

/** A database of version 0.1.0, and the migrations that are pending there. */
async function oldDatabase(): Promise<{ database: TestDatabase; pending: string[] }> {
  const database = await temporaryDatabase();
  if (kindOfDatabase() === 'sqlite') {
    const file = gunzipSync(readFileSync(join(FIXTURES, 'v0.1.0.sqlite.gz')));
    writeFileSync(database.url.replace('sqlite:', ''), file);
  } else {
    await database.query(readFileSync(join(FIXTURES, 'v0.1.0.postgres.sql'), 'utf8'));
  }
  const applied = await appliedTo(database);
  return { database, pending: NAMES.filter((name) => !applied.includes(name)) };
}

describe('migrate', () => {
  it('creates the schema of an empty database, once', async () => {
    const database = await temporaryDatabase();
    expect(await migrate(database)).toEqual({
      code: 0,
      stdout: `The database is migrated to this version: ${NAMES.join(', ')}\n`,
      stderr: '',
    });
    expect(await appliedTo(database)).toEqual(NAMES);
    expect(await migrate(database)).toEqual({ code: 0, stdout: NOTHING, stderr: '' });
    expect(await database.query('SELECT count(*) AS n FROM users')).toEqual([
      { n: expect.toSatisfy((n) => Number(n) === 0) },
    ]);
  });

  it('migrates a database of an earlier version, and says which steps it took', async () => {
    const { database, pending } = await oldDatabase();
    expect(pending.length).toBeGreaterThan(1);
    const { code, stdout, stderr } = await migrate(database);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `The database is migrated to this version: ${pending.join(', ')}\n`,
    });
    // Without a terminal: plain lines, the last of which says that all is done.
    expect(stderr).toMatch(
      new RegExp(
        // The file of the earlier version may be one that others can read: that is said, too.
        `^(?:[^\\n]+ had the mode 0644[^\\n]*\\n)?(?:Migration: [^\\n]+\\n)*Migration: ended after ${pending.length} of ${pending.length} steps\\n$`,
      ),
    );
    const { service } = await ServiceProcess.start({ DATABASE_URL: database.url });
    await service.remove();
  });

  (hasTerminal() ? it : it.skip)('shows a bar on a terminal, and leaves it as it was', async () => {
    const { database, pending } = await oldDatabase();
    const { code, output } = await runInTerminal(['migrate'], { DATABASE_URL: database.url }, []);
    expect(code).toBe(0);
    expect(output).toMatch(/Migration \[-{30}\] 0 %/);
    expect(output).toContain(`100 % | ${pending.length} of ${pending.length} steps`);
    expect(output).toMatch(/same\r\n$/);
  });

  it.each(['--check', '--dry-run'])('%s lists what is pending, and changes nothing', async (option) => {
    const { database, pending } = await oldDatabase();
    const before = await appliedTo(database);
    expect(await migrate(database, option)).toEqual({
      code: 2,
      stdout: `Pending: ${pending.join(', ')}\n`,
      stderr: '',
    });
    expect(await appliedTo(database)).toEqual(before);
    await migrate(database);
    expect(await migrate(database, option)).toEqual({ code: 0, stdout: NOTHING, stderr: '' });
  });

  it('--check of an empty database creates nothing', async () => {
    const database = await temporaryDatabase();
    expect(await migrate(database, '--check')).toEqual({
      code: 2,
      stdout: `Pending: ${NAMES.join(', ')}\n`,
      stderr: '',
    });
    if (kindOfDatabase() === 'sqlite')
      expect(readdirSync(dirname(database.url.replace('sqlite:', '')))).toEqual([]);
  });

  it('--check reads a database beside the running service', async () => {
    const database = await temporaryDatabase();
    const { service } = await ServiceProcess.start({ DATABASE_URL: database.url });
    expect(await migrate(database, '--check')).toEqual({ code: 0, stdout: NOTHING, stderr: '' });
    await service.remove();
  });

  it('may run several times at once: each step is taken once', async () => {
    const database = await temporaryDatabase();
    const outcomes = await Promise.all([1, 2, 3].map(() => migrate(database)));
    expect(outcomes.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      outcomes.map(() => ({ code: 0, stderr: '' })),
    );
    expect(outcomes.filter(({ stdout }) => stdout !== NOTHING)).toHaveLength(1);
    expect(await appliedTo(database)).toEqual(NAMES);
  });

  it('refuses a database of a newer version, with and without --check', async () => {
    const database = await temporaryDatabase();
    await commandOutput('migrate', [], { DATABASE_URL: database.url });
    await database.query(
      `INSERT INTO migrations ("timestamp", name) VALUES (9999999999999, 'OfTomorrow9999999999999')`,
    );
    for (const parameters of [[], ['--check']])
      expectFailure(
        await migrate(database, ...parameters),
        /^DATABASE_URL cannot be used: the database is of a newer version than this program$/,
      );
  });

  it.each(['', '--check'])('says why the database cannot be used: %s', async (option) => {
    const parameters = option === '' ? [] : [option];
    const url =
      kindOfDatabase() === 'sqlite'
        ? 'sqlite:/dev/null/none/users.sqlite'
        : 'postgres://nobody@127.0.0.1:1/x';
    expectFailure(
      await runCommand('migrate', parameters, { DATABASE_URL: url }),
      /^(?:DATABASE_URL cannot be used: |ENOTDIR: not a directory, )/,
    );
  });
});
