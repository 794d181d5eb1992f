import type { PoolClient } from 'pg';
import { type DataSource, type EntityManager, MigrationExecutor, type QueryRunner } from 'typeorm';
import { UnavailableError } from '../../errors/unavailable.error.js';
import { commits } from '../../telemetry/measurements.js';
import { Turns } from '../../turns/turns.js';
import { LOCKS } from '../advisory-locks.js';
import { readAppliedMigrations } from '../applied-migrations.js';
import {
  type DatabaseAdapter,
  type DatabaseLoad,
  type DatabaseState,
  NOBODY,
  type Tell,
} from '../database-adapter.js';
import { codeOf, uniqueViolationOf } from '../database-errors.js';
import type { IdCounters } from '../id-counters.js';
import type { Schema } from '../schema.js';
import type { Transaction } from '../transaction.js';
import { type MigrationObserver, watchMigrations } from '../watch-migrations.js';
import { type ConnectionOptions, connectionOptions } from './connection-options.js';
import { CONNECT_TIMEOUT, Connections, withOneConnection } from './connections.js';
import { PostgresChangeNotifications } from './postgres.change-notifications.js';
import { refuseOtherEncoding } from './server-encoding.js';
import { ServerWatch } from './server-watch.js';
import { findSessionLimits } from './session-limits.js';
import { tellingWaits, waitOf } from './waits.js';

/**
 * Maximum number of connections per process, for reads and for transactions. The pools are separate, so that
 * transactions that wait for a lock cannot block reads.
 */
const READING_CONNECTIONS = 5;
const WRITING_CONNECTIONS = 5;
/**
 * Maximum number of connections of a process: one more listens for notifications, and one sends heartbeats, which is
 * replaced before it is closed.
 */
export const PROCESS_CONNECTIONS = READING_CONNECTIONS + WRITING_CONNECTIONS + 3;
/**
 * Maximum number of reads and of transactions that wait for a connection. Reads are short: as many as there are
 * connections of clients.
 */
const MOST_READS_WAITING = 20_000;
const MOST_TRANSACTIONS_WAITING = 1000;
/** First key of all advisory locks ("hive"), so that they do not collide with those of other applications. */
export const LOCK_SPACE = 0x68697665;
/** Milliseconds after which a commit is considered not to end. Less than the time that a health check has. */
const LONGEST_COMMIT = 2000;
/** Whose turn health checks take. */
const HEALTH = 'health';
/** What a start waits for before it has a session of the server. */
const NO_RESPONSE = 'a response of PostgreSQL, or of a connection pooler before it';
/** There is no function that proves a commit, or the role may not call it. */
const CANNOT_PROVE = /^(?:42883|0A000|42501)$/;
/** Serialization failure, deadlock. */
const TRANSIENT = new Set(['40001', '40P01']);

/** The sequences of the identity columns. Sequences are not transactional: a snapshot reads their current value. */
const IDENTITIES: IdCounters = {
  async last(manager, table) {
    const sequence = await sequenceOf(manager, table);
    const [row] = await manager.query<{ last: number }[]>(
      `SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM ${sequence}`,
    );
    return row?.last ?? 0;
  },
  async goOnAfter(manager, table, id) {
    await manager.query('SELECT setval(pg_get_serial_sequence($1, $2), $3, $4)', [
      table,
      'id',
      Math.max(id, 1),
      id > 0,
    ]);
  },
  async catchUp(manager, table) {
    const sequence = await sequenceOf(manager, table);
    await manager.query(
      `SELECT setval($1, max("id")) FROM "${table}"
       HAVING max("id") > (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ${sequence})`,
      [sequence],
    );
  },
};

async function sequenceOf(manager: EntityManager, table: string): Promise<string> {
  const [row] = await manager.query<{ sequence: string }[]>(
    'SELECT pg_get_serial_sequence($1, $2) AS sequence',
    [table, 'id'],
  );
  return row?.sequence ?? '';
}

/**
 * PostgreSQL, through two connection pools. Before each pool is a fair queue: the
 * many requests of one caller do not keep others from getting a connection.
 */
export class PostgresAdapter implements DatabaseAdapter {
  readonly readsBlock = false;
  readonly withoutTimeouts = [
    'SET LOCAL statement_timeout = 0',
    'SET LOCAL lock_timeout = 0',
    'SET LOCAL idle_in_transaction_session_timeout = 0',
  ];
  private proof: Promise<string | undefined> | undefined;
  private readonly readTurns = turnsBefore(READING_CONNECTIONS, MOST_READS_WAITING);
  private readonly writeTurns = turnsBefore(WRITING_CONNECTIONS, MOST_TRANSACTIONS_WAITING);

  private constructor(
    private readonly server: ConnectionOptions,
    private readonly schema: Schema,
    private readonly tell: Tell,
    private readonly writing: Connections,
    private readonly reading: Connections,
    readonly changes: PostgresChangeNotifications,
    /** What each transaction begins with. */
    private readonly limits: string | undefined,
  ) {}

