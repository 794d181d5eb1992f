import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EndedSessionsRemoval } from '../../src/authentication/sessions/ended-sessions-removal.js';
import type { ChangeNotifications } from '../../src/database/change-notifications.js';
import { Database } from '../../src/database/database.js';
import { type Answer, claimsOf, type Client } from '../support/client.js';
import { kindOfDatabase } from '../support/database.js';
import { expectError } from '../support/errors.js';
import { PostgresProxy } from '../support/postgres-proxy.js';
import { HOME, TestService, type TestUser } from '../support/service.js';
import { temporaryDatabase } from '../support/temporary.js';
import { until } from '../support/until.js';

/* Sessions: listed, revoked, bounded in number and removed (contract.md §5). */

const MAX_SESSIONS = 5;
const LONG = () => new Date(Date.now() + 100 * 24 * 3_600_000).toISOString();
const ABSENT = 99_999_999;

let service: TestService;
/** With few sessions per user. */
let small: TestService;
beforeAll(async () => {
  service = await TestService.start();
  small = await TestService.start({ MAX_SESSIONS: String(MAX_SESSIONS) });
});
afterAll(async () => {
  await small.stop();
  await service.stop();
});

type Writable<T> = { -readonly [K in keyof T]: T[K] };
interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}
const sidOf = ({ accessToken }: Tokens): string => claimsOf(accessToken)['sid'] as string;
const idsOf = ({ body }: Answer): string[] => body.map(({ id }: { id: string }) => id);

/** What lets a session do all that this file asks of it. */
const RIGHTS = ['GetCurrentUser', 'UpdateCurrentUser', 'ManageToken'];
async function create(by: Client, userId: number, wanted: Record<string, unknown> = {}): Promise<Tokens> {
  const { status, body, text } = await by.post('/token/create', { userId, actions: RIGHTS, ...wanted });
  if (status !== 201) throw new Error(text);
  return body;
}
async function signInAgain(user: TestUser, at = service): Promise<Tokens> {
  const { status, body, text } = await at.client.signIn(user);
  if (status !== 201) throw new Error(text);
  return body;
}
/** Whether both tokens of a session are answered. @throws when only one is */
async function isOpen({ accessToken, refreshToken }: Tokens, at = service): Promise<boolean> {
  const { status } = await at.client.as(accessToken).get('/user/current');
  const refreshed = await at.client.refresh(refreshToken);
  expect([
    [200, 201],
    [401, 401],
  ]).toContainEqual([status, refreshed.status]);
  return status === 200;
}
const areOpen = async (sessions: readonly Tokens[], at = service) => {
  const open = [];
  for (const session of sessions) open.push(await isOpen(session, at));
  return open;
};
const rowsOf = ({ database }: TestService, userId: number) =>
  database.query('SELECT id, revoked_at FROM sessions WHERE user_id = ?', [userId]);
const removeEnded = (at: TestService) => at.app.get(EndedSessionsRemoval).remove();

