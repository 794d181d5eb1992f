import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { parseId } from '../http/id-param.js';
import { isObject } from '../http/json-body.js';
import { knownFieldsOf } from '../http/validation.pipe.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { ACCESS, PUBLIC } from './access.decorator.js';
import type { AccessRule, Demand } from './access-rule.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { authorizationErrors } from './authorization.errors.js';
import { authorize } from './authorize.js';

/**
 * The second and third check of every request (contract.md §2), before the body is validated. A route without a rule is
 * denied, and so is a request whose token has not been checked before its body was read (request-authentication.ts). A
 * change is checked again in its transaction (change-as.ts).
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
    const principal = (request as Partial<AuthenticatedRequest>).user;
    if (!principal) throw authorizationErrors.tokenMissing();
    const { id } = request.params;
    request.targetId = id === undefined ? principal.userId : parseId(id, 'id');
    const demand = { rule, targetId: request.targetId, ...this.fieldsOf(rule, request.body) };
    authorize(principal, demand);
    principal.demand = demand;
    return true;
  }

  private fieldsOf({ fields }: AccessRule, body: unknown): Pick<Demand, 'fields'> {
    if (!fields) return {};
    const known = knownFieldsOf(fields.body);
    const named = isObject(body) ? Object.keys(body).filter((name) => known.has(name)) : [];
    return { fields: { policy: fields.policy(this.settings), named } };
  }
}
