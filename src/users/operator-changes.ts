import { audit } from '../audit/audit.js';
import type { Transaction } from '../database/transaction.js';
import { OperatorError } from '../errors/operator-error.js';
import { assertAdministratorLeft } from './last-administrator.js';
import type { User } from './user.entity.js';
import { UserStatus } from './user-status.js';
import { changeUser, endSessionsOf, type UserColumns } from './users.repository.js';

/*
 * What an operator may change of a user with the command `hivegate users` (contract.md §10). Each function runs in a
 * transaction that has locked the row of `user`. It returns the status that the user has afterwards, and records an
 * audit record if it changes anything.
 */

const NO_FAILED_LOGINS = { loginAttempts: 0, blockedUntil: null } as const;

/**
 * Sets a new password, clears the failed logins and ends all sessions. Ends a lockout too: with the old password, its
 * reason is gone. A disabled user stays disabled.
 */
export async function setUserPassword(
  transaction: Transaction,
  user: User,
  passwordHash: string,
): Promise<UserStatus> {
  const status = user.status === UserStatus.LockedOut ? UserStatus.Active : user.status;
  const isUnlocked = status !== user.status;
  await change(transaction, user, { passwordHash, ...NO_FAILED_LOGINS, ...(isUnlocked && { status }) });
  await endSessionsOf(transaction, user.id);
  return status;
}

/**
 * Ends a lockout and clears the failed logins.
 *
 * @throws {OperatorError} when the user is disabled
 */
export async function unlockUser(transaction: Transaction, user: User): Promise<UserStatus> {
  const { id, login, status, loginAttempts, blockedUntil } = user;
  if (status === UserStatus.Disabled)
    throw new OperatorError(
      `${login} is disabled, not locked out: an administrator enables the user with PUT /user/${id} and {"status": 0}`,
    );
  if (status === UserStatus.LockedOut) {
    await change(transaction, user, { status: UserStatus.Active, ...NO_FAILED_LOGINS });
  } else if (loginAttempts > 0 || blockedUntil !== null) {
    await change(transaction, user, NO_FAILED_LOGINS);
  }
  return UserStatus.Active;
}

/**
 * Disables a user and ends all sessions. Changes nothing if the user is disabled already.
 *
 * The transaction must hold the `lastAdministrator` lock.
 *
 * @throws {ApiError} 403 when no active administrator would remain
 */
export async function disableUser(transaction: Transaction, user: User): Promise<UserStatus> {
  const status = UserStatus.Disabled;
  if (user.status === status) return status;
  await assertAdministratorLeft(transaction, user, { role: user.role, status });
  await change(transaction, user, { status, blockedUntil: null });
  await endSessionsOf(transaction, user.id);
  return status;
}

/** Ends all sessions of a user, and those that the user has created for others. */
export async function endUserSessions(transaction: Transaction, user: User): Promise<UserStatus> {
  await endSessionsOf(transaction, user.id);
  await record(transaction, user, ['tokenGeneration']);
  return user.status;
}

async function change(transaction: Transaction, user: User, columns: UserColumns): Promise<void> {
  // Failed logins are not part of the published user: without another change, the entity tag stays.
  const published = columns.passwordHash !== undefined || columns.status !== undefined;
  await changeUser(transaction, user.id, columns, { published });
  await record(transaction, user, Object.keys(columns));
}

/** Records what a command has changed. */
const record = (transaction: Transaction, { id }: User, fields: readonly string[]): Promise<void> =>
  audit(transaction, null, 'user.update', `user/${id}`, fields);
