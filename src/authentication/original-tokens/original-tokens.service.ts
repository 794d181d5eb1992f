import { Inject, Injectable } from '@nestjs/common';
import { Action, ACTIONS } from '../../authorization/action.js';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import type { Principal } from '../../authorization/principal.js';
import { Role } from '../../authorization/role.js';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import type { Dialect, OriginalToken, OriginalTokens } from '../../dialect/dialect.js';
import { DIALECT } from '../../dialect/dialect.module.js';
import { recordEvent } from '../../events/record-event.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { originalSessionOf } from '../../sessions/original-session.js';
import { isOpen, type Session } from '../../sessions/session.entity.js';
import {
  changeSession,
  findSession,
  insertSession,
  lockSession,
} from '../../sessions/sessions.repository.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { endOriginalTokens } from '../../users/end-original-tokens.js';
import type { User } from '../../users/user.entity.js';
import { isBarred } from '../../users/user-status.js';
import { findUser, lockUser } from '../../users/users.repository.js';
import { PrincipalsService } from '../request/principals.service.js';
import { VerifiedClaimsCache } from '../request/verified-claims.cache.js';
import { type Claims, TokenType } from '../tokens/claims.js';

/** The label of the session that stands for all tokens of the original that a user has. */
const LABEL = 'tokens that DeviceHive has issued';

/**
 * Access tokens of the original, as far as the dialect accepts them (contract.md §9). All tokens of a user count as
 * those of one session, which starts with the first use of one. So they are checked, listed and revoked as others are.
 */
@Injectable()
export class OriginalTokensService {
  private readonly accepted: OriginalTokens | undefined;

  constructor(
    private readonly database: Database,
    private readonly principals: PrincipalsService,
    private readonly known: VerifiedClaimsCache,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(DIALECT) { originalTokens }: Dialect,
  ) {
    this.accepted = originalTokens;
  }

  /**
   * Returns the principal of a token of the original, or undefined if it is none that is accepted.
   *
   * @throws {ApiError} 401 when it has expired, or its user may not have one
   */
  async authenticate(token: string, origin: RequestOrigin): Promise<Principal | undefined> {
    const claims = this.claimsOf(token);
    if (!claims) return undefined;
    if (claims.payload.e <= Date.now()) throw authorizationErrors.tokenExpired();
    await this.use(token, claims, origin);
    return this.principals.of(claims, origin);
  }

  /** Starts the session of a token of the original, unless it has been started. @throws {ApiError} 401 */
  async use(token: string, claims: Claims, origin: RequestOrigin): Promise<void> {
    if (!this.accepted) throw authorizationErrors.unauthorized();
    await this.open(claims.payload.u, this.accepted.until, origin);
    this.known.set(token, claims, undefined);
  }

  /**
   * Ends all tokens of the original for the user of one of them, used or not.
   *
   * @returns false if it is none that is accepted; nothing is changed then
   */
  async revoke(token: string, origin: RequestOrigin): Promise<boolean> {
    const claims = this.claimsOf(token);
    if (!claims || claims.payload.e <= Date.now()) return false;
    const { sid, payload } = claims;
    await this.database.transaction(async (transaction) => {
      const user = await lockUser(transaction, payload.u);
      if (!user) return;
      const session = await findSession(transaction.manager, sid);
      if (user.originalTokensEnded && !(session && isOpen(session))) return;
      const actor = { userId: user.id, sessionId: sid, origin };
      const revoked = await endOriginalTokens(transaction, user.id, { actor, reason: 'request' });
      // None has been used: there was no session.
      if (revoked === 0) {
        const subject = `user/${user.id}`;
        await recordEvent(transaction, {
          type: 'session.revoked',
          subject,
          actor,
          sessionId: sid,
          reason: 'request',
        });
      }
    }, `user/${payload.u}`);
    return true;
  }

  /** Returns the claims of a token of the original, which may have expired; undefined: it is none that is accepted. */
  claimsOf(token: string): Claims | undefined {
    const { accepted, settings } = this;
    if (!accepted || accepted.until.getTime() <= Date.now()) return undefined;
    const original = accepted.read(token);
    return original && toClaims(original, accepted.until, settings.jwtIssuer);
  }

  /**
   * Starts the session of a user's tokens, unless it has been started.
   *
   * @throws {ApiError} 401 when the user may not have one
   */
  private async open(userId: number, until: Date, origin: RequestOrigin): Promise<void> {
    const sid = originalSessionOf(userId);
    const turn = `user/${userId}`;
    const found = await this.database.read((manager) => findSession(manager, sid), turn);
    if (found && (found.revokedAt !== null || found.expiresAt >= until)) return;
    // Before a transaction: requests that are refused do not keep others from writing.
    const user = await this.database.read((manager) => findUser(manager, userId), turn);
    if (!mayHaveTokens(user)) throw authorizationErrors.unauthorized();
    await this.database.transaction(async (transaction) => {
      if (!mayHaveTokens(await lockUser(transaction, userId))) throw authorizationErrors.unauthorized();
      const session = await lockSession(transaction, sid);
      if (!session) await start(transaction, userId, until, origin);
      else if (session.revokedAt === null && session.expiresAt < until)
        await changeSession(transaction, sid, {
          expiresAt: until,
          accessExpiresAt: until,
          removableAt: until,
        });
    }, turn);
  }
}

const mayHaveTokens = (user: User | null): boolean =>
  user !== null && user.role === Role.Client && !isBarred(user) && !user.originalTokensEnded;

async function start(
  transaction: Transaction,
  userId: number,
  until: Date,
  origin: RequestOrigin,
): Promise<void> {
  const now = new Date();
  const session: Session = {
    id: originalSessionOf(userId),
    userId,
    kind: 'created',
    label: LABEL,
    parentId: null,
    createdBy: null,
    actingId: null,
    fromOriginal: true,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: until,
    accessExpiresAt: until,
    revokedAt: null,
    removableAt: until,
    address: origin.address,
    userAgent: origin.userAgent,
    // Each token names its own rights.
    actions: [Action.Any],
    networkIds: '*',
    deviceTypeIds: '*',
    rotations: [],
  };
  await insertSession(transaction, session);
  const { id } = session;
  await recordEvent(transaction, {
    type: 'session.created',
    subject: `user/${userId}`,
    actor: { userId, sessionId: id, origin },
    sessionId: id,
  });
}

/** Returns the claims of a token of this service that says the same. */
function toClaims(original: OriginalToken, until: Date, issuer: string): Claims {
  const { userId, actions, networkIds, deviceTypeIds } = original;
  const sid = originalSessionOf(userId);
  const expiresAt = Math.min(original.expiresAt, until.getTime());
  return {
    payload: {
      u: userId,
      a: ACTIONS.filter((action) => actions.includes(action)),
      ...(networkIds && { n: [...networkIds] }),
      ...(deviceTypeIds && { dt: [...deviceTypeIds] }),
      e: expiresAt,
      t: TokenType.Access,
    },
    iss: issuer,
    sub: String(userId),
    iat: 0,
    exp: Math.floor(expiresAt / 1000),
    jti: sid,
    sid,
  };
}
