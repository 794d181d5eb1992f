import { Socket } from 'node:net';
import type { PoolClient } from 'pg';
import { DataSource, type DataSourceOptions, type EntityManager, type QueryRunner } from 'typeorm';
import {
  type DatabaseAdapter,
  type IdCounters,
  LOCKS,
  readAppliedMigrations,
  type Transaction,
} from '../database-adapter.js';
import type { Schema } from '../schema.js';
import { PostgresChangeNotifications } from './postgres.change-notifications.js';

/**
 * Connections of one process, for reads and for transactions. They are kept apart, so that transactions that wait for
 * a lock cannot take the reads' connections.
 */
const READING_CONNECTIONS = 5;
const WRITING_CONNECTIONS = 5;
/** How long, in milliseconds, a request waits for a connection before it is told to come back. */
const CONNECT_TIMEOUT = 5000;
/** How long, in milliseconds, a connection is kept that nobody needs. */
const IDLE_TIMEOUT = 10_000;
/** How long, in milliseconds, one statement may take. */
const STATEMENT_TIMEOUT = 30_000;
/**
 * How long, in milliseconds, a statement waits for a row that somebody else holds: less than others wait for the
 * connection that it holds meanwhile, and more than PostgreSQL needs to find out about a deadlock.
 */
const LOCK_TIMEOUT = 3000;
/** After so many milliseconds without a byte the database does not answer any more: it would have told a time-out. */
const SILENCE_TIMEOUT = STATEMENT_TIMEOUT + 2000;
/** Keeps our advisory locks apart from those of others in the same database ("hive"). */
export const LOCK_SPACE = 0x68697665;
/** Serialization failure, deadlock. */
const TRANSIENT = new Set(['40001', '40P01']);

/** The sequences of the identity columns. Other than the rows they are as they are now, also within a snapshot. */
const IDENTITIES: IdCounters = {
  async last(manager, table) {
    const [{ sequence } = { sequence: '' }] = await manager.query<{ sequence: string }[]>(
      'SELECT pg_get_serial_sequence($1, $2) AS sequence',
      [table, 'id'],
    );
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
};

/** PostgreSQL, or a distributed engine that speaks its protocol: two ordinary pools. */
export class PostgresAdapter implements DatabaseAdapter {
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

  get reader(): EntityManager {
    return this.reading.manager;
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const announced: string[] = [];
    const runner = this.writing.createQueryRunner();
    try {
      return await runner.manager.transaction('READ COMMITTED', (manager) =>
        work({
          manager,
          rowLock: { mode: 'pessimistic_write' },
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
      // Before the answer: our own next request must see the change. Also when it failed: it may be true for all that.
      for (const subject of announced) this.changes.tell(subject);
      await giveBack(runner);
    }
  }

  async snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    // A connection of its own, without time-outs. There is nothing to commit: with it the transaction ends.
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

  appliedMigrations(): Promise<string[]> {
    return readAppliedMigrations(this.reading);
  }

  /** On connections of its own, which may take their time: another process may be at it, and a large table to be changed. */
  async migrate(): Promise<void> {
    const source = new DataSource({ ...optionsOf(this.url, this.schema), extra: CONNECTING });
    await source.initialize();
    try {
      const holder = source.createQueryRunner();
      // Ends with its connection.
      await holder.query('SELECT pg_advisory_lock($1, $2)', [LOCK_SPACE, LOCKS.migrations]);
      await source.runMigrations({ transaction: 'all' });
    } finally {
      await source.destroy();
    }
  }

  like(column: string, parameter: string): string {
    return `${column} LIKE :${parameter} ESCAPE ''`;
  }

  isTransient(error: unknown): boolean {
    return TRANSIENT.has(String((error as { code?: unknown } | null)?.code));
  }

  async close(): Promise<void> {
    await this.changes.close();
    await this.reading.destroy();
    await this.writing.destroy();
  }
}

/**
 * Gives a connection back to the pool; one whose transaction could not be ended is closed: whoever got it next would
 * go on in that transaction, and commit it.
 */
async function giveBack(runner: QueryRunner): Promise<void> {
  if (runner.isTransactionActive && !runner.isReleased) {
    const connection = (await runner.connect()) as PoolClient & { end(): Promise<void> };
    connection.end().catch(() => undefined);
  }
  await runner.release();
}

const CONNECTING = { connectionTimeoutMillis: CONNECT_TIMEOUT };

function optionsOf(url: string, schema: Schema): Extract<DataSourceOptions, { type: 'postgres' }> {
  return {
    type: 'postgres',
    url,
    // Ids, counts and timestamps are bigint: numbers here, all of them below 2^53.
    parseInt8: true,
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    logging: false,
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
    // A connection that breaks while idle is replaced by the pool; without a handler it would end the process.
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
 * A socket that breaks when nothing comes over it any more. The pool closes connections that are idle sooner, so
 * somebody waits for an answer on it, and whoever came next would wait, too.
 */
function makeSocket(): Socket {
  const socket = new Socket();
  return socket.setTimeout(SILENCE_TIMEOUT, () => {
    socket.destroy(Object.assign(new Error('The database does not answer'), { code: 'ETIMEDOUT' }));
  });
}
