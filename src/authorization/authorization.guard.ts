import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { parseId } from '../http/id-param.js';
import { isObject } from '../http/json-body.js';
import { knownFieldsOf } from '../http/validation.pipe.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { ACCESS, type AccessRule, PUBLIC } from './access.decorator.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { authorizationErrors } from './authorization.errors.js';
import { judge } from './field-policy.js';
import type { Principal } from './principal.js';

/**
 * The second and third check of every request (contract.md §2): the action, then role and ownership, then the fields of
 * the body. A route without a rule is denied.
 */
@Injectable()
export class AuthorizationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const rule = this.reflector.get<AccessRule | typeof PUBLIC | undefined>(ACCESS, context.getHandler());
    if (rule === PUBLIC) return true;
    if (rule === undefined) throw authorizationErrors.accessDenied();

    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = request.user;
    if (!rule.actions.some((action) => principal.may(action))) throw authorizationErrors.accessDenied();
    if (rule.who === 'administrators' && !principal.isAdministrator) throw authorizationErrors.accessDenied();

    const { id } = request.params;
    request.targetId = id === undefined ? principal.userId : parseId(id, 'id');
    if (rule.who === 'owner') this.checkOwner(rule, principal, request.targetId, request.body);
    return true;
  }

  private checkOwner(rule: AccessRule, principal: Principal, targetId: number, body: unknown): void {
    const caller = { administrator: principal.isAdministrator, own: targetId === principal.userId };
    if (!caller.administrator && !caller.own) throw authorizationErrors.accessDenied();
    if (!rule.fields) return;
    const known = knownFieldsOf(rule.fields.body);
    const named = isObject(body) ? Object.keys(body).filter((name) => known.has(name)) : [];
    const verdict = judge(rule.fields.policy(this.settings), caller, named);
    if (verdict === 'record denied') throw authorizationErrors.accessDenied();
    if (verdict === 'field denied') throw authorizationErrors.administratorsOnly();
  }
}
