import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Role } from '../../src/authorization/role.js';
import { Database } from '../../src/database/database.js';
import { originalSessionOf } from '../../src/sessions/original-session.js';
import { changeUser, lockUser } from '../../src/users/users.repository.js';
import { claimsOf, type Client } from '../support/client.js';
import { runCommand } from '../support/command.js';
import { expectError } from '../support/errors.js';
import {
  ORIGINAL_SECRET,
  originalPayload,
  originalToken,
  signOriginal,
  WITH_ORIGINAL_TOKENS,
} from '../support/original-tokens.js';
import { createHolder, createScope, idsOf, KINDS } from '../support/scopes.js';
import { HOME, PASSWORD, TestService, type TestUser } from '../support/service.js';
import { until } from '../support/until.js';
import { createUser } from '../support/users.js';

/* Tokens that a DeviceHive has issued, with ACCEPT_ORIGINAL_TOKENS_UNTIL (contract.md §9). */

let service: TestService;
/** A strict service beside it: whatever it ends stays ended. */
let strict: TestService;
beforeAll(async () => {
  service = await TestService.start(WITH_ORIGINAL_TOKENS);
  strict = await TestService.start({}, service.database);
});
afterAll(async () => {
  await strict.stop();
  await service.stop();
});

const HOUR = 3_600_000;
const [NETWORK] = KINDS;
const ALL_ACTIONS_OF_CLIENTS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17];
const NEW_PASSWORD = 'zq7!vhXe of original tokens';

/** Calls the service with a token of the original, other than any before. */
let count = 0;
const as = (userId: number, more: Record<string, unknown> = {}) =>
  service.client.as(originalToken(userId, { e: Date.now() + HOUR + (count += 1), ...more }));
/** Asks for what any client may read of itself. */
const statusOf = async (client: Client) => (await client.get('/user/current/session?take=1')).status;
const newUser = () => createUser(service.admin);

const sessionsOf = async (userId: number) =>
  await service.database.query('SELECT * FROM sessions WHERE user_id = ?', [userId]);
const eventsOf = async (userId: number) =>
  (await service.admin.get(`/event?subject=user/${userId}&take=1000`)).body as {
    readonly type: string;
    readonly data: { readonly sessionId?: string; readonly reason?: string };
  }[];

/** The tokens that a session of tokens of the original creates. */
async function createdBy(client: Client, userId: number, more: Record<string, unknown> = {}) {
  const { status, body, text } = await client.post('/token/create', {
    userId,
    actions: '*',
    ...more,
  });
  expect(status, text).toBe(201);
  const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };
  return { accessToken, refreshToken, client: service.client.as(accessToken) };
}

