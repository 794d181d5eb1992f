import type { Action } from './action.js';
import { allows, type Grant } from './grant.js';
import { Role } from './role.js';

/** Who makes a request: a user as it is now, within the rights that its token carries. */
export class Principal {
  constructor(
    readonly userId: number,
    /** The role that the user has now. */
    readonly role: Role,
    /** Whether the user reaches every device type now. */
    readonly allDeviceTypesAvailable: boolean,
    /** What the token says; never trusted beyond what the user has now. */
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
