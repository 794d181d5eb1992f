import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Answer, claimsOf, type Client } from '../support/client.js';
import { kindOfDatabase } from '../support/database.js';
import { ADMINISTRATOR, PASSWORD, TestService } from '../support/service.js';
import { createUser } from '../support/users.js';
import { ACTIONS } from './access-model.js';
import {
  accessOf,
  actingIn,
  isOpen,
  isWithin,
  may,
  type ModelSession,
  type ModelToken,
  type ModelUser,
  narrowed,
  type Rights,
  TokenModel,
  TTL,
  works,
} from './token-model.js';

/*
 * Random histories of users, sessions and tokens in time, by clients and administrators. At the end every token that was
 * ever issued is tried: it works if and only if the model says so (contract.md §2, §3, §5). The clock of the process,
 * which the service runs in as well, stands still but for the steps of a history.
 */

/** A run takes about half a second on SQLite, and a second on PostgreSQL. */
const RUNS = kindOfDatabase() === 'postgres' ? 20 : 40;
const WRONG = 'never the password';
/** Clients are even, administrators are odd. */
const USERS = 4;
const MOST_STEPS = 25;
/** The longest wait of one step, and of all of them, in seconds. */
const LONGEST_WAIT = 3599;
const LONGEST_HISTORY = MOST_STEPS * LONGEST_WAIT;

const anyUser = fc.nat({ max: USERS - 1 });
const anyToken = fc.nat({ max: 60 });
const anyIds = fc.constantFrom(undefined, undefined, undefined, ['*'], ['1']);
const anySeconds = fc.option(fc.constantFrom(1, 60, TTL.access, TTL.refresh, TTL.created, TTL.created + 1), {
  nil: undefined,
  freq: 2,
});

