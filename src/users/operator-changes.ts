import type { Transaction } from '../database/transaction.js';
import { OperatorError } from '../errors/operator-error.js';
import type { EventActor } from '../events/event.js';
import { recordEvent } from '../events/record-event.js';
import { defaultValues } from '../fields/stored-fields.js';
import { lockSessionsOf } from '../sessions/sessions.repository.js';
import { addKnownSource } from './known-sources.repository.js';
import { isLastAdministrator } from './last-administrator.js';
import { loginKeyOf, type User } from './user.entity.js';
import { USER_FIELDS } from './user.fields.js';
import { endAllSessions, insertUser, updateUser } from './user-changes.js';
import { UNLOCKED, UserStatus } from './user-status.js';

/*
 * What an operator may change of a user with the command `hivegate users` (contract.md §10). Each function runs in a
 * transaction that has locked the row of `user`, and records an event if it changes anything.
 */

/** Returns the actor of a command. */
export const operator = (command: string): EventActor => ({ userId: null, command });

/** Creates a user. The caller has validated the columns and hashed the password, if there is one. */
export const createUserByOperator = (
  transaction: Transaction,
  columns: Pick<User, 'login' | 'role' | 'status'>,
  passwordHash: string,
): Promise<User> =>
  insertUser(
    transaction,
    { ...defaultValues(USER_FIELDS), ...columns, loginKey: loginKeyOf(columns.login), passwordHash },
    operator('users create'),
  );

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
  await lockSessionsOf(transaction, [user.id]);
  await updateUser(transaction, user, { passwordHash }, operator('users set-password'));
  return user.lockedByFailedLogins ? UserStatus.Active : user.status;
}

/**
 * Ends a lockout of either kind and clears the failed logins. Makes `source` known, if it is given: failed logins from
 * elsewhere do not keep the user from signing in there.
 *
 * @throws {OperatorError} when the user is disabled
 */
export async function unlockUser(
  transaction: Transaction,
  user: User,
  source: string | undefined,
): Promise<void> {
  const { id, login, status } = user;
  if (status === UserStatus.Disabled)
    throw new OperatorError(
      `${login} is disabled, not locked out: an administrator enables the user with PUT /user/${id} and {"status": 0}`,
    );
  const actor = operator('users unlock');
  await updateUser(transaction, user, UNLOCKED, actor);
  if (source === undefined) return;
  await addKnownSource(transaction, id, source, { emptied: true });
  await recordEvent(transaction, {
    type: 'user.sourceAdded',
    subject: `user/${id}`,
    actor,
    knownSource: source,
  });
}

/**
 * Disables a user and ends all sessions. The transaction must hold the `lastAdministrator` lock.
 *
 * @returns whether it was not disabled before
 * @throws {OperatorError} when no active administrator would remain
 */
export async function disableUser(transaction: Transaction, user: User): Promise<boolean> {
  const status = UserStatus.Disabled;
  if (user.status === status) return false;
  const columns = { status, lockedByFailedLogins: false, blockedAt: null, blockedUntil: null };
  if (await isLastAdministrator(transaction, user))
    throw new OperatorError(
      `${user.login} is the last active administrator and cannot be disabled: create or enable another one first`,
    );
  await lockSessionsOf(transaction, [user.id]);
  await updateUser(transaction, user, columns, operator('users disable'));
  return true;
}

/** Ends all sessions of a user, and those that the user has created for others. @returns how many there were */
export async function endUserSessions(transaction: Transaction, { id }: User): Promise<number> {
  await lockSessionsOf(transaction, [id]);
  return endAllSessions(transaction, id, operator('users end-sessions'), 'command');
}
