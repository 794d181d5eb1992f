import { existsSync, readFileSync, statSync } from 'node:fs';
import { OperatorError } from '../errors/operator-error.js';
import { statusOf } from '../files/status-of.js';
import type { DatabaseSettings } from '../settings/setting-values.js';
import { unusable } from './database.js';
import { connectionOptions } from './postgres/connection-options.js';
import { refuseOtherEncoding } from './postgres/server-encoding.js';
import { connectClient } from './postgres/sessions.js';
import { migrationsOf, type Schema } from './schema.js';
import { isExpansion, otherVersion, unknownMigrations } from './schema-versions.js';
import { loadSqlite } from './sqlite/sqlite-driver.js';

/** Maximum size of an SQLite file that is read into the memory, in bytes. */
const LARGEST_COPY = 512 * 1024 * 1024;
/** Milliseconds to connect to PostgreSQL, and for a statement. */
const TIMEOUT = 5000;

/** A row of a query. */
export type InspectedRow = Readonly<Record<string, unknown>>;

interface Engine {
  query(sql: string): Promise<InspectedRow[]>;
  close(): Promise<void>;
}

/** Reads a database and changes nothing: it migrates nothing and creates no file. */
export class DatabaseInspection {
  private constructor(
    private readonly engine: Engine | undefined,
    private readonly isSqlite: boolean,
  ) {}

  /**
   * Opens the database. An SQLite file that is missing is an empty database.
   *
   * @throws {SettingsError} when the database cannot be used
   * @throws {OperatorError} when it cannot be read without a change
   */
  static async open(settings: DatabaseSettings): Promise<DatabaseInspection> {
    try {
      return settings.kind === 'sqlite'
        ? new DatabaseInspection(openFile(settings.path), true)
        : new DatabaseInspection(await openServer(settings.url), false);
    } catch (error) {
      throw error instanceof OperatorError ? error : unusable(error);
    }
  }

  /** Runs a query without parameters. @throws {SettingsError} when it fails */
  async query(sql: string): Promise<InspectedRow[]> {
    try {
      return (await this.engine?.query(sql)) ?? [];
    } catch (error) {
      throw unusable(error);
    }
  }

  /** Returns the names of the applied migrations, in order. @throws {SettingsError} */
  async appliedMigrations(): Promise<string[]> {
    const exists = this.isSqlite
      ? `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'`
      : `SELECT 1 WHERE to_regclass('migrations') IS NOT NULL`;
    if ((await this.query(exists)).length === 0) return [];
    const rows = await this.query('SELECT "name" FROM "migrations" ORDER BY "id"');
    return rows.map(({ name }) => String(name));
  }

  /**
   * Returns the names of the migrations that are pending, in order.
   *
   * @throws {SettingsError} when the database has the schema of a newer version, whose migrations do not only add
   */
  async pendingMigrations(schema: Schema): Promise<string[]> {
    const applied = await this.appliedMigrations();
    if (!unknownMigrations(applied, schema).every(isExpansion)) throw otherVersion('a newer');
    return migrationsOf(schema).filter((name) => !applied.includes(name));
  }

  async close(): Promise<void> {
    await this.engine?.close();
  }
}

/**
 * Opens a file for reading. While a service runs, its write-ahead log is there, and is read with it. Else SQLite would
 * create one, even for reading; so the file, which is complete then, is read into the memory.
 */
function openFile(path: string): Engine | undefined {
  // Neither a missing file nor an empty one has tables.
  if ((statusOf(path)?.size ?? 0) === 0) return undefined;
  const Sqlite = loadSqlite();
  const isOpen = existsSync(`${path}-wal`) && existsSync(`${path}-shm`);
  const database = isOpen ? new Sqlite(path, { readonly: true, timeout: TIMEOUT }) : new Sqlite(copyOf(path));
  return {
    query: (sql) => Promise.resolve(database.prepare(sql).all() as InspectedRow[]),
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

function copyOf(path: string): Buffer {
  if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0)
    throw new OperatorError(
      'The database was not closed, and no service runs on it: start the service once, which recovers it',
    );
  if (statSync(path).size > LARGEST_COPY)
    throw new OperatorError('The database file is too large to be read while no service runs on it');
  const copy = readFileSync(path);
  // Bytes 18 and 19 of the header: 2 is a file with a write-ahead log, which a copy in memory cannot have.
  if (copy.length >= 20) copy.fill(1, 18, 20);
  return copy;
}

async function openServer(url: string): Promise<Engine> {
  const client = await connectClient(connectionOptions(url), 'hivegate inspection', TIMEOUT);
  const query = async (sql: string) => (await client.query<InspectedRow>(sql)).rows;
  try {
    await refuseOtherEncoding(query);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return { query, close: () => client.end() };
}
