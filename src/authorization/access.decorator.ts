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

/** Metadata key of a route's {@link AccessRule} or {@link PUBLIC}. */
export const ACCESS = Symbol('access');
/** Value of {@link ACCESS} for a route that needs no token. */
export const PUBLIC = 'public';

/** Who may call a route (contract.md §2). */
export interface AccessRule {
  /** The token must carry one of these. */
  readonly actions: readonly Action[];
  /**
   * `everyone`: any authenticated user; `owner`: administrators for any user, others if the path's `id` is their own.
   */
  readonly who: 'everyone' | 'owner' | 'administrators';
  /** The policy for the fields in the body, and the DTO that declares the known fields. */
  readonly fields?: { readonly policy: (settings: Settings) => WritePolicy; readonly body: Type };
}

/** Declares who may call a route. Adds the lock, the required action, the 401 and the 403 to the OpenAPI document. */
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

/** Declares that a route needs no token. */
export function Public(): MethodDecorator {
  return applyDecorators(declareAccess(PUBLIC), ApiExtension('x-access', PUBLIC));
}

/** Sets the rule for the guards, and for the startup check that every route has one (authorization.module.ts). */
const declareAccess = (access: AccessRule | typeof PUBLIC) =>
  applyDecorators(SetMetadata(ACCESS, access), RouteConfig({ access }));

/** Injects the principal of the request. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthenticatedRequest>().user,
);

/** Injects the `id` of the path, or the caller's own user id if the path has none. */
export const TargetId = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<AuthenticatedRequest>().targetId,
);
