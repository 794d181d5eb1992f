import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-jwt';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { originOf } from '../../http/request-origin.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { authenticationErrors } from '../authentication.errors.js';
import { PrincipalsService } from '../request/principals.service.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { parseClaims, TokenType } from './claims.js';
import type { RefreshSession } from './refresh-session.js';
import { type Verification, verifying, verifyToken } from './token-verification.js';

/** The name under which Passport knows {@link RefreshTokenStrategy}. */
export const REFRESH_TOKEN = 'refresh-token';

/** Verifies the refresh token in the body of a request (contract.md §5). */
@Injectable()
export class RefreshTokenStrategy extends PassportStrategy(Strategy, REFRESH_TOKEN) {
  constructor(
    keys: SigningKeysService,
    private readonly principals: PrincipalsService,
    @Inject(SETTINGS) settings: Settings,
  ) {
    const onOtherType = (token: string) => rejectAccessToken(token, { keys, settings, use: 'access' });
    super({
      ...verifying({ keys, settings, use: 'refresh', jwtFromRequest: refreshTokenOf, onOtherType }),
      passReqToCallback: true,
    });
  }

  /** Returns the session of verified claims. @throws {ApiError} 401 */
  async validate(request: unknown, verified: unknown): Promise<RefreshSession> {
    const claims = parseClaims(verified);
    if (!claims) throw authorizationErrors.unauthorized();
    if (claims.payload.t !== TokenType.Refresh) throw authenticationErrors.invalidTokenType();
    return { claims, principal: await this.principals.of(claims, originOf(request as FastifyRequest)) };
  }
}

/** Returns the refresh token in the body of a request, or null. */
export function refreshTokenOf(request: unknown): string | null {
  const body = (request as FastifyRequest<{ Body: { refreshToken?: unknown } | null }>).body;
  return typeof body?.refreshToken === 'string' && body.refreshToken !== '' ? body.refreshToken : null;
}

/** Tells a client that it has confused its tokens. @throws {ApiError} 401 when the token is a valid access token */
async function rejectAccessToken(token: string, verification: Verification): Promise<void> {
  const claims = parseClaims(await verifyToken(token, verification));
  if (claims?.payload.t === TokenType.Access) throw authenticationErrors.invalidTokenType();
}
