import type { Transaction } from '../database/transaction.js';
import { OperatorError } from '../errors/operator-error.js';
import type { EventActor } from '../events/event.js';
import { lockSessionsOf } from '../sessions/sessions.repository.js';
import { assertAdministratorLeft } from './last-administrator.js';
import type { User } from './user.entity.js';
import { endAllSessions, updateUser } from './user-changes.js';
import { UserStatus } from './user-status.js';

/*
 * What an operator may change of a user with the command `hivegate users` (contract.md §10). Each function runs in a
 * transaction that has locked the row of `user`, and records an event if it changes anything.
 */

const NO_FAILED_LOGINS = { loginAttempts: 0, blockedUntil: null } as const;
const UNLOCKED = { status: UserStatus.Active, lockedByFailedLogins: false, ...NO_FAILED_LOGINS } as const;

/** Returns the actor of a command. */
const operator = (command: string): EventActor => ({ userId: null, command });

/**
 * Sets a new password, clears the failed logins and ends all sessions. Ends a lockout by failed logins too: they may
 * have been the user's own. What an administrator has set stays.
 *
 * @returns the status that the user has afterwards
 */
export async function setUserPassword(
  transaction: Transaction,
  user: User,
  passwordHash: string,
): Promise<UserStatus> {
  const cleared = user.lockedByFailedLogins ? UNLOCKED : NO_FAILED_LOGINS;
  await lockSessionsOf(transaction, [user.id]);
  await updateUser(transaction, user, { passwordHash, ...cleared }, operator('users set-password'));
  return user.lockedByFailedLogins ? UserStatus.Active : user.status;
}

/**
 * Ends a lockout and clears the failed logins.
 *
 * @throws {OperatorError} when the user is disabled
 */
export async function unlockUser(transaction: Transaction, user: User): Promise<void> {
  const { id, login, status } = user;
  if (status === UserStatus.Disabled)
    throw new OperatorError(
      `${login} is disabled, not locked out: an administrator enables the user with PUT /user/${id} and {"status": 0}`,
    );
  await updateUser(transaction, user, UNLOCKED, operator('users unlock'));
}

/**
 * Disables a user and ends all sessions. The transaction must hold the `lastAdministrator` lock.
 *
 * @returns whether it was not disabled before
 * @throws {ApiError} 403 when no active administrator would remain
 */
export async function disableUser(transaction: Transaction, user: User): Promise<boolean> {
  const status = UserStatus.Disabled;
  if (user.status === status) return false;
  await assertAdministratorLeft(transaction, user, { role: user.role, status });
  await lockSessionsOf(transaction, [user.id]);
  const columns = { status, lockedByFailedLogins: false, blockedUntil: null };
  await updateUser(transaction, user, columns, operator('users disable'));
  return true;
}

/** Ends all sessions of a user, and those that the user has created for others. @returns how many there were */
export async function endUserSessions(transaction: Transaction, { id }: User): Promise<number> {
  await lockSessionsOf(transaction, [id]);
  return endAllSessions(transaction, id, operator('users end-sessions'), 'command');
}