describe('A token of the original', () => {
  it('is accepted, and counts as one session of its user with all others', async () => {
    const { id, login } = await newUser();
    const clients = Array.from({ length: 5 }, () => as(id));
    for (const client of clients)
      expect((await client.get('/user/current')).body).toMatchObject({ id, login });
    for (const client of clients) expect(await statusOf(client)).toBe(200);
    const { body } = await service.admin.get(`/user/${id}/session`);
    expect(body).toEqual([
      expect.objectContaining({
        id: originalSessionOf(id),
        kind: 'created',
        label: 'tokens that DeviceHive has issued',
        createdBy: null,
        expiresAt: '2099-12-31T00:00:00.000Z',
        current: false,
      }),
    ]);
    const events = await eventsOf(id);
    expect(events.filter(({ type }) => type.endsWith('session.created')).length).toBe(1);
  });

  it('starts one session, however many are used first at the same time', async () => {
    const { id } = await newUser();
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(as(id))));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await sessionsOf(id)).length).toBe(1);
    expect((await eventsOf(id)).filter(({ type }) => type.endsWith('session.created')).length).toBe(1);
  });

  it('writes nothing more per request', async () => {
    const { id } = await newUser();
    expect(await statusOf(as(id))).toBe(200);
    const { id: administrator } = await createUser(service.admin, { role: 0 });
    const transactions = vi.spyOn(service.app.get(Database), 'transaction');
    onTestFinished(() => {
      transactions.mockRestore();
    });
    for (let request = 0; request < 10; request += 1) expect(await statusOf(as(id))).toBe(200);
    // Nor when it is refused.
    for (const refused of [administrator, 987_654_321]) expect(await statusOf(as(refused))).toBe(401);
    const ofService = transactions.mock.calls.filter(([, turnOf]) => turnOf?.startsWith('user/'));
    expect(ofService).toEqual([]);
    expect(await sessionsOf(administrator)).toEqual([]);
  });

  it.each([
    ['its actions', { a: [10] }, 200],
    ['other actions', { a: [3, 15] }, 403],
    ["an empty list: a client's actions", { a: [] }, 200],
    ['0: all of them', { a: [0] }, 200],
    ["an administrator's action", { a: [12] }, 403],
    ['1: none', { a: [1] }, 403],
    ['unknown numbers alone', { a: [99, -5] }, 403],
    ['unknown numbers among others', { a: [99, 10] }, 200],
    ['null: none', { a: null }, 403],
    ['none', { a: undefined }, 403],
  ])('carries %s', async (_what, more, status) => {
    const { id } = await newUser();
    expect(await statusOf(as(id, more))).toBe(status);
  });

  it('never lets a client do what an administrator may', async () => {
    const { id } = await newUser();
    const client = as(id, { a: [0, 12, 13, 14, 18] });
    for (const path of ['/user', '/event', '/configuration/user.login.maxAttempts', '/user/1'])
      expect([path, (await client.get(path)).status]).toEqual([path, 403]);
    expect((await client.put('/user/current', { role: 0 })).status).toBe(403);
  });

  it('reaches the networks that it names and its user has now', async () => {
    const [own, other] = [await createScope(service, NETWORK), await createScope(service, NETWORK)];
    const { id } = await createHolder(service, NETWORK, own);
    const reached = async (more: object) => idsOf(await as(id, { ...more }).get('/network'));
    expect(await reached({ n: ['*'] })).toEqual([own]);
    expect(await reached({ n: [String(own), String(other)] })).toEqual([own]);
    expect(await reached({ n: [String(other), '0'] })).toEqual([]);
    for (const n of [null, undefined, []]) expect(await reached({ n })).toEqual([]);
  });

  it.each([
    [
      'of another key',
      (id: number) => signOriginal({ payload: originalPayload(id) }, { key: Buffer.alloc(32) }),
    ],
    [
      'of the secret itself',
      (id: number) => signOriginal({ payload: originalPayload(id) }, { key: Buffer.from(ORIGINAL_SECRET) }),
    ],
    [
      'of no algorithm',
      (id: number) =>
        signOriginal({ payload: originalPayload(id) }, { header: { alg: 'none' } }).replace(/[^.]+$/, ''),
    ],
    [
      'of another algorithm',
      (id: number) =>
        signOriginal({ payload: originalPayload(id) }, { header: { alg: 'HS512' }, hash: 'sha512' }),
    ],
    [
      'with an extension',
      (id: number) =>
        signOriginal({ payload: originalPayload(id) }, { header: { alg: 'HS256', crit: ['x'], x: 1 } }),
    ],
    [
      'of another type',
      (id: number) =>
        signOriginal({ payload: originalPayload(id) }, { header: { alg: 'HS256', typ: 'rt+jwt' } }),
    ],
    ['with another claim', (id: number) => signOriginal({ payload: originalPayload(id), sub: String(id) })],
    [
      'with a session',
      (id: number) => signOriginal({ payload: originalPayload(id), sid: originalSessionOf(id) }),
    ],
    ['with another member', (id: number) => originalToken(id, { x: ['n'] })],
    ['that is a payload alone', (id: number) => signOriginal(originalPayload(id))],
    ['that is no object', () => signOriginal('x')],
    ['to refresh', (id: number) => originalToken(id, { t: 0 })],
    ['of no type', (id: number) => originalToken(id, { t: undefined })],
    ['of a type as a text', (id: number) => originalToken(id, { t: '1' })],
    ['without an expiry', (id: number) => originalToken(id, { e: undefined })],
    ['with an expiry of null', (id: number) => originalToken(id, { e: null })],
    ['with an expiry as a text', (id: number) => originalToken(id, { e: String(Date.now() + HOUR) })],
    ['that has expired', (id: number) => originalToken(id, { e: Date.now() - 1 })],
    [
      'that expires in seconds',
      (id: number) => originalToken(id, { e: Math.floor(Date.now() / 1000) + 3600 }),
    ],
    ['with a fraction', (id: number) => originalToken(id, { e: Date.now() + HOUR + 0.5 })],
    ['of a user as a text', (id: number) => originalToken(id, { u: String(id) })],
    ['of no user', () => originalToken(987_654_321)],
    ['of a huge user', () => originalToken(1e20)],
    ['of a negative user', () => originalToken(-1)],
    ['of user 0', () => originalToken(0)],
    ['of a fraction of a user', (id: number) => originalToken(id + 0.5)],
    ['of actions as texts', (id: number) => originalToken(id, { a: ['10'] })],
    ['of networks as numbers', (id: number) => originalToken(id, { n: [1] })],
    ['of an administrator', () => originalToken(1)],
  ])('%s is 401, and starts no session', async (_what, forge) => {
    const { id } = await newUser();
    const answer = await service.client.as(forge(id)).get('/user/current');
    expectError(answer, { status: 401 });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await sessionsOf(id)).toEqual([]);
    expect(await sessionsOf(1)).not.toContainEqual(expect.objectContaining({ id: originalSessionOf(1) }));
  });

  it('that has expired is 401 Token expired', async () => {
    const { id } = await newUser();
    expectError(await as(id, { e: Date.now() - 1 }).get('/user/current'), {
      status: 401,
      message: 'Token expired',
    });
  });

  it('is no refresh token, whatever its type', async () => {
    const { id } = await newUser();
    for (const t of [0, 1]) expect((await service.client.refresh(originalToken(id, { t }))).status).toBe(401);
  });

  it('is refused without the setting, and by a strict service', async () => {
    const { id } = await newUser();
    const { ACCEPT_ORIGINAL_TOKENS_UNTIL: _, ...without } = WITH_ORIGINAL_TOKENS;
    const { accessToken } = await createdBy(as(id), id);
    const other = await TestService.start(without, service.database);
    onTestFinished(() => other.stop());
    const refused = [other.client.as(originalToken(id)), strict.client.as(originalToken(id))];
    // What was created by one ends with it, although this service has signed it.
    for (const client of [...refused, other.client.as(accessToken)]) expect(await statusOf(client)).toBe(401);
    expect(await statusOf(service.client.as(accessToken))).toBe(200);
  });

  it('of a disabled or locked user is 401', async () => {
    for (const status of [1, 2]) {
      const { id } = await newUser();
      await service.admin.put(`/user/${id}`, { status });
      expect(await statusOf(as(id))).toBe(401);
      expect(await sessionsOf(id)).toEqual([]);
    }
  });
});

