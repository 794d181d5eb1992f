import type { Transaction } from '../database/transaction.js';
import type { RequestOrigin } from '../http/request-origin.js';
import type { Demand } from './access-rule.js';
import type { Action } from './action.js';
import { allows, type Grant } from './grant.js';
import { Role } from './role.js';

/** What has started a session: a sign-in, or `POST /token/create`. */
export type SessionKind = 'signIn' | 'created';

/** The session of a token, as far as authorization depends on it. */
export interface CallerSession {
  /** The `sid` of its tokens. */
  readonly id: string;
  readonly kind: SessionKind;
  /** The administrator who acts for the user, because of having created the session. Null: nobody does. */
  readonly actingId: number | null;
  /** No token of the session expires later. */
  readonly expiresAt: Date;
  /** Whether it goes back to tokens of the original, which prove less than a sign-in (contract.md §9). */
  readonly fromOriginal: boolean;
}

/** The rows that a change locks, in this order: users by id, then sessions by id. */
export interface ChangeLocks {
  /** The users that it changes, apart from the caller. */
  readonly users?: readonly number[];
  /** The users whose sessions it may revoke: those of the user, and those that the user has created. */
  readonly sessionsOf?: readonly number[];
}

/** Reads the state of a caller again, inside the transaction of its change. */
export interface CallerLookup {
  /** Locks the rows and returns the caller as it is now. @throws {ApiError} 401 when it may do nothing any more */
  lock(transaction: Transaction, caller: Principal, locks: ChangeLocks): Promise<Principal>;
}

/** What a {@link Principal} consists of. */
export interface PrincipalState {
  readonly userId: number;
  /** The user's current role. */
  readonly role: Role;
  /** Whether the user currently has access to all device types. */
  readonly allDeviceTypesAvailable: boolean;
  /** The rights in the token. They count only as far as the user still has them. */
  readonly claimed: Grant;
  readonly session: CallerSession;
  /** Where the request comes from. */
  readonly origin: RequestOrigin;
  readonly lookup: CallerLookup;
}

/** The caller of a request: the current state of its user, and the rights of its token. */
export class Principal implements PrincipalState {
  readonly userId: number;
  readonly role: Role;
  readonly allDeviceTypesAvailable: boolean;
  readonly claimed: Grant;
  readonly session: CallerSession;
  readonly origin: RequestOrigin;
  readonly lookup: CallerLookup;
  /** What the request asks for. AuthorizationGuard has checked it; a change is checked against it again. */
  demand?: Demand;

  constructor(state: PrincipalState) {
    this.userId = state.userId;
    this.role = state.role;
    this.allDeviceTypesAvailable = state.allDeviceTypesAvailable;
    this.claimed = state.claimed;
    this.session = state.session;
    this.origin = state.origin;
    this.lookup = state.lookup;
  }

  /** The id of {@link session}: an event names it. */
  get sessionId(): string {
    return this.session.id;
  }

  /** The administrator who created {@link session} for the user: an event names both. */
  get sessionCreatedBy(): number | undefined {
    return this.session.actingId ?? undefined;
  }

  get isAdministrator(): boolean {
    return this.role === Role.Administrator;
  }

  /** Returns this caller with another state of its user. */
  as(user: Pick<PrincipalState, 'role' | 'allDeviceTypesAvailable'>): Principal {
    const { userId, claimed, session, origin, lookup } = this;
    return new Principal({ userId, claimed, session, origin, lookup, ...user });
  }

  /** Whether both the token and the user's role allow `action`. */
  may(action: Action): boolean {
    return allows(this.claimed.actions, this.role, action);
  }
}
