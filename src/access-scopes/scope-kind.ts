import type { Action } from '../authorization/action.js';
import type { Grant } from '../authorization/grant.js';
import type { Role } from '../authorization/role.js';
import type { ApiError } from '../errors/api-error.js';
import type { Assignment } from './assignment.entity.js';
import type { Scope } from './scope.entity.js';

/** The properties of a user that determine its access to scopes. */
export interface ScopeHolder {
  readonly userId: number;
  readonly role: Role;
  readonly allDeviceTypesAvailable: boolean;
}

/** The differences between networks and device types. Everything else is shared code. */
export interface ScopeKind<S extends Scope = Scope> {
  /** Name in messages: `Network`. */
  readonly label: string;
  /** Name in paths: `network`. */
  readonly path: string;
  /** Name in operation ids: `Network`. */
  readonly id: string;
  readonly entity: new () => S;
  /** The entity that assigns a scope of this kind to a user. */
  readonly assignment: new () => Assignment;
  /** The actions that allow a token to read and to manage scopes of this kind. */
  readonly actions: { readonly read: Action; readonly manage: Action };
  /** What events of this kind of scope are about: the first part of their types. */
  readonly eventThing: 'network' | 'deviceType';
  /** The property of an event's details with the id of a scope of this kind. */
  readonly eventDetail: 'networkId' | 'deviceTypeId';
  /** The property of {@link Grant} that lists scopes of this kind. */
  readonly claim: Exclude<keyof Grant, 'actions'>;
  /** Set for a kind of which a user can have all scopes, regardless of its assignments. */
  readonly allAvailable?: {
    readonly isSetFor: (holder: ScopeHolder) => boolean;
    /** The error when one scope is given to or taken from a user who has all. */
    readonly refused: () => ApiError;
  };
  /** The error when a scope is not assigned to the user. */
  readonly notAssigned: (id: number, userId: number) => ApiError;
}