describe('GET /user/{id}/session', () => {
  it('shows each session with these fields, newest first', async () => {
    const user = await service.createUser();
    const before = Date.now();
    const child = await create(user.client, user.id, { label: 'a gateway', expiration: LONG() });
    const given = await create(service.admin, user.id, { networkIds: [], refreshExpiration: LONG() });
    const { status, body } = await user.client.get(`/user/${user.id}/session`);
    expect(status).toBe(200);
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const times = { createdAt: timestamp, lastUsedAt: timestamp, expiresAt: timestamp };
    const actions = [10, 11, 15];
    const created = { kind: 'created', ...times, actions, networkIds: [], deviceTypeIds: [], current: false };
    const shown = [
      { ...created, id: sidOf(given), label: null, createdBy: 1, address: null, userAgent: null },
      {
        ...created,
        id: sidOf(child),
        label: 'a gateway',
        createdBy: user.id,
        address: '127.0.0.1',
        userAgent: 'node',
      },
      {
        ...times,
        id: sidOf(user),
        kind: 'signIn',
        label: null,
        createdBy: null,
        address: HOME,
        userAgent: 'node',
        actions: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17],
        networkIds: [],
        deviceTypeIds: ['*'],
        current: true,
      },
    ];
    // Created within the same millisecond they are in the order of their ids.
    expect(new Map(body.map((session: { id: string }) => [session.id, session]))).toEqual(
      new Map(shown.map((session) => [session.id, session])),
    );
    const moments = body.map(({ createdAt }: { createdAt: string }) => createdAt);
    expect(moments).toEqual(moments.toSorted().reverse());
    expect(Date.parse(moments[0])).toBeGreaterThanOrEqual(before);
    const ends = new Map(
      body.map(({ id, expiresAt }: Record<string, string>) => [id, Date.parse(expiresAt ?? '')]),
    );
    for (const session of [user, child, given])
      expect(ends.get(sidOf(session))).toBe(
        Math.max(
          ...[session.accessToken, session.refreshToken].map(
            (token) => claimsOf(token).payload['e'] as number,
          ),
        ),
      );
    expect((await user.client.get('/user/current/session')).body).toEqual(body);
  });

  it('marks the session of the caller', async () => {
    const user = await service.createUser();
    const second = await signInAgain(user);
    for (const session of [user, second]) {
      const { body } = await service.client.as(session.accessToken).get('/user/current/session');
      expect(body.filter(({ current }: { current: boolean }) => current)).toEqual([
        expect.objectContaining({ id: sidOf(session) }),
      ]);
    }
    const { body } = await service.admin.get(`/user/${user.id}/session`);
    expect(body.filter(({ current }: { current: boolean }) => current)).toEqual([]);
  });

  it('has pages: 100 sessions, or as many as take says, after the one that is named', async () => {
    const user = await service.createUser();
    for (let index = 0; index < 104; index += 1) await create(service.admin, user.id, { label: `${index}` });
    const list = (query: string) => service.admin.get(`/user/${user.id}/session?${query}`);
    const all = idsOf(await list('take=1000'));
    expect(all).toHaveLength(105);
    expect(idsOf(await list(''))).toEqual(all.slice(0, 100));
    expect(idsOf(await list(`after=${all[99]}`))).toEqual(all.slice(100));
    const paged: string[] = [];
    for (;;) {
      const page = idsOf(await list(paged.length > 0 ? `take=26&after=${paged.at(-1)}` : 'take=26'));
      paged.push(...page);
      if (page.length < 26) break;
    }
    expect(paged).toEqual(all);
    expect(await list(`after=${all.at(-1)}`)).toMatchObject({ status: 200, body: [] });
  });

  it('goes on after a session that has been revoked between two pages', async () => {
    const user = await service.createUser();
    const first = await signInAgain(user);
    await pause(2);
    const last = await signInAgain(user);
    await user.client.delete(`/user/current/session/${sidOf(last)}`);
    expect(idsOf(await user.client.get(`/user/current/session?after=${sidOf(last)}`)).sort()).toEqual(
      [sidOf(first), sidOf(user)].sort(),
    );
  });

  it.each([
    ['after', 'after=00000000-0000-4000-8000-000000000000'],
    ['after', 'after=x'],
    ['after', 'after='],
    ['after', 'after=%00'],
    ['after', `after=${'a'.repeat(257)}`],
    ['take', 'take=0'],
    ['take', 'take=1001'],
    ['createdFor', 'createdFor=me'],
    ['createdFor', 'createdFor=OTHERS'],
    ['createdFor', 'createdFor=others&createdFor=others'],
    ['except', 'except=current'],
  ])('refuses %s: %s', async (field, query) => {
    expectError(await service.admin.get(`/user/1/session?${query}`), { status: 400, fields: [field] });
  });

  it('leaves out what has expired', async () => {
    const user = await service.createUser();
    const expiration = new Date(Date.now() + 1500).toISOString();
    const brief = await create(service.admin, user.id, { expiration });
    const ids = async () => idsOf(await user.client.get('/user/current/session'));
    expect(await ids()).toContain(sidOf(brief));
    await pause(1600);
    expect(await ids()).toEqual([sidOf(user)]);
    expectError(await user.client.delete(`/user/current/session/${sidOf(brief)}`), {
      status: 404,
      message: `Session with id = ${sidOf(brief)} not found`,
    });
    expect(await isOpen(brief)).toBe(false);
  });

  it('shows where an administrator was to administrators only', async () => {
    const user = await service.createUser();
    const other = await service.createUser({ role: 0 });
    await other.client.post('/token/create', { userId: user.id }, { 'user-agent': 'of the administrator' });
    const first = async (client: Client) => (await client.get(`/user/${user.id}/session?take=1`)).body[0];
    expect(await first(user.client)).toMatchObject({ createdBy: other.id, address: null, userAgent: null });
    expect(await first(service.admin)).toMatchObject({
      address: '127.0.0.1',
      userAgent: 'of the administrator',
    });
    // Who has become one sees it, and who is no longer one does not.
    await service.admin.put(`/user/${user.id}`, { role: 0 });
    expect(await first(user.client)).toMatchObject({ userAgent: 'of the administrator' });
    await service.admin.put(`/user/${user.id}`, { role: 1 });
    expect(await first(user.client)).toMatchObject({ userAgent: null });
  });

  it('cuts a user agent at 256 characters, and takes one that is not there', async () => {
    const user = await service.createUser();
    const { login, password } = user;
    const signIn = async (headers: Record<string, string>) => {
      const { body } = await service.client.post('/token', { login, password }, headers);
      const { body: list } = await service.client.as(body.accessToken).get('/user/current/session?take=1');
      return list[0].userAgent as unknown;
    };
    for (const length of [1, 256, 257, 4000])
      expect(await signIn({ 'user-agent': 'u'.repeat(length) })).toBe('u'.repeat(Math.min(256, length)));
    // Bytes over 127, as they come in headers: characters of Latin-1.
    expect(await signIn({ 'user-agent': 'é'.repeat(300) })).toBe('é'.repeat(256));
  });

  it('is 404 of a user who is not there, and 403 for another client', async () => {
    const user = await service.createUser();
    const other = await service.createUser();
    expectError(await service.admin.get(`/user/${ABSENT}/session`), {
      status: 404,
      message: `User with id = ${ABSENT} not found`,
    });
    for (const id of [other.id, 1, ABSENT])
      expectError(await user.client.get(`/user/${id}/session`), { status: 403, message: 'Access is denied' });
  });
});

