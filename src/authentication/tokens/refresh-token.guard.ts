import jwt from 'jsonwebtoken';
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { Principal } from '../../authorization/principal.js';
import { authenticationErrors } from '../authentication.errors.js';
import { throwFailure, withStrategy } from '../request/passport.js';
import type { RefreshRequest } from './refresh-session.js';
import { refreshTokenOf, RefreshTokenStrategy } from './refresh-token.strategy.js';

/** Authenticates a request by the refresh token in its body. Where there is none, validation responds 400. */
@Injectable()
export class RefreshTokenGuard extends AuthGuard() {
  constructor(strategy: RefreshTokenStrategy) {
    super(withStrategy(strategy));
  }

  override getAuthenticateOptions() {
    return { property: 'refreshSession' satisfies keyof RefreshRequest };
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RefreshRequest>();
    if (refreshTokenOf(request) === null) return true;
    if ((await super.canActivate(context)) !== true) return false;
    const { user, grant } = request.refreshSession;
    request.user = new Principal(user.id, user.role, user.allDeviceTypesAvailable, grant);
    return true;
  }

  override handleRequest<T>(error: unknown, session: T | false, info: unknown): T {
    throwFailure(error, info);
    if (info instanceof jwt.TokenExpiredError) throw authenticationErrors.refreshTokenExpired();
    if (!session) throw authorizationErrors.unauthorized();
    return session;
  }
}
