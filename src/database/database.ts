import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type EntityManager, QueryFailedError } from 'typeorm';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { UnavailableError } from '../errors/unavailable.error.js';
import type { DatabaseSettings } from '../settings/setting-values.js';
import { SettingsError } from '../settings/settings.js';
import type { ChangeNotifications, DatabaseAdapter, IdCounters, Transaction } from './database-adapter.js';
import { databaseUnavailable, isUnavailable, toDatabaseError } from './database-errors.js';
import { PostgresAdapter } from './postgres/postgres.adapter.js';
import { migrationsOf, type Schema } from './schema.js';
import { SqliteAdapter } from './sqlite/sqlite.adapter.js';

/** How often a transaction that lost to another is tried again before it is refused. */
const MOST_TRIES = 4;

/** How long, in milliseconds, the database has to answer a {@link Database.ping}. */
const PING_TIMEOUT = 3000;

/** The one way to the data: reads of what is committed, and transactions. */
@Injectable()
export class Database implements OnApplicationShutdown {
  constructor(private readonly engine: DatabaseAdapter) {}

  /**
   * Opens the database, makes it if need be, and brings its schema up to date.
   *
   * @throws {SettingsError} when there is none to be had, or one of a newer version
   */
  static open(settings: DatabaseSettings, schema: Schema): Promise<Database> {
    return openWith(settings, schema, async (engine) => {
      if (isNewer(await engine.appliedMigrations(), schema)) throw otherVersion('a newer');
      await engine.migrate();
    });
  }

  /**
   * Opens a database in which the service has been started before, and changes nothing about it.
   *
   * @throws {SettingsError} when there is none, or one of another version
   */
  static async openExisting(settings: DatabaseSettings, schema: Schema): Promise<Database> {
    if (settings.kind === 'sqlite' && !existsSync(settings.path))
      throw new SettingsError('DATABASE_URL cannot be used: there is no such file');
    return openWith(settings, schema, async (engine) => {
      refuseOtherSchema(await engine.appliedMigrations(), schema);
    });
  }

  /**
   * Opens a database, makes it if need be, and gives it its schema if it has none.
   *
   * @throws {SettingsError} when it is of another version, or there is none to be had
   */
  static openNew(settings: DatabaseSettings, schema: Schema): Promise<Database> {
    return openWith(settings, schema, async (engine) => {
      const applied = await engine.appliedMigrations();
      if (applied.length > 0) refuseOtherSchema(applied, schema);
      await engine.migrate();
    });
  }

  /** Hears of changes; undefined where reading costs no more than remembering. */
  get changes(): ChangeNotifications | undefined {
    return this.engine.changes;
  }

  /**
   * Reads what is committed.
   *
   * @throws {UnavailableError} when the database cannot answer
   */
  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await work(this.engine.reader);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  /**
   * Does `work` wholly or not at all. It may be run again when it lost to another transaction, so it touches
   * nothing but the database.
   *
   * @throws {UnavailableError} when the database cannot answer; whatever `work` throws
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.engine.transaction(work);
      } catch (error) {
        if (tries < MOST_TRIES && this.engine.isTransient(error)) continue;
        throw toDatabaseError(error);
      }
    }
  }

  /**
   * Reads what was committed at one moment, however long it takes and whatever is written meanwhile.
   *
   * @throws {UnavailableError} when the database cannot answer
   */
  async snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.engine.snapshot(work);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  /** The ids given so far: see {@link IdCounters}. */
  get ids(): IdCounters {
    return this.engine.ids;
  }

  /** A condition that `column` is like the SQL pattern in `parameter`: `%` and `_`, and no escape. */
  like(column: string, parameter: string): string {
    return this.engine.like(column, parameter);
  }

  /**
   * Asks the database for an answer.
   *
   * @throws {UnavailableError} when it gives none within a few seconds: whoever asks will not wait for a time-out
   */
  async ping(): Promise<void> {
    const waiting = new AbortController();
    const tooLong = async () => {
      await pause(PING_TIMEOUT, undefined, waiting);
      throw databaseUnavailable();
    };
    try {
      await Promise.race([this.read((manager) => manager.query('SELECT 1')), tooLong()]);
    } finally {
      waiting.abort();
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** Lets go of the database. */
  close(): Promise<void> {
    return this.engine.close();
  }
}

async function openWith(
  settings: DatabaseSettings,
  schema: Schema,
  prepare: (engine: DatabaseAdapter) => Promise<void>,
): Promise<Database> {
  const engine = await connect(settings, schema);
  try {
    await prepare(engine);
  } catch (error) {
    await engine.close();
    // What the driver says: a right that is missing, a table of somebody else.
    throw isUnavailable(error) || error instanceof QueryFailedError ? unusable(error) : error;
  }
  return new Database(engine);
}

function refuseOtherSchema(applied: readonly string[], schema: Schema): void {
  const known = migrationsOf(schema);
  if (applied.join() === known.join()) return;
  if (applied.length === 0)
    throw new SettingsError(
      'DATABASE_URL cannot be used: the service has never been started on this database',
    );
  throw otherVersion(isNewer(applied, schema) ? 'a newer' : 'an older');
}

/** Whether a later version of the service has been at a database. */
function isNewer(applied: readonly string[], schema: Schema): boolean {
  const known = migrationsOf(schema);
  return applied.some((name) => !known.includes(name));
}

const otherVersion = (which: 'a newer' | 'an older') =>
  new SettingsError(`DATABASE_URL cannot be used: the database is of ${which} version than this program`);

async function connect(settings: DatabaseSettings, schema: Schema): Promise<DatabaseAdapter> {
  const logger = new Logger(Database.name);
  try {
    return settings.kind === 'sqlite'
      ? await SqliteAdapter.open(settings.path, schema)
      : await PostgresAdapter.open(settings.url, schema, (error) => {
          logger.warn(`An idle connection broke: ${String(error)}`);
        });
  } catch (error) {
    throw unusable(error);
  }
}

/** A database that cannot be used, as the start tells it. `error` is the driver's, or an {@link UnavailableError} with it as the cause. */
export function unusable(error: unknown): SettingsError {
  const { message, code } = (
    error instanceof UnavailableError ? error.cause : error
  ) as NodeJS.ErrnoException;
  // Several addresses that were tried in vain have one code, and no message.
  const reason = (message || code) ?? 'it does not answer';
  return new SettingsError(`DATABASE_URL cannot be used: ${reason.split('\n', 1)[0] ?? ''}`);
}
