import type { EntityManager } from 'typeorm';
import type { LockName } from './advisory-locks.js';

/** How a row is locked until the end of a transaction, as TypeORM's `setLock` takes it. */
export type RowLock = 'pessimistic_write' | 'pessimistic_read';

/** A transaction: all of its writes are committed together, or none. */
export interface Transaction {
  /** Reads and writes inside the transaction. Never call `save()`: it writes whole rows, which may be stale. */
  readonly manager: EntityManager;
  /** The lock of a row that will be changed. Undefined on SQLite, which has one writer. */
  readonly rowLock: RowLock | undefined;
  /** The lock of a row that must stay as it is, and may be read and locked so by others. Undefined on SQLite. */
  readonly sharedLock: RowLock | undefined;
  /** Acquires `lock` and holds it until the end of the transaction. */
  serialise(lock: LockName): Promise<void>;
  /** Acquires `lock` together with others who share it: it excludes only {@link serialise}. No-op on SQLite. */
  share(lock: LockName): Promise<void>;
  /** Notifies the subscribers in all processes, after the commit, that `subject` has changed. */
  readonly announce: (subject: string) => Promise<void>;
}
