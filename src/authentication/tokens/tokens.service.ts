import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Action } from '../../authorization/action.js';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { excess, type Grant, narrow } from '../../authorization/grant.js';
import type { Principal } from '../../authorization/principal.js';
import { Database } from '../../database/database.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import type { User } from '../../users/user.entity.js';
import { UserStatus } from '../../users/user-status.js';
import { changeUser, lockUser } from '../../users/users.repository.js';
import { UsersService } from '../../users/users.service.js';
import { authenticationErrors } from '../authentication.errors.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { type Claims, TokenType, toPayload } from './claims.js';
import type { CreateTokenDto } from './create-token.dto.js';
import { EffectiveAccessService } from './effective-access.service.js';
import type { RefreshSession } from './refresh-session.js';

/** An access and a refresh token. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Request all rights; `narrow` reduces them to the user's own. */
const EVERYTHING: Grant = { actions: [Action.Any], networks: '*', deviceTypes: '*' };

/** Maximum number of excess rights in an error, so that the response stays small. */
const MAX_REPORTED = 20;

/** Issues tokens. A token never has more rights than its user (contract.md §5, §8). */
@Injectable()
export class TokensService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly reach: EffectiveAccessService,
    private readonly keys: SigningKeysService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Issues tokens for a user who has signed in, with all rights of the user. */
  async issueFor(user: User): Promise<TokenPair> {
    return this.pair(user, narrow(EVERYTHING, await this.reach.of(user)));
  }

  /** Issues an access token with the rights of a refresh token, as far as the user still has them. */
  async refresh({ user, grant }: RefreshSession): Promise<{ accessToken: string }> {
    const narrowed = narrow(grant, await this.reach.of(user));
    await this.database.transaction(async (transaction) => {
      const now = await lockUser(transaction, user.id);
      if (now?.status !== UserStatus.Active || now.tokenGeneration !== user.tokenGeneration)
        throw authorizationErrors.unauthorized();
      await changeUser(transaction, user.id, { lastLogin: new Date() }, { published: false });
    });
    return { accessToken: this.sign(user, narrowed, TokenType.Access) };
  }

  /**
   * Issues tokens for a user with the requested rights.
   *
   * @throws {ApiError} 403 when a client requests rights that its own token lacks or tokens for another user, or when
   *   the user is not active; 404
   */
  async create(wanted: CreateTokenDto, principal: Principal): Promise<TokenPair> {
    const { userId, expiration, refreshExpiration } = wanted;
    if (!principal.isAdministrator && userId !== principal.userId) {
      throw authorizationErrors.accessDenied([
        { field: 'userId', message: 'A client can create tokens for itself alone' },
      ]);
    }
    const user = await this.users.get(userId);
    if (user.status !== UserStatus.Active) throw authenticationErrors.userNotActive();
    const reach = await this.reach.of(user);
    const grant: Grant = {
      actions: wanted.actions ?? [Action.None],
      ...(wanted.networkIds && { networks: wanted.networkIds }),
      ...(wanted.deviceTypeIds && { deviceTypes: wanted.deviceTypeIds }),
    };
    if (!principal.isAdministrator) {
      const excessRights = excess(grant, narrow(principal.claimed, reach));
      if (excessRights.length > 0) {
        throw authorizationErrors.accessDenied(
          excessRights.slice(0, MAX_REPORTED).map(({ field, value }) => ({
            field,
            message: `${value} goes beyond what your own token has`,
          })),
        );
      }
    }
    return this.pair(user, narrow(grant, reach), expiration, refreshExpiration);
  }

  private pair(
    user: User,
    grant: Grant,
    expiration?: Date | null,
    refreshExpiration?: Date | null,
  ): TokenPair {
    return {
      accessToken: this.sign(user, grant, TokenType.Access, expiration),
      refreshToken: this.sign(user, grant, TokenType.Refresh, refreshExpiration),
    };
  }

  private sign(user: User, grant: Grant, type: TokenType, expiration?: Date | null): string {
    const ttl = type === TokenType.Access ? this.settings.accessTokenTtl : this.settings.refreshTokenTtl;
    const now = Date.now();
    const expiry = expiration?.getTime() ?? now + ttl * 1000;
    const claims: Claims = {
      payload: { u: user.id, ...toPayload(grant), e: expiry, t: type },
      iss: this.settings.jwtIssuer,
      sub: String(user.id),
      iat: Math.floor(now / 1000),
      exp: Math.floor(expiry / 1000),
      jti: randomUUID(),
      ...(type === TokenType.Refresh && { gen: user.tokenGeneration }),
    };
    return this.keys.sign(claims, type === TokenType.Access ? 'access' : 'refresh');
  }
}