describe('An administrator', () => {
  it('has no use of the tokens that it had as a client, nor of what they have created', async () => {
    const { id } = await newUser();
    const client = as(id);
    const child = await createdBy(client, id);
    const grandchild = await createdBy(child.client, id);
    const refreshed = (await service.client.refresh(child.refreshToken)).body.accessToken as string;
    await service.admin.put(`/user/${id}`, { role: 0 });
    for (const refused of [client, as(id), child.client, grandchild.client, service.client.as(refreshed)])
      expect(await statusOf(refused)).toBe(401);
    for (const { refreshToken } of [child, grandchild])
      expect((await service.client.refresh(refreshToken)).status).toBe(401);
  });

  it('is refused when it becomes one while its request waits', async () => {
    const { id } = await newUser();
    const client = as(id);
    const child = await createdBy(client, id);
    const database = service.app.get(Database);
    for (const send of [
      () => client.put('/user/current', { data: { changed: true } }),
      () => child.client.put('/user/current', { data: { changed: true } }),
      () => client.post('/token/create', { userId: id }),
      () => service.client.refresh(child.refreshToken),
    ]) {
      const transactions = vi.spyOn(database, 'transaction');
      let sent: ReturnType<typeof send> | undefined;
      await database.transaction(async (transaction) => {
        await lockUser(transaction, id);
        transactions.mockClear();
        sent = send();
        await until(() => transactions.mock.calls.length > 0);
        await changeUser(transaction, id, { role: Role.Administrator }, { published: true });
      });
      expect((await sent)?.status).toBe(401);
      transactions.mockRestore();
      await database.transaction(async (transaction) => {
        await lockUser(transaction, id);
        await changeUser(transaction, id, { role: Role.Client }, { published: true });
      });
    }
    expect((await service.admin.get(`/user/${id}`)).body.data).toBeNull();
  });
});

