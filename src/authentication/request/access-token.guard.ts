import jwt from 'jsonwebtoken';
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { ACCESS, PUBLIC } from '../../authorization/access.decorator.js';
import type { AuthenticatedRequest } from '../../authorization/authenticated-request.js';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { AccessTokenStrategy, bearerOf } from './access-token.strategy.js';
import { throwFailure, withStrategy } from './passport.js';
import { PrincipalsService } from './principals.service.js';
import { VerifiedClaimsCache } from './verified-claims.cache.js';

/** The first check of every request (contract.md §2): an access token, unless the route is public. */
@Injectable()
export class AccessTokenGuard extends AuthGuard() {
  constructor(
    strategy: AccessTokenStrategy,
    private readonly reflector: Reflector,
    private readonly known: VerifiedClaimsCache,
    private readonly principals: PrincipalsService,
  ) {
    super(withStrategy(strategy));
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.get(ACCESS, context.getHandler()) === PUBLIC) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = bearerOf(request);
    const claims = token === null ? undefined : this.known.get(token);
    if (!claims) return (await super.canActivate(context)) === true;
    request.user = await this.principals.of(claims);
    return true;
  }

  override handleRequest<T>(error: unknown, principal: T | false, info: unknown): T {
    throwFailure(error, info);
    if (info instanceof jwt.TokenExpiredError) throw authorizationErrors.tokenExpired();
    if (!principal) throw authorizationErrors.unauthorized();
    return principal;
  }
}
