import type { LockName } from '../database/advisory-locks.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import type { Conditions } from '../http/etag.js';
import { authorize } from './authorize.js';
import type { CurrentRecord } from './field-policy.js';
import type { ChangeLocks, Principal } from './principal.js';

/** The caller of a change, and the conditional headers of its request. */
export interface ChangeContext {
  readonly actor: Principal;
  readonly conditions?: Conditions | undefined;
}

/** What a change locks before it looks at anything. */
export interface ChangeOptions extends ChangeLocks {
  /** Taken before any row. */
  readonly serialise?: LockName | undefined;
  /**
   * Reads the record of a route whose rule has `fields`, which `users` has locked. Without it a request that names a
   * field that the caller may not change is refused.
   */
  readonly current?: (transaction: Transaction) => Promise<CurrentRecord | undefined>;
}

/**
 * Runs a change that a request asks for, in one transaction. Since the request was authorized it may have waited for a
 * hash, a lock or a connection. So the caller's row and session are locked, and it is authorized again
 * (contract.md §5). Every write of a controller goes through this; test/e2e/second-check.test.ts tries each route.
 *
 * @param work receives the caller as it is now
 * @throws {ApiError} 401 or 403 when the caller may not do this any more; nothing is changed
 */
export function changeAs<T>(
  database: Database,
  caller: Principal,
  { serialise, current, ...locks }: ChangeOptions,
  work: (transaction: Transaction, caller: Principal) => Promise<T>,
): Promise<T> {
  const { demand } = caller;
  if (!demand) throw new Error('A change needs a request that has been authorized');
  return database.transaction(async (transaction) => {
    if (serialise) await transaction.serialise(serialise);
    const now = await caller.lookup.lock(transaction, caller, locks);
    const comparison = authorize(now, demand, current && (() => current(transaction)));
    if (comparison) await comparison;
    return work(transaction, now);
  }, `user/${caller.userId}`);
}
