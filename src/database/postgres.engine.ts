import { DataSource, type EntityManager } from 'typeorm';
import { type Engine, type LockName, LOCKS, type Transaction } from './engine.js';
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
    const result = await this.source.transaction('READ COMMITTED', (manager) =>
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
    // Before the answer: our own next request must see the change.
    for (const subject of announced) this.changes.tell(subject);
    return result;
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