  /** @throws {Error} of the driver, when there is no connection */
  static open(url: string, schema: Schema, tell: Tell): Promise<PostgresAdapter> {
    return tellingWaits(PostgresAdapter.connect(url, schema, tell), tell, () => Promise.resolve(NO_RESPONSE));
  }

  private static async connect(url: string, schema: Schema, tell: Tell): Promise<PostgresAdapter> {
    const server = connectionOptions(url);
    const limits = await findSessionLimits(server);
    const watch = new ServerWatch();
    const onIdleError = (error: unknown): void => {
      tell(`An idle connection broke: ${String(error)}`);
    };
    const shared = { server, schema, limits, watch, onIdleError };
    const writing = await Connections.open({ ...shared, most: WRITING_CONNECTIONS });
    const reading = await Connections.open({ ...shared, most: READING_CONNECTIONS }).catch(
      async (error: unknown) => {
        await writing.close();
        throw error;
      },
    );
    const changes = new PostgresChangeNotifications(server, watch, tell);
    return new PostgresAdapter(server, schema, tell, writing, reading, changes, limits.inTransaction);
  }

  subscribe(listener: (subject: string | undefined) => void): void {
    this.changes.subscribe(listener);
  }

  listen(): Promise<void> {
    return this.changes.open();
  }

  read<T>(work: (manager: EntityManager) => Promise<T>, turnOf: string): Promise<T> {
    return this.readTurns.run({ keys: [turnOf] }, () => work(this.reading.source.manager));
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>, turnOf: string): Promise<T> {
    return this.writeTurns.run({ keys: [turnOf] }, async () => {
      const began = performance.now();
      const result = await this.transact(work);
      if (turnOf !== NOBODY) commits.report({ transactions: 1, seconds: (performance.now() - began) / 1000 });
      return result;
    });
  }

  snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return withOneConnection(this.server, this.schema, async (source) => {
      const runner = source.createQueryRunner();
      await runner.startTransaction('REPEATABLE READ');
      await runner.query(`SET TRANSACTION READ ONLY; ${this.withoutTimeouts.join('; ')}`);
      return work(runner.manager);
    });
  }

  get ids(): IdCounters {
    return IDENTITIES;
  }

  get load(): readonly DatabaseLoad[] {
    return [
      { work: 'reads', ...loadOf(this.reading, this.readTurns) },
      { work: 'transactions', ...loadOf(this.writing, this.writeTurns) },
    ];
  }

  /** Asks through both pools: a session may be read-only and another one not, when the default has been changed. */
  async state(): Promise<DatabaseState> {
    const [mayUse, refusal] = await Promise.all([
      this.read((manager) => mayUseTables(manager), HEALTH),
      // One at a time: it may wait for as long as the server does not commit.
      (this.proof ??= this.writeTurns
        .run({ keys: [HEALTH] }, () => proveWrites(this.writing.source, this.reading.source))
        .finally(() => (this.proof = undefined))),
    ]);
    const reason = refusal ?? (mayUse ? undefined : 'a table is missing, or its role may not use it');
    return { ...(reason !== undefined && { refusal: reason }), isDiskFull: false };
  }

  assertUsable(): Promise<void> {
    return refuseOtherEncoding((sql) => this.reading.source.query(sql));
  }

  appliedMigrations(): Promise<string[]> {
    return readAppliedMigrations(this.reading.source);
  }

  /**
   * Uses a connection without time limits: another process may hold the lock, and a large table may need time. The lock
   * ends with the transaction: a pooler would keep that of a session.
   */
  migrate(observer: MigrationObserver): Promise<void> {
    let backend: number | undefined;
    const migrated = withOneConnection(this.server, this.schema, async (source) => {
      watchMigrations(source, observer);
      const runner = source.createQueryRunner();
      // Each statement has to see what was committed while it waited for the lock.
      await runner.startTransaction('READ COMMITTED');
      await runner.query(this.withoutTimeouts.join('; '));
      const [row] = await runner.manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS "pid"');
      backend = row?.pid;
      await this.runMigrations(runner);
    });
    return tellingWaits(migrated, this.tell, () =>
      backend === undefined ? Promise.resolve(NO_RESPONSE) : waitOf(this.server, backend),
    );
  }

  private async runMigrations(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, LOCKS.migrations]);
    const executor = new MigrationExecutor(runner.dataSource, runner);
    executor.transaction = 'all';
    await executor.executePendingMigrations();
    await runner.commitTransaction();
  }

  isAmong(column: string, parameter: string): string {
    return `${column} IN (SELECT CAST("value" AS bigint) FROM json_array_elements_text(CAST(:${parameter} AS json)))`;
  }

  isTransient(error: unknown): boolean {
    return TRANSIENT.has(String((error as { code?: unknown } | null)?.code));
  }

  takenIdsOf(error: unknown): string | undefined {
    const violated = uniqueViolationOf(error);
    return violated?.isPrimaryKey === true && this.givesIds(violated.table) ? violated.table : undefined;
  }

  private givesIds(table: string): boolean {
    return this.writing.source.entityMetadatas.some(
      ({ tableName, generatedColumns }) => tableName === table && generatedColumns.length > 0,
    );
  }

  async close(): Promise<void> {
    await this.changes.close();
    await this.reading.close();
    await this.writing.close();
  }

  private async transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const announced: string[] = [];
    const runner = this.writing.source.createQueryRunner();
    try {
      return await runner.manager.transaction('READ COMMITTED', async (manager) => {
        if (this.limits !== undefined) await manager.query(this.limits);
        return work({
          manager,
          rowLock: 'pessimistic_write',
          sharedLock: 'pessimistic_read',
          serialise: async (lock) => {
            await manager.query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, LOCKS[lock]]);
          },
          share: async (lock) => {
            await manager.query('SELECT pg_advisory_xact_lock_shared($1, $2)', [LOCK_SPACE, LOCKS[lock]]);
          },
          announce: async (subject) => {
            announced.push(subject);
            await this.changes.announce((sql, parameters) => manager.query(sql, parameters), subject);
          },
        });
      });
    } finally {
      // Notify before the response, so that this process sees its own change in the next request. Notify also after an
      // error: the commit may have succeeded.
      for (const subject of announced) this.changes.tell(subject);
      await giveBack(runner);
    }
  }
}

