import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import pg from 'pg';
import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { notFound } from '../errors/api-error.js';
import { UnavailableError } from '../errors/unavailable.error.js';
import {
  databaseUnavailable,
  isMissingReference,
  isTaken,
  toDatabaseError,
  type UniqueViolation,
  uniqueViolationOf,
} from './database-errors.js';
import { loadSqlite } from './sqlite/sqlite-driver.js';

const Sqlite = loadSqlite();

/** What `work` throws. */
async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('It went well');
}

/** An error as drivers throw it. */
const withCode = (code: string) => Object.assign(new Error('secret detail of the driver'), { code });
/** As TypeORM wraps those. */
const wrapped = (error: unknown) => Object.assign(new Error('QueryFailedError'), { driverError: error });

function temporaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'hivegate-errors-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  return join(directory, 'a.sqlite');
}

function family(): Database {
  const database = new Sqlite(':memory:');
  database.exec(`
    CREATE TABLE parent (id integer PRIMARY KEY, name text UNIQUE);
    CREATE TABLE pair (a text, b text, PRIMARY KEY (a, b));
    CREATE TABLE other (id integer PRIMARY KEY, a text, b text, UNIQUE (a, b));
    INSERT INTO other VALUES (7, 'a', 'b');
    CREATE TABLE child (parent integer NOT NULL REFERENCES parent (id));
    INSERT INTO parent VALUES (1, 'ada');
    INSERT INTO pair VALUES ('a', 'b')`);
  database.pragma('foreign_keys = ON');
  return database;
}

/** A violated constraint in words. */
const wordsFor = (violation: UniqueViolation | undefined) => {
  if (!violation) return undefined;
  return violation.isPrimaryKey ? `primary key of ${violation.table}` : `unique ${violation.columns}`;
};

describe('a real error of SQLite', () => {
  it.each([
    ["INSERT INTO parent (name) VALUES ('ada')", 'unique name'],
    ['INSERT INTO parent (id) VALUES (1)', 'primary key of parent'],
    ["INSERT INTO pair VALUES ('a', 'b')", 'primary key of pair'],
    ["INSERT INTO other VALUES (1, 'a', 'b')", 'unique a_b'],
    ['INSERT INTO child VALUES (9)', 'reference'],
    ['INSERT INTO child VALUES (NULL)', 'neither'],
    ['INSERT INTO nowhere VALUES (1)', 'neither'],
  ])('after %s is told from others: %s', async (sql, kind) => {
    const error = await errorOf(() => family().exec(sql));
    for (const seen of [error, wrapped(error)]) {
      expect(wordsFor(uniqueViolationOf(seen))).toBe(/^(?:unique|primary)/.test(kind) ? kind : undefined);
      expect(isTaken(seen, 'name')).toBe(kind === 'unique name');
      expect(isMissingReference(seen)).toBe(kind === 'reference');
      // None of them is the database's fault.
      expect(toDatabaseError(seen)).toBe(seen);
    }
  });

  it('for another writer, or a file that cannot be written, is 503', async () => {
    const path = temporaryFile();
    const [one, other] = [new Sqlite(path), new Sqlite(path, { timeout: 0 })];
    one.exec('CREATE TABLE a (b); BEGIN IMMEDIATE');
    const busy = await errorOf(() => other.exec('BEGIN IMMEDIATE'));
    one.exec('COMMIT');
    other.pragma('query_only = ON');
    const readOnly = await errorOf(() => other.exec('INSERT INTO a VALUES (1)'));
    for (const database of [one, other]) database.close();
    const gone = await errorOf(() => new Sqlite(join(path, 'beyond', 'a.sqlite'), { fileMustExist: true }));
    for (const error of [busy, readOnly]) expect(toDatabaseError(error)).toBeInstanceOf(UnavailableError);
    // No directory is a mistake of the settings, which the start tells of.
    expect(toDatabaseError(gone)).toBe(gone);
  });
});

