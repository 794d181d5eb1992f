import type { DataSource, EntityManager, FindOneOptions } from 'typeorm';

/** What must not happen twice at once in the whole installation, by the number of its advisory lock. */
export const LOCKS = {
  migrations: 1,
  firstAdministrator: 2,
  signingKeys: 3,
  lastAdministrator: 4,
  configuration: 5,
} as const;
/** The name of one of {@link LOCKS}. */
export type LockName = keyof typeof LOCKS;

/** One unit of work: all of its writes become true together, or none does. */
export interface Transaction {
  /** Reads and writes inside the transaction. `save()` is not for use: it writes whole, perhaps stale, rows. */
  readonly manager: EntityManager;
  /** Goes into the find options of a row that is read to be written. */
  readonly rowLock: FindOneOptions['lock'];
  /** Waits for every other transaction that holds `lock`, and holds it until this one ends. */
  serialise(lock: LockName): Promise<void>;
  /** Tells everybody who listens, in every process, that `subject` has changed, once the change is true. */
  readonly announce: (subject: string) => Promise<void>;
}

/** For how long, in milliseconds, a change of another process may go unnoticed at most. */
export const STALENESS = 1000;

/** Hears of changes that any process makes. */
export interface ChangeNotifications {
  /** Whether every change is heard within {@link STALENESS}; while it is false, nothing may be remembered. */
  readonly areHeard: boolean;
  /** `listener` gets the subject of each change; undefined: some may have been missed. */
  subscribe(listener: (subject: string | undefined) => void): void;
}

/** The last id that a table has given. Ids are never given twice, also not those of rows that are gone. */
export interface IdCounters {
  /** 0: it has given none. */
  last(manager: EntityManager, table: string): Promise<number>;
  /** Has the table go on after `id`. */
  goOnAfter(manager: EntityManager, table: string, id: number): Promise<void>;
}

/** What differs between the databases, and nothing else. */
export interface DatabaseAdapter {
  /** Reads what is committed, never what an open transaction has written. */
  readonly reader: EntityManager;
  /** Absent where reading costs no more than remembering. */
  readonly changes?: ChangeNotifications;
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Reads what was committed at one moment, for as long as `work` takes. */
  snapshot<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  readonly ids: IdCounters;
  /** The names of the migrations that have run, in their order. */
  appliedMigrations(): Promise<string[]>;
  /** Brings the schema up to date; of several processes that start at once, one does it. */
  migrate(): Promise<void>;
  /** A condition that `column` is like the SQL pattern in `parameter`: `%` and `_`, and no escape. */
  like(column: string, parameter: string): string;
  /** Whether a transaction that failed so may be tried again as it is. */
  isTransient(error: unknown): boolean;
  close(): Promise<void>;
}

/** The names of the migrations that have run on a database, in their order. */
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
