import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-jwt';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import type { Principal } from '../../authorization/principal.js';
import { originOf } from '../../http/request-origin.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { parseClaims, TokenType } from '../tokens/claims.js';
import { kidOf, verifying } from '../tokens/token-verification.js';
import { PrincipalsService } from './principals.service.js';
import { VerifiedClaimsCache } from './verified-claims.cache.js';

/** The name under which Passport knows {@link AccessTokenStrategy}. */
export const ACCESS_TOKEN = 'access-token';

/** RFC 6750 §2.1 */
const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i;
/** The token in the `Authorization: Bearer` header of a request, if there is one. */
export const bearerOf = (request: unknown): string | null =>
  BEARER.exec((request as FastifyRequest).headers.authorization ?? '')?.[1] ?? null;

/** Authenticates a request by the access token in its `Authorization: Bearer` header (contract.md §2). */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN) {
  constructor(
    keys: SigningKeysService,
    private readonly principals: PrincipalsService,
    private readonly known: VerifiedClaimsCache,
    @Inject(SETTINGS) settings: Settings,
  ) {
    super({
      ...verifying({ keys, settings, use: 'access', jwtFromRequest: bearerOf }),
      passReqToCallback: true,
    });
  }

  /** Returns the principal of verified claims, with the user's current state. @throws {ApiError} 401 */
  async validate(request: unknown, verified: unknown): Promise<Principal> {
    const claims = parseClaims(verified);
    if (claims?.payload.t !== TokenType.Access) throw authorizationErrors.unauthorized();
    const token = bearerOf(request) ?? '';
    this.known.set(token, claims, kidOf(token));
    return this.principals.of(claims, originOf(request as FastifyRequest));
  }
}
