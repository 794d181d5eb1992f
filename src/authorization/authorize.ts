import type { AccessRule, Demand } from './access-rule.js';
import type { Action } from './action.js';
import { authorizationErrors } from './authorization.errors.js';
import { type Caller, type CurrentRecord, judge, leavesUnchanged } from './field-policy.js';
import type { Principal } from './principal.js';

/**
 * Checks what does not depend on the record: that the token carries one of the route's actions, and the role.
 *
 * @throws {ApiError} 403
 */
export function authorizeRoute(principal: Principal, { actions, who }: AccessRule): void {
  const any = 'own' in actions ? [...actions.own, ...actions.another] : actions;
  if (any.length > 0) assertAction(principal, any);
  if (who === 'administrators' && !principal.isAdministrator) throw authorizationErrors.accessDenied();
}

/** Reads the record that a request would change. Undefined: it cannot be compared. */
export type ReadRecord = () => Promise<CurrentRecord | undefined>;

/**
 * The second and third check of a request (contract.md §2): the action, then role and ownership, then the fields of the
 * body.
 *
 * @param readRecord called only if the body names a field that the caller may not change: it must have its current value
 * @returns undefined when the request is authorized already; else a promise that is rejected when it is not
 * @throws {ApiError} 403
 */
export function authorize(
  principal: Principal,
  { rule, targetId, fields }: Demand,
  readRecord: ReadRecord | undefined,
): Promise<void> | undefined {
  const { actions, who } = rule;
  authorizeRoute(principal, rule);
  const own = targetId === principal.userId;
  if ('own' in actions) assertAction(principal, own ? actions.own : actions.another);
  if (who !== 'owner') return undefined;
  const administrator = principal.isAdministrator;
  if (!administrator && !own) throw authorizationErrors.accessDenied();
  if (!fields) return undefined;
  const caller = { administrator, own };
  const verdict = judge(fields.policy, caller, fields.named);
  if (verdict === 'allowed') return undefined;
  if (verdict === 'record denied') throw authorizationErrors.accessDenied();
  return assertUnchanged(caller, fields, readRecord);
}

/** @throws {ApiError} 403 unless the fields that the caller may not change have their current values */
async function assertUnchanged(
  caller: Caller,
  fields: NonNullable<Demand['fields']>,
  readRecord: ReadRecord | undefined,
): Promise<void> {
  const record = await readRecord?.();
  if (!record || !leavesUnchanged(fields.policy, caller, fields, record))
    throw authorizationErrors.administratorsOnly();
}

function assertAction(principal: Principal, actions: readonly Action[]): void {
  if (!actions.some((action) => principal.may(action))) throw authorizationErrors.accessDenied();
}
