import { Role } from '../authorization/role.js';
import type { Transaction } from '../database/transaction.js';
import { OWN_DATA_UPDATES } from '../events/counting.js';
import { type EventActor, type EventChanges, type RevocationReason, SERVICE_ACTOR } from '../events/event.js';
import { recordCounted, recordEvent } from '../events/record-event.js';
import { changedValues, type UpdateMethod } from '../fields/stored-fields.js';
import { sourceNetworkOf } from '../http/source-network.js';
import { recordNarrowed } from '../revocations/record-revocations.js';
import { ancestorsOf, revokeSessions } from '../sessions/sessions.repository.js';
import { EMPTY_BUCKET } from './attempt-bucket.js';
import { endOriginalTokens } from './end-original-tokens.js';
import { emptyKnownSources, forgetKnownSources } from './known-sources.repository.js';
import type { UpdateUserDto } from './user.dto.js';
import { loginKeyOf, User } from './user.entity.js';
import { USER_FIELDS } from './user.fields.js';
import { hasLockoutEnded, isBarred, type LockoutState, UNLOCKED, UserStatus } from './user-status.js';
import { asOfNow, changeUser, deleteUser, type UserColumns } from './users.repository.js';

/*
 * Changes of users, with what follows from them in the same transaction: the event, and the sessions that end
 * (contract.md §3). Used by the API and by the operator's commands. The caller has locked the user's row.
 */

/** How a request asks for a change. */
interface ChangeRequest {
  readonly passwordHash: string | undefined;
  readonly isAdministrator: boolean;
  readonly method: UpdateMethod;
}

/** The fields whose old and new values an event shows. */
const SHOWN_VALUES = ['role', 'status', 'allDeviceTypesAvailable'] as const;

/** Inserts a user. The caller has validated the columns. */
export async function insertUser(
  transaction: Transaction,
  columns: UserColumns,
  actor: EventActor,
): Promise<User> {
  const { manager } = transaction;
  // TypeORM adds the id to what it inserts.
  const fields = fieldsOf(columns);
  const inserted = await manager.insert(User, columns);
  const { id } = inserted.identifiers[0] as { id: number };
  await recordEvent(transaction, { type: 'user.created', subject: `user/${id}`, actor, fields });
  return manager.findOneByOrFail(User, { id });
}

/**
 * Returns the columns that a request changes: a field with its current value is no change (contract.md §3).
 *
 * @throws {ApiError} 400 for a merged value that is not allowed
 */
export function changedColumns(
  user: User,
  changes: UpdateUserDto,
  { passwordHash, isAdministrator, method }: ChangeRequest,
): UserColumns {
  const changed: UserColumns = changedValues(USER_FIELDS, user, changes, method);
  const { login } = changed;
  return {
    ...changed,
    ...(login !== undefined && { loginKey: loginKeyOf(login) }),
    ...(passwordHash !== undefined && { passwordHash }),
    ...(isAdministrator && changes.status !== undefined && statusColumns(user, changes.status, changes)),
  };
}

/** Returns what an administrator changes who sends a status, which may be the one that the user has. */
function statusColumns(user: User, status: UserStatus, changes: UpdateUserDto): UserColumns {
  const isAlone = Object.keys(changes).length === 1;
  const locks = status === UserStatus.LockedOut && user.lockedByFailedLogins && isAlone;
  // A status that an administrator sets does not expire.
  if (status !== user.status || locks)
    return { status, blockedAt: null, blockedUntil: null, lockedByFailedLogins: false };
  // Clears the failed logins, even where the status is 0.
  return status === UserStatus.Active ? { status } : {};
}

/** Stores that a lockout by failed logins has ended, if its time has passed. Changes `user`, too. */
export async function endLockout(
  transaction: Transaction,
  user: Pick<User, 'id' | keyof LockoutState>,
): Promise<void> {
  if (!hasLockoutEnded(user)) return;
  await changeUser(transaction, user.id, UNLOCKED, { published: true });
  await recordEvent(transaction, {
    type: 'user.unlocked',
    subject: `user/${user.id}`,
    actor: SERVICE_ACTOR,
    fields: ['status'],
    changes: { status: { old: user.status, new: UNLOCKED.status } },
  });
  asOfNow(user);
}

/**
 * Updates a user. Columns that have their value already are left out; if all have, nothing happens.
 *
 * A new password or status 0 empties the buckets of failed logins and ends a lockout by them, and a new password that
 * the user itself sets forgets the other known sources (contract.md §5).
 */