describe('A new password', () => {
  it('needs the old one, with the token and whatever descends from it', async () => {
    const { id, login } = await newUser();
    const child = await createdBy(as(id), id);
    const grandchild = await createdBy(child.client, id);
    const refreshed = (await service.client.refresh(grandchild.refreshToken)).body.accessToken as string;
    for (const client of [as(id), child.client, grandchild.client, service.client.as(refreshed)])
      for (const path of ['/user/current', `/user/${id}`]) {
        expectError(await client.put(path, { password: NEW_PASSWORD }), {
          status: 400,
          fields: ['oldPassword'],
        });
        expect((await client.put(path, { data: { a: 1 } })).status).toBe(204);
      }
    expect(
      (await as(id).put('/user/current', { password: NEW_PASSWORD, oldPassword: 'not it' })).status,
    ).toBe(403);
    expect((await service.client.signIn({ login, password: PASSWORD }, HOME)).status).toBe(201);
    // A sign-in needs none, as ever.
    const { body } = await service.client.signIn({ login, password: PASSWORD }, HOME);
    const signedIn = service.client.as(body.accessToken);
    expect((await signedIn.put('/user/current', { password: NEW_PASSWORD })).status).toBe(204);
  });

  it('with the old one is set, and ends the token that has set it', async () => {
    const { id, login } = await newUser();
    const client = as(id);
    const child = await createdBy(client, id);
    const body = { password: NEW_PASSWORD, oldPassword: PASSWORD };
    expect((await child.client.put('/user/current', body)).status).toBe(204);
    for (const ended of [client, as(id), child.client]) expect(await statusOf(ended)).toBe(401);
    expect((await service.client.refresh(child.refreshToken)).status).toBe(401);
    expect((await service.client.signIn({ login, password: NEW_PASSWORD }, HOME)).status).toBe(201);
  });
});

/** What ends the tokens of a user, sent to a service that may be strict. */
const ENDS: Readonly<Record<string, (user: TestUser, on: TestService) => Promise<unknown>>> = {
  'a new password by the user': ({ client }) =>
    client.put('/user/current', { password: NEW_PASSWORD, oldPassword: PASSWORD }),
  'a new password by an administrator': ({ id }, { admin }) =>
    admin.put(`/user/${id}`, { password: NEW_PASSWORD }),
  'status 1 by an administrator': async ({ id }, { admin }) => {
    await admin.put(`/user/${id}`, { status: 1 });
    return admin.put(`/user/${id}`, { status: 0 });
  },
  'status 2 by an administrator': async ({ id }, { admin }) => {
    await admin.put(`/user/${id}`, { status: 2 });
    return admin.put(`/user/${id}`, { status: 0 });
  },
  'DELETE …/session by the user': ({ client }) => client.delete('/user/current/session'),
  'DELETE …/session by the user, but its own': ({ client }) =>
    client.delete('/user/current/session?except=current'),
  'DELETE …/session by an administrator': ({ id }, { admin }) => admin.delete(`/user/${id}/session`),
  'hivegate users end-sessions': ({ login }) => users('end-sessions', login),
  'hivegate users set-password': ({ login }) => users('set-password', login),
  'hivegate users disable': async ({ id, login }, { admin }) => {
    await users('disable', login);
    return admin.put(`/user/${id}`, { status: 0 });
  },
};

