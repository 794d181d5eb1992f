import type { EntityManager } from 'typeorm';
import { CompiledQuery, PARAMETER } from '../database/compiled-query.js';
import { updateById } from '../database/compiled-write.js';
import type { Transaction } from '../database/database-adapter.js';
import { loginKeyOf, User } from './user.entity.js';

/*
 * The rows of users: the finds that every request makes, and the one way to change them.
 */

/** The columns of a user that a change names. */
export type UserColumns = Partial<Omit<User, 'id' | 'version'>>;

/** The columns that decide what a user may do, and so what others remember of it. */
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

/** Of a user, what decides what it may do. */
export type Account = Pick<User, 'id' | (typeof DECISIVE)[number]>;

/** A user as `manager` sees it. */
export const findUser = (manager: EntityManager, id: number): Promise<User | null> => byId.first(manager, id);

/** A user by its login, ignoring case. */
export const findUserByLogin = (manager: EntityManager, login: string): Promise<User | null> =>
  byLoginKey.first(manager, loginKeyOf(login));

/** What decides what a user may do. */
export const findAccount = (manager: EntityManager, id: number): Promise<Account | null> =>
  accountById.first(manager, id);

/** A user that this transaction is about to change: nobody else can until it ends. */
export const lockUser = ({ manager, rowLock }: Transaction, id: number): Promise<User | null> =>
  byId.first(manager, id, rowLock);

/**
 * Changes the named columns of a user. `published`: the change is one of the record, and its entity tag changes
 * with it. Everybody who remembers what the user may do is told.
 */
export async function changeUser(
  { manager, announce }: Transaction,
  id: number,
  columns: UserColumns,
  { published }: { published: boolean },
): Promise<void> {
  // A refresh token of an earlier password has ended; a better hash of the same one is no change of the record.
  const isNewPassword = published && columns.passwordHash !== undefined;
  await updateById<User>(manager, User, id, columns, [
    ...(published ? (['version'] as const) : []),
    ...(isNewPassword ? (['tokenGeneration'] as const) : []),
  ]);
  if (DECISIVE.some((column) => columns[column] !== undefined)) await announce(`user/${id}`);
}

/** Deletes a user. Everybody who remembers it is told. */
export async function deleteUser({ manager, announce }: Transaction, id: number): Promise<void> {
  await manager.delete(User, id);
  await announce(`user/${id}`);
}
