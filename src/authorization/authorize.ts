import type { AccessRule, Demand } from './access-rule.js';
import type { Action } from './action.js';
import { authorizationErrors } from './authorization.errors.js';
import { judge } from './field-policy.js';
import type { Principal } from './principal.js';

/**
 * Checks what does not depend on the record: that the token carries one of the route's actions, and the role.
 *
 * @throws {ApiError} 403
 */
export function authorizeRoute(principal: Principal, { actions, who }: AccessRule): void {
  const any = 'own' in actions ? [...actions.own, ...actions.another] : actions;
  assertAction(principal, any);
  if (who === 'administrators' && !principal.isAdministrator) throw authorizationErrors.accessDenied();
}

/**
 * The second and third check of a request (contract.md §2): the action, then role and ownership, then the fields of the
 * body.
 *
 * @throws {ApiError} 403
 */
export function authorize(principal: Principal, { rule, targetId, fields }: Demand): void {
  const { actions, who } = rule;
  authorizeRoute(principal, rule);
  const own = targetId === principal.userId;
  if ('own' in actions) assertAction(principal, own ? actions.own : actions.another);
  if (who !== 'owner') return;
  const administrator = principal.isAdministrator;
  if (!administrator && !own) throw authorizationErrors.accessDenied();
  if (!fields) return;
  const verdict = judge(fields.policy, { administrator, own }, fields.named);
  if (verdict === 'record denied') throw authorizationErrors.accessDenied();
  if (verdict === 'field denied') throw authorizationErrors.administratorsOnly();
}

function assertAction(principal: Principal, actions: readonly Action[]): void {
  if (!actions.some((action) => principal.may(action))) throw authorizationErrors.accessDenied();
}