describe('DELETE /user/{id}/session/{sessionId}', () => {
  it('revokes one session, both of its tokens, and no other', async () => {
    const user = await service.createUser();
    const others = [await signInAgain(user), await create(service.admin, user.id)];
    const [second] = others;
    expect((await user.client.delete(`/user/${user.id}/session/${sidOf(user)}`)).status).toBe(204);
    expect(await areOpen([user, ...others])).toEqual([false, true, true]);
    const { body } = await service.client.as(second?.accessToken).get('/user/current/session');
    expect(body).toHaveLength(2);
  });

  it('revokes what descends from it', async () => {
    const user = await service.createUser();
    const child = await create(user.client, user.id);
    const grandchild = await create(service.client.as(child.accessToken), user.id);
    const sibling = await create(user.client, user.id);
    expect(await areOpen([child, grandchild, sibling])).toEqual([true, true, true]);
    await user.client.delete(`/user/current/session/${sidOf(child)}`);
    expect(await areOpen([user, child, grandchild, sibling])).toEqual([true, false, false, true]);
    await user.client.delete(`/user/current/session/${sidOf(user)}`);
    expect(await areOpen([user, sibling])).toEqual([false, false]);
  });

  it('is 404 for a session of another user, for one that is revoked, and for no session', async () => {
    const user = await service.createUser();
    const other = await service.createUser();
    const revoked = await signInAgain(user);
    await user.client.delete(`/user/current/session/${sidOf(revoked)}`);
    for (const id of [sidOf(other), sidOf(revoked), '00000000-0000-4000-8000-000000000000', 'x']) {
      const answers = [
        await user.client.delete(`/user/current/session/${id}`),
        await user.client.delete(`/user/${user.id}/session/${id}`),
        await service.admin.delete(`/user/${user.id}/session/${id}`),
      ];
      for (const answer of answers)
        expectError(answer, { status: 404, message: `Session with id = ${id} not found` });
    }
    expect(await isOpen(other)).toBe(true);
    expectError(await user.client.delete(`/user/${other.id}/session/${sidOf(other)}`), {
      status: 403,
      message: 'Access is denied',
    });
    expectError(await service.admin.delete(`/user/${ABSENT}/session/${sidOf(other)}`), {
      status: 404,
      message: `User with id = ${ABSENT} not found`,
    });
  });

  it('takes any text for an id', async () => {
    const user = await service.createUser();
    const upper = sidOf(user).toUpperCase();
    for (const id of [
      '%00',
      `${sidOf(user)}%00`,
      'a'.repeat(100),
      upper,
      `${sidOf(user)}%20`,
      '%F0%9F%9A%AA',
      "'%20OR%201=1--",
      '%25',
      '*',
      'null',
    ]) {
      const { status, body } = await user.client.delete(`/user/current/session/${id}`);
      expect([id.slice(0, 50), status]).toEqual([id.slice(0, 50), 404]);
      expect(body.message).toBe(`Session with id = ${decodeURIComponent(id)} not found`);
    }
    for (const id of ['%', '%FF', '%ZZ', 'a'.repeat(4000)]) {
      const { status } = await user.client.delete(`/user/current/session/${id}`);
      expect([400, 404]).toContain(status);
    }
    expect(await isOpen(user)).toBe(true);
  });

  it('needs UpdateCurrentUser for the own, and ManageUser for those of another', async () => {
    const user = await service.createUser();
    const reader = await create(user.client, user.id, { actions: ['GetCurrentUser'] });
    const path = `/user/current/session/${sidOf(reader)}`;
    expect((await service.client.as(reader.accessToken).delete(path)).status).toBe(403);
    const token = await create(service.admin, 1, { actions: ['UpdateCurrentUser'] });
    const administrator = service.client.as(token.accessToken);
    expect((await administrator.delete(`/user/${user.id}/session/${sidOf(reader)}`)).status).toBe(403);
    expect(await areOpen([user, reader].slice(0, 1))).toEqual([true]);
    expect((await user.client.delete(path)).status).toBe(204);
  });
});

