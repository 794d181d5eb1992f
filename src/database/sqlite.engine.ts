import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import pLimit from 'p-limit';
import { DataSource, type EntityManager } from 'typeorm';
import { errors } from '../common/errors.js';
import type { Engine, Transaction } from './engine.js';
import type { Schema } from './schema.js';

/** How many writers may wait for their turn before the next one is told to come back. */
const MOST_WAITING_WRITERS = 1000;
/** How long, in milliseconds, a statement waits for another process that writes to the same file. */
const BUSY_TIMEOUT = 5000;

interface Connection {
  pragma(source: string): unknown;
}

/**
 * SQLite in a file, through two connections.
 *
 * TypeORM has one connection to a SQLite file, and so one transaction for all requests: whatever two of them do
 * at once falls into the same transaction, and is rolled back with it. Here one connection writes, for one
 * transaction at a time, and another reads what is committed (docs/decisions/0003-sqlite-transactions.md).
 */
export class SqliteEngine implements Engine {
  private readonly turn = pLimit(1);

  private constructor(
    private readonly writing: DataSource,
    private readonly reading: DataSource,
  ) {}

  static async open(path: string, schema: Schema): Promise<SqliteEngine> {
    makePrivateFile(path);
    const writing = await connect(path, schema, (connection) => {
      // FULL: an acknowledged write survives a loss of power.
      connection.pragma('synchronous = FULL');
    });
    const reading = await connect(path, schema, (connection) => {
      connection.pragma('query_only = ON');
    });
    return new SqliteEngine(writing, reading);
  }

  get reader(): EntityManager {
    return this.reading.manager;
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.turn.pendingCount >= MOST_WAITING_WRITERS) return Promise.reject(errors.overloaded());
    return this.turn(async () => {
      const { manager } = this.writing;
      // IMMEDIATE: waits here for a writer of another process, rather than failing halfway.
      await manager.query('BEGIN IMMEDIATE');
      try {
        // The only writer holds every lock there is.
        const result = await work({ manager, rowLock: undefined, serialise: () => Promise.resolve() });
        await manager.query('COMMIT');
        return result;
      } catch (error) {
        // A failed COMMIT may have ended the transaction by itself.
        await manager.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  async migrate(): Promise<void> {
    await this.transaction(() => this.writing.runMigrations({ transaction: 'none' }));
  }

  like(column: string, parameter: string): string {
    return `${column} LIKE :${parameter}`;
  }

  isTransient(): boolean {
    return false;
  }

  async close(): Promise<void> {
    await this.turn(async () => {
      await this.reading.destroy();
      await this.writing.destroy();
    });
  }
}

/** The file holds password hashes and signing keys: nobody but its owner may read it. */
function makePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

function connect(
  path: string,
  schema: Schema,
  prepare: (connection: Connection) => void,
): Promise<DataSource> {
  return new DataSource({
    type: 'better-sqlite3',
    database: path,
    timeout: BUSY_TIMEOUT,
    enableWAL: true,
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    logging: false,
    prepareDatabase: (connection: Connection) => {
      connection.pragma(`busy_timeout = ${BUSY_TIMEOUT}`);
      connection.pragma('journal_mode = WAL');
      prepare(connection);
    },
  }).initialize();
}
