import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import jwt from 'jsonwebtoken';
import { ACCESS, PUBLIC } from '../../authorization/access.decorator.js';
import { authenticationErrors } from '../authentication.errors.js';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { ApiError } from '../../errors/api-error.js';
import { UnavailableError } from '../../errors/unavailable.error.js';
import type { AuthenticatedRequest } from '../../authorization/authenticated-request.js';
import { AccessTokenStrategy, bearerOf } from './access-token.strategy.js';
import { PrincipalsService } from './principals.service.js';
import { RefreshTokenStrategy, refreshTokenOf } from '../tokens/refresh-token.strategy.js';
import { VerifiedClaimsCache } from './verified-claims.cache.js';

/**
 * Authenticates by the strategy of this very service: by name, Passport would find the one that was made last in
 * the process, be it that of another service with other keys and users.
 */
const by = (strategy: object) => ({
  get defaultStrategy() {
    // A copy for each request: Passport hangs that request's callbacks on it.
    return Object.create(strategy) as string;
  },
});

/**
 * Throws what kept the service from judging a token. Passport takes a key that could not be looked up, for the database
 * is away, for a token that is not good.
 */
function throwFailure(error: unknown, info: unknown): void {
  if (error instanceof Error) throw error;
  if (info instanceof ApiError || info instanceof UnavailableError) throw info;
}

/** The first check of every request (contract.md §2): an access token, unless the route is public. */
@Injectable()
export class AccessTokenGuard extends AuthGuard() {
  constructor(
    strategy: AccessTokenStrategy,
    private readonly reflector: Reflector,
    private readonly known: VerifiedClaimsCache,
    private readonly principals: PrincipalsService,
  ) {
    super(by(strategy));
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

/** Lets a request in by the refresh token in its body. Where there is none, validation says so. */
@Injectable()
export class RefreshTokenGuard extends AuthGuard() {
  constructor(strategy: RefreshTokenStrategy) {
    super(by(strategy));
  }

  override canActivate(context: ExecutionContext) {
    return refreshTokenOf(context.switchToHttp().getRequest()) === null || super.canActivate(context);
  }

  override handleRequest<T>(error: unknown, session: T | false, info: unknown): T {
    throwFailure(error, info);
    if (info instanceof jwt.TokenExpiredError) throw authenticationErrors.refreshTokenExpired();
    if (!session) throw authorizationErrors.unauthorized();
    return session;
  }
}
