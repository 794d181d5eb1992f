import { Action, ACTIONS_OF, nameOfAction } from './action.js';
import type { Role } from './role.js';

/** A list of ids, or `*` for all. */
export type Ids = '*' | readonly number[];

/** The rights in a token. */
export interface Grant {
  readonly actions: readonly Action[];
  /** Absent: the token names none. */
  readonly networks?: Ids;
  /** Absent: the token names none. */
  readonly deviceTypes?: Ids;
}

/** All rights. {@link narrow} reduces them to those of a user. */
export const EVERYTHING: Grant = { actions: [Action.Any], networks: '*', deviceTypes: '*' };

/** The current role and access of a user, independent of its tokens. */
export interface EffectiveAccess {
  readonly role: Role;
  readonly networks: Ids;
  readonly deviceTypes: Ids;
}

/** A requested right that the caller's own token lacks. */
export interface Excess {
  readonly field: 'actions' | 'networkIds' | 'deviceTypeIds';
  /** The name of the action, the id, or `*`. */
  readonly value: string;
}

/** Whether a token with `actions` allows `action` to a user with `role`. */
export function allows(actions: readonly Action[], role: Role, action: Action): boolean {
  return (actions.includes(Action.Any) || actions.includes(action)) && ACTIONS_OF[role].includes(action);
}

/** Returns the part of `grant` that is within `reach`. A grant can only be narrowed (contract.md §8). */
export function narrow(grant: Grant, reach: EffectiveAccess): Grant {
  return {
    actions: narrowActions(grant.actions, reach.role),
    ...(grant.networks && { networks: narrowIds(grant.networks, reach.networks) }),
    ...(grant.deviceTypes && { deviceTypes: narrowIds(grant.deviceTypes, reach.deviceTypes) }),
  };
}

/** Returns the rights in `wanted` that `own` lacks. */
export function excess(wanted: Grant, own: Grant): Excess[] {
  return [
    ...wanted.actions
      .filter(
        (action) =>
          action !== Action.None && !own.actions.includes(Action.Any) && !own.actions.includes(action),
      )
      .map((action) => ({ field: 'actions' as const, value: nameOfAction(action) })),
    ...excessIds(wanted.networks, own.networks).map((value) => ({ field: 'networkIds' as const, value })),
    ...excessIds(wanted.deviceTypes, own.deviceTypes).map((value) => ({
      field: 'deviceTypeIds' as const,
      value,
    })),
  ];
}

/** Returns the part of `wanted` that `own` has, too. Ids that were named stay a list, if an empty one. */
export function within(wanted: Grant, own: Grant): Grant {
  return {
    actions: actionsWithin(wanted.actions, own.actions),
    ...(wanted.networks && { networks: narrowIds(wanted.networks, own.networks ?? []) }),
    ...(wanted.deviceTypes && { deviceTypes: narrowIds(wanted.deviceTypes, own.deviceTypes ?? []) }),
  };
}

function actionsWithin(wanted: readonly Action[], own: readonly Action[]): readonly Action[] {
  if (own.includes(Action.Any)) return wanted;
  if (wanted.includes(Action.Any)) return own;
  const left = wanted.filter((action) => own.includes(action));
  return left.length > 0 ? left : [Action.None];
}

function narrowActions(actions: readonly Action[], role: Role): readonly Action[] {
  const allowed = ACTIONS_OF[role];
  if (actions.includes(Action.Any)) return allowed.includes(Action.Any) ? [Action.Any] : allowed;
  const left = actions.filter((action) => allowed.includes(action));
  return left.length > 0 ? left : [Action.None];
}

function narrowIds(ids: Ids, reach: Ids): Ids {
  if (reach === '*') return ids;
  if (ids === '*') return reach;
  const reached = new Set(reach);
  return ids.filter((id) => reached.has(id));
}

function excessIds(wanted: Ids | undefined, own: Ids | undefined): string[] {
  if (wanted === undefined || own === '*') return [];
  if (wanted === '*') return ['*'];
  const owned = new Set(own);
  return wanted.filter((id) => !owned.has(id)).map(String);
}