describe('DELETE /user/{id}/session', () => {
  it.each(['the user', 'an administrator'])('revokes all of them, asked by %s', async (who) => {
    const user = await service.createUser();
    const sessions = [
      user,
      await signInAgain(user),
      await create(user.client, user.id),
      await create(service.admin, user.id),
    ];
    const other = await service.createUser();
    const client = who === 'the user' ? user.client : service.admin;
    expect((await client.delete(`/user/${user.id}/session`)).status).toBe(204);
    expect(await areOpen([...sessions, other])).toEqual([false, false, false, false, true]);
    expect((await service.admin.get(`/user/${user.id}/session`)).body).toEqual([]);
    expect(await isOpen(await signInAgain(user))).toBe(true);
  });

  it('leaves with except=current the one of the caller', async () => {
    const user = await service.createUser();
    const others = [
      await signInAgain(user),
      await create(user.client, user.id),
      await create(service.admin, user.id),
    ];
    expect((await user.client.delete('/user/current/session?except=current')).status).toBe(204);
    expect(await areOpen([user, ...others])).toEqual([true, false, false, false]);
  });

  it('leaves with except=current those that the caller descends from', async () => {
    const user = await service.createUser();
    const child = await create(user.client, user.id);
    const grandchild = await create(service.client.as(child.accessToken), user.id);
    const below = await create(service.client.as(grandchild.accessToken), user.id);
    const sibling = await create(user.client, user.id);
    const { status } = await service.client
      .as(grandchild.accessToken)
      .delete('/user/current/session?except=current');
    expect(status).toBe(204);
    // A created session reaches its children alone.
    expect(await areOpen([user, child, grandchild, below, sibling])).toEqual([true, true, true, false, true]);
  });

  it('takes except=current of an administrator at another user for all of them', async () => {
    const user = await service.createUser();
    expect((await service.admin.delete(`/user/${user.id}/session?except=current`)).status).toBe(204);
    expect(await isOpen(user)).toBe(false);
  });

  it.each([
    'except=all',
    'except=',
    'except=CURRENT',
    'except=current&except=current',
    'createdFor=me',
    'take=1',
  ])('refuses %s, and revokes nothing', async (query) => {
    const user = await service.createUser();
    expectError(await user.client.delete(`/user/current/session?${query}`), {
      status: 400,
      fields: [query.split('=')[0] ?? ''],
    });
    expect(await isOpen(user)).toBe(true);
  });

  it('is 404 of a user who is not there, and 403 for another client', async () => {
    const user = await service.createUser();
    expect((await service.admin.delete(`/user/${ABSENT}/session`)).status).toBe(404);
    for (const id of [1, ABSENT]) expect((await user.client.delete(`/user/${id}/session`)).status).toBe(403);
  });
});