/** Whether all tables are there, and the role of the service may use them. */
async function mayUseTables(manager: EntityManager): Promise<boolean> {
  const names = manager.dataSource.entityMetadatas.map(({ tableName }) => tableName);
  const [row] = await manager.query<{ may: boolean | null }[]>(
    `SELECT bool_and(coalesce(has_table_privilege(to_regclass(quote_ident(name)), 'SELECT')
                          AND has_table_privilege(to_regclass(quote_ident(name)), 'INSERT'), false)) AS "may"
       FROM unnest(CAST($1 AS text[])) AS name`,
    [names],
  );
  return row?.may === true;
}

/**
 * Commits a transaction that changes no table, and returns why there can be none. A primary whose synchronous standby is
 * gone accepts everything and commits nothing: it waits. So the transaction has an empty message for the write-ahead log,
 * and a commit that takes too long is cancelled: its process at the server would wait for ever.
 */
async function proveWrites(writing: DataSource, reading: DataSource): Promise<string | undefined> {
  const runner = writing.createQueryRunner();
  const commit = { isCancelled: false };
  let overdue: NodeJS.Timeout | undefined;
  try {
    await runner.startTransaction();
    const [row] = await runner.manager.query<{ setting: string; pid: number }[]>(
      `SELECT current_setting('transaction_read_only') AS "setting", pg_backend_pid() AS "pid"`,
    );
    // Every transaction of a standby is read-only.
    if (row?.setting === 'on') {
      await runner.rollbackTransaction();
      return 'it is read-only, or a standby';
    }
    try {
      await runner.query(`SELECT pg_logical_emit_message(true, 'hivegate', '')`);
    } catch (error) {
      if (!CANNOT_PROVE.test(codeOf(error))) throw error;
      await runner.rollbackTransaction();
      return undefined;
    }
    overdue = setTimeout(() => {
      commit.isCancelled = true;
      reading.query('SELECT pg_cancel_backend($1)', [row?.pid]).catch(() => undefined);
    }, LONGEST_COMMIT);
    await runner.commitTransaction();
    return commit.isCancelled ? 'a commit does not end: is a synchronous standby gone?' : undefined;
  } finally {
    clearTimeout(overdue);
    await giveBack(runner);
  }
}

/**
 * Returns a connection to the pool. Closes it if its transaction is still open: the next user of the connection would
 * continue that transaction and commit it.
 */
async function giveBack(runner: QueryRunner): Promise<void> {
  if (runner.isTransactionActive && !runner.isReleased) {
    const connection = (await runner.connect()) as PoolClient & { end(): Promise<void> };
    connection.end().catch(() => undefined);
  }
  await runner.release();
}

function turnsBefore(slots: number, mostWaiting: number): Turns {
  return new Turns({
    slots,
    capacity: () => mostWaiting,
    longestWait: CONNECT_TIMEOUT,
    refusal: () => new UnavailableError('The service is busy'),
  });
}

/** How busy a pool is. Work waits for a turn before it, and in it for a new connection. */
function loadOf({ counts }: Connections, { waiting }: Turns): Omit<DatabaseLoad, 'work'> {
  return { ...counts, waiting: waiting + counts.waiting };
}
