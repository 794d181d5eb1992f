import { type EntityManager, type FindOptionsWhere, Not } from 'typeorm';
import { Role } from '../authorization/role.js';
import type { Transaction } from '../database/transaction.js';
import { User } from './user.entity.js';
import { isBarred, UserStatus } from './user-status.js';
import { userErrors } from './users.errors.js';

/** What decides whether a user is an active administrator. */
export type AdministratorState = Pick<User, 'role' | 'status' | 'lockedByFailedLogins'>;

/**
 * Whether `user` is the only active administrator. One whom failed logins have locked out counts as active: otherwise
 * anyone could make another one the last (contract.md §3). The result is stable only in a transaction that holds the
 * `lastAdministrator` lock. Take that lock before any row lock, to avoid deadlocks.
 */
export async function isLastAdministrator(
  { manager }: Transaction,
  user: Pick<User, 'id'> & AdministratorState,
): Promise<boolean> {
  if (!isActiveAdministrator(user)) return false;
  return !(await hasActiveAdministrator(manager, { id: Not(user.id) }));
}

/** Whether there is an active administrator, among the users that satisfy `condition`. */
export function hasActiveAdministrator(
  manager: EntityManager,
  condition: FindOptionsWhere<User> = {},
): Promise<boolean> {
  const administrator = { ...condition, role: Role.Administrator };
  return manager.existsBy(User, [
    { ...administrator, status: UserStatus.Active },
    { ...administrator, lockedByFailedLogins: true },
  ]);
}

/**
 * Checks that an active administrator remains after a change (contract.md §3).
 *
 * @param after the changed state of `user`; undefined: it is deleted
 * @throws {ApiError} 403 when `user` is the last active administrator and would not be one afterwards
 */
export async function assertAdministratorLeft(
  transaction: Transaction,
  user: User,
  after: AdministratorState | undefined,
): Promise<void> {
  if (after && isActiveAdministrator(after)) return;
  if (await isLastAdministrator(transaction, user)) throw userErrors.lastAdministrator();
}

const isActiveAdministrator = (user: AdministratorState): boolean =>
  user.role === Role.Administrator && !isBarred(user);
