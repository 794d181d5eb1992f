import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { changeAs } from '../../authorization/change-as.js';
import type { Grant } from '../../authorization/grant.js';
import { Principal } from '../../authorization/principal.js';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { requestErrors } from '../../errors/request.errors.js';
import type { EventActor } from '../../events/event.js';
import { recordEvent } from '../../events/record-event.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { originalSessionOf } from '../../sessions/original-session.js';
import { isOpen, NO_ADDRESS, Session } from '../../sessions/session.entity.js';
import {
  ancestorsOf,
  countCreated,
  findSession,
  insertSession,
  leastUsedSignIns,
  openSessionsOf,
  removeRevoked,
  revokeSessions,
  withinSession,
} from '../../sessions/sessions.repository.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { endOriginalTokens } from '../../users/end-original-tokens.js';
import { userErrors } from '../../users/users.errors.js';
import { findUser, lockUser } from '../../users/users.repository.js';
import { sessionErrors } from './sessions.errors.js';
import type { EndSessionsQuery, ListSessionsQuery } from './sessions.query.js';

/** A client may create this many times `MAX_SESSIONS` sessions, and so many revoked ones are kept per user. */
const CREATED_PER_SIGN_IN = 10;
/** `Retry-After` of the 429 for too many created sessions, in seconds: they end by time, or when they are revoked. */
const TOO_MANY_RETRY = 60;

/** A session to start. */
export interface SessionStart {
  readonly userId: number;
  readonly grant: Grant;
  readonly accessExpiresAt: Date;
  readonly refreshExpiresAt: Date;
  /** Of the request that starts it; null: a command does. */
  readonly origin: RequestOrigin | null;
  /** Absent: a sign-in. */
  readonly created?: {
    /** An {@link EventActor} that is no principal: a command, which no user stands for. */
    readonly by: Principal | EventActor;
    readonly label: string | null;
    /** The calling session; null: an administrator creates it for another user, or a command does. */
    readonly parentId: string | null;
  };
}

/** A session that has just been started. */
export interface StartedSession {
  readonly session: Session;
  readonly refreshExpiresAt: Date;
}

/** Returns the administrator who acts in a session that `creator` creates for a user. */
const actingIn = (userId: number, creator: Principal): number | null =>
  creator.userId === userId ? creator.session.actingId : creator.userId;

