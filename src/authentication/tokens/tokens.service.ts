import { Inject, Injectable } from '@nestjs/common';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { changeAs } from '../../authorization/change-as.js';
import { narrow } from '../../authorization/grant.js';
import type { Principal } from '../../authorization/principal.js';
import { Role } from '../../authorization/role.js';
import { Database } from '../../database/database.js';
import type { Dialect } from '../../dialect/dialect.js';
import { DIALECT } from '../../dialect/dialect.module.js';
import type { FieldError } from '../../errors/api-error.js';
import { requestErrors } from '../../errors/request.errors.js';
import { sourceNetworkOf } from '../../http/source-network.js';
import { grantOfSession, isOpen, type Session } from '../../sessions/session.entity.js';
import { changeSession, lockSession, revokeSessions } from '../../sessions/sessions.repository.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { touchKnownSource } from '../../users/known-sources.repository.js';
import { holderOf } from '../../users/user.entity.js';
import { isBarred } from '../../users/user-status.js';
import { userErrors } from '../../users/users.errors.js';
import { changeUser, lockUser } from '../../users/users.repository.js';
import { authenticationErrors } from '../authentication.errors.js';
import { SessionsService, type StartedSession } from '../sessions/sessions.service.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { grantOf, TokenType } from './claims.js';
import type { CreateTokenDto } from './create-token.dto.js';
import { EffectiveAccessService } from './effective-access.service.js';
import { refreshStep } from './refresh-rotation.js';
import type { RefreshSession } from './refresh-session.js';
import { requestedRights } from './requested-rights.js';
import { signToken, type TokenDetails } from './token-signing.js';

/** An access and a refresh token. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** What a refresh returns: with rotation, a new refresh token too. */
export interface RefreshedTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
}

/** When the tokens of a session expire. */
interface Lifetimes {
  readonly accessExpiresAt: Date;
  readonly refreshExpiresAt: Date;
}

/** Issues tokens. A token never has more rights or a longer lifetime than its session (contract.md §5, §8). */
@Injectable()
export class TokensService {
  constructor(
    private readonly database: Database,
    private readonly reach: EffectiveAccessService,
    private readonly sessions: SessionsService,
    private readonly keys: SigningKeysService,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(DIALECT) private readonly dialect: Dialect,
  ) {}

  /** Issues the first tokens of a session. */
  issue({ session, refreshExpiresAt }: StartedSession): TokenPair {
    const details = { issuedAt: session.createdAt, grant: grantOfSession(session) };
    const { accessExpiresAt } = session;
    return {
      accessToken: this.sign(session, { ...details, type: TokenType.Access, expiresAt: accessExpiresAt }),
      refreshToken: this.sign(session, { ...details, type: TokenType.Refresh, expiresAt: refreshExpiresAt }),
    };
  }

  /**
   * Issues an access token with the rights of a refresh token, as far as the user still has them.
   *
   * @throws {ApiError} 401 when the session has ended, or ends now because the refresh token was used again
   */
  async refresh({ claims, principal }: RefreshSession): Promise<RefreshedTokens> {
    const source = sourceNetworkOf(principal.origin.address);
    // In a turn of the session, not of the user: a client that changes data all the time with another of the user's tokens
    // does not keep this one from being refreshed.
    const refreshed = await this.database.transaction(async (transaction) => {
      const user = await lockUser(transaction, principal.userId);
      const session = await lockSession(transaction, principal.sessionId);
      if (!user || isBarred(user) || !session || !isOpen(session)) return undefined;
      if (session.fromOriginal && user.role !== Role.Client) return undefined;
      const now = new Date();
      const step = refreshStep(session.rotations, {
        used: claims.rot ?? 0,
        source,
        now: now.getTime(),
        rotates: this.settings.refreshRotation && session.kind === 'signIn',
      });
      if (step === 'unknown') return undefined;
      if (step === 'reused') {
        // Returned, not thrown: the transaction must be committed.
        const revocation = { actor: principal, reason: 'refreshTokenReused' } as const;
        await revokeSessions(transaction, { ofUser: user.id, only: [session.id] }, revocation);
        return undefined;
      }
      const granted = grantOf(claims, grantOfSession(session));
      const grant = narrow(granted, await this.reach.of(holderOf(user), transaction.manager));
      const expiresAt = earliest(now.getTime() + this.settings.accessTokenTtl * 1000, session.expiresAt);
      await changeUser(transaction, user.id, { lastLogin: now }, { published: false });
      await touchKnownSource(transaction, user.id, source);
      await changeSession(transaction, session.id, {
        lastUsedAt: now,
        accessExpiresAt: new Date(Math.max(session.accessExpiresAt.getTime(), expiresAt.getTime())),
        rotations: step.rotations,
      });
      return { session, grant, expiresAt, issuedAt: now, successor: step.successor };
    }, principal.sessionId);
    if (!refreshed) throw authorizationErrors.unauthorized();
    const { session, successor, ...details } = refreshed;
    return {
      accessToken: this.sign(session, { ...details, type: TokenType.Access }),
      ...(successor && {
        // The same claims give the same token, so a repeated request does not start a second chain.
        refreshToken: this.sign(session, {
          type: TokenType.Refresh,
          expiresAt: new Date(claims.payload.e),
          issuedAt: new Date(successor.at),
          grant: grantOf(claims, grantOfSession(session)),
          rotation: successor.number,
        }),
      }),
    };
  }

