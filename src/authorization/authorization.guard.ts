import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
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
import type { RecordSource } from './field-policy.js';
import type { Principal } from './principal.js';

/**
 * The second and third check of every request (contract.md §2), before the body is validated. A route without a rule is
 * denied, and so is a request whose token has not been checked before its body was read (request-authentication.ts). A
 * change is checked again in its transaction (change-as.ts). The record is read only if the body names fields that the
 * caller may not change.
 */
@Injectable()
export class AuthorizationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly modules: ModuleRef,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rule = this.reflector.get<AccessRule | typeof PUBLIC | undefined>(ACCESS, context.getHandler());
    if (rule === PUBLIC) return true;
    if (rule === undefined) throw authorizationErrors.accessDenied();

    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = (request as Partial<AuthenticatedRequest>).user;
    if (!principal) throw authorizationErrors.tokenMissing();
    const { id } = request.params;
    request.targetId = id === undefined ? principal.userId : parseId(id, 'id');
    const demand = { rule, targetId: request.targetId, ...this.fieldsOf(rule, request.body) };
    const comparison = authorize(principal, demand, () => this.currentRecord(principal, demand));
    principal.demand = demand;
    return comparison ? comparison.then(() => true) : true;
  }

  /** @throws {ApiError} 401 when the caller's own record has been deleted meanwhile */
  private async currentRecord({ userId }: Principal, { rule, targetId }: Demand) {
    if (!rule.fields) return undefined;
    const records = this.modules.get<RecordSource>(rule.fields.records, { strict: false });
    const record = await records.current(targetId);
    if (!record && targetId === userId) throw authorizationErrors.unauthorized();
    return record;
  }

  private fieldsOf({ fields }: AccessRule, body: unknown): Pick<Demand, 'fields'> {
    if (!fields) return {};
    const known = knownFieldsOf(fields.body);
    const values = isObject(body) ? body : {};
    const named = Object.keys(values).filter((name) => known.has(name));
    return { fields: { policy: fields.policy(this.settings), named, values, method: fields.method } };
  }
}