const step = <K extends string, T extends object>(
  weight: number,
  kind: K,
  fields: { [N in keyof T]: fc.Arbitrary<T[N]> },
) => ({
  weight,
  arbitrary: fc.record({ ...fields }).map((values) => ({ ...(values as T), kind })),
});
const anyStep = fc.oneof(
  step(4, 'sign in', { user: anyUser }),
  step(14, 'create', {
    token: anyToken,
    // More often than not for oneself.
    user: fc.option(anyUser, { nil: undefined, freq: 2 }),
    actions: fc.constantFrom<number[]>([], [15], [15], [10, 11, 15], [0], [12, 15], [3]),
    networkIds: anyIds,
    deviceTypeIds: anyIds,
    expiration: anySeconds,
    refreshExpiration: anySeconds,
  }),
  step(6, 'refresh', { token: anyToken }),
  step(1, 'new password', { user: anyUser }),
  step(2, 'own password', { token: anyToken }),
  step(3, 'state', {
    user: anyUser,
    state: fc.constantFrom('active' as const, 'active' as const, 'disabled' as const, 'locked' as const),
  }),
  step(1, 'delete', { user: anyUser }),
  step(3, 'role', { user: anyUser, role: fc.constantFrom(0, 1) }),
  step(1, 'fail', { user: anyUser }),
  step(2, 'revoke one', { token: anyToken, session: anyToken }),
  step(2, 'revoke all', {
    token: anyToken,
    user: fc.option(anyUser, { nil: undefined, freq: 2 }),
    which: fc.constantFrom('all' as const, 'but current' as const, 'created for others' as const),
  }),
  step(1, 'revoke token', { token: anyToken }),
  step(5, 'clock', { seconds: fc.constantFrom(1, 1, 29, 29, 31, 31, 59, 61, 599, 601, LONGEST_WAIT) }),
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

describe.each(['off', 'on'] as const)('with REFRESH_ROTATION=%s', (rotation) => {
  let service: TestService;
  let admin: Client;
  let adminEnd = 0;
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    service = await TestService.start({
      REFRESH_ROTATION: rotation,
      // The model knows no end by time: a lockout lasts longer than any history. (0 would not do: a known source, and an
      // administrator, are then kept out for 900 seconds.)
      LOCKOUT_SECONDS: String(LONGEST_HISTORY + 1),
      ACCESS_TOKEN_TTL: String(TTL.access),
      REFRESH_TOKEN_TTL: String(TTL.refresh),
      CREATED_TOKEN_MAX_TTL: String(TTL.created),
    });
    // One failed login locks a user out.
    await service.admin.put('/configuration/user.login.maxAttempts', { value: '1' });
  });
  afterAll(async () => {
    vi.useRealTimers();
    await service.stop();
  });

  const root = async (): Promise<Client> => {
    if (Date.now() >= adminEnd) {
      const { body } = await service.client.signIn(ADMINISTRATOR);
      admin = service.client.as(body.accessToken);
      adminEnd = Date.now() + (TTL.access - 1) * 1000;
    }
    return admin;
  };

  const seen = new Map<string, number>();

  async function live(steps: readonly Step[]): Promise<void> {
    const model = new TokenModel();
    const users: ModelUser[] = [];
    for (let index = 0; index < USERS; index += 1) {
      const role = index % 2 === 0 ? 1 : 0;
      const { id, login, password } = await createUser(await root(), { role });
      users.push({ id, login, password, role, state: 'active' });
    }
    for (const [index, user] of users.entries()) if (index < 2) await signIn(user);
    for (const one of steps) {
      await take(one).catch((error: unknown) => {
        throw new Error(`${JSON.stringify(one)}: ${String(error)}`, { cause: error });
      });
    }
    for (const token of [...model.tokens]) await tryToken(token);

    function expectStatus(what: string, { status, text }: Answer, ...wanted: readonly number[]): number {
      const key = `${what} ${status}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      if (!wanted.includes(status))
        throw new Error(`${what}: wanted ${wanted.join()}, got ${status} ${text}`);
      return status;
    }

    function keep(session: ModelSession, text: string, isRefresh: boolean, wantedEnd: number): ModelToken {
      const {
        payload,
        exp = 0,
        sid,
        act,
      } = claimsOf(text) as ReturnType<typeof claimsOf> & {
        act?: { sub: string };
      };
      const { a, n, dt, e, u, t } = payload as unknown as Rights & { e: number; u: number; t: number };
      expect({ e, exp, sid, u, t, act: act?.sub }).toEqual({
        e: wantedEnd,
        exp: Math.floor(wantedEnd / 1000),
        sid: session.sid,
        u: session.user.id,
        t: isRefresh ? 0 : 1,
        act: actingIn(session)?.toString(),
      });
      const parentEnd = session.parent?.end ?? Infinity;
      if (e > session.end || session.end > parentEnd) throw new Error('A token outlives what made it');
      const number = (claimsOf(text) as { rot?: number }).rot ?? 0;
      const token = { text, session, isRefresh, end: e, rights: { a, n, dt }, number };
      // What a successor has is narrowed when it is used, as it is with the token that it replaces.
      if (number === 0 && !isWithin(token.rights, accessOf(session.user)))
        throw new Error('A token has more than its user');
      model.tokens.push(token);
      return token;
    }

    function start(
      fields: Omit<ModelSession, 'sid' | 'isRevoked' | 'rotations' | 'end'>,
      { body }: Answer,
      [accessEnd, refreshEnd]: readonly [number, number],
    ): ModelToken[] {
      const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };
      const sid = String(claimsOf(accessToken)['sid']);
      const end = Math.max(accessEnd, refreshEnd);
      const session = { ...fields, sid, end, isRevoked: false, rotations: new Map<number, number>() };
      model.sessions.push(session);
      return [keep(session, accessToken, false, accessEnd), keep(session, refreshToken, true, refreshEnd)];
    }

    async function signIn(user: ModelUser): Promise<void> {
      const answer = await service.client.signIn(user);
      if (expectStatus('sign in', answer, user.state === 'active' ? 201 : 401) !== 201) return;
      const now = Date.now();
      const fields = { user, kind: 'signIn' as const, parent: undefined, maker: undefined };
      start(fields, answer, [now + TTL.access * 1000, now + TTL.refresh * 1000]);
    }

    /** Tries a token. A refresh may issue others, which are tried later. */
    async function tryToken(token: ModelToken): Promise<void> {
      if (token.isRefresh) return refresh(token);
      const { status, text } = await service.client.as(token.text).get('/user/current');
      const isTaken = status !== 401;
      seen.set(`access ${isTaken}`, (seen.get(`access ${isTaken}`) ?? 0) + 1);
      if (isTaken !== works(token, Date.now())) throw new Error(`An access token: ${status} ${text}`);
    }

    async function refresh(token: ModelToken): Promise<void> {
      const now = Date.now();
      const rotates = rotation === 'on' && token.session.kind === 'signIn';
      const isAccepted = works(token, now);
      const successor = isAccepted && rotates ? model.rotate(token, now) : undefined;
      const isRefreshed = isAccepted && (!rotates || successor !== undefined);
      const answer = await service.client.refresh(token.text);
      if (expectStatus('refresh', answer, isRefreshed ? 201 : 401) !== 201) return;
      const { accessToken, refreshToken } = answer.body as { accessToken: string; refreshToken?: string };
      const { session } = token;
      const access = keep(session, accessToken, false, Math.min(now + TTL.access * 1000, session.end));
      expect(sorted(access.rights)).toEqual(sorted(narrowed(token)));
      expect(refreshToken !== undefined).toBe(rotates);
      if (refreshToken === undefined || model.tokens.some(({ text }) => text === refreshToken)) return;
      const next = keep(session, refreshToken, true, token.end);
      expect(next.number).toBe(successor);
      expect(next.rights).toEqual(token.rights);
    }

    function pick(isRefresh: boolean, index: number): ModelToken | undefined {
      const all = model.tokens.filter((token) => token.isRefresh === isRefresh);
      // Those that work, and the latest, are more interesting.
      const working = all.filter((token) => works(token, Date.now()));
      const choices = index % 4 === 0 || working.length === 0 ? all : working;
      return choices[choices.length - 1 - (index % Math.max(choices.length, 1))];
    }

    async function take(one: Step): Promise<void> {
      const now = Date.now();
      if (one.kind === 'clock') {
        vi.setSystemTime(now + one.seconds * 1000);
        return;
      }
      if (one.kind === 'refresh' || one.kind === 'revoke token') {
        const token = pick(one.kind === 'refresh' || one.token % 2 === 0, one.token);
        if (!token) return;
        if (one.kind === 'refresh') return refresh(token);
        expectStatus('revoke token', await service.client.post('/token/revoke', { token: token.text }), 200);
        if (Math.floor(now / 1000) < Math.floor(token.end / 1000) && isOpen(token.session, now))
          model.revoke(token.session);
        return;
      }
      if ('token' in one) {
        const token = pick(false, one.token);
        return token && asCaller(one, token);
      }
      const user = users[one.user];
      if (!user) throw new Error('There is no such user');
      if (one.kind === 'sign in') return signIn(user);
      if (one.kind === 'fail') {
        expectStatus('fail', await service.client.signIn({ login: user.login, password: WRONG }), 401);
        if (user.state === 'active') user.state = 'locked by failed logins';
        return;
      }
      const path = `/user/${user.id}`;
      const wanted = user.state === 'deleted' ? 404 : 204;
      if (one.kind === 'delete') expectStatus('delete', await (await root()).delete(path), wanted);
      else {
        const password = `${PASSWORD} ${Math.random()}`;
        const body =
          one.kind === 'new password'
            ? { password }
            : one.kind === 'role'
              ? { role: one.role }
              : { status: { active: 0, locked: 1, disabled: 2 }[one.state] };
        expectStatus(one.kind, await (await root()).put(path, body), wanted);
        if (wanted === 404) return;
        if (one.kind === 'new password') model.setPassword(user, password, undefined);
        else if (one.kind === 'role') model.setRole(user, one.role);
        else if (one.state === 'active') user.state = 'active';
        else model.bar(user, one.state === 'locked' ? 'locked by an administrator' : 'disabled');
        return;
      }
      if (wanted === 204) model.bar(user, 'deleted');
    }

    async function asCaller(
      one: Extract<Step, { kind: 'create' | 'own password' | 'revoke one' | 'revoke all' }>,
      token: ModelToken,
    ): Promise<void> {
      const now = Date.now();
      const client = service.client.as(token.text);
      const { session } = token;
      const { user: caller } = session;
      const isLetIn = works(token, now);
      if (one.kind === 'own password') {
        const password = `${PASSWORD} ${Math.random()}`;
        const answer = await client.put('/user/current', { password });
        const actions = [ACTIONS.UpdateCurrentUser, ACTIONS.ManageUser];
        const wanted = !isLetIn ? 401 : may(token, ...actions) ? 204 : 403;
        if (expectStatus(one.kind, answer, wanted) === 204) model.setPassword(caller, password, session);
        return;
      }
      if (one.kind === 'create') return create(one, token);
      const target =
        one.kind === 'revoke one' ? model.sessions[one.session % model.sessions.length] : undefined;
      const user =
        target?.user ?? ('user' in one && one.user !== undefined ? users[one.user] : caller) ?? caller;
      const isOwn = user === caller;
      const isAllowed = may(token, isOwn ? ACTIONS.UpdateCurrentUser : ACTIONS.ManageUser);
      const refusal = !isLetIn ? 401 : !isAllowed ? 403 : user.state === 'deleted' ? 404 : undefined;
      if (one.kind === 'revoke all') {
        const query = {
          all: '',
          'but current': '?except=current',
          'created for others': '?createdFor=others',
        };
        const answer = await client.delete(`/user/${user.id}/session${query[one.which]}`);
        if (expectStatus(one.kind, answer, refusal ?? 204) === 204) model.revokeAll(user, session, one.which);
        return;
      }
      if (!target) return;
      const isReached = isOpen(target, now) && (session.kind === 'signIn' || model.descends(target, session));
      const answer = await client.delete(`/user/${user.id}/session/${target.sid}`);
      if (expectStatus(one.kind, answer, refusal ?? (isReached ? 204 : 404)) === 204) model.revoke(target);
    }

    async function create(one: Extract<Step, { kind: 'create' }>, token: ModelToken): Promise<void> {
      const now = Date.now();
      const { session } = token;
      const { user: caller } = session;
      const user = (one.user === undefined ? caller : users[one.user]) ?? caller;
      const isOwn = user === caller;
      const isBound = isOwn || session.kind === 'created';
      const { actions, networkIds, deviceTypeIds } = one;
      const at = (seconds: number | undefined) => (seconds === undefined ? undefined : now + seconds * 1000);
      const [expiration, refreshExpiration] = [at(one.expiration), at(one.refreshExpiration)];
      const moment = (time: number | undefined) =>
        time === undefined ? undefined : new Date(time).toISOString();
      const answer = await service.client.as(token.text).post('/token/create', {
        userId: user.id,
        actions,
        networkIds,
        deviceTypeIds,
        expiration: moment(expiration),
        refreshExpiration: moment(refreshExpiration),
      });
      if (!works(token, now)) return void expectStatus('create', answer, 401);
      const faults: number[] = [];
      if (!may(token, ACTIONS.ManageToken) || (caller.role === 1 && !isOwn)) faults.push(403);
      else {
        if (user.state === 'deleted') faults.push(404);
        else if (!['active', 'locked by failed logins'].includes(user.state)) faults.push(403);
        // `*` stands for every action of the user's role.
        const a: readonly number[] = actions.includes(0) ? accessOf(user).a : actions;
        const wanted = { a, n: networkIds, dt: deviceTypeIds };
        if (!isWithin(wanted, narrowed(token)) || !isWithin(wanted, accessOf(user))) faults.push(403);
        const latest = Math.min(now + TTL.created * 1000, isBound ? session.end : Infinity);
        if ([expiration, refreshExpiration].some((time) => time !== undefined && time > latest))
          faults.push(400);
      }
      if (expectStatus('create', answer, ...(faults.length > 0 ? faults : [201])) !== 201) return;
      const latest = isBound ? session.end : Infinity;
      const accessEnd = expiration ?? Math.min(now + TTL.access * 1000, latest);
      const refreshEnd = refreshExpiration ?? expiration ?? Math.min(now + TTL.refresh * 1000, latest);
      const fields = { user, kind: 'created' as const, parent: isBound ? session : undefined, maker: caller };
      for (const { rights } of start(fields, answer, [accessEnd, refreshEnd]))
        if (!isWithin(rights, narrowed(token)))
          throw new Error(`${JSON.stringify(rights)} is beyond its maker's`);
    }
  }

  it('a token works as long as its session, its parent and its maker do (ASVS 7.4.1, 7.4.2, 8.3.2)', async () => {
    await fc.assert(fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: MOST_STEPS }), live), {
      numRuns: RUNS,
    });
    // A property that holds because nothing was ever issued or ended says nothing.
    for (const key of [
      'access true',
      'access false',
      'create 201',
      'create 403',
      'refresh 201',
      'refresh 401',
    ])
      expect(seen.get(key) ?? 0, key).toBeGreaterThan(3);
  });
});

const sorted = ({ a, n, dt }: Rights) => ({ a: [...a].sort((x, y) => x - y), n, dt });
