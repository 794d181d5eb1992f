import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
  type Type,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import { ErrorResponses } from '../openapi/operation.decorator.js';
import type { Settings } from '../settings/settings.js';
import { type Action, nameOfAction } from './action.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { authorizationErrors } from './authorization.errors.js';
import type { WritePolicy } from './field-policy.js';

/** The metadata key under which a route keeps its {@link AccessRule}, or {@link PUBLIC}. */
export const ACCESS = Symbol('access');
/** What a route that anyone may call keeps under {@link ACCESS}. */
export const PUBLIC = 'public';

/** Who may call a route (contract.md §2). */
export interface AccessRule {
  /** The token must carry one of these. */
  readonly actions: readonly Action[];
  /**
   * `everyone`: anyone signed in; `owner`: administrators for any record, others if the path's `id` is their own.
   */
  readonly who: 'everyone' | 'owner' | 'administrators';
  /** The policy that judges the fields that the body names, and the DTO that says which fields there are. */
  readonly fields?: { readonly policy: (settings: Settings) => WritePolicy; readonly body: Type };
}

/** Declares who may call a route, and documents it: the lock, the right, the 401 and the 403. */
export function Access(rule: AccessRule): MethodDecorator {
  return applyDecorators(
    declareAccess(rule),
    ApiBearerAuth(),
    ApiExtension('x-access', { actions: rule.actions.map(nameOfAction), who: rule.who }),
    ErrorResponses(
      authorizationErrors.unauthorized(),
      authorizationErrors.tokenExpired(),
      authorizationErrors.accessDenied(),
      ...(rule.fields ? [authorizationErrors.administratorsOnly()] : []),
    ),
  );
}

/** Declares that anyone may call a route. */
export function Public(): MethodDecorator {
  return applyDecorators(declareAccess(PUBLIC), ApiExtension('x-access', PUBLIC));
}

/** For the guards, and for the check at the start that no route lacks it (authorization.module.ts). */
const declareAccess = (access: AccessRule | typeof PUBLIC) =>
  applyDecorators(SetMetadata(ACCESS, access), RouteConfig({ access }));

/** Injects the principal of the request. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthenticatedRequest>().user,
);

/** Injects the id of the record that the path names, one's own where it names none. */
export const TargetId = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<AuthenticatedRequest>().targetId,
);
