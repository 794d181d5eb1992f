import type { User } from '../../users/user.entity.js';
import { UserStatus } from '../../users/user-status.js';
import type { RowColumns, UserRow } from './user-row.js';

/**
 * Returns the status of a user in a file. A lockout by failed logins is a matter of minutes and stays behind: in another
 * database it would be one that an administrator has set, without an end.
 */
export const statusInFile = ({
  status,
  lockedByFailedLogins,
}: Pick<User, 'status' | 'lockedByFailedLogins'>): UserStatus =>
  lockedByFailedLogins ? UserStatus.Active : status;

/** The columns in which a stored user is compared with a row. */
const COMPARED = [
  'login',
  'passwordHash',
  'role',
  'data',
  'introReviewed',
  'allDeviceTypesAvailable',
] as const satisfies readonly (keyof RowColumns)[];

/** The ids of the scopes that are assigned to a stored user. */
export interface AssignedIds {
  readonly networkIds: readonly number[];
  readonly deviceTypeIds: readonly number[];
}

/** Whether a stored user is what the row would have made: so the row has been imported before. */
export function isAsStored(
  { id, columns, networkIds, deviceTypeIds }: UserRow,
  user: User,
  assigned: AssignedIds,
): boolean {
  return (
    (id === undefined || id === user.id) &&
    COMPARED.every((column) => columns[column] === user[column]) &&
    columns.status === statusInFile(user) &&
    columns.lastLogin?.getTime() === user.lastLogin?.getTime() &&
    isSameSet(networkIds, assigned.networkIds) &&
    isSameSet(deviceTypeIds, assigned.deviceTypeIds)
  );
}

/** A row that does not name the ids says nothing of them. */
function isSameSet(given: readonly number[] | undefined, stored: readonly number[]): boolean {
  if (given === undefined) return true;
  const ids = new Set(stored);
  return given.length === ids.size && given.every((id) => ids.has(id));
}