describe('an error of PostgreSQL', () => {
  it.each([
    '08006',
    '08001',
    '53300',
    '53100',
    '57P01',
    '57P02',
    '57P03',
    '57014',
    '55P03',
    '25006',
    '25P03',
    '25P04',
    '28P01',
    '28000',
    '3D000',
    '42501',
    '58030',
    '40001',
    '40P01',
  ])('with %s is 503: it cannot answer now', (code) => {
    expect(toDatabaseError(withCode(code))).toBeInstanceOf(UnavailableError);
  });

  it.each(['23505', '23503', '22001', '42P01', '57000', 'XX000'])('with %s is not', (code) => {
    const error = withCode(code);
    expect(toDatabaseError(error)).toBe(error);
    expect(uniqueViolationOf(error) !== undefined).toBe(code === '23505');
    expect(isMissingReference(wrapped(error))).toBe(code === '23503');
  });

  it.each([
    ['users', 'users_login_key', 'unique login_key'],
    ['device_types', 'device_types_name', 'unique name'],
    ['users', 'users_pkey', 'primary key of users'],
    ['user_networks', 'user_networks_pkey', 'primary key of user_networks'],
    // Not by the names of the migrations: an index that an operator has made.
    ['users', 'mine', 'unique '],
  ])('names the constraint that was violated: of %s, %s', (table, constraint, words) => {
    const error = Object.assign(withCode('23505'), { table, constraint });
    for (const seen of [error, wrapped(error)]) {
      expect(wordsFor(uniqueViolationOf(seen))).toBe(words);
      expect(isTaken(seen, 'login_key')).toBe(words === 'unique login_key');
    }
  });

  it.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENETUNREACH', 'ETIMEDOUT'])(
    'that cannot be reached is 503: %s',
    (code) => {
      expect(toDatabaseError(withCode(code))).toBeInstanceOf(UnavailableError);
    },
  );

  it.each([new QueryRunnerAlreadyReleasedError(), new QueryRunnerProviderAlreadyReleasedError()])(
    'that broke in the middle of a transaction is 503: $name',
    (error) => {
      expect(toDatabaseError(error)).toEqual(databaseUnavailable(error));
    },
  );

  it('that is not there is 503, whatever its addresses', async () => {
    // Port 1 is nobody's; localhost may be two addresses, which are tried in vain together.
    for (const host of ['127.0.0.1', 'localhost']) {
      const error = await errorOf(() => new pg.Client({ host, port: 1 }).connect());
      expect(toDatabaseError(error)).toBeInstanceOf(UnavailableError);
    }
  });

  it('whose pool has no connection left is 503', async () => {
    // A server that accepts, and says nothing.
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    const pool = new pg.Pool({ host: '127.0.0.1', port, max: 1, connectionTimeoutMillis: 20 });
    onTestFinished(async () => {
      await pool.end();
      server.close();
    });
    const error = await errorOf(() => pool.connect());
    expect(error).not.toHaveProperty('code');
    expect(toDatabaseError(error)).toBeInstanceOf(UnavailableError);
  });
});

describe('what is told to callers', () => {
  it('holds nothing of the driver, and keeps its error for the log', () => {
    const cause = withCode('53300');
    const error = toDatabaseError(wrapped(cause));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toBe('The database is not available');
    expect(error.cause).toMatchObject({ driverError: cause });
  });

  it('is left alone where it is no error of a database', () => {
    const own = notFound('Not found');
    expect(toDatabaseError(own)).toBe(own);
    const bug = new TypeError('timeout of my own');
    expect(toDatabaseError(bug)).toBe(bug);
  });

  it.each([undefined, null, 'text', 7])('is an error even where %j was thrown', (thrown) => {
    expect(toDatabaseError(thrown)).toEqual(new Error(String(thrown)));
    expect(uniqueViolationOf(thrown)).toBeUndefined();
    expect(isMissingReference(thrown)).toBe(false);
  });
});
