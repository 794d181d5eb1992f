import type { RequestOrigin } from '../http/request-origin.js';
import type { Action } from './action.js';
import { allows, type Grant } from './grant.js';
import { Role } from './role.js';

/** What a {@link Principal} consists of. */
export interface PrincipalState {
  readonly userId: number;
  /** The user's current role. */
  readonly role: Role;
  /** Whether the user currently has access to all device types. */
  readonly allDeviceTypesAvailable: boolean;
  /** The rights in the token. They count only as far as the user still has them. */
  readonly claimed: Grant;
  /** The session of the token. */
  readonly sessionId: string;
  /** Where the request comes from. */
  readonly origin: RequestOrigin;
}

/** The caller of a request: the current state of its user, and the rights of its token. */
export class Principal implements PrincipalState {
  readonly userId: number;
  readonly role: Role;
  readonly allDeviceTypesAvailable: boolean;
  readonly claimed: Grant;
  readonly sessionId: string;
  readonly origin: RequestOrigin;

  constructor(state: PrincipalState) {
    this.userId = state.userId;
    this.role = state.role;
    this.allDeviceTypesAvailable = state.allDeviceTypesAvailable;
    this.claimed = state.claimed;
    this.sessionId = state.sessionId;
    this.origin = state.origin;
  }

  get isAdministrator(): boolean {
    return this.role === Role.Administrator;
  }

  /** Whether both the token and the user's role allow `action`. */
  may(action: Action): boolean {
    return allows(this.claimed.actions, this.role, action);
  }
}
