import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { loadSqlite } from '../../src/database/sqlite/sqlite-driver.js';
import { SCRATCH } from './scratch.js';

/** A database that nothing else uses, as `DATABASE_URL` names it. */
export interface TestDatabase {
  readonly url: string;
  /** Runs SQL behind the service's back, with `?` for parameters. */
  query(sql: string, parameters?: readonly (string | number | null)[]): Promise<Record<string, unknown>[]>;
  remove(): Promise<void>;
}

/** The databases that the service knows. */
export const DATABASES = ['sqlite', 'postgres'] as const;
/** One of {@link DATABASES}. */
export type DatabaseKind = (typeof DATABASES)[number];

/** Which database the e2e suites run on; the project in vitest.config.ts says so. */
export const kindOfDatabase = (): DatabaseKind =>
  process.env['TEST_DATABASE'] === 'postgres' ? 'postgres' : 'sqlite';

/** Makes an empty database, of the kind that the suite runs on. */
export function createDatabase(kind = kindOfDatabase()): Promise<TestDatabase> {
  return kind === 'postgres' ? createPostgres() : createSqlite();
}

/** Makes an empty database in a file, in a directory of its own in `parent`. */
export async function createSqlite(parent = SCRATCH): Promise<TestDatabase> {
  const directory = await mkdtemp(join(parent, 'hivegate-'));
  const path = join(directory, 'users.sqlite');
  return {
    url: `sqlite:${path}`,
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
    query: async (sql, parameters = []) => {
      const connection = new (loadSqlite())(path, { timeout: 10_000 });
      try {
        connection.pragma('foreign_keys = ON');
        const statement = connection.prepare(sql);
        if (statement.reader) return statement.all(...parameters) as Record<string, unknown>[];
        statement.run(...parameters);
        return [];
      } finally {
        connection.close();
      }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/**
 * Makes an empty database on a PostgreSQL, by default on the one that the tests of a run share. `options`: those of
 * `CREATE DATABASE`.
 */
export async function createPostgres(
  server = inject('postgresUrl'),
  { name = `test_${randomBytes(8).toString('hex')}`, options = '' } = {},
): Promise<TestDatabase> {
  await queryPostgres(server, `CREATE DATABASE ${name} ${options}`);
  const url = server.replace(/\/postgres$/, `/${name}`);
  return {
    url,
    query: (sql, parameters = []) => {
      let index = 0;
      return queryPostgres(
        url,
        sql.replaceAll('?', () => `$${(index += 1)}`),
        parameters,
      );
    },
    remove: async () => {
      await queryPostgres(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function queryPostgres(
  url: string,
  sql: string,
  parameters: readonly (string | number | null)[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql, [...parameters]);
    return rows;
  } finally {
    await client.end();
  }
}
