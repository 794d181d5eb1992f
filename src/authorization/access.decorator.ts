import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import { authorizationErrors } from './authorization.errors.js';
import type { Settings } from '../settings/settings.js';
import { ErrorAnswers } from '../openapi/operation.decorator.js';
import { type Action, nameOfAction } from './action.js';
import type { WritePolicy } from './field-policy.js';
import type { AuthenticatedRequest } from './authenticated-request.js';

/** The metadata key under which a route keeps its {@link AccessRule}, or {@link PUBLIC}. */
export const ACCESS = Symbol('access');
/** What a route that anyone may call keeps under {@link ACCESS}. */
export const PUBLIC = 'public';

/** Who is let in to a route (contract.md §2). */
export interface AccessRule {
  /** Any one of these will do. */
  readonly actions: readonly Action[];
  /**
   * `everyone`: all who are signed in; `owner`: administrators, and others for the record of the path's `id` if
   * it is their own.
   */
  readonly who: 'everyone' | 'owner' | 'administrators';
  /** Judges the fields that the body names. */
  readonly fields?: (settings: Settings) => WritePolicy;
}

/** Opens a route to those whom the rule lets in, and documents it: the lock, the right, the 401 and the 403. */
export function Access(rule: AccessRule): MethodDecorator {
  return applyDecorators(
    SetMetadata(ACCESS, rule),
    ApiBearerAuth(),
    ApiExtension('x-access', { actions: rule.actions.map(nameOfAction), who: rule.who }),
    ErrorAnswers(
      authorizationErrors.unauthorized(),
      authorizationErrors.tokenExpired(),
      authorizationErrors.accessDenied(),
      ...(rule.fields ? [authorizationErrors.administratorsOnly()] : []),
    ),
  );
}

/** Opens a route to anyone. */
export function Public(): MethodDecorator {
  return applyDecorators(SetMetadata(ACCESS, PUBLIC), ApiExtension('x-access', PUBLIC));
}

/** Injects the principal of the request. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthenticatedRequest>().user,
);

/** Injects the id of the record that the path names, one's own where it names none. */
export const TargetId = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<AuthenticatedRequest>().targetId,
);