  /**
   * Starts a session for a user with the requested rights, and issues its tokens.
   *
   * @throws {ApiError} 400 when the lifetime of the tokens would be too long; 403 when the caller's token lacks a requested right, the
   *   user may not have it, the user is disabled or locked by an administrator, or a client asks for another user; 404;
   *   429 when a client has created too many sessions
   */
  async create(wanted: CreateTokenDto, principal: Principal): Promise<TokenPair> {
    const { userId } = wanted;
    if (!principal.isAdministrator && userId !== principal.userId) throw clientsForThemselves();
    if (typeof userId === 'bigint') throw userErrors.notFound(userId);
    const started = await changeAs(
      this.database,
      principal,
      { users: [userId] },
      async (transaction, caller) => {
        // Demoted while the request waited.
        if (!caller.isAdministrator && userId !== caller.userId) throw clientsForThemselves();
        const user = await lockUser(transaction, userId);
        if (!user) throw userErrors.notFound(userId);
        if (isBarred(user)) throw authenticationErrors.userNotActive();
        const { manager } = transaction;
        const reach = await this.reach.forNewSession(holderOf(user), transaction);
        const callersReach = userId === caller.userId ? reach : await this.reach.of(caller, manager);
        const grant = requestedRights(wanted, reach, narrow(caller.claimed, callersReach), this.dialect);
        // A session is for its user alone; a created one also bounds what it creates for others: else a short one could
        // make a long one, and that another.
        const isBound = userId === caller.userId || caller.session.kind === 'created';
        const parent = isBound ? caller.session : undefined;
        const lifetimes = this.lifetimesOf(wanted, parent?.expiresAt);
        const created = { by: caller, label: wanted.label ?? null, parentId: parent?.id ?? null };
        const { origin } = caller;
        return {
          session: await this.sessions.start(transaction, { userId, grant, origin, created, ...lifetimes }),
          ...lifetimes,
        };
      },
    );
    return this.issue(started);
  }

  /** @throws {ApiError} 400 that names each expiry that is too late, unless the dialect cuts it */
  private lifetimesOf(request: CreateTokenDto, parentEnd: Date | undefined): Lifetimes {
    const now = Date.now();
    const { accessTokenTtl, refreshTokenTtl, createdTokenMaxTtl } = this.settings;
    const latest = now + createdTokenMaxTtl * 1000;
    const wanted = this.dialect.lateExpiry === 'cut' ? expiriesWithin(request, latest, parentEnd) : request;
    const problems = (['expiration', 'refreshExpiration'] as const).flatMap((field): FieldError[] => {
      const sent = wanted[field]?.getTime() ?? 0;
      if (sent > latest)
        return [{ field, message: `${field} must be at most ${createdTokenMaxTtl} seconds ahead` }];
      if (parentEnd && sent > parentEnd.getTime())
        return [{ field, message: `${field} must not be after the end of your own session` }];
      return [];
    });
    if (problems.length > 0) throw requestErrors.invalidFields(problems);
    const byDefault = (ttl: number) => earliest(Math.min(now + ttl * 1000, latest), parentEnd);
    const accessExpiresAt = wanted.expiration ?? byDefault(accessTokenTtl);
    const refreshExpiresAt = wanted.refreshExpiration ?? wanted.expiration ?? byDefault(refreshTokenTtl);
    return { accessExpiresAt, refreshExpiresAt };
  }

  private sign(session: Session, details: TokenDetails): string {
    return signToken(session, details, this.keys, this.settings);
  }
}

/** Returns the expiries that a request names, or the latest that they may be. */
function expiriesWithin(
  { expiration, refreshExpiration }: CreateTokenDto,
  latest: number,
  parentEnd: Date | undefined,
): Pick<CreateTokenDto, 'expiration' | 'refreshExpiration'> {
  const cut = (moment: Date) => earliest(Math.min(moment.getTime(), latest), parentEnd);
  return {
    ...(expiration && { expiration: cut(expiration) }),
    ...(refreshExpiration && { refreshExpiration: cut(refreshExpiration) }),
  };
}

const clientsForThemselves = () =>
  authorizationErrors.accessDenied([
    { field: 'userId', message: 'A client can create tokens for itself alone' },
  ]);

const earliest = (moment: number, end: Date | undefined): Date =>
  new Date(Math.min(moment, end?.getTime() ?? Infinity));