describe('The sessions that an administrator has created for others', () => {
  const createOthers = async () => {
    const administrator = await service.createUser({ role: 0 });
    const [one, two] = [await service.createUser(), await service.createUser()];
    return {
      administrator,
      one,
      two,
      forOthers: [
        await create(administrator.client, one.id),
        await create(administrator.client, two.id, { label: 'for two' }),
      ],
      forItself: await create(administrator.client, administrator.id),
      byAnother: [await create(service.admin, one.id), await create(service.admin, administrator.id)],
    };
  };

  it('are listed by createdFor=others, those of itself and of other creators not', async () => {
    const { administrator, forOthers } = await createOthers();
    for (const client of [administrator.client, service.admin]) {
      const answer = await client.get(`/user/${administrator.id}/session?createdFor=others`);
      expect(idsOf(answer).sort()).toEqual(forOthers.map(sidOf).sort());
      for (const session of answer.body) expect(session).toMatchObject({ createdBy: administrator.id });
    }
    const paged = await service.admin.get(`/user/${administrator.id}/session?createdFor=others&take=1`);
    expect(paged.body).toHaveLength(1);
  });

  it('are revoked by createdFor=others, with their children, and nothing else is', async () => {
    const { administrator, one, two, forOthers, forItself, byAnother } = await createOthers();
    const child = await create(service.client.as(forOthers[0]?.accessToken), one.id);
    const path = `/user/${administrator.id}/session?createdFor=others`;
    expect((await service.admin.delete(path)).status).toBe(204);
    expect(await areOpen([...forOthers, child])).toEqual([false, false, false]);
    expect(await areOpen([administrator, one, two, forItself, ...byAnother])).toEqual(Array(6).fill(true));
    expect((await administrator.client.delete(path)).status).toBe(204);
  });

  it('are not reached by a created session of that administrator', async () => {
    const { administrator, forOthers, forItself } = await createOthers();
    const client = service.client.as(forItself.accessToken);
    expect((await client.get('/user/current/session?createdFor=others')).body).toEqual([]);
    expect((await client.delete('/user/current/session?createdFor=others')).status).toBe(204);
    expect(await areOpen([...forOthers, administrator])).toEqual([true, true, true]);
  });

  it.each([
    ['disabled', { status: 2 }],
    ['locked', { status: 1 }],
    ['demoted', { role: 1 }],
    ['newPassword', { password: 'another password' }],
    ['deleted', undefined],
  ])('end when that administrator is %s', async (reason, change) => {
    const { administrator, one, two, forOthers, byAnother } = await createOthers();
    const child = await create(service.client.as(forOthers[0]?.accessToken), one.id);
    const { status } = change
      ? await service.admin.put(`/user/${administrator.id}`, change)
      : await service.admin.delete(`/user/${administrator.id}`);
    expect(status).toBe(204);
    expect(await areOpen([...forOthers, child])).toEqual([false, false, false]);
    expect(await areOpen([one, two, ...byAnother.slice(0, 1)])).toEqual([true, true, true]);
    const { body } = await service.admin.get(`/event?subject=user/${two.id}&type=hivegate.session.revoked`);
    expect(body.map(({ data }: { data: object }) => data)).toEqual([
      expect.objectContaining({
        actor: 1,
        reason,
        sessionId: sidOf(forOthers[1] ?? one),
        createdBy: administrator.id,
      }),
    ]);
  });

  it('go on when failed logins lock that administrator out, and end with no session of it', async () => {
    const { administrator, forOthers } = await createOthers();
    await administrator.client.delete('/user/current/session');
    for (let failures = 0; failures < 10; failures += 1)
      await service.client.signIn({ login: administrator.login, password: 'a wrong one' });
    expect((await service.admin.get(`/user/${administrator.id}`)).body.status).toBe(1);
    expect(await areOpen(forOthers)).toEqual([true, true]);
  });
});

describe('A created session', () => {
  it('reaches only itself and its children', async () => {
    const user = await service.createUser();
    const [own, child] = [await create(user.client, user.id), await create(user.client, user.id)];
    const client = service.client.as(own.accessToken);
    const below = await create(client, user.id);
    const given = await create(service.admin, user.id);
    expect(idsOf(await client.get('/user/current/session')).sort()).toEqual([own, below].map(sidOf).sort());
    for (const { accessToken, refreshToken } of [user, child, given]) {
      const sid = sidOf({ accessToken, refreshToken });
      expectError(await client.delete(`/user/current/session/${sid}`), {
        status: 404,
        message: `Session with id = ${sid} not found`,
      });
    }
    expect((await client.delete('/user/current/session')).status).toBe(204);
    expect(await areOpen([user, own, child, below, given])).toEqual([true, false, true, false, true]);
  });

  it('is listed and revoked with any number of children', async () => {
    const user = await service.createUser({ role: 0 });
    const parent = await create(user.client, user.id);
    // More than a statement can have parameters. They have been revoked, which is quicker than to revoke them.
    await service.database.query(
      `INSERT INTO sessions (id, user_id, kind, parent_id, created_at, last_used_at, expires_at,
         access_expires_at, revoked_at, removable_at, address, actions, rotations)
       WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 70000)
       SELECT 'child-' || n, ${user.id}, 'created', '${sidOf(parent)}', 1, 1, 9999999999999,
         9999999999999, 1, 9999999999999, '127.0.0.1', '[]', '[]' FROM numbers`,
    );
    const client = service.client.as(parent.accessToken);
    expect(idsOf(await client.get('/user/current/session'))).toEqual([sidOf(parent)]);
    expect((await client.delete('/user/current/session?except=current')).status).toBe(204);
    expect((await client.delete(`/user/current/session/${sidOf(parent)}`)).status).toBe(204);
    expect(await areOpen([user, parent])).toEqual([true, false]);
  });

  it('of an administrator reaches no session of another user', async () => {
    const user = await service.createUser();
    const session = await create(service.admin, 1, { actions: '*', networkIds: '*', deviceTypeIds: '*' });
    const client = service.client.as(session.accessToken);
    expect((await client.get(`/user/${user.id}/session`)).body).toEqual([]);
    expect((await client.delete(`/user/${user.id}/session/${sidOf(user)}`)).status).toBe(404);
    expect((await client.delete(`/user/${user.id}/session`)).status).toBe(204);
    expect(await isOpen(user)).toBe(true);
  });
});

