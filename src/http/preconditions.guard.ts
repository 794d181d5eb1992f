import type { FastifyInstance, FastifyRequest, preValidationHookHandler } from 'fastify';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';
import { isConditional } from './conditional.decorator.js';
import { isAny } from './etag.js';

/**
 * Refuses `If-Match` on every route whose handler does not evaluate it (contract.md §3): such a route has no entity tag
 * that could match. Runs after the guard of the access, before anything is done.
 */
@Injectable()
export class PreconditionsGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (
      demandsTag(context.switchToHttp().getRequest<FastifyRequest>()) &&
      !isConditional(context.getHandler())
    )
      throw requestErrors.noEntityTag();
    return true;
  }
}

/** Refuses `If-Match` on the routes that belong to no controller, such as those of Swagger UI. */
export function refusePreconditions(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    // The routes of controllers declare their access; the guard checks them.
    if ((route.config as { access?: unknown } | undefined)?.access !== undefined) return;
    const refuse: preValidationHookHandler = (request, _reply, done) => {
      done(demandsTag(request) ? requestErrors.noEntityTag() : undefined);
    };
    route.preValidation = [route.preValidation ?? [], refuse].flat();
  });
}

const demandsTag = ({ headers: { 'if-match': ifMatch } }: FastifyRequest): boolean =>
  ifMatch !== undefined && !isAny(ifMatch);
