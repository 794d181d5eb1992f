import { Role } from '../authorization/role.js';
import { UserStatus } from './user-status.js';

/** What operators read for a role. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  [Role.Administrator]: 'administrator',
  [Role.Client]: 'client',
};

/** What operators read for a status. */
export const STATUS_NAMES: Readonly<Record<UserStatus, string>> = {
  [UserStatus.Active]: 'active',
  [UserStatus.LockedOut]: 'locked out',
  [UserStatus.Disabled]: 'disabled',
};

/** The roles by what operators write for them, in one word. */
export const ROLES_BY_NAME = byName(ROLE_NAMES);

/** The statuses by what operators write for them, in one word: `locked-out`. */
export const STATUSES_BY_NAME = byName(STATUS_NAMES);

function byName<V extends number>(names: Readonly<Record<V, string>>): ReadonlyMap<string, V> {
  const entries = Object.entries<string>(names);
  return new Map(entries.map(([value, name]) => [name.replace(' ', '-'), Number(value) as V]));
}
