import { Not } from 'typeorm';
import { Role } from '../authorization/role.js';
import type { Transaction } from '../database/transaction.js';
import { User } from './user.entity.js';
import { UserStatus } from './user-status.js';
import { userErrors } from './users.errors.js';

/**
 * Whether `user` is the only active administrator. The result is stable only in a transaction that holds the
 * `lastAdministrator` lock. Take that lock before any row lock, to avoid deadlocks.
 */
export async function isLastAdministrator(
  { manager }: Transaction,
  user: Pick<User, 'id' | 'role' | 'status'>,
): Promise<boolean> {
  if (!isActiveAdministrator(user)) return false;
  return !(await manager.existsBy(User, {
    id: Not(user.id),
    role: Role.Administrator,
    status: UserStatus.Active,
  }));
}

/**
 * Checks that an active administrator remains after a change (contract.md §3).
 *
 * @param after the changed role and status of `user`; undefined: it is deleted
 * @throws {ApiError} 403 when `user` is the last active administrator and would not be one afterwards
 */
export async function assertAdministratorLeft(
  transaction: Transaction,
  user: User,
  after: Pick<User, 'role' | 'status'> | undefined,
): Promise<void> {
  if (after && isActiveAdministrator(after)) return;
  if (await isLastAdministrator(transaction, user)) throw userErrors.lastAdministrator();
}

function isActiveAdministrator({ role, status }: Pick<User, 'role' | 'status'>): boolean {
  return role === Role.Administrator && status === UserStatus.Active;
}
