import type { FastifyReply } from 'fastify';
import jwt from 'jsonwebtoken';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS, PUBLIC } from '../../authorization/access.decorator.js';
import type { AuthenticatedRequest } from '../../authorization/authenticated-request.js';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import type { Principal } from '../../authorization/principal.js';
import { originOf } from '../../http/request-origin.js';
import { AccessTokenStrategy, bearerOf } from './access-token.strategy.js';
import { authenticate } from './passport.js';
import { PrincipalsService } from './principals.service.js';
import { VerifiedClaimsCache } from './verified-claims.cache.js';

/** The first check of every request (contract.md §2): an access token, unless the route is public. */
@Injectable()
export class AccessTokenGuard implements CanActivate {
  constructor(
    private readonly strategy: AccessTokenStrategy,
    private readonly reflector: Reflector,
    private readonly known: VerifiedClaimsCache,
    private readonly principals: PrincipalsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.get(ACCESS, context.getHandler()) === PUBLIC) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    const token = bearerOf(request);
    const claims = token === null ? undefined : this.known.get(token);
    request.user = claims
      ? await this.principals.of(claims, originOf(request))
      : await this.verify(request, http.getResponse<FastifyReply>());
    return true;
  }

  private async verify(request: AuthenticatedRequest, reply: FastifyReply): Promise<Principal> {
    const { identity, reason } = await authenticate<Principal>(this.strategy, request, reply);
    if (identity) return identity;
    throw reason instanceof jwt.TokenExpiredError
      ? authorizationErrors.tokenExpired()
      : authorizationErrors.unauthorized();
  }
}
