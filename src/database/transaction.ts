import type { EntityManager, FindOneOptions } from 'typeorm';
import type { LockName } from './advisory-locks.js';

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
