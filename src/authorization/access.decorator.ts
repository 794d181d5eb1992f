import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import { FewMembers } from '../http/body-limits.js';
import { routeConfig } from '../http/route-config.js';
import { ErrorResponses } from '../openapi/operation.decorator.js';
import type { AccessRule, RouteActions } from './access-rule.js';
import { nameOfAction } from './action.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { authorizationErrors } from './authorization.errors.js';

/** Metadata key of a route's {@link AccessRule} or {@link PUBLIC}. */
export const ACCESS = Symbol('access');
/** Value of {@link ACCESS} for a route that needs no token. */
export const PUBLIC = 'public';

/** Declares who may call a route. Adds the lock, the required action, the 401 and the 403 to the OpenAPI document. */
export function Access(rule: AccessRule): MethodDecorator {
  return applyDecorators(
    declareAccess(rule),
    ApiBearerAuth(),
    ApiExtension('x-access', { actions: namesOf(rule.actions), who: rule.who }),
    ErrorResponses(
      authorizationErrors.unauthorized(),
      authorizationErrors.tokenExpired(),
      authorizationErrors.accessDenied(),
      ...(rule.fields ? [authorizationErrors.administratorsOnly()] : []),
    ),
  );
}

/** Declares that a route needs no token. Its body may have few members. */
export function Public(): MethodDecorator {
  return applyDecorators(declareAccess(PUBLIC), FewMembers(), ApiExtension('x-access', PUBLIC));
}

/** Sets the rule for the guards, and for the startup check that every route has one (authorization.module.ts). */
const declareAccess = (access: AccessRule | typeof PUBLIC) =>
  applyDecorators(SetMetadata(ACCESS, access), routeConfig({ access }));

/** Returns the names of actions, in the form of the rule. */
const namesOf = (actions: RouteActions) =>
  'own' in actions
    ? { own: actions.own.map(nameOfAction), another: actions.another.map(nameOfAction) }
    : actions.map(nameOfAction);

/** Injects the principal of the request. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthenticatedRequest>().user,
);

/** Injects the `id` of the path, or the caller's own user id if the path has none. */
export const TargetId = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<AuthenticatedRequest>().targetId,
);
