import { Role } from '../../authorization/role.js';
import { UserStatus } from '../../users/user-status.js';

/** The names that a file may have for a role, besides its number. */
export const ROLES: ReadonlyMap<string, Role> = new Map([
  ['administrator', Role.Administrator],
  ['client', Role.Client],
]);

/** The names that a file may have for a status, besides its number. */
export const STATUSES: ReadonlyMap<string, UserStatus> = new Map([
  ['active', UserStatus.Active],
  ['locked-out', UserStatus.LockedOut],
  ['locked out', UserStatus.LockedOut],
  ['disabled', UserStatus.Disabled],
]);