async function users(command: string, login: string) {
  const { database } = service;
  const environment = { DATABASE_URL: database.url, BCRYPT_COST: '4' };
  const { code, stderr } = await runCommand('users', [command, login], environment, {
    input: `${NEW_PASSWORD}\n`,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return undefined;
}

describe.each(Object.entries(ENDS))('%s', (_what, end) => {
  it('ends the tokens of the original for good, with what they have created', async () => {
    const user = await service.createUser();
    const client = as(user.id);
    const child = await createdBy(client, user.id);
    const answer = (await end(user, service)) as { status: number } | undefined;
    expect(answer?.status ?? 204).toBe(204);
    for (const ended of [client, as(user.id), child.client]) expect(await statusOf(ended)).toBe(401);
    // Even when nothing is left of the session.
    await service.database.query('DELETE FROM sessions WHERE user_id = ?', [user.id]);
    expect(await statusOf(as(user.id))).toBe(401);
    expect(await sessionsOf(user.id)).toEqual([]);
  });

  it('ends them although none has been used, and none is accepted where that happens', async () => {
    const { login, ...created } = await createUser(strict.admin);
    const { body } = await strict.client.signIn({ login, password: PASSWORD }, HOME);
    const user = { login, ...created, ...body, client: strict.client.as(body.accessToken) } as TestUser;
    const answer = (await end(user, strict)) as { status: number } | undefined;
    expect(answer?.status ?? 204).toBe(204);
    expect(await statusOf(as(user.id))).toBe(401);
    expect((await sessionsOf(user.id)).map(({ id }) => id)).not.toContain(originalSessionOf(user.id));
  });
});

describe('Revocation', () => {
  it.each(['used', 'never used'])('POST /token/revoke ends all of them by one that was %s', async (which) => {
    const user = await service.createUser();
    const token = originalToken(user.id);
    const child = which === 'used' ? await createdBy(service.client.as(token), user.id) : undefined;
    for (const _ of ['once', 'again'])
      expect((await service.client.post('/token/revoke', { token })).status).toBe(200);
    expect(await statusOf(as(user.id))).toBe(401);
    expect(await statusOf(service.client.as(token))).toBe(401);
    if (child) expect(await statusOf(child.client)).toBe(401);
    // A sign-in goes on.
    expect(await statusOf(user.client)).toBe(200);
    const revoked = (await eventsOf(user.id)).filter(
      ({ data }) => data.sessionId === originalSessionOf(user.id),
    );
    expect(revoked.filter(({ type }) => type.endsWith('session.revoked')).length).toBe(1);
  });

  it('by one that is not valid changes nothing', async () => {
    const { id } = await newUser();
    for (const token of [
      originalToken(id, { e: Date.now() - 1 }),
      originalToken(id, { t: 0 }),
      signOriginal({ payload: originalPayload(id) }, { key: Buffer.alloc(32) }),
    ])
      expect((await service.client.post('/token/revoke', { token })).status).toBe(200);
    expect((await service.client.post('/token/revoke', { token: originalToken(987_654_321) })).status).toBe(
      200,
    );
    expect(await statusOf(as(id))).toBe(200);
  });

  it('of their session by its id ends them for good; of what one has created, no more than that', async () => {
    const { id } = await newUser();
    const client = as(id);
    const child = await createdBy(client, id);
    const sid = claimsOf(child.accessToken)['sid'] as string;
    expect((await child.client.delete(`/user/current/session/${originalSessionOf(id)}`)).status).toBe(404);
    expect((await child.client.delete('/user/current/session')).status).toBe(204);
    expect([await statusOf(child.client), await statusOf(client)]).toEqual([401, 200]);
    const other = await createdBy(client, id);
    expect((await client.delete(`/user/current/session/${sid}`)).status).toBe(404);
    expect((await client.delete('/user/current/session?except=current')).status).toBe(204);
    expect([await statusOf(other.client), await statusOf(client), await statusOf(as(id))]).toEqual([
      401, 200, 200,
    ]);
    expect((await service.admin.delete(`/user/${id}/session/${originalSessionOf(id)}`)).status).toBe(204);
    await service.database.query('DELETE FROM sessions WHERE user_id = ?', [id]);
    expect([await statusOf(client), await statusOf(as(id))]).toEqual([401, 401]);
  });

  it('by the token itself, and never of a sign-in', async () => {
    const user = await service.createUser();
    const client = as(user.id);
    const sid = claimsOf(user.accessToken)['sid'] as string;
    expect((await client.get('/user/current/session')).body).toHaveLength(1);
    expect((await client.delete(`/user/current/session/${sid}`)).status).toBe(404);
    expect((await client.delete('/user/current/session')).status).toBe(204);
    expect([await statusOf(client), await statusOf(as(user.id)), await statusOf(user.client)]).toEqual([
      401, 401, 200,
    ]);
  });

  it("of others' sessions, or of those made for others, ends none", async () => {
    const { id } = await newUser();
    const client = as(id);
    expect(await statusOf(client)).toBe(200);
    const other = await service.createUser();
    await service.admin.delete(`/user/${other.id}/session`);
    await service.admin.delete(`/user/${id}/session?createdFor=others`);
    await service.admin.put(`/user/${id}`, { data: { a: 1 }, introReviewed: true, status: 0 });
    expect([await statusOf(client), await statusOf(as(id))]).toEqual([200, 200]);
  });

  it('is not undone by unlocking a user that was copied as locked', async () => {
    const { id } = await newUser();
    await service.database.query('UPDATE users SET status = 2 WHERE id = ?', [id]);
    await service.admin.put(`/user/${id}`, { status: 0 });
    expect(await statusOf(as(id))).toBe(401);
  });
});

describe('What a token creates', () => {
  it('expires with it, and has no more rights', async () => {
    const { id } = await newUser();
    const e = Date.now() + HOUR;
    const client = as(id, { e, a: [10, 15] });
    const far = '2050-01-01T00:00:00Z';
    const child = await createdBy(client, id, { expiration: far, refreshExpiration: far });
    const grandchild = await createdBy(child.client, id, { expiration: far, refreshExpiration: far });
    for (const { accessToken, refreshToken } of [child, grandchild])
      for (const token of [accessToken, refreshToken])
        expect(claimsOf(token).payload).toMatchObject({ a: [10, 15], e });
    const byDefault = await createdBy(as(id, { e }), id);
    expect(claimsOf(byDefault.refreshToken).payload).toMatchObject({ a: ALL_ACTIONS_OF_CLIENTS, e });
    // The token's own end, not that of all tokens.
    const other = await createdBy(as(id, { e: e + HOUR }), id, { expiration: far });
    expect(claimsOf(other.accessToken).payload['e']).toBe(e + HOUR);
  });

  it('is for the user alone', async () => {
    const { id } = await newUser();
    for (const userId of [1, (await newUser()).id])
      expect((await as(id).post('/token/create', { userId })).status).toBe(403);
  });

  it('counts towards what a client may create', async () => {
    const few = await TestService.start({ ...WITH_ORIGINAL_TOKENS, MAX_SESSIONS: '1' });
    onTestFinished(() => few.stop());
    const { id } = await few.createUser();
    const statuses: number[] = [];
    for (let request = 0; request < 11; request += 1) {
      const client = few.client.as(originalToken(id, { e: Date.now() + HOUR + request }));
      statuses.push((await client.post('/token/create', { userId: id })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 429]);
  });
});

describe('The date', () => {
  it('ends them all, those that have been used before too', async () => {
    const date = Date.now() + 24 * HOUR;
    const own = await TestService.start({
      ...WITH_ORIGINAL_TOKENS,
      ACCEPT_ORIGINAL_TOKENS_UNTIL: new Date(date).toISOString(),
    });
    onTestFinished(() => own.stop());
    const { id } = await own.createUser();
    const token = originalToken(id, { e: date + HOUR });
    const client = own.client.as(token);
    expect(await statusOf(client)).toBe(200);
    const { body } = await client.post('/token/create', {
      userId: id,
      actions: '*',
      expiration: '2050-01-01',
    });
    expect(claimsOf(body.accessToken).payload['e']).toBe(date);
    const now = vi.spyOn(Date, 'now');
    onTestFinished(() => {
      now.mockRestore();
    });
    now.mockReturnValue(date - 1000);
    expect(await statusOf(client)).toBe(200);
    now.mockReturnValue(date);
    for (const refused of [
      client,
      own.client.as(originalToken(id, { e: date + 2 * HOUR })),
      own.client.as(body.accessToken),
    ])
      expect(await statusOf(refused)).toBe(401);
  });

  it('may be moved: a session that stands for them goes on until the later one', async () => {
    const { id } = await newUser();
    expect(await statusOf(as(id))).toBe(200);
    const later = await TestService.start(
      { ...WITH_ORIGINAL_TOKENS, ACCEPT_ORIGINAL_TOKENS_UNTIL: '2199-12-31' },
      service.database,
    );
    onTestFinished(() => later.stop());
    expect((await later.client.as(originalToken(id)).get('/user/current')).status).toBe(200);
    const { body } = await later.admin.get(`/user/${id}/session`);
    expect(body[0].expiresAt).toBe('2199-12-31T00:00:00.000Z');
  });
});

describe('A user that was copied by SQL', () => {
  it('keeps its tokens', async () => {
    const { database } = service;
    const [{ id } = { id: 0 }] = (await database.query(
      `INSERT INTO users (login, login_key, password_hash, role, status) VALUES ('copied', 'copied', 'x', 1, 0) RETURNING id`,
    )) as { id: number | string }[];
    expect(await statusOf(as(Number(id)))).toBe(200);
  });
});
