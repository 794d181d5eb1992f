import type { PoolClient } from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import {
  type Engine,
  type IdCounters,
  type LockName,
  LOCKS,
  readAppliedMigrations,
  type Transaction,
} from './engine.js';
import { PostgresChanges } from './postgres.changes.js';
import type { Schema } from './schema.js';

/** Connections of one process. */
const POOL_SIZE = 10;
/** How long, in milliseconds, a request waits for a connection before it is told to come back. */
const CONNECT_TIMEOUT = 5000;
/** How long, in milliseconds, one statement may take. */
const STATEMENT_TIMEOUT = 30_000;
/** Keeps our advisory locks apart from those of others in the same database ("hive"). */
const LOCK_SPACE = 0x68697665;
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

/** PostgreSQL, or a distributed engine that speaks its protocol: an ordinary pool. */
export class PostgresEngine implements Engine {
  private constructor(
    private readonly source: DataSource,
    readonly changes: PostgresChanges,
  ) {}

  static async open(
    url: string,
    schema: Schema,
    onIdleError: (error: unknown) => void,
  ): Promise<PostgresEngine> {
    const source = new DataSource({
      type: 'postgres',
      url,
      // Ids, counts and timestamps are bigint: numbers here, all of them below 2^53.
      parseInt8: true,
      entities: [...schema.entities],
      migrations: [...schema.migrations],
      logging: false,
      // A connection that breaks while idle is replaced by the pool; without a handler it would end the process.
      poolErrorHandler: onIdleError,
      applicationName: 'hivegate',
      extra: {
        max: POOL_SIZE,
        connectionTimeoutMillis: CONNECT_TIMEOUT,
        statement_timeout: STATEMENT_TIMEOUT,
        idle_in_transaction_session_timeout: STATEMENT_TIMEOUT,
      },
    });
    await source.initialize();
    const changes = new PostgresChanges(url);
    await changes.open();
    return new PostgresEngine(source, changes);
  }

  get reader(): EntityManager {
    return this.source.manager;
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const announced: string[] = [];
    const runner = this.source.createQueryRunner();
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
    const runner = this.source.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      await runner.query('SET TRANSACTION READ ONLY');
      for (const timeout of ['statement_timeout', 'idle_in_transaction_session_timeout'])
        await runner.query('SELECT set_config($1, $2, true)', [timeout, '0']);
      return await work(runner.manager);
    } finally {
      // There is nothing to commit.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      await giveBack(runner);
    }
  }

  get ids(): IdCounters {
    return IDENTITIES;
  }

  appliedMigrations(): Promise<string[]> {
    return readAppliedMigrations(this.source);
  }

  async migrate(): Promise<void> {
    await this.holding('migrations', () => this.source.runMigrations({ transaction: 'all' }));
  }

  like(column: string, parameter: string): string {
    return `${column} LIKE :${parameter} ESCAPE ''`;
  }

  isTransient(error: unknown): boolean {
    return TRANSIENT.has(String((error as { code?: unknown } | null)?.code));
  }

  async close(): Promise<void> {
    await this.changes.close();
    await this.source.destroy();
  }

  /** Runs `work` while a connection of its own holds the lock, over several transactions. */
  private async holding<T>(lock: LockName, work: () => Promise<T>): Promise<T> {
    const holder = this.source.createQueryRunner();
    try {
      await holder.query('SELECT set_config($1, $2, false)', ['statement_timeout', '0']);
      await holder.query('SELECT pg_advisory_lock($1, $2)', [LOCK_SPACE, LOCKS[lock]]);
      try {
        return await work();
      } finally {
        await holder.query('SELECT pg_advisory_unlock($1, $2)', [LOCK_SPACE, LOCKS[lock]]);
        await holder.query('SELECT set_config($1, $2, false)', [
          'statement_timeout',
          String(STATEMENT_TIMEOUT),
        ]);
      }
    } finally {
      await holder.release();
    }
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
