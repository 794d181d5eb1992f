/*
 * What contract.md §2, §3 and §5 say of sessions and their tokens in time, written down a second time: nothing here comes
 * from src. The model knows who did what and when; it says which token works, and what a request must get.
 */
import { ACTIONS, actionsOfRole, carries } from './access-model.js';

/** The settings of the service under test, in seconds. */
export const TTL = { access: 600, refresh: 3600, created: 5400 } as const;
/** For so many milliseconds after its successor was used, a replaced refresh token is answered. */
const GRACE = 30_000;

/** A user as the model knows it. */
export interface ModelUser {
  readonly id: number;
  readonly login: string;
  password: string;
  role: number;
  state: 'active' | 'locked by failed logins' | 'locked by an administrator' | 'disabled' | 'deleted';
}

/** A session: what a sign-in or a creation has started. */
export interface ModelSession {
  readonly sid: string;
  readonly user: ModelUser;
  readonly kind: 'signIn' | 'created';
  readonly parent: ModelSession | undefined;
  /** Who has created it; undefined: a sign-in. */
  readonly maker: ModelUser | undefined;
  /** Milliseconds since 1970. */
  readonly end: number;
  isRevoked: boolean;
  /** When each refresh token was issued that has replaced another, by its number. */
  readonly rotations: Map<number, number>;
}

/** Rights, as claims have them. */
export interface Rights {
  readonly a: readonly number[];
  readonly n?: readonly string[] | undefined;
  readonly dt?: readonly string[] | undefined;
}

/** A token that the service has issued. */
export interface ModelToken {
  readonly text: string;
  readonly session: ModelSession;
  readonly isRefresh: boolean;
  /** Milliseconds since 1970; the claim `exp` is whole seconds. */
  readonly end: number;
  readonly rights: Rights;
  /** The number of a refresh token in its session. */
  readonly number: number;
}

const isBarred = ({ state }: ModelUser) => !['active', 'locked by failed logins'].includes(state);
/** What a user may have: clients have no network, and all device types. */
export const accessOf = ({ role }: ModelUser): Required<Rights> => ({
  a: role === 0 ? [0] : actionsOfRole(1),
  n: role === 0 ? ['*'] : [],
  dt: ['*'],
});

const isWithinIds = (ids: readonly string[] | undefined, most: readonly string[] | undefined) =>
  ids === undefined || most?.includes('*') === true || ids.every((id) => most?.includes(id));

/** Whether rights lie within others. */
export const isWithin = (rights: Rights, most: Rights): boolean =>
  rights.a.every((action) => action === ACTIONS.None || most.a.includes(0) || most.a.includes(action)) &&
  isWithinIds(rights.n, most.n) &&
  isWithinIds(rights.dt, most.dt);

/** The rights of a token, as far as its user still has them. */
export function narrowed({ rights, session: { user } }: ModelToken): Rights {
  const { a, n } = accessOf(user);
  const actions = rights.a.includes(0)
    ? a
    : rights.a.filter((action) => actionsOfRole(user.role).includes(action));
  return {
    a: actions.length > 0 ? actions : [ACTIONS.None],
    n: rights.n && (user.role === 0 ? rights.n : n),
    dt: rights.dt,
  };
}

/** Whether a session has neither ended nor been revoked. */
export const isOpen = ({ isRevoked, end }: ModelSession, now: number): boolean => !isRevoked && end > now;

/** Whether a token is accepted, apart from the rotation of refresh tokens. */
export const works = ({ session, end }: ModelToken, now: number): boolean =>
  isOpen(session, now) && !isBarred(session.user) && Math.floor(now / 1000) < Math.floor(end / 1000);

/** Whether the token carries one of these actions, and the user may do it. */
export const may = ({ rights, session }: ModelToken, ...actions: readonly number[]): boolean =>
  carries(rights.a, session.user.role, actions);

/** The administrator who created the session for another user, or a session of that user that it descends from. */
export function actingIn({ maker, user, parent }: ModelSession): number | undefined {
  if (maker && maker !== user) return maker.id;
  return maker && parent ? actingIn(parent) : undefined;
}

/** All sessions of a run. */
export class TokenModel {
  readonly sessions: ModelSession[] = [];
  readonly tokens: ModelToken[] = [];

  /** The session and all that it descends from. */
  private ancestorsOf(session: ModelSession): ModelSession[] {
    return session.parent ? [session, ...this.ancestorsOf(session.parent)] : [session];
  }

  /** Whether `session` is `from`, or descends from it. */
  descends(session: ModelSession, from: ModelSession): boolean {
    return this.ancestorsOf(session).includes(from);
  }

  /** Revokes sessions and what descends from them. */
  revoke(...ended: readonly ModelSession[]): void {
    for (const session of this.sessions)
      if (ended.some((from) => this.descends(session, from))) session.isRevoked = true;
  }

  private of(user: ModelUser): ModelSession[] {
    return this.sessions.filter((session) => session.user === user);
  }

  private createdForOthers({ id }: ModelUser): ModelSession[] {
    return this.sessions.filter(({ maker, user }) => maker?.id === id && user.id !== id);
  }

  /** A user is disabled, deleted, or locked by an administrator. */
  bar(user: ModelUser, state: ModelUser['state']): void {
    user.state = state;
    this.revoke(...this.of(user), ...this.createdForOthers(user));
  }

  setRole(user: ModelUser, role: number): void {
    if (user.role === 0 && role !== 0) this.revoke(...this.createdForOthers(user));
    user.role = role;
  }

  /** `by`: the calling session, if the user sets the password itself. */
  setPassword(user: ModelUser, password: string, by: ModelSession | undefined): void {
    user.password = password;
    // It ends a lockout by failed logins (contract.md §5).
    if (user.state === 'locked by failed logins') user.state = 'active';
    const kept = by?.user === user ? this.ancestorsOf(by) : [];
    this.revoke(...this.of(user).filter((session) => !kept.includes(session)));
    this.revoke(...this.createdForOthers(user));
  }

  /** `DELETE /user/{id}/session` by a session that may call it. */
  revokeAll(user: ModelUser, by: ModelSession, which: 'all' | 'but current' | 'created for others'): void {
    if (which === 'created for others') {
      this.revoke(...this.createdForOthers(user).filter((session) => this.isReached(session, by)));
      return;
    }
    const kept = which === 'but current' ? this.ancestorsOf(by) : [];
    const ended = this.of(user).filter((session) => this.isReached(session, by) && !kept.includes(session));
    this.revoke(...ended);
  }

  /** A created session reaches only itself and what descends from it. */
  private isReached(session: ModelSession, by: ModelSession): boolean {
    return by.kind === 'signIn' || this.descends(session, by);
  }

  /**
   * A refresh token that works is used, with `REFRESH_ROTATION=on`.
   *
   * @returns the number of its successor, or undefined when it was used again too late: the session is revoked
   */
  rotate({ session, number }: ModelToken, now: number): number | undefined {
    const successor = session.rotations.get(number + 1);
    const usedAt = session.rotations.get(number + 2);
    if (successor === undefined) session.rotations.set(number + 1, now);
    else if (usedAt !== undefined && now - usedAt > GRACE) {
      this.revoke(session);
      return undefined;
    }
    return number + 1;
  }
}
