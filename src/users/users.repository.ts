import type { EntityManager } from 'typeorm';
import { CompiledQuery, PARAMETER } from '../database/compiled-query.js';
import { updateById } from '../database/compiled-write.js';
import type { Transaction } from '../database/transaction.js';
import { Session } from '../sessions/session.entity.js';
import { isOpenAgain, latestFilling } from './attempt-bucket.js';
import { loginKeyOf, User } from './user.entity.js';
import { hasLockoutEnded, type LockoutState, UNLOCKED } from './user-status.js';

/*
 * The rows of users: how they are found and locked, and the only functions that change users, apart from the counters
 * of login attempts (attempt-counters.repository.ts).
 */

/** The columns of a user that a change may set. */
export type UserColumns = Partial<Omit<User, 'id' | 'version'>>;

/** The columns that determine what a user may do. Other processes cache them. */
const DECISIVE = ['role', 'status', 'lockedByFailedLogins', 'allDeviceTypesAvailable'] as const;

const byId = new CompiledQuery((manager) =>
  manager.createQueryBuilder(User, 'user').where('user.id = :id', { id: PARAMETER }),
);
const byLoginKey = new CompiledQuery((manager) =>
  manager.createQueryBuilder(User, 'user').where('user.loginKey = :key', { key: PARAMETER }),
);
const bySession = new CompiledQuery((manager) =>
  manager
    .createQueryBuilder(User, 'user')
    .innerJoin(Session, 'session', 'session.userId = user.id AND session.revokedAt IS NULL')
    .addSelect('session.expiresAt', 'session_end')
    .where('session.id = :id', { id: PARAMETER }),
);

/** Finds a user by its id, with its present status. */
export const findUser = (manager: EntityManager, id: number): Promise<User | null> =>
  byId.first(manager, id).then(asOfNow);

/** Finds a user by its login, ignoring case, with its present status. */
export const findUserByLogin = (manager: EntityManager, login: string): Promise<User | null> =>
  byLoginKey.first(manager, loginKeyOf(login)).then(asOfNow);

/**
 * Sets the present status of a user that was read: a lockout that has ended may still be stored. A transaction stores
 * its end with `endLockout` (user-changes.ts), which increments the version, too.
 */
export function asOfNow<T extends (LockoutState & { version?: number }) | null>(user: T): T {
  if (user && hasLockoutEnded(user)) Object.assign(user, UNLOCKED, { version: (user.version ?? 0) + 1 });
  return user;
}

/** Whether there are lockouts that have ended and are still stored. */
export const hasEndedLockouts = (manager: EntityManager): Promise<boolean> =>
  selectEndedLockouts(manager).getExists();

/** Returns, after the id `after`, some of the users whose lockout has ended and is still stored, in the order of ids. */
export async function findEndedLockouts(
  manager: EntityManager,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<number[]> {
  const users = await selectEndedLockouts(manager)
    .select('user.id')
    .andWhere('user.id > :after', { after })
    .orderBy('user.id')
    .limit(most)
    .getMany();
  return users.map(({ id }) => id);
}

/** The condition that the lockout of a user in a query has ended. The query needs {@link lockoutTimes}. */
export const LOCKOUT_HAS_ENDED =
  '"user"."locked_by_failed_logins" AND "user"."blocked_until" IS NOT NULL AND ' +
  isOpenAgain('"user".', ':now', ':latest');

/** Returns the parameters of {@link LOCKOUT_HAS_ENDED}. */
export const lockoutTimes = (): { now: number; latest: number } => {
  const now = Date.now();
  return { now, latest: latestFilling(now) };
};

const selectEndedLockouts = (manager: EntityManager) =>
  manager.createQueryBuilder(User, 'user').where(LOCKOUT_HAS_ENDED, lockoutTimes());

/** The users that a transaction has locked, by id: nobody else can change them until it ends. */
const lockedUsers = new WeakMap<Transaction, Map<number, User | null>>();

/**
 * Reads a user and locks its row until the end of the transaction. Lock several users in the order of their ids. A row
 * that the transaction has locked and not changed is not read again.
 */
export async function lockUser(transaction: Transaction, id: number): Promise<User | null> {
  const locked = lockedBy(transaction);
  let user = locked.get(id);
  if (user === undefined) {
    user = await byId.first(transaction.manager, id, transaction.rowLock);
    locked.set(id, user);
  }
  return user;
}

/** Reads a user and locks its row against changes by others. Such a lock does not allow to change it. */
export const shareUser = ({ manager, sharedLock }: Transaction, id: number): Promise<User | null> =>
  byId.first(manager, id, sharedLock);

/**
 * Reads the user of a session and locks the rows of both, in this order, in one statement. `shared`: only against
 * changes by others.
 *
 * @returns null when there is no such session, or it is not open
 */
export async function lockUserOfSession(
  transaction: Transaction,
  sessionId: string,
  { shared }: { shared: boolean },
): Promise<User | null> {
  const { manager, rowLock, sharedLock } = transaction;
  const found = await bySession.firstWithRow(manager, sessionId, shared ? sharedLock : rowLock);
  if (!found || Number(found.row['session_end']) <= Date.now()) return null;
  const { entity: user } = found;
  if (!shared) lockedBy(transaction).set(user.id, user);
  return user;
}

function lockedBy(transaction: Transaction): Map<number, User | null> {
  let locked = lockedUsers.get(transaction);
  if (!locked) lockedUsers.set(transaction, (locked = new Map<number, User | null>()));
  return locked;
}

/** Finds a user by its login, ignoring case, and locks its row until the end of the transaction. */
export const lockUserByLogin = ({ manager, rowLock }: Transaction, login: string): Promise<User | null> =>
  byLoginKey.first(manager, loginKeyOf(login), rowLock);

/**
 * Updates columns of a user. `published`: the change is visible in the published user, so the entity tag must change.
 * Notifies the caches of all processes if the change affects what the user may do.
 */
export async function changeUser(
  transaction: Transaction,
  id: number,
  columns: UserColumns,
  { published }: { published: boolean },
): Promise<void> {
  const { manager, announce } = transaction;
  lockedUsers.get(transaction)?.delete(id);
  // A new password is a new version. A rehash of the same one (not published) is not.
  const isNewPassword = published && columns.passwordHash !== undefined;
  await updateById<User>(manager, User, id, columns, [
    ...(published ? (['version'] as const) : []),
    ...(isNewPassword ? (['passwordVersion'] as const) : []),
  ]);
  if (DECISIVE.some((column) => columns[column] !== undefined)) await announce(`user/${id}`);
}

/** Deletes a user and notifies the caches of all processes. */
export async function deleteUser(transaction: Transaction, id: number): Promise<void> {
  const { manager, announce } = transaction;
  lockedUsers.get(transaction)?.delete(id);
  await manager.delete(User, id);
  await announce(`user/${id}`);
}
