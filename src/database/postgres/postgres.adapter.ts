import { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';
import { DataSource, type DataSourceOptions, type EntityManager, type QueryRunner } from 'typeorm';
import { UnavailableError } from '../../errors/unavailable.error.js';
import { commits } from '../../telemetry/measurements.js';
import { Turns } from '../../turns/turns.js';
import { LOCKS } from '../advisory-locks.js';
import { readAppliedMigrations } from '../applied-migrations.js';
import { type DatabaseAdapter, type DatabaseLoad, type DatabaseState, NOBODY } from '../database-adapter.js';
import { uniqueViolationOf } from '../database-errors.js';
import type { IdCounters } from '../id-counters.js';
import type { Schema } from '../schema.js';
import { SILENT_LOGGER } from '../silent-logger.js';
import type { Transaction } from '../transaction.js';
import { type MigrationObserver, watchMigrations } from '../watch-migrations.js';
import { PostgresChangeNotifications } from './postgres.change-notifications.js';
import { refuseOtherEncoding } from './server-encoding.js';

/**
 * Maximum number of connections per process, for reads and for transactions. The pools are separate, so that
 * transactions that wait for a lock cannot block reads.
 */
const READING_CONNECTIONS = 5;
const WRITING_CONNECTIONS = 5;
/** Maximum number of connections of a process: one more listens for notifications. */
export const PROCESS_CONNECTIONS = READING_CONNECTIONS + WRITING_CONNECTIONS + 1;
/** Milliseconds that a request waits for a connection before it fails with 503. */
const CONNECT_TIMEOUT = 5000;
/**
 * Maximum number of reads and of transactions that wait for a connection. Reads are short: as many as there are
 * connections of clients.
 */
const MOST_READS_WAITING = 20_000;
const MOST_TRANSACTIONS_WAITING = 1000;
/** Milliseconds until an idle connection is closed. */
const IDLE_TIMEOUT = 10_000;
/** Maximum duration of a statement, in milliseconds. */
const STATEMENT_TIMEOUT = 30_000;
/**
 * Milliseconds that a statement waits for a lock. Less than {@link CONNECT_TIMEOUT}, because other requests wait for
 * its connection. More than PostgreSQL's `deadlock_timeout` (1 s).
 */
const LOCK_TIMEOUT = 3000;
/** Milliseconds without data until a connection is considered dead: PostgreSQL would have reported a timeout before. */
const SILENCE_TIMEOUT = STATEMENT_TIMEOUT + 2000;
/** First key of all advisory locks ("hive"), so that they do not collide with those of other applications. */
export const LOCK_SPACE = 0x68697665;
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
 * PostgreSQL or a compatible distributed database, through two connection pools. Before each pool is a fair queue: the
 * many requests of one caller do not keep others from getting a connection.
 */
export class PostgresAdapter implements DatabaseAdapter {
  readonly readsBlock = false;
  readonly withoutTimeouts = [
    'SET LOCAL statement_timeout = 0',
    'SET LOCAL idle_in_transaction_session_timeout = 0',
  ];
  private readonly readTurns = turnsBefore(READING_CONNECTIONS, MOST_READS_WAITING);
  private readonly writeTurns = turnsBefore(WRITING_CONNECTIONS, MOST_TRANSACTIONS_WAITING);

  private constructor(
    private readonly url: string,
    private readonly schema: Schema,
    private readonly writing: DataSource,
    private readonly reading: DataSource,
    readonly changes: PostgresChangeNotifications,
  ) {}

  static async open(
    url: string,
    schema: Schema,
    onIdleError: (error: unknown) => void,
  ): Promise<PostgresAdapter> {
    const writing = connect(url, schema, onIdleError, WRITING_CONNECTIONS);
    const reading = connect(url, schema, onIdleError, READING_CONNECTIONS);
    await writing.initialize();
    await reading.initialize();
    const changes = new PostgresChangeNotifications(url);
    await changes.open();
    return new PostgresAdapter(url, schema, writing, reading, changes);
  }

  read<T>(work: (manager: EntityManager) => Promise<T>, turnOf: string): Promise<T> {
    return this.readTurns.run({ keys: [turnOf] }, () => work(this.reading.manager));
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>, turnOf: string): Promise<T> {
    return this.writeTurns.run({ keys: [turnOf] }, async () => {
      const began = performance.now();
      const result = await this.transact(work);
      if (turnOf !== NOBODY) commits.report({ transactions: 1, seconds: (performance.now() - began) / 1000 });
      return result;
    });
  }

  async snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    // A separate connection without timeouts. The transaction is read-only; closing the connection ends it.
    const source = new DataSource({ ...optionsOf(this.url, this.schema), extra: CONNECTING });
    await source.initialize();
    try {
      const runner = source.createQueryRunner();
      await runner.startTransaction('REPEATABLE READ');
      await runner.query('SET TRANSACTION READ ONLY');
      return await work(runner.manager);
    } finally {
      await source.destroy();
    }
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
    const turnOf = 'health';
    const [, rows] = await Promise.all([
      this.read((manager) => manager.query('SELECT 1'), turnOf),
      this.writeTurns.run({ keys: [turnOf] }, () =>
        this.writing.query<{ setting: string }[]>(
          `SELECT current_setting('transaction_read_only') AS setting`,
        ),
      ),
    ]);
    // Every transaction of a standby is read-only.
    return rows[0]?.setting === 'on'
      ? { refusal: 'it is read-only, or a standby', isDiskFull: false }
      : { isDiskFull: false };
  }

  assertUsable(): Promise<void> {
    return refuseOtherEncoding((sql) => this.reading.query(sql));
  }

  appliedMigrations(): Promise<string[]> {
    return readAppliedMigrations(this.reading);
  }

  /** Uses separate connections without timeouts: another process may hold the lock, and a large table may need time. */
  async migrate(observer: MigrationObserver): Promise<void> {
    const source = new DataSource({ ...optionsOf(this.url, this.schema), extra: CONNECTING });
    await source.initialize();
    watchMigrations(source, observer);
    try {
      const holder = source.createQueryRunner();
      // Released when its connection is closed.
      await holder.query('SELECT pg_advisory_lock($1, $2)', [LOCK_SPACE, LOCKS.migrations]);
      await source.runMigrations({ transaction: 'all' });
    } finally {
      await source.destroy();
    }
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
    return this.writing.entityMetadatas.some(
      ({ tableName, generatedColumns }) => tableName === table && generatedColumns.length > 0,
    );
  }

  async close(): Promise<void> {
    await this.changes.close();
    await this.reading.destroy();
    await this.writing.destroy();
  }

  private async transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const announced: string[] = [];
    const runner = this.writing.createQueryRunner();
    try {
      return await runner.manager.transaction('READ COMMITTED', (manager) =>
        work({
          manager,
          rowLock: 'pessimistic_write',
          sharedLock: 'pessimistic_read',
          serialise: async (lock) => {
            await manager.query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, LOCKS[lock]]);
          },
          announce: async (subject) => {
            announced.push(subject);
            await this.changes.announce((sql, parameters) => manager.query(sql, parameters), subject);
          },
        }),
      );
    } finally {
      // Notify before the response, so that this process sees its own change in the next request. Notify also after an
      // error: the commit may have succeeded.
      for (const subject of announced) this.changes.tell(subject);
      await giveBack(runner);
    }
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
function loadOf({ driver }: DataSource, { waiting }: Turns): Omit<DatabaseLoad, 'work'> {
  const { totalCount, idleCount, waitingCount } = (driver as unknown as { readonly master: Pool }).master;
  return { open: totalCount, idle: idleCount, waiting: waiting + waitingCount };
}

