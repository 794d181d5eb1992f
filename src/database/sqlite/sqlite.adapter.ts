import { DataSource, type EntityManager } from 'typeorm';
import { readAppliedMigrations } from '../applied-migrations.js';
import type { DatabaseAdapter, DatabaseLoad, DatabaseState, Tell } from '../database-adapter.js';
import type { IdCounters } from '../id-counters.js';
import type { Schema } from '../schema.js';
import { SILENT_LOGGER } from '../silent-logger.js';
import type { Transaction } from '../transaction.js';
import { type MigrationObserver, watchMigrations } from '../watch-migrations.js';
import { GroupCommit } from './group-commit.js';
import { ensurePrivateFile } from './private-file.js';
import { loadSqlite } from './sqlite-driver.js';
import { WatchedFile } from './watched-file.js';

/** Milliseconds that a transaction waits for another process that writes to the same file, and so does opening it. */
const BUSY_TIMEOUT = 5000;

/**
 * Maximum size of the write-ahead log, in bytes. It grows larger while another process reads for long, for example for
 * a backup. SQLite truncates it to this size afterwards.
 */
const WAL_LIMIT = 16 * 1024 * 1024;

interface Connection {
  pragma(source: string): unknown;
}

/** The AUTOINCREMENT counters of SQLite, in its table `sqlite_sequence`. */
const AUTOINCREMENT: IdCounters = {
  async last(manager, table) {
    const [row] = await manager.query<{ seq: number }[]>('SELECT seq FROM sqlite_sequence WHERE name = ?', [
      table,
    ]);
    return row?.seq ?? 0;
  },
  async goOnAfter(manager, table, id) {
    await manager.query('DELETE FROM sqlite_sequence WHERE name = ?', [table]);
    await manager.query('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', [table, id]);
  },
  // SQLite gives an id that is greater than all in the table, whatever the counter says.
  catchUp: () => Promise.resolve(),
};

/**
 * SQLite in a file, through two connections.
 *
 * TypeORM uses one connection per SQLite file, so concurrent requests would share one transaction and be rolled back
 * together. Here, one connection runs the writes in sequence, and another one reads committed data
 * (docs/decisions/0003-sqlite-transactions.md).
 */
export class SqliteAdapter implements DatabaseAdapter {
  readonly readsBlock = true;
  readonly withoutTimeouts = [];
  private readonly writers: GroupCommit;
  private readonly subscribers: ((subject: string) => void)[] = [];

  private constructor(
    private readonly writing: DataSource,
    private readonly reading: DataSource,
    private readonly file: WatchedFile,
    /** Opens another read-only connection. */
    private readonly openReader: () => Promise<DataSource>,
  ) {
    this.writers = new GroupCommit(writing.manager, BUSY_TIMEOUT, (subject) => {
      for (const listener of this.subscribers) listener(subject);
    });
  }

  static async open(path: string, schema: Schema, tell: Tell): Promise<SqliteAdapter> {
    ensurePrivateFile(path).forEach(tell);
    const writing = await connect(path, schema, (connection) => {
      // FULL: an acknowledged write survives a loss of power.
      connection.pragma('synchronous = FULL');
      connection.pragma(`journal_size_limit = ${WAL_LIMIT}`);
      // Deleted hashes and keys do not stay in free pages (docs/decisions/0011-backups.md).
      connection.pragma('secure_delete = ON');
    });
    // SQLite would wait on the only thread, and every read with it: the group commit waits instead.
    await writing.query('PRAGMA busy_timeout = 0');
    const openReader = () =>
      connect(path, schema, (connection) => {
        connection.pragma('query_only = ON');
      });
    return new SqliteAdapter(writing, await openReader(), new WatchedFile(path), openReader);
  }

  /** Reads run on the main thread, one statement after the other: nobody waits for a turn. */
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return work(this.reading.manager);
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>, turnOf: string): Promise<T> {
    return this.writers.run(work, turnOf);
  }

  subscribe(listener: (subject: string) => void): void {
    this.subscribers.push(listener);
  }

  async snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const source = await this.openReader();
    try {
      await source.query('BEGIN');
      return await work(source.manager);
    } finally {
      // The transaction is read-only; closing the connection ends it.
      await source.destroy();
    }
  }

  get ids(): IdCounters {
    return AUTOINCREMENT;
  }

  get load(): readonly DatabaseLoad[] {
    const { isWorking, waiting } = this.writers;
    return [
      { work: 'reads', open: 1, idle: 1, waiting: 0 },
      { work: 'transactions', open: 1, idle: isWorking ? 0 : 1, waiting },
    ];
  }

  async state(): Promise<DatabaseState> {
    await this.reading.query('SELECT 1');
    return this.file.state();
  }

  /** A file holds Unicode, in whichever encoding it was created. */
  assertUsable(): Promise<void> {
    return Promise.resolve();
  }

  appliedMigrations(): Promise<string[]> {
    return readAppliedMigrations(this.reading);
  }

  async migrate(observer: MigrationObserver): Promise<void> {
    watchMigrations(this.writing, observer);
    await this.transaction(() => this.writing.runMigrations({ transaction: 'none' }), 'migrations');
  }

  isAmong(column: string, parameter: string): string {
    return `${column} IN (SELECT "value" FROM json_each(:${parameter}))`;
  }

  isTransient(): boolean {
    return false;
  }

  takenIdsOf(): undefined {
    return undefined;
  }

  async close(): Promise<void> {
    await this.writers.close();
    await this.reading.destroy();
    await this.writing.destroy();
  }
}

function connect(
  path: string,
  schema: Schema,
  prepare: (connection: Connection) => void,
): Promise<DataSource> {
  return new DataSource({
    type: 'better-sqlite3',
    driver: loadSqlite(),
    database: path,
    timeout: BUSY_TIMEOUT,
    enableWAL: true,
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    logger: SILENT_LOGGER,
    prepareDatabase: (connection: Connection) => {
      connection.pragma(`busy_timeout = ${BUSY_TIMEOUT}`);
      connection.pragma('journal_mode = WAL');
      prepare(connection);
    },
  }).initialize();
}