export async function updateUser(
  transaction: Transaction,
  user: User,
  sent: UserColumns,
  actor: EventActor,
): Promise<void> {
  const isEmptied = sent.passwordHash !== undefined || sent.status === UserStatus.Active;
  const columns = isEmptied ? { ...emptied(user), ...sent } : sent;
  const changed = differencesOf(user, columns);
  const hadAttempts = isEmptied && (await emptyKnownSources(transaction, user.id));
  if (Object.keys(changed).length === 0 && !hadAttempts) return;
  if (sent.passwordHash !== undefined) await forgetOtherSources(transaction, user, actor);
  const fields = fieldsOf(changed);
  if (Object.keys(changed).length > 0)
    await changeUser(transaction, user.id, changed, { published: fields.length > 0 });
  const event = {
    // No field is different: only failed logins have been cleared.
    type: fields.length > 0 ? ('user.updated' as const) : ('user.unlocked' as const),
    subject: `user/${user.id}`,
    actor,
    fields,
    ...changesOf(user, changed),
  };
  const isOwnData = actor.userId === user.id && fields.join() === 'data';
  await (isOwnData ? recordCounted(transaction, event, OWN_DATA_UPDATES) : recordEvent(transaction, event));
  await endSessions(transaction, user, changed, actor);
  if (isNarrowed(changed)) await recordNarrowed(transaction, user.id);
}

/**
 * Whether tokens may have rights that their user loses by this change. A new role of either kind takes one away: the
 * sessions of the original are for clients.
 */
const isNarrowed = ({ role, allDeviceTypesAvailable }: UserColumns): boolean =>
  role !== undefined || allDeviceTypesAvailable === false;

/** Deletes a user. */
export async function removeUser(transaction: Transaction, user: User, actor: EventActor): Promise<void> {
  await endAllSessions(transaction, user.id, actor, 'deleted');
  await deleteUser(transaction, user.id);
  await recordEvent(transaction, { type: 'user.deleted', subject: `user/${user.id}`, actor });
}

/** Revokes the sessions of a user, and those that it has created for others. @returns how many were open */
export async function endAllSessions(
  transaction: Transaction,
  userId: number,
  actor: EventActor,
  reason: RevocationReason,
): Promise<number> {
  const own = await revokeSessions(transaction, { ofUser: userId }, { actor, reason });
  await endOriginalTokens(transaction, userId, { actor, reason });
  return own + (await revokeSessions(transaction, { createdForOthersBy: userId }, { actor, reason }));
}

async function endSessions(
  transaction: Transaction,
  user: User,
  changed: UserColumns,
  actor: EventActor,
): Promise<void> {
  const { id } = user;
  const after = {
    role: changed.role ?? user.role,
    status: changed.status ?? user.status,
    lockedByFailedLogins: changed.lockedByFailedLogins ?? user.lockedByFailedLogins,
  };
  // Also where it was copied or restored as it was: setting the status back to 0 does not restore any token.
  if (isBarred(user) && !isBarred(after))
    await endOriginalTokens(transaction, id, { actor, reason: 'locked' });
  const isOtherLock = changed.status !== undefined || changed.lockedByFailedLogins !== undefined;
  if (isOtherLock && isBarred(after)) {
    const reason = after.status === UserStatus.Disabled ? 'disabled' : 'locked';
    await endAllSessions(transaction, id, actor, reason);
  } else if (changed.passwordHash !== undefined) {
    const { userId, sessionId } = actor;
    const except =
      userId === id && sessionId !== undefined ? await ancestorsOf(transaction.manager, sessionId) : [];
    const revocation = { actor, reason: 'newPassword' } as const;
    await revokeSessions(transaction, { ofUser: id, except }, revocation);
    await endOriginalTokens(transaction, id, revocation);
    await revokeSessions(transaction, { createdForOthersBy: id }, revocation);
  } else if (user.role === Role.Administrator && after.role !== Role.Administrator) {
    await revokeSessions(transaction, { createdForOthersBy: id }, { actor, reason: 'demoted' });
  }
}

/** Returns what a new password or status 0 changes besides. What an administrator has set stays. */
const emptied = ({ lockedByFailedLogins }: User): UserColumns =>
  lockedByFailedLogins ? UNLOCKED : EMPTY_BUCKET;

/** A new password ends what others have gained by the old one: their source is not known any more. */
async function forgetOtherSources(
  transaction: Transaction,
  { id }: User,
  { userId, sessionCreatedBy, origin }: EventActor,
): Promise<void> {
  if (userId !== id || sessionCreatedBy !== undefined || !origin) return;
  await forgetKnownSources(transaction, id, sourceNetworkOf(origin.address));
}

function differencesOf(user: User, columns: UserColumns): UserColumns {
  const different = Object.entries(columns).filter(([name, value]) => user[name as keyof User] !== value);
  return Object.fromEntries(different);
}

/** Returns the fields of the API that these columns belong to. */
function fieldsOf(columns: UserColumns): string[] {
  const fields = Object.keys(columns).filter((name) => Object.hasOwn(USER_FIELDS, name));
  if (columns.passwordHash !== undefined) fields.push('password');
  // The status stays 1: an administrator has locked a user whom failed logins had locked out.
  if (columns.lockedByFailedLogins !== undefined && columns.status === undefined) fields.push('status');
  return fields;
}

function changesOf(user: User, columns: UserColumns): { changes?: EventChanges } {
  const shown = SHOWN_VALUES.filter((name) => columns[name] !== undefined);
  if (shown.length === 0) return {};
  return {
    changes: Object.fromEntries(shown.map((name) => [name, { old: user[name], new: columns[name] }])),
  };
}