const CONNECTING = { connectionTimeoutMillis: CONNECT_TIMEOUT };

function optionsOf(url: string, schema: Schema): Extract<DataSourceOptions, { type: 'postgres' }> {
  return {
    type: 'postgres',
    url,
    // Ids, counts and timestamps are bigint. All are below 2^53, so numbers can represent them.
    parseInt8: true,
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    logger: SILENT_LOGGER,
    applicationName: 'hivegate',
  };
}

function connect(
  url: string,
  schema: Schema,
  onIdleError: (error: unknown) => void,
  connections: number,
): DataSource {
  return new DataSource({
    ...optionsOf(url, schema),
    // The pool replaces idle connections that break. Without a handler, the error would stop the process.
    poolErrorHandler: onIdleError,
    extra: {
      ...CONNECTING,
      max: connections,
      idleTimeoutMillis: IDLE_TIMEOUT,
      statement_timeout: STATEMENT_TIMEOUT,
      lock_timeout: LOCK_TIMEOUT,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT,
      stream: makeSocket,
    },
  });
}

/**
 * Creates a socket that fails after {@link SILENCE_TIMEOUT} without data. The pool closes idle connections earlier, so
 * a request is waiting on it, and the next user of the connection would wait, too.
 */
function makeSocket(): Socket {
  const socket = new Socket();
  return socket.setTimeout(SILENCE_TIMEOUT, () => {
    socket.destroy(Object.assign(new Error('The database does not answer'), { code: 'ETIMEDOUT' }));
  });
}