describe('MAX_SESSIONS', () => {
  it('evicts the sign-in that was unused for longest, and says so in an event', async () => {
    const user = await small.createUser();
    const sessions = [user];
    while (sessions.length < MAX_SESSIONS) {
      await pause(2);
      sessions.push({ ...user, ...(await signInAgain(user, small)) });
    }
    // The first one is used again, so the second is the one.
    expect((await small.client.refresh(user.refreshToken)).status).toBe(201);
    await pause(2);
    const newest = await signInAgain(user, small);
    const { body } = await small.admin.get(`/event?subject=user/${user.id}&type=hivegate.session.revoked`);
    expect(body.map(({ data }: { data: object }) => data)).toEqual([
      expect.objectContaining({ reason: 'tooMany', sessionId: sidOf(sessions[1] ?? user) }),
    ]);
    expect(await areOpen([...sessions, newest], small)).toEqual([true, false, true, true, true, true]);
  });

  it('never evicts the new one, though the clock that dated the others was ahead', async () => {
    const user = await small.createUser();
    for (let index = 1; index < MAX_SESSIONS; index += 1) await signInAgain(user, small);
    await small.database.query('UPDATE sessions SET last_used_at = ? WHERE user_id = ?', [
      Date.now() + 60_000,
      user.id,
    ]);
    for (let index = 0; index < 3; index += 1)
      expect(await isOpen(await signInAgain(user, small), small)).toBe(true);
    expect(idsOf(await small.admin.get(`/user/${user.id}/session`))).toHaveLength(MAX_SESSIONS);
  });

  it('ends the children of an evicted sign-in with it', async () => {
    const user = await small.createUser();
    const child = await create(user.client, user.id);
    for (let index = 0; index < MAX_SESSIONS; index += 1) {
      await pause(2);
      await signInAgain(user, small);
    }
    expect(await areOpen([user, child], small)).toEqual([false, false]);
  });

  it('counts sign-ins alone, each user for itself', async () => {
    const [user, other] = [await small.createUser(), await small.createUser()];
    const created = [];
    for (let index = 0; index < 2 * MAX_SESSIONS; index += 1)
      created.push(await create(small.admin, user.id), await signInAgain(other, small));
    expect(await isOpen(user, small)).toBe(true);
    expect(await isOpen(created[0] ?? user, small)).toBe(true);
  });

  it('holds for sign-ins at the same time', async () => {
    const user = await small.createUser();
    const answers = await Promise.all(
      Array.from({ length: 4 * MAX_SESSIONS }, () => small.client.signIn(user)),
    );
    // On a busy machine some may be told to come again.
    const signedIn = answers.filter(({ status }) => status !== 503);
    expect(signedIn.map(({ status }) => status)).toEqual(Array(signedIn.length).fill(201));
    expect(signedIn.length).toBeGreaterThan(MAX_SESSIONS);
    expect(idsOf(await small.admin.get(`/user/${user.id}/session`))).toHaveLength(MAX_SESSIONS);
  });

  it('bounds the rows of a user who signs in 500 times', async () => {
    const user = await small.createUser();
    for (let round = 0; round < 125; round += 1)
      await Promise.all(Array.from({ length: 4 }, () => signInAgain(user, small)));
    const rows = await rowsOf(small, user.id);
    expect(rows.filter((row) => row['revoked_at'] === null)).toHaveLength(MAX_SESSIONS);
    expect(rows.length).toBeLessThanOrEqual(11 * MAX_SESSIONS + 1);
    // The row of the first one is gone: its tokens stay refused.
    expect(rows.map(({ id }) => id)).not.toContain(sidOf(user));
    expect(await isOpen(user, small)).toBe(false);
  });

  it('bounds the rows of a client who creates and revokes sessions that live long', async () => {
    const user = await small.createUser();
    const first = await create(user.client, user.id, { expiration: LONG() });
    await user.client.delete(`/user/current/session/${sidOf(first)}`);
    for (let index = 0; index < 10 * MAX_SESSIONS + 50; index += 1) {
      const session = await create(user.client, user.id, { expiration: LONG() });
      expect((await user.client.delete(`/user/current/session/${sidOf(session)}`)).status).toBe(204);
    }
    const rows = await rowsOf(small, user.id);
    expect(rows.length).toBeLessThanOrEqual(10 * MAX_SESSIONS + 2);
    expect(await isOpen(first, small)).toBe(false);
    expect(await isOpen(user, small)).toBe(true);
  });

  it('times ten is how many open sessions a client may have created', async () => {
    const user = await small.createUser();
    const sessions: Tokens[] = [];
    while (sessions.length < 10 * MAX_SESSIONS) sessions.push(await create(user.client, user.id));
    const refused = await user.client.post('/token/create', { userId: user.id });
    expectError(refused, { status: 429 });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const through = small.client.as(sessions[0]?.accessToken);
    expect((await through.post('/token/create', { userId: user.id })).status).toBe(429);
    // Administrators may have any number, and sign-ins are not counted.
    expect((await small.admin.post('/token/create', { userId: user.id })).status).toBe(201);
    expect((await small.client.signIn(user)).status).toBe(201);
    await user.client.delete(`/user/current/session/${sidOf(sessions[1] ?? user)}`);
    const again = await Promise.all(
      Array.from({ length: 5 }, () => user.client.post('/token/create', { userId: user.id })),
    );
    expect(again.map(({ status }) => status).sort()).toEqual([201, 429, 429, 429, 429]);
  });
});

