import type { Action } from './action.js';
import { allows, type Grant } from './grant.js';
import { Role } from './role.js';

/** The caller of a request: the current state of its user, and the rights of its token. */
export class Principal {
  constructor(
    readonly userId: number,
    /** The user's current role. */
    readonly role: Role,
    /** Whether the user currently has access to all device types. */
    readonly allDeviceTypesAvailable: boolean,
    /** The rights in the token. They count only as far as the user still has them. */
    readonly claimed: Grant,
  ) {}

  get isAdministrator(): boolean {
    return this.role === Role.Administrator;
  }

  /** Whether both the token and the user's role allow `action`. */
  may(action: Action): boolean {
    return allows(this.claimed.actions, this.role, action);
  }
}
