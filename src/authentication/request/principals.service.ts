import { LRUCache } from 'lru-cache';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import type { Grant } from '../../authorization/grant.js';
import {
  type CallerLookup,
  type CallerSession,
  type ChangeLocks,
  Principal,
} from '../../authorization/principal.js';
import { Role } from '../../authorization/role.js';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import type { Dialect } from '../../dialect/dialect.js';
import { DIALECT } from '../../dialect/dialect.module.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { originalSessionOf } from '../../sessions/original-session.js';
import { grantOfSession } from '../../sessions/session.entity.js';
import { findSession, lockSessionsOf } from '../../sessions/sessions.repository.js';
import { cacheLookups } from '../../telemetry/measurements.js';
import { isBarred } from '../../users/user-status.js';
import { lockUser, lockUserOfSession, shareUser } from '../../users/users.repository.js';
import { type Claims, grantOf } from '../tokens/claims.js';
import { type Account, type Caller, findCaller } from './callers.repository.js';

/** Maximum number of users and of sessions in the caches. */
const MOST_ACCOUNTS = 50_000;
const MOST_SESSIONS = 100_000;
/** Maximum number of ids in the cached grants of sessions. */
const MOST_IDS = 1_000_000;

/**
 * Returns the principal of a request: the current state of its user and session, and the rights of its token.
 *
 * On PostgreSQL, where a read is a network round trip, users and sessions are cached. A change notification from any
 * process removes a user with all of its sessions from the cache; a revoked session is announced as a change of its
 * user. The cache is used only while notifications arrive (docs/decisions/0009-caches.md).
 */
@Injectable()
export class PrincipalsService implements OnModuleInit, CallerLookup {
  private readonly accounts = new LRUCache<number, Account>({ max: MOST_ACCOUNTS });
  /** Open sessions. An entry counts only while {@link accounts} holds the very account that it names. */
  private readonly callers = new LRUCache<string, Caller>({ max: MOST_SESSIONS });
  /** What sessions grant whose tokens leave out lists of ids. It never changes. */
  private readonly grants = new LRUCache<string, Grant>({
    maxSize: MOST_IDS,
    sizeCalculation: ({ networks = [], deviceTypes = [] }) => 1 + networks.length + deviceTypes.length,
  });
  /** Number of invalidations. A read that an invalidation overtook must not be cached. */
  private forgotten = 0;

  /** From when on sessions that go back to tokens of the original are refused, in milliseconds since 1970. */
  private readonly originalsUntil: number;

  constructor(
    private readonly database: Database,
    @Inject(DIALECT) { originalTokens }: Dialect,
  ) {
    this.originalsUntil = originalTokens?.until.getTime() ?? 0;
  }

  onModuleInit(): void {
    this.database.changes?.subscribe((subject) => {
      this.forgotten += 1;
      if (subject === undefined) this.accounts.clear();
      else if (subject.startsWith('user/')) this.accounts.delete(Number(subject.slice('user/'.length)));
    });
  }

  /** Returns the principal of verified claims. @throws {ApiError} 401 when the user or the session has ended */
  async of(claims: Claims, origin: RequestOrigin): Promise<Principal> {
    const caller = await this.callerOf(claims);
    if (caller?.account.id !== claims.payload.u || !this.mayAct(caller))
      throw authorizationErrors.unauthorized();
    const { account, session } = caller;
    return new Principal({
      userId: account.id,
      role: account.role,
      allDeviceTypesAvailable: account.allDeviceTypesAvailable,
      claimed: claims.payload.x
        ? grantOf(claims, await this.grantOfSession(claims.sid, `user/${account.id}`))
        : grantOf(claims),
      session: session.fromOriginal ? boundSession(session, claims) : session,
      origin,
      lookup: this,
    });
  }

  async lock(transaction: Transaction, caller: Principal, locks: ChangeLocks): Promise<Principal> {
    const { users = [], sessionsOf = [] } = locks;
    const others = users.filter((id) => id !== caller.userId);
    // What a caller changes of others needs no more of its own row than that it stays: it may do several such changes at
    // once.
    const shared = !users.includes(caller.userId);
    // In the order of their ids, before any session.
    if (others.length > 0 || sessionsOf.length > 0) {
      for (const id of [caller.userId, ...others].sort((a, b) => a - b))
        await (shared && id === caller.userId ? shareUser : lockUser)(transaction, id);
    }
    if (sessionsOf.length > 0) await lockSessionsOf(transaction, sessionsOf, caller.sessionId);
    const user = await lockUserOfSession(transaction, caller.sessionId, { shared });
    if (!user || isBarred(user) || !this.mayHave(caller.session, user.role))
      throw authorizationErrors.unauthorized();
    const { role, allDeviceTypesAvailable } = user;
    return caller.as({ role, allDeviceTypesAvailable });
  }

  /** Reads what a session grants: only for tokens that leave out lists of ids. */
  private async grantOfSession(sid: string, turnOf: string): Promise<Grant | undefined> {
    const known = this.grants.get(sid);
    if (known) return known;
    const session = await this.database.read((manager) => findSession(manager, sid), turnOf);
    if (!session) return undefined;
    const grant = grantOfSession(session);
    this.grants.set(sid, grant);
    return grant;
  }

  private async callerOf({ sid, payload }: Claims): Promise<Caller | null> {
    const { changes } = this.database;
    if (!changes) return this.database.read((manager) => findCaller(manager, sid));
    if (!changes.areHeard) return this.readCaller(sid, payload.u);
    const known = this.callers.get(sid);
    const isKnown = known !== undefined && this.accounts.get(known.account.id) === known.account;
    cacheLookups.principals.report(isKnown);
    if (isKnown) return known;
    const { forgotten } = this;
    const read = await this.readCaller(sid, payload.u);
    if (
      !read ||
      !this.mayAct(read) ||
      this.database.changes?.areHeard !== true ||
      forgotten !== this.forgotten
    )
      return read;
    // No change has been announced since the account was cached, so both are the same.
    const account = this.accounts.get(read.account.id) ?? read.account;
    this.accounts.set(account.id, account);
    const caller = { account, session: read.session };
    this.callers.set(sid, caller);
    return caller;
  }

  /** Whether tokens of this session are accepted at all. */
  mayAct({ account, session }: Caller): boolean {
    const isOpen = !session.isRevoked && session.expiresAt.getTime() > Date.now();
    return isOpen && !isBarred(account) && this.mayHave(session, account.role);
  }

  /** Whether a user with this role may have such a session: those that go back to the original are for clients. */
  private mayHave({ fromOriginal }: CallerSession, role: Role): boolean {
    return !fromOriginal || (role === Role.Client && Date.now() < this.originalsUntil);
  }

  /** Reads the caller of a session in a turn of its user: a refresh does not wait for what others read. */
  private readCaller(sid: string, userId: number): Promise<Caller | null> {
    return this.database.read((manager) => findCaller(manager, sid), `user/${userId}`);
  }
}

/** The session of tokens of the original ends, for what is created with one of them, when that token expires. */
const boundSession = (session: CallerSession, { sid, payload: { u, e } }: Claims): CallerSession =>
  sid === originalSessionOf(u) && e < session.expiresAt.getTime()
    ? { ...session, expiresAt: new Date(e) }
    : session;