/** Starts, lists and revokes the sessions of users (contract.md §5). */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Starts a session, in the transaction that has locked the row of its user and, if it is created, of its creator.
   *
   * @throws {ApiError} 429 when a client has created too many
   */
  async start(transaction: Transaction, start: SessionStart): Promise<Session> {
    const { userId, grant, accessExpiresAt, refreshExpiresAt, origin, created } = start;
    const { maxSessions } = this.settings;
    const creator = created?.by instanceof Principal ? created.by : undefined;
    if (creator && !creator.isAdministrator) await this.refuseTooMany(transaction, creator);
    const now = new Date();
    const expiresAt = accessExpiresAt > refreshExpiresAt ? accessExpiresAt : refreshExpiresAt;
    const session: Session = {
      id: randomUUID(),
      userId,
      kind: created ? 'created' : 'signIn',
      label: created?.label ?? null,
      parentId: created?.parentId ?? null,
      createdBy: creator?.userId ?? null,
      actingId: creator ? actingIn(userId, creator) : null,
      fromOriginal: creator?.session.fromOriginal ?? false,
      createdAt: now,
      lastUsedAt: now,
      expiresAt,
      accessExpiresAt,
      revokedAt: null,
      removableAt: expiresAt,
      address: origin?.address ?? NO_ADDRESS,
      userAgent: origin?.userAgent ?? null,
      actions: grant.actions,
      networkIds: grant.networks ?? null,
      deviceTypeIds: grant.deviceTypes ?? null,
      rotations: [],
    };
    await insertSession(transaction, session);
    const actor: EventActor = created?.by ?? { userId, sessionId: session.id, ...(origin && { origin }) };
    await recordEvent(transaction, {
      type: created ? 'session.created' : 'signIn.succeeded',
      subject: `user/${userId}`,
      actor,
      sessionId: session.id,
    });
    if (!created) {
      const excess = await leastUsedSignIns(transaction.manager, session, maxSessions - 1);
      const revocation = { actor, reason: 'tooMany' } as const;
      if (excess.length > 0) await revokeSessions(transaction, { ofUser: userId, only: excess }, revocation);
    }
    await removeRevoked(transaction, userId, CREATED_PER_SIGN_IN * maxSessions);
    return session;
  }

  /**
   * Returns the open sessions of a user that `reader` may see, newest first.
   *
   * @throws {ApiError} 400 when `after` is no session; 404 when there is no such user
   */
  list(
    userId: number,
    { take, after, createdFor }: ListSessionsQuery,
    reader: Principal,
  ): Promise<Session[]> {
    return this.database.read(async (manager) => {
      if (!(await findUser(manager, userId))) throw userErrors.notFound(userId);
      const sessions = openSessionsOf(
        manager,
        createdFor === undefined ? { ofUser: userId } : { createdForOthersBy: userId },
      );
      if (reader.session.kind === 'created') withinSession(sessions, reader.sessionId);
      if (after !== undefined) {
        const last = await findSession(manager, after);
        if (!last || (createdFor === undefined && last.userId !== userId)) throw sessionErrors.unknownAfter();
        const { createdAt, id } = last;
        sessions.andWhere(
          '(session.createdAt < :createdAt OR (session.createdAt = :createdAt AND session.id < :id))',
          { createdAt: createdAt.getTime(), id },
        );
      }
      return sessions
        .orderBy('session.createdAt', 'DESC')
        .addOrderBy('session.id', 'DESC')
        .limit(take)
        .getMany();
    });
  }

  /**
   * Revokes a session of a user, and what descends from it.
   *
   * @throws {ApiError} 404 when there is no such user, or it is not an open session of the user that `actor` may revoke
   */
  async revoke(userId: number, sessionId: string, actor: Principal): Promise<void> {
    const locks = { users: [userId], sessionsOf: [userId] };
    await changeAs(this.database, actor, locks, async (transaction, caller) => {
      if (!(await lockUser(transaction, userId))) throw userErrors.notFound(userId);
      const session = await findSession(transaction.manager, sessionId);
      const isReached =
        session?.userId === userId &&
        isOpen(session) &&
        (caller.session.kind === 'signIn' ||
          (await ancestorsOf(transaction.manager, sessionId)).includes(caller.sessionId));
      if (!isReached) throw sessionErrors.notFound(sessionId);
      const revocation = { actor: caller, reason: 'request' } as const;
      await revokeSessions(transaction, { ofUser: userId, only: [sessionId] }, revocation);
      if (sessionId === originalSessionOf(userId)) await endOriginalTokens(transaction, userId, revocation);
    });
  }

  /**
   * Revokes all sessions of a user that `actor` may revoke.
   *
   * @throws {ApiError} 404 when there is no such user
   */
  async revokeAll(
    userId: number,
    { except: exception, createdFor }: EndSessionsQuery,
    actor: Principal,
  ): Promise<void> {
    const locks = { users: [userId], sessionsOf: [userId] };
    await changeAs(this.database, actor, locks, async (transaction, caller) => {
      const { manager } = transaction;
      if (!(await lockUser(transaction, userId))) throw userErrors.notFound(userId);
      const revocation = { actor: caller, reason: 'request' } as const;
      // A created session reaches only itself and what descends from it.
      const within = caller.session.kind === 'created' ? { within: caller.sessionId } : {};
      if (createdFor !== undefined) {
        await revokeSessions(transaction, { createdForOthersBy: userId, ...within }, revocation);
        return;
      }
      const except = exception === undefined ? [] : await ancestorsOf(manager, caller.sessionId);
      await revokeSessions(transaction, { ofUser: userId, except, ...within }, revocation);
      const original = originalSessionOf(userId);
      const isReached = caller.session.kind === 'signIn' || caller.sessionId === original;
      if (isReached && !except.includes(original)) await endOriginalTokens(transaction, userId, revocation);
    });
  }

  /** Children of children count: a client cannot create more through the sessions that it has created. */
  private async refuseTooMany({ manager }: Transaction, { userId }: Principal): Promise<void> {
    const most = CREATED_PER_SIGN_IN * this.settings.maxSessions;
    if ((await countCreated(manager, userId)) >= most) throw requestErrors.tooManyRequests(TOO_MANY_RETRY);
  }
}
