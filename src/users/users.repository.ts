import type { EntityManager } from 'typeorm';
import { CompiledQuery, PARAMETER } from '../database/compiled-query.js';
import { updateById } from '../database/compiled-write.js';
import type { Transaction } from '../database/transaction.js';
import { loginKeyOf, User } from './user.entity.js';

/*
 * The rows of users: the queries that every request makes, and the only functions that change users.
 */

/** The columns of a user that a change may set. */
export type UserColumns = Partial<Omit<User, 'id' | 'version'>>;

/** The columns that determine what a user may do. Other processes cache them. */
const DECISIVE = ['role', 'status', 'allDeviceTypesAvailable'] as const;

const byId = new CompiledQuery((manager) =>
  manager.createQueryBuilder(User, 'user').where('user.id = :id', { id: PARAMETER }),
);
const byLoginKey = new CompiledQuery((manager) =>
  manager.createQueryBuilder(User, 'user').where('user.loginKey = :key', { key: PARAMETER }),
);
const accountById = new CompiledQuery((manager) =>
  manager
    .createQueryBuilder(User, 'user')
    .select(['user.id', 'user.role', 'user.status', 'user.allDeviceTypesAvailable'])
    .where('user.id = :id', { id: PARAMETER }),
);

/** The part of a user that determines what it may do. */
export type Account = Pick<User, 'id' | (typeof DECISIVE)[number]>;

/** Finds a user by its id. */
export const findUser = (manager: EntityManager, id: number): Promise<User | null> => byId.first(manager, id);

/** Finds a user by its login, ignoring case. */
export const findUserByLogin = (manager: EntityManager, login: string): Promise<User | null> =>
  byLoginKey.first(manager, loginKeyOf(login));

/** Finds the part of a user that determines what it may do. */
export const findAccount = (manager: EntityManager, id: number): Promise<Account | null> =>
  accountById.first(manager, id);

/** Reads a user and locks its row until the end of the transaction. */
export const lockUser = ({ manager, rowLock }: Transaction, id: number): Promise<User | null> =>
  byId.first(manager, id, rowLock);

/** Finds a user by its login, ignoring case, and locks its row until the end of the transaction. */
export const lockUserByLogin = ({ manager, rowLock }: Transaction, login: string): Promise<User | null> =>
  byLoginKey.first(manager, loginKeyOf(login), rowLock);

/**
 * Updates columns of a user. `published`: the change is visible in the published user, so the entity tag must change.
 * Notifies the caches of all processes if the change affects what the user may do.
 */
export async function changeUser(
  { manager, announce }: Transaction,
  id: number,
  columns: UserColumns,
  { published }: { published: boolean },
): Promise<void> {
  // A new password invalidates the refresh tokens. A rehash of the same password (not published) does not.
  const isNewPassword = published && columns.passwordHash !== undefined;
  await updateById<User>(manager, User, id, columns, [
    ...(published ? (['version'] as const) : []),
    ...(isNewPassword ? (['tokenGeneration'] as const) : []),
  ]);
  if (DECISIVE.some((column) => columns[column] !== undefined)) await announce(`user/${id}`);
}

/** Ends all sessions of a user: refresh tokens of an earlier generation are rejected. */
export const endSessionsOf = ({ manager }: Transaction, id: number): Promise<void> =>
  updateById<User>(manager, User, id, {}, ['tokenGeneration']);

/** Deletes a user and notifies the caches of all processes. */
export async function deleteUser({ manager, announce }: Transaction, id: number): Promise<void> {
  await manager.delete(User, id);
  await announce(`user/${id}`);
}
