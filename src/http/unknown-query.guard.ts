import type { FastifyRequest } from 'fastify';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Dialect } from '../dialect/dialect.js';
import { DIALECT } from '../dialect/dialect.module.js';
import { requestErrors } from '../errors/request.errors.js';
import { takesQuery } from './query-parameters.decorator.js';

/** Rejects query parameters on routes that accept none. On other routes, the DTO rejects unknown ones. */
@Injectable()
export class UnknownQueryGuard implements CanActivate {
  constructor(@Inject(DIALECT) private readonly dialect: Dialect) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const names = Object.keys(request.query as object);
    if (names.length === 0 || !this.dialect.refusesUnknownNames || takesQuery(context.getHandler()))
      return true;
    throw requestErrors.unknownNames(names);
  }
}
