import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import jwt from 'jsonwebtoken';
import { Injectable } from '@nestjs/common';
import { PUBLIC } from '../../authorization/access.decorator.js';
import type { AccessRule } from '../../authorization/access-rule.js';
import type { AuthenticatedRequest } from '../../authorization/authenticated-request.js';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import type { DeclaredRoute } from '../../authorization/authorization.module.js';
import { authorizeRoute } from '../../authorization/authorize.js';
import type { Principal } from '../../authorization/principal.js';
import { originOf } from '../../http/request-origin.js';
import { addOnRequest } from '../../http/route-config.js';
import { OriginalTokensService } from '../original-tokens/original-tokens.service.js';
import { AccessTokenStrategy, bearerOf } from './access-token.strategy.js';
import { authenticate } from './passport.js';
import { PrincipalsService } from './principals.service.js';
import { VerifiedClaimsCache } from './verified-claims.cache.js';

/**
 * The first check of every request (contract.md §2): an access token, unless the route is public. Runs before the body
 * is read: without a token, nobody can make the service parse one.
 */
@Injectable()
export class RequestAuthentication {
  constructor(
    private readonly strategy: AccessTokenStrategy,
    private readonly known: VerifiedClaimsCache,
    private readonly principals: PrincipalsService,
    private readonly originals: OriginalTokensService,
  ) {}

  /**
   * Makes a route that is being registered check the token, and what its rule demands of any record. A route without a
   * rule gets no check here: AuthorizationGuard refuses its requests, and the service does not start with it.
   */
  protect(route: RouteOptions): void {
    const { access } = (route.config ?? {}) as Pick<DeclaredRoute, 'access'>;
    if (access === undefined || access === PUBLIC) return;
    addOnRequest(route, (request: FastifyRequest, reply: FastifyReply) =>
      this.check(request as AuthenticatedRequest, reply, access),
    );
  }

  private async check(request: AuthenticatedRequest, reply: FastifyReply, rule: AccessRule): Promise<void> {
    const token = bearerOf(request);
    const claims = token === null ? undefined : this.known.get(token);
    request.user = claims
      ? await this.principals.of(claims, originOf(request))
      : await this.verify(request, reply);
    // Before the body and the path are parsed: a caller without the right to the route gets 403, whatever they are.
    authorizeRoute(request.user, rule);
    request.recheck = () => this.check(request, reply, rule);
  }

  private async verify(request: AuthenticatedRequest, reply: FastifyReply): Promise<Principal> {
    if (!carriesToken(request)) throw authorizationErrors.tokenMissing();
    const original = await this.originals.authenticate(bearerOf(request) ?? '', originOf(request));
    if (original) return original;
    const { identity, reason } = await authenticate<Principal>(this.strategy, request, reply);
    if (identity) return identity;
    throw reason instanceof jwt.TokenExpiredError
      ? authorizationErrors.tokenExpired()
      : authorizationErrors.unauthorized();
  }
}

/** Whether a request has a token, well-formed or not. Other schemes than `Bearer` have none. */
const carriesToken = ({ headers }: AuthenticatedRequest): boolean =>
  /^Bearer +\S/i.test(headers.authorization ?? '');
