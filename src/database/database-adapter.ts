import type { EntityManager } from 'typeorm';
import type { ChangeNotifications } from './change-notifications.js';
import type { IdCounters } from './id-counters.js';
import type { Transaction } from './transaction.js';
import type { MigrationObserver } from './watch-migrations.js';

/** Whose turn the service's own recurring work takes: it is not measured, since no caller waits for it. */
export const NOBODY = '';

/** How busy the connections are that do one kind of work. */
export interface DatabaseLoad {
  /** What they do. */
  readonly work: 'reads' | 'transactions';
  /** Open connections. */
  readonly open: number;
  /** Those of them that do nothing. */
  readonly idle: number;
  /** How much work waits for one. */
  readonly waiting: number;
}

/** Whether a database takes writes. */
export interface DatabaseState {
  /** Why it takes none, in words for an operator: without a path or an address. Absent: it takes writes. */
  readonly refusal?: string;
  /** Whether writes fail until there is room on its disk, as far as is known. */
  readonly isDiskFull: boolean;
}

/** Receives what an operator should know: one line. */
export type Tell = (line: string) => void;

/** The differences between SQLite and PostgreSQL. */
export interface DatabaseAdapter {
  /**
   * Runs `work`, which reads committed data only.
   *
   * @param turnOf who waits for a free connection; see {@link DatabaseAdapter.transaction}
   */
  read<T>(work: (manager: EntityManager) => Promise<T>, turnOf: string): Promise<T>;
  /** Whether statements run on the main thread, and hold the process. */
  readonly readsBlock: boolean;
  /** How busy the connections are. */
  readonly load: readonly DatabaseLoad[];
  /** Absent on SQLite: reads are local, so a cache gains nothing. */
  readonly changes?: ChangeNotifications;
  /**
   * `listener` receives the subject of each change that a transaction of this process has announced, after its commit,
   * and on PostgreSQL those of other processes while notifications arrive. Undefined: some may have been lost.
   */
  subscribe(listener: (subject: string | undefined) => void): void;
  /** Starts to receive change notifications, for a process that caches. */
  listen?(): Promise<void>;
  /**
   * Runs `work` in a transaction.
   *
   * @param turnOf who waits for it, such as `user/7`. Those who wait get their turns round robin
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, turnOf: string): Promise<T>;
  /** Runs `work` on a consistent snapshot. There is no time limit. */
  snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** The statements that lift the time limits of the transaction that they run in. */
  readonly withoutTimeouts: readonly string[];
  readonly ids: IdCounters;
  /** Asks the database whether it takes writes. Changes no table. */
  state(): Promise<DatabaseState>;
  /** @throws {SettingsError} when the service cannot work with such a database. Changes nothing */
  assertUsable(): Promise<void>;
  /** Returns the names of the applied migrations, in order. */
  appliedMigrations(): Promise<string[]>;
  /** Runs the pending migrations. If several processes start at once, only one runs them. Call it once. */
  migrate(observer: MigrationObserver): Promise<void>;
  /** Returns a condition that `column` is one of the integers in `parameter`, a JSON list of any length. */
  isAmong(column: string, parameter: string): string;
  /** Whether a transaction that failed with this error may be retried. */
  isTransient(error: unknown): boolean;
  /**
   * Returns the table that has given an id which one of its rows has already, if that is why a transaction failed: its
   * sequence lags behind.
   */
  takenIdsOf(error: unknown): string | undefined;
  close(): Promise<void>;
}
