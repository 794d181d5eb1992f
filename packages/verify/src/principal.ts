import { type ActionName, actionNumber, ANY_ACTION } from './action.js';
import type { Ids } from './claims.js';

/** What a request reaches for. An id may be a text, such as a parameter of a path. */
export interface Reach {
  readonly network?: number | string | undefined;
  readonly deviceType?: number | string | undefined;
}

/** What a {@link Principal} consists of. */
export interface PrincipalState {
  readonly userId: number;
  readonly login?: string | undefined;
  readonly actions: readonly number[];
  readonly networks: Ids;
  readonly deviceTypes: Ids;
  readonly session: string;
  readonly createdBy?: number | undefined;
  readonly expiresAt: Date;
}

/** The bearer of a verified token. */
export class Principal implements PrincipalState {
  readonly userId: number;
  /** Known only after an introspection: tokens do not hold it. */
  readonly login?: string;
  /** By number; `[0]`: all, an administrator's. */
  readonly actions: readonly number[];
  /** Ids, or `*` for all. */
  readonly networks: Ids;
  /** Ids, or `*` for all. */
  readonly deviceTypes: Ids;
  /** The session of the token (`sid`). */
  readonly session: string;
  /** The administrator who created the token for its user (`act.sub`). */
  readonly createdBy?: number;
  /** When the token expires. */
  readonly expiresAt: Date;

  constructor(state: PrincipalState) {
    this.userId = state.userId;
    if (state.login !== undefined) this.login = state.login;
    this.actions = state.actions;
    this.networks = state.networks;
    this.deviceTypes = state.deviceTypes;
    this.session = state.session;
    if (state.createdBy !== undefined) this.createdBy = state.createdBy;
    this.expiresAt = state.expiresAt;
  }

  /**
   * Whether the token grants `action`, and reaches the network and the device type that are named. A member of `reach`
   * that is present and no id, `undefined` included, is not reached: a parameter that is missing grants nothing.
   */
  can(action: ActionName | number, reach: Reach = {}): boolean {
    const number = actionNumber(action);
    if (number === undefined) return false;
    if (!this.actions.includes(ANY_ACTION) && !this.actions.includes(number)) return false;
    return (
      (!('network' in reach) || reaches(this.networks, reach.network)) &&
      (!('deviceType' in reach) || reaches(this.deviceTypes, reach.deviceType))
    );
  }
}

function reaches(ids: Ids, id: number | string | undefined): boolean {
  // Only the one form that an id has: others might mean another record to those who read them later.
  if (!/^[1-9]\d{0,15}$/.test(String(id))) return false;
  return ids === '*' || ids.includes(Number(id));
}