describe('The removal of ended sessions', () => {
  const idsOfRows = async (userId: number) => (await rowsOf(service, userId)).map(({ id }) => id).sort();

  it('removes what has expired, and what is revoked once its access token has expired', async () => {
    const user = await service.createUser();
    const soon = new Date(Date.now() + 2500).toISOString();
    const expiring = await create(service.admin, user.id, { expiration: soon });
    const refreshable = await create(service.admin, user.id, { expiration: soon, refreshExpiration: LONG() });
    const revoked = await create(service.admin, user.id, { expiration: soon, refreshExpiration: LONG() });
    const lasting = await create(service.admin, user.id, { expiration: LONG(), refreshExpiration: soon });
    for (const session of [revoked, lasting])
      await service.admin.delete(`/user/${user.id}/session/${sidOf(session)}`);
    await removeEnded(service);
    expect(await idsOfRows(user.id)).toEqual(
      [user, expiring, refreshable, revoked, lasting].map(sidOf).sort(),
    );
    await pause(2600);
    await removeEnded(service);
    expect(await idsOfRows(user.id)).toEqual([user, refreshable, lasting].map(sidOf).sort());
    expect((await service.client.refresh(refreshable.refreshToken)).status).toBe(201);
    for (const { accessToken, refreshToken } of [expiring, revoked, lasting]) {
      expect((await service.client.as(accessToken).get('/user/current')).status).toBe(401);
      expect((await service.client.refresh(refreshToken)).status).toBe(401);
    }
  });

  it('keeps a revoked session for as long as an access token that was refreshed lives', async () => {
    const user = await service.createUser();
    const soon = new Date(Date.now() + 1000).toISOString();
    const session = await create(service.admin, user.id, { expiration: soon, refreshExpiration: LONG() });
    const { body } = await service.client.refresh(session.refreshToken);
    await service.admin.delete(`/user/${user.id}/session/${sidOf(session)}`);
    await pause(1100);
    await removeEnded(service);
    expect(await idsOfRows(user.id)).toContain(sidOf(session));
    expect((await service.client.as(body.accessToken).get('/user/current')).status).toBe(401);
  });

  it('removes any number of them', async () => {
    const user = await service.createUser();
    const columns =
      'id, user_id, kind, created_at, last_used_at, expires_at, access_expires_at, removable_at';
    const values = Array.from(
      { length: 2500 },
      (_, index) => `('${user.id}-${index}', ${user.id}, 'signIn', 1, 1, 2, 2, 2, '127.0.0.1', '[]', '[]')`,
    );
    await service.database.query(
      `INSERT INTO sessions (${columns}, address, actions, rotations) VALUES ${values.join()}`,
    );
    await removeEnded(service);
    expect(await idsOfRows(user.id)).toEqual([sidOf(user)]);
  });
});

