import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type EntityManager, QueryFailedError } from 'typeorm';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { UnavailableError } from '../errors/unavailable.error.js';
import { startProgress } from '../progress/start-progress.js';
import type { DatabaseSettings } from '../settings/setting-values.js';
import { SettingsError } from '../settings/settings.js';
import { traced } from '../telemetry/traced.js';
import type { ChangeNotifications } from './change-notifications.js';
import {
  type DatabaseAdapter,
  type DatabaseLoad,
  type DatabaseState,
  NOBODY,
  type Tell,
} from './database-adapter.js';
import {
  databaseUnavailable,
  isDiskFull,
  isUnavailable,
  reasonOf,
  toDatabaseError,
} from './database-errors.js';
import type { IdCounters } from './id-counters.js';
import { PostgresAdapter } from './postgres/postgres.adapter.js';
import { encodingRefusalOf } from './postgres/server-encoding.js';
import { migrationsOf, type Schema } from './schema.js';
import { isExpansion, otherVersion, unknownMigrations } from './schema-versions.js';
import { SqliteAdapter } from './sqlite/sqlite.adapter.js';
import type { Transaction } from './transaction.js';
import type { MigrationObserver } from './watch-migrations.js';

/** Maximum number of attempts of a transaction that fails with a serialization failure or a deadlock. */
const MOST_TRIES = 4;

/** Milliseconds without a failure after which a write that succeeds shows that the disk is not full any more. */
const LONGEST_FULL = 5000;

/** Timeout of {@link Database.state}, in milliseconds. */
const STATE_TIMEOUT = 3000;

