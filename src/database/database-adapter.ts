import type { DataSource, EntityManager, FindOneOptions } from 'typeorm';

/** Operations that must run one at a time across all processes, with their advisory lock numbers. */
export const LOCKS = {
  migrations: 1,
  firstAdministrator: 2,
  signingKeys: 3,
  lastAdministrator: 4,
  configuration: 5,
} as const;
/** The name of one of {@link LOCKS}. */
export type LockName = keyof typeof LOCKS;

/** A transaction: all of its writes are committed together, or none. */
export interface Transaction {
  /** Reads and writes inside the transaction. Never call `save()`: it writes whole rows, which may be stale. */
  readonly manager: EntityManager;
  /** The `lock` find option for a row that will be updated. */
  readonly rowLock: FindOneOptions['lock'];
  /** Acquires `lock` and holds it until the end of the transaction. */
  serialise(lock: LockName): Promise<void>;
  /** Notifies the subscribers in all processes, after the commit, that `subject` has changed. */
  readonly announce: (subject: string) => Promise<void>;
}

/** Maximum delay, in milliseconds, until a change by another process is noticed. */
export const STALENESS = 1000;

/** Receives notifications of changes by any process. */
export interface ChangeNotifications {
  /** Whether notifications arrive within {@link STALENESS}. While it is false, nothing may be cached. */
  readonly areHeard: boolean;
  /** `listener` receives the subject of each change. Undefined: notifications may have been lost. */
  subscribe(listener: (subject: string | undefined) => void): void;
}

/** The id sequences of the tables. Ids are never reused, not even those of deleted rows. */
export interface IdCounters {
  /** Returns the last generated id; 0 if there is none. */
  last(manager: EntityManager, table: string): Promise<number>;
  /** Sets the sequence: the next id is greater than `id`. */
  goOnAfter(manager: EntityManager, table: string, id: number): Promise<void>;
}

/** The differences between SQLite and PostgreSQL. */
export interface DatabaseAdapter {
  /** Reads committed data only. */
  readonly reader: EntityManager;
  /** Absent on SQLite: reads are local, so a cache gains nothing. */
  readonly changes?: ChangeNotifications;
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Runs `work` on a consistent snapshot. There is no time limit. */
  snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  readonly ids: IdCounters;
  /** Returns the names of the applied migrations, in order. */
  appliedMigrations(): Promise<string[]>;
  /** Runs the pending migrations. If several processes start at once, only one runs them. */
  migrate(): Promise<void>;
  /**
   * Returns a LIKE condition of `column` and the pattern in `parameter`. Wildcards are `%` and `_`; no escape
   * character.
   */
  like(column: string, parameter: string): string;
  /** Whether a transaction that failed with this error may be retried. */
  isTransient(error: unknown): boolean;
  close(): Promise<void>;
}

/** Reads the names of the applied migrations, in order. */
export async function readAppliedMigrations(source: DataSource): Promise<string[]> {
  const runner = source.createQueryRunner();
  try {
    if (!(await runner.hasTable('migrations'))) return [];
    const rows = (await runner.query('SELECT "name" FROM "migrations" ORDER BY "id"')) as { name: string }[];
    return rows.map(({ name }) => name);
  } finally {
    await runner.release();
  }
}