describe('With two processes on one database', () => {
  /** The connections of the second can be cut on PostgreSQL. */
  async function startTwo() {
    const database = await temporaryDatabase();
    const proxy = kindOfDatabase() === 'postgres' ? await PostgresProxy.to(database.url) : undefined;
    onTestFinished(() => proxy?.close());
    const here = await TestService.start({ MAX_SESSIONS: '2' }, database);
    onTestFinished(() => here.stop());
    const there = await TestService.start(
      { MAX_SESSIONS: '2', DATABASE_URL: proxy?.url ?? database.url },
      database,
    );
    onTestFinished(() => there.stop());
    return { database, here, there, proxy };
  }
  const statusAt = async (at: TestService, { accessToken }: Tokens) =>
    (await at.client.as(accessToken).get('/user/current')).status;

  it('a revoked session is refused by the one at once, and by the other within a second', async () => {
    const { here, there } = await startTwo();
    const user = await here.createUser();
    const revocations: ((session: Tokens) => Promise<Answer>)[] = [
      (session) => here.client.as(session.accessToken).delete(`/user/current/session/${sidOf(session)}`),
      (session) => here.admin.delete(`/user/${user.id}/session/${sidOf(session)}`),
      () => here.admin.delete(`/user/${user.id}/session`),
      ({ refreshToken: token }) => here.client.post('/token/revoke', { token }),
      () => here.admin.put(`/user/${user.id}`, { password: user.password }),
    ];
    for (const revoke of revocations) {
      const session = await signInAgain(user, here);
      for (let round = 0; round < 3; round += 1) expect(await statusAt(there, session)).toBe(200);
      expect((await revoke(session)).status).toBeLessThan(300);
      const since = performance.now();
      expect(await statusAt(here, session)).toBe(401);
      await until(async () => (await statusAt(there, session)) === 401);
      expect(performance.now() - since).toBeLessThan(1000);
      expect((await there.client.refresh(session.refreshToken)).status).toBe(401);
    }
  });

  it('a session that is evicted by a sign-in at the one is refused by the other', async () => {
    const { here, there } = await startTwo();
    const user = await here.createUser();
    expect(await statusAt(there, user)).toBe(200);
    await pause(2);
    await signInAgain(user, here);
    await pause(2);
    await signInAgain(user, there);
    await until(async () => (await statusAt(here, user)) === 401);
    expect(await statusAt(there, user)).toBe(401);
  });

  it('a session is known at the other from the start, and revoked there too', async () => {
    const { here, there } = await startTwo();
    const user = await here.createUser();
    expect(await statusAt(there, user)).toBe(200);
    const client = there.client.as(user.accessToken);
    expect((await client.delete(`/user/current/session/${sidOf(user)}`)).status).toBe(204);
    await until(async () => (await statusAt(here, user)) === 401);
  });

  it('the database is asked at each request while revocations do not arrive', async () => {
    const { database, here, there } = await startTwo();
    const { changes } = there.app.get(Database);
    const spied = changes && vi.spyOn(changes as Writable<ChangeNotifications>, 'areHeard', 'get');
    onTestFinished(() => spied?.mockRestore());
    const user = await here.createUser();
    const revokeUnheard = async (session: Tokens) => {
      expect(await statusAt(there, session)).toBe(200);
      await database.query('UPDATE sessions SET revoked_at = ? WHERE id = ?', [Date.now(), sidOf(session)]);
      return statusAt(there, session);
    };
    // On PostgreSQL it relies on being told; SQLite has nothing to tell, and is asked anyway.
    if (changes) expect(await revokeUnheard(user)).toBe(200);
    spied?.mockReturnValue(false);
    for (let round = 0; round < 3; round += 1)
      expect(await revokeUnheard(await signInAgain(user, here))).toBe(401);
  });

  it('a process that was cut off does not trust what it knew', async ({ skip }) => {
    const { here, there, proxy } = await startTwo();
    if (!proxy) return skip('SQLite has no connections that can be cut');
    const user = await here.createUser();
    for (let round = 0; round < 3; round += 1) {
      const session = await signInAgain(user, here);
      expect(await statusAt(there, session)).toBe(200);
      await proxy.close();
      expect((await here.admin.delete(`/user/${user.id}/session/${sidOf(session)}`)).status).toBe(204);
      await proxy.open();
      await until(async () => (await statusAt(there, session)) === 401);
    }
  });
});