/**
 * The only access to the data: reads of committed data, and transactions.
 *
 * Callers that wait for the database get their turns round robin, so that the many requests of one do not keep others
 * waiting (contract.md §5). `turnOf` names the caller: a user (`user/7`), or the source of a sign-in.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly logger = new Logger(Database.name);
  /** Whether writes fail because the disk is full, and when one has done so last. */
  private isFull = false;
  private fullAt = -Infinity;

  constructor(
    private readonly engine: DatabaseAdapter,
    /** Whether it had no tables before it was opened. */
    readonly isNew: boolean,
  ) {}

  /**
   * Opens the database and runs the pending migrations. Creates a SQLite file if it is missing. Shows the progress of an
   * upgrade: a large table takes time. The schema may be of a newer version whose migrations only add (see
   * {@link isExpansion}): during an upgrade, processes of both versions serve.
   *
   * @param observer is told of each migration that this process has run
   * @throws {SettingsError} when the database cannot be used or has another schema of a newer version
   */
  static open(
    settings: DatabaseSettings,
    schema: Schema,
    observer: MigrationObserver = () => undefined,
  ): Promise<Database> {
    const logger = new Logger(Database.name);
    const tell = (line: string) => {
      logger.warn(line);
    };
    const prepare = async (engine: DatabaseAdapter) => {
      const applied = await engine.appliedMigrations();
      const unknown = unknownMigrations(applied, schema);
      if (!unknown.every(isExpansion)) throw otherVersion('a newer');
      if (unknown.length > 0) tell(`A newer version has migrated the database: ${unknown.join(', ')}`);
      await upgrade(engine, applied, schema, observer);
      return applied;
    };
    return openWith(settings, schema, prepare, tell);
  }

  /**
   * Opens a database on which the service has been started before. Does not change it.
   *
   * @param options `whole`: for work on all columns of all tables, such as a backup: the schema must be the same
   * @throws {SettingsError} when the database does not exist, cannot be used, or has the schema of another version, but
   *   for what {@link open} accepts
   */
  static async openExisting(
    settings: DatabaseSettings,
    schema: Schema,
    { whole = false }: { whole?: boolean } = {},
  ): Promise<Database> {
    if (settings.kind === 'sqlite' && !existsSync(settings.path))
      throw new SettingsError(`DATABASE_URL cannot be used: there is no file ${settings.path}`);
    return openWith(settings, schema, async (engine) => {
      const applied = await engine.appliedMigrations();
      const added = unknownMigrations(applied, schema).filter((name) => !whole && isExpansion(name));
      refuseOtherSchema(
        applied.filter((name) => !added.includes(name)),
        schema,
      );
      return applied;
    });
  }

  /**
   * Opens a database and runs the migrations if it has no schema. Creates a SQLite file if it is missing.
   *
   * @throws {SettingsError} when the database cannot be used or has the schema of another version
   */
  static openNew(settings: DatabaseSettings, schema: Schema): Promise<Database> {
    return openWith(settings, schema, async (engine) => {
      const applied = await engine.appliedMigrations();
      if (applied.length > 0) refuseOtherSchema(applied, schema);
      if (applied.length === 0) await engine.migrate(() => undefined);
      return applied;
    });
  }

  /** Change notifications. Undefined on SQLite: reads are local, so a cache gains nothing. */
  get changes(): ChangeNotifications | undefined {
    return this.engine.changes;
  }

  /**
   * `listener` receives the subject of each change that this process has announced and committed, and on PostgreSQL
   * those of other processes while notifications arrive. To wake up by: nobody may rely on it.
   */
  subscribe(listener: (subject: string | undefined) => void): void {
    this.engine.subscribe(listener);
  }

  /** Starts to receive change notifications: for a process that caches. */
  async listen(): Promise<void> {
    await this.engine.listen?.();
  }

  /** How busy the connections are. */
  get load(): readonly DatabaseLoad[] {
    return this.engine.load;
  }

  /** Whether statements run on the main thread: one that takes long holds the process. */
  get readsBlock(): boolean {
    return this.engine.readsBlock;
  }

  /**
   * Reads committed data.
   *
   * @throws {UnavailableError} when the database is unavailable
   */
  async read<T>(work: (manager: EntityManager) => Promise<T>, turnOf = NOBODY): Promise<T> {
    try {
      return await this.engine.read(work, turnOf);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  /**
   * Runs `work` in a transaction. `work` may be retried after a serialization failure or a deadlock, or when an
   * id sequence lagged behind, so it must have no
   * side effects outside the database. Errors of `work` roll the transaction back and are rethrown.
   *
   * @throws {UnavailableError} when the database is unavailable, or too many wait and nobody has more waiting than this
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, turnOf = NOBODY): Promise<T> {
    return traced('database transaction', () => this.tryTransaction(work, turnOf));
  }

  private async tryTransaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    turnOf: string,
  ): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        const result = await this.engine.transaction(work, turnOf);
        // Writes that change a row in its place succeed on a full disk.
        if (this.isFull && performance.now() - this.fullAt > LONGEST_FULL) this.isFull = false;
        return result;
      } catch (error) {
        if (isDiskFull(error)) {
          this.isFull = true;
          this.fullAt = performance.now();
        }
        if (tries === MOST_TRIES) throw toDatabaseError(error);
        if (!this.engine.isTransient(error) && !(await this.catchUp(error))) throw toDatabaseError(error);
      }
    }
  }

  /**
   * Corrects the id sequence if it has given an id that a row has already, and the transaction failed for that reason.
   *
   * @returns whether that was the reason
   */
  private async catchUp(error: unknown): Promise<boolean> {
    const table = this.engine.takenIdsOf(error);
    if (table === undefined) return false;
    // The failed transaction may have taken the last of the taken ids: the sequence is right by now.
    await this.engine.transaction(({ manager }) => this.ids.catchUp(manager, table), table);
    this.logger.warn(`The ids of ${table} lagged behind its rows, which were inserted by other means`);
    return true;
  }

  /**
   * Runs `work` on a consistent snapshot: concurrent writes are not visible. There is no time limit.
   *
   * @throws {UnavailableError} when the database is unavailable
   */
  async snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.engine.snapshot(work);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  /** Lifts the time limits of the statements and pauses of a transaction, for one that moves much data. */
  async waitLonger({ manager }: Transaction): Promise<void> {
    for (const statement of this.engine.withoutTimeouts) await manager.query(statement);
  }

  /** The id sequences of the tables. */
  get ids(): IdCounters {
    return this.engine.ids;
  }

  /**
   * Returns a condition that `column` is one of the integers in `parameter`, a JSON list. It may be longer than the
   * number of parameters that a statement can have.
   */
  isAmong(column: string, parameter: string): string {
    return this.engine.isAmong(column, parameter);
  }

  /**
   * Asks the database whether it takes writes. Changes no table.
   *
   * @throws {UnavailableError} when it does not respond within {@link STATE_TIMEOUT}: health checks must not wait for
   *   the longer statement timeout
   */
  async state(): Promise<DatabaseState> {
    const waiting = new AbortController();
    const tooLong = async () => {
      await pause(STATE_TIMEOUT, undefined, waiting);
      throw databaseUnavailable();
    };
    try {
      const state = await Promise.race([this.engine.state(), tooLong()]);
      return { ...state, isDiskFull: state.isDiskFull || this.isFull };
    } catch (error) {
      throw toDatabaseError(error);
    } finally {
      waiting.abort();
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** Closes all connections. */
  close(): Promise<void> {
    return this.engine.close();
  }
}

/**
 * By default it is for a command, whose standard output is its result.
 *
 * @param prepare checks and migrates the database, and returns the migrations that it had before
 */
async function openWith(
  settings: DatabaseSettings,
  schema: Schema,
  prepare: (engine: DatabaseAdapter) => Promise<readonly string[]>,
  tell: Tell = (line) => process.stderr.write(`${line}\n`),
): Promise<Database> {
  const engine = await connect(settings, schema, tell);
  try {
    await engine.assertUsable();
    const applied = await prepare(engine);
    return new Database(engine, applied.length === 0);
  } catch (error) {
    await engine.close();
    // For example a missing privilege, or a table of another application.
    throw isUnavailable(error) || error instanceof QueryFailedError ? unusable(error) : error;
  }
}

async function upgrade(
  engine: DatabaseAdapter,
  applied: readonly string[],
  schema: Schema,
  observer: MigrationObserver,
): Promise<void> {
  const pending = migrationsOf(schema).filter((name) => !applied.includes(name)).length;
  // No lock to wait for.
  if (pending === 0) return;
  // A new database takes no time.
  if (applied.length === 0) return engine.migrate(observer);
  const progress = startProgress('Migration', { total: pending, unit: 'steps', isSlow: true });
  try {
    await engine.migrate((name) => {
      observer(name);
      progress.advance();
    });
  } finally {
    progress.end();
  }
}

function refuseOtherSchema(applied: readonly string[], schema: Schema): void {
  const known = migrationsOf(schema);
  if (applied.join() === known.join()) return;
  if (applied.length === 0)
    throw new SettingsError(
      'DATABASE_URL cannot be used: the service has never been started on this database',
    );
  throw otherVersion(unknownMigrations(applied, schema).length > 0 ? 'a newer' : 'an older');
}

async function connect(settings: DatabaseSettings, schema: Schema, tell: Tell): Promise<DatabaseAdapter> {
  try {
    return settings.kind === 'sqlite'
      ? await SqliteAdapter.open(settings.path, schema, tell)
      : await PostgresAdapter.open(settings.url, schema, tell);
  } catch (error) {
    throw unusable(error);
  }
}

/**
 * Returns the startup error for a database that cannot be used.
 *
 * @param error the driver's error, or an {@link UnavailableError} with it as the cause
 */
export function unusable(error: unknown): SettingsError {
  const cause = error instanceof UnavailableError ? error.cause : error;
  const refusal = cause instanceof SettingsError ? cause : encodingRefusalOf(cause);
  if (refusal) return refusal;
  return new SettingsError(`DATABASE_URL cannot be used: ${reasonOf(cause)}`);
}
