import type { FastifyReply } from 'fastify';
import jwt from 'jsonwebtoken';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { authenticationErrors } from '../authentication.errors.js';
import { authenticate } from '../request/passport.js';
import type { RefreshRequest, RefreshSession } from './refresh-session.js';
import { refreshTokenOf, RefreshTokenStrategy } from './refresh-token.strategy.js';

/** Authenticates a request by the refresh token in its body. If it is missing, the validation pipe returns 400. */
@Injectable()
export class RefreshTokenGuard implements CanActivate {
  constructor(private readonly strategy: RefreshTokenStrategy) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<RefreshRequest>();
    if (refreshTokenOf(request) === null) return true;
    const reply = http.getResponse<FastifyReply>();
    const { identity, reason } = await authenticate<RefreshSession>(this.strategy, request, reply);
    if (!identity) {
      throw reason instanceof jwt.TokenExpiredError
        ? authenticationErrors.refreshTokenExpired()
        : authorizationErrors.unauthorized();
    }
    request.refreshSession = identity;
    request.user = identity.principal;
    return true;
  }
}
