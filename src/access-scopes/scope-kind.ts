import type { Action } from '../authorization/action.js';
import type { Grant } from '../authorization/grant.js';
import type { Role } from '../authorization/role.js';
import type { ApiError } from '../errors/api-error.js';
import type { Assignment } from './assignment.entity.js';
import type { Scope } from './scope.entity.js';

/** Of a user, what decides which scopes it reaches. */
export interface ScopeHolder {
  readonly userId: number;
  readonly role: Role;
  readonly allDeviceTypesAvailable: boolean;
}

/** Networks and device types are the same thing twice. This is all that they differ in. */
export interface ScopeKind<S extends Scope = Scope> {
  /** As texts name one: `Network`. */
  readonly label: string;
  /** As paths name one: `network`. */
  readonly path: string;
  /** As operation ids name one: `Network`. */
  readonly id: string;
  readonly entity: new () => S;
  /** What says that a user has one. */
  readonly assignment: new () => Assignment;
  /** The actions that let a token see scopes of this kind, and manage them. */
  readonly actions: { readonly read: Action; readonly manage: Action };
  /** Where a token names them. */
  readonly claim: Exclude<keyof Grant, 'actions'>;
  /** Set for a kind of which a user can have all scopes at once, whatever is assigned to it. */
  readonly allAvailable?: {
    readonly isSetFor: (holder: ScopeHolder) => boolean;
    /** The error of assigning one to a user who has all. */
    readonly assignedAgain: () => ApiError;
  };
  /** The error that says that a user does not have one. */
  readonly notAssigned: (id: number, userId: number) => ApiError;
}
