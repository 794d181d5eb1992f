import { createSecretKey, randomUUID } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { encodePart, foreignKey, forge, forgeRefresh, publicSecrets, stolenKey } from '../support/forge.js';
import { assignNew, unassign } from '../support/scopes.js';
import { TestService, type TestUser } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const CLIENT_ACTIONS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17];
const seconds = () => Math.floor(Date.now() / 1000);
const refresh = (refreshToken: unknown) => service.client.refresh(refreshToken);

/** The rights of the access token that `refreshToken` gives. */
async function refreshed(refreshToken: string): Promise<Record<string, unknown>> {
  const { status, body } = await refresh(refreshToken);
  expect(status).toBe(201);
  return claimsOf(body.accessToken).payload;
}

async function expectRefused(refreshToken: unknown, message = 'Unauthorized'): Promise<void> {
  expectError(await refresh(refreshToken), { status: 401, message });
}

describe('POST /token/refresh', () => {
  it('returns 201 with an access token, alone, that lets its user in', async () => {
    const user = await service.createUser();
    const { status, body } = await refresh(user.refreshToken);
    expect(status).toBe(201);
    expect(body).toEqual({ accessToken: expect.any(String) });
    const { payload, iat = 0, exp = 0, sub } = claimsOf(body.accessToken);
    expect(payload).toEqual({
      u: user.id,
      a: CLIENT_ACTIONS,
      n: [],
      dt: ['*'],
      e: expect.any(Number),
      t: 1,
    });
    expect(sub).toBe(String(user.id));
    expect(exp - iat).toBe(1800);
    expect((await service.client.as(body.accessToken).get('/user/current')).body.id).toBe(user.id);
  });

  it('can be asked again with the same token, and gives another access token', async () => {
    const { refreshToken } = await service.createUser();
    const [one, two] = [await refresh(refreshToken), await refresh(refreshToken)];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.accessToken).not.toBe(two.body.accessToken);
  });

  it('needs no access token, and does not look at one that comes along', async () => {
    const { refreshToken } = await service.createUser();
    const answer = await service.client.as('nonsense').refresh(refreshToken);
    expect(answer.status).toBe(201);
  });

  it('sets lastLogin', async () => {
    const user = await service.createUser();
    await service.database.query('UPDATE users SET last_login = 1000 WHERE id = ?', [user.id]);
    const before = Date.now();
    await refresh(user.refreshToken);
    const { lastLogin } = (await service.admin.get(`/user/${user.id}`)).body;
    expect(Date.parse(lastLogin)).toBeGreaterThanOrEqual(before);
  });

  it.each([
    ['nothing', {}],
    ['null', { refreshToken: null }],
    ['an empty text', { refreshToken: '' }],
    ['a number', { refreshToken: 1 }],
    ['a list', { refreshToken: ['a.b.c'] }],
    ['an object', { refreshToken: {} }],
  ])('returns 400 for %s in the place of the token', async (_what, body) => {
    const answer = await service.client.post('/token/refresh', body);
    expect(answer.status).toBe(400);
    expect(answer.body.details).toEqual([{ field: 'refreshToken', message: expect.any(String) }]);
  });

  it('refuses an access token: Invalid token type (ASVS 9.2.2)', async () => {
    const { accessToken } = await service.createUser();
    await expectRefused(accessToken, 'Invalid token type');
    const { kid, privateKey } = await stolenKey(service.database);
    const expired = { ...claimsOf(accessToken), exp: seconds() - 1 };
    await expectRefused(await forge(expired, privateKey, { kid }), 'Token has expired');
  });

  it('refuses what only looks like an access token (ASVS 9.1.1, 9.2.2)', async () => {
    const { accessToken, refreshToken } = await service.createUser();
    const { kid, privateKey, refreshKey } = await stolenKey(service.database);
    const foreign = await foreignKey();
    const [header, payload] = accessToken.split('.');
    for (const bad of [
      `${header}.${payload}.${refreshToken.split('.')[2]}`,
      await forge(claimsOf(accessToken), foreign.privateKey, { kid }),
      await forge(claimsOf(accessToken), refreshKey, { alg: 'HS256', kid }),
      // Well signed, by somebody who has stolen the key, with the claims of the other kind.
      await forge(claimsOf(refreshToken), privateKey, { kid }),
    ])
      await expectRefused(bad);
  });

  it('refuses a token whose header names another type, none or another algorithm (ASVS 9.1.2, 9.2.2)', async () => {
    const { accessToken, refreshToken } = await service.createUser();
    const key = await stolenKey(service.database);
    const claims = claimsOf(refreshToken);
    const [, payload, signature] = refreshToken.split('.');
    for (const bad of [
      // Signed with the right key.
      await forgeRefresh(claims, key, { typ: undefined }),
      await forgeRefresh(claims, key, { typ: 'JWT' }),
      await forgeRefresh(claims, key, { typ: 'at+jwt' }),
      await forgeRefresh(claims, key, { kid: undefined }),
      await forge(claims, createSecretKey(Buffer.concat([key.refreshKey.export(), Buffer.alloc(32)])), {
        alg: 'HS512',
        typ: 'rt+jwt',
        kid: key.kid,
      }),
      // Signed with the published key, which somebody has stolen without the other.
      await forge(claims, key.privateKey, { typ: 'rt+jwt', kid: key.kid }),
      // What anyone can make of a refresh token, an access token and the public key.
      `${encodePart({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })}.${payload}.${signature}`,
      `${encodePart({ alg: 'HS256', typ: 'rt+jwt', kid: key.kid })}.${accessToken.split('.')[1]}.${signature}`,
      `${encodePart({ alg: 'none', typ: 'rt+jwt', kid: key.kid })}.${payload}.`,
    ])
      await expectRefused(bad);
    for (const secret of await publicSecrets(service.client))
      await expectRefused(await forgeRefresh(claims, { ...key, refreshKey: createSecretKey(secret) }));
  });

  it('takes the type of the header in any case, with or without application/ (RFC 7515 §4.1.9)', async () => {
    const { refreshToken } = await service.createUser();
    const key = await stolenKey(service.database);
    for (const typ of ['RT+JWT', 'application/rt+jwt'])
      expect((await refresh(await forgeRefresh(claimsOf(refreshToken), key, { typ }))).status).toBe(201);
  });

  it('refuses one that has expired: Token has expired (ASVS 9.2.1)', async () => {
    const { refreshToken } = await service.createUser();
    const key = await stolenKey(service.database);
    const expired = await forgeRefresh({ ...claimsOf(refreshToken), exp: seconds() - 1 }, key);
    await expectRefused(expired, 'Token has expired');
  });

  it.each(['nonsense', 'a.b.c', '..', 'eyJhbGciOiJub25lIn0.e30.', ' ', '\u0000'])(
    'refuses %j',
    async (text) => {
      await expectRefused(text);
    },
  );

  it('refuses one that another key has signed, or that names another issuer, user or claim (ASVS 9.1.1, 9.1.3)', async () => {
    const { refreshToken } = await service.createUser();
    const claims = claimsOf(refreshToken);
    const key = await stolenKey(service.database);
    const foreign = await foreignKey();
    expect((await refresh(await forgeRefresh(claims, key))).status).toBe(201);
    for (const bad of [
      forgeRefresh(claims, { ...foreign, kid: key.kid }),
      forgeRefresh(claims, foreign),
      forgeRefresh({ ...claims, iss: 'another' }, key),
      forgeRefresh({ ...claims, sub: '1' }, key),
      forgeRefresh({ ...claims, sid: undefined }, key),
      forgeRefresh({ ...claims, sid: randomUUID() }, key),
      forgeRefresh({ ...claims, payload: undefined }, key),
    ]) {
      await expectRefused(await bad);
    }
  });

  it.each([1, 2])(
    'refuses a user to whom an administrator gave status %d, afterwards too (ASVS 7.4.2)',
    async (status) => {
      const user = await service.createUser();
      await service.admin.put(`/user/${user.id}`, { status });
      await expectRefused(user.refreshToken);
      await service.admin.put(`/user/${user.id}`, { status: 0 });
      await expectRefused(user.refreshToken);
      const { body } = await service.client.signIn(user);
      expect((await refresh(body.refreshToken)).status).toBe(201);
    },
  );

  it('takes a user whom failed logins have locked out', async () => {
    const user = await service.createUser();
    for (let failures = 0; failures < 10; failures += 1)
      await service.client.signIn({ login: user.login, password: 'a wrong one' });
    expect((await service.client.signIn(user)).status).toBe(401);
    expect((await refresh(user.refreshToken)).status).toBe(201);
  });

  it('refuses a user who has been deleted (ASVS 7.4.2)', async () => {
    const user = await service.createUser();
    await service.admin.delete(`/user/${user.id}`);
    await expectRefused(user.refreshToken);
  });
});

describe('An access token from a refresh', () => {
  it('loses what a demoted administrator no longer has (ASVS 8.3.2)', async () => {
    const { id, refreshToken } = await service.createUser({ role: 0 });
    expect(await refreshed(refreshToken)).toMatchObject({ a: [0], n: ['*'], dt: ['*'] });
    await service.admin.put(`/user/${id}`, { role: 1, allDeviceTypesAvailable: false });
    const network = await assignNew(service.database, 'network', id);
    expect(await refreshed(refreshToken)).toMatchObject({ a: CLIENT_ACTIONS, n: [String(network)], dt: [] });
  });

  it('loses the networks that have been taken away', async () => {
    const { id, login, password } = await service.createUser();
    const [kept, lost] = [
      await assignNew(service.database, 'network', id),
      await assignNew(service.database, 'network', id),
    ];
    const { body } = await service.client.signIn({ login, password });
    expect(await refreshed(body.refreshToken)).toMatchObject({ n: [kept, lost].map(String) });
    await unassign(service.database, 'network', id, lost);
    expect(await refreshed(body.refreshToken)).toMatchObject({ n: [String(kept)] });
  });

  it('loses the device types when allDeviceTypesAvailable is cleared', async () => {
    const { id, refreshToken } = await service.createUser();
    expect(await refreshed(refreshToken)).toMatchObject({ dt: ['*'] });
    const deviceType = await assignNew(service.database, 'deviceType', id);
    await service.admin.put(`/user/${id}`, { allDeviceTypesAvailable: false });
    expect(await refreshed(refreshToken)).toMatchObject({ dt: [String(deviceType)] });
  });

  it('gains nothing when its user does', async () => {
    const user = await service.createUser({ allDeviceTypesAvailable: false });
    await assignNew(service.database, 'network', user.id);
    await service.admin.put(`/user/${user.id}`, { role: 0, allDeviceTypesAvailable: true });
    expect(await refreshed(user.refreshToken)).toMatchObject({ a: CLIENT_ACTIONS, n: [], dt: [] });
  });

  it('carries no more than the refresh token that a narrow token came with', async () => {
    const user = await service.createUser({ role: 0 });
    const narrow = await service.createToken(user.id, { actions: ['GetNetwork'], networkIds: [1] });
    const payload = await refreshed(narrow.refreshToken);
    expect(payload).toMatchObject({ a: [2], n: ['1'] });
    expect(payload).not.toHaveProperty('dt');
  });
});

describe('REFRESH_ROTATION=on', () => {
  let rotating: TestService;
  beforeAll(async () => {
    rotating = await TestService.start({ REFRESH_ROTATION: 'on', TRUST_PROXY: '127.0.0.1' });
  });
  afterAll(() => rotating.stop());

  const GRACE = 30_000;
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const rotate = (refreshToken: string, headers = {}) =>
    rotating.client.post('/token/refresh', { refreshToken }, headers);
  /** The successor of a refresh token. */
  async function successorOf(refreshToken: string, headers = {}): Promise<string> {
    const { status, body, text } = await rotate(refreshToken, headers);
    expect(status, text).toBe(201);
    expect(Object.keys(body).sort()).toEqual(['accessToken', 'refreshToken']);
    return body.refreshToken;
  }
  const rowOf = async (token: string) => {
    const [row] = await rotating.database.query('SELECT * FROM sessions WHERE id = ?', [
      claimsOf(token)['sid'] as string,
    ]);
    return row;
  };
  interface Rotation {
    readonly number: number;
    readonly at: number;
  }
  const rotationsOf = async (token: string): Promise<Rotation[]> =>
    JSON.parse(String((await rowOf(token))?.['rotations']));
  /** Lets time pass for a session: all of its rotations happened so many milliseconds earlier. */
  async function age(token: string, milliseconds: number): Promise<void> {
    const earlier = (await rotationsOf(token)).map((each) => ({ ...each, at: each.at - milliseconds }));
    await rotating.database.query('UPDATE sessions SET rotations = ? WHERE id = ?', [
      JSON.stringify(earlier),
      claimsOf(token)['sid'] as string,
    ]);
  }
  const revocationsOf = async (userId: number) => {
    const query = `subject=user/${userId}&type=hivegate.session.revoked`;
    const { body } = await rotating.admin.get(`/event?${query}`);
    return body.map(({ data }: { data: unknown }) => data) as unknown[];
  };
  async function expectRevoked(refreshToken: string, others: readonly string[], headers = {}): Promise<void> {
    const sub = Number(claimsOf(refreshToken).sub);
    const { accessToken } = (await rotating.client.signIn(users.get(sub) ?? { login: '', password: '' }))
      .body;
    expectError(await rotate(refreshToken, headers), { status: 401, message: 'Unauthorized' });
    for (const other of others) expectError(await rotate(other), { status: 401, message: 'Unauthorized' });
    expect(await revocationsOf(sub)).toEqual([
      expect.objectContaining({
        actor: sub,
        reason: 'refreshTokenReused',
        sessionId: claimsOf(refreshToken)['sid'],
      }),
    ]);
    // Another session of the user goes on.
    expect((await rotating.client.as(accessToken).get('/user/current')).status).toBe(200);
  }
  const users = new Map<number, TestUser>();
  async function createUser(): Promise<TestUser> {
    const user = await rotating.createUser();
    users.set(user.id, user);
    return user;
  }

  it('returns a new refresh token of the same session, rights and end, time after time', async () => {
    const { id, refreshToken } = await createUser();
    const first = claimsOf(refreshToken);
    const seen = [refreshToken];
    for (let round = 0; round < 5; round += 1) {
      const token = await successorOf(seen.at(-1) ?? '');
      const { exp, payload, sid, sub } = claimsOf(token);
      expect({ exp, payload, sid, sub }).toEqual({
        exp: first.exp,
        payload: first.payload,
        sid: first['sid'],
        sub: String(id),
      });
      seen.push(token);
    }
    expect(new Set(seen).size).toBe(6);
    expect(new Set(seen.map((token) => claimsOf(token).jti)).size).toBe(6);
    expect(decodeProtectedHeader(seen.at(-1) ?? '')).toMatchObject({ alg: 'HS256', typ: 'rt+jwt' });
  });

  it('returns the same successor to who asks again, and another access token', async () => {
    const { refreshToken } = await createUser();
    const answers = [await rotate(refreshToken), await rotate(refreshToken), await rotate(refreshToken)];
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.accessToken)).size).toBe(3);
    for (const { body } of answers)
      expect((await rotating.client.as(body.accessToken).get('/user/current')).status).toBe(200);
  });

  it('returns the same successor to ten who ask at once', async () => {
    const { refreshToken } = await createUser();
    const answers = await Promise.all(Array.from({ length: 10 }, () => rotate(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    const successors = new Set(answers.map(({ body }) => body.refreshToken));
    expect(successors.size).toBe(1);
    expect(await rotationsOf(refreshToken)).toHaveLength(1);
    await successorOf([...successors][0]);
  });

  it('returns it for any time, as long as it has not been used', async () => {
    const { refreshToken } = await createUser();
    await successorOf(refreshToken);
    await age(refreshToken, 100 * GRACE);
    const next = await successorOf(refreshToken);
    // The time belongs to the token: it is the same as long as the row says so.
    expect(await successorOf(refreshToken)).toBe(next);
    await successorOf(next);
  });

  it('returns it for 30 seconds after it has been used', async () => {
    const user = await createUser();
    const next = await successorOf(user.refreshToken);
    const third = await successorOf(next);
    await age(user.refreshToken, GRACE - 10_000);
    expect((await rotate(user.refreshToken)).status).toBe(201);
    expect((await rotate(next)).status).toBe(201);
    expect((await rotate(third)).status).toBe(201);
    expect(await revocationsOf(user.id)).toEqual([]);
  });

  it('revokes the session when a token is used after that, and says so in an event (RFC 9700 §4.14.2)', async () => {
    const { refreshToken } = await createUser();
    const next = await successorOf(refreshToken);
    const third = await successorOf(next);
    await age(refreshToken, GRACE + 1000);
    await expectRevoked(refreshToken, [next, third]);
  });

  it('revokes it, too, when the use of a later one has made it forget', async () => {
    const { refreshToken } = await createUser();
    const next = await successorOf(refreshToken);
    const third = await successorOf(next);
    await age(refreshToken, GRACE + 1000);
    const fourth = await successorOf(third);
    expect((await rotationsOf(refreshToken)).map(({ number }) => number)).not.toContain(1);
    await expectRevoked(refreshToken, [next, third, fourth]);
  });

  it('revokes the access tokens and the children of the session with it', async () => {
    const user = await createUser();
    const { body: child } = await user.client.post('/token/create', {
      userId: user.id,
      actions: ['GetCurrentUser'],
    });
    const next = await successorOf(user.refreshToken);
    const { body } = await rotate(next);
    await age(user.refreshToken, GRACE + 1000);
    expect((await rotate(user.refreshToken)).status).toBe(401);
    for (const token of [user.accessToken, body.accessToken, child.accessToken])
      expect((await rotating.client.as(token).get('/user/current')).status).toBe(401);
  });

  it('revokes it when a token comes again from another source, at once', async () => {
    const { refreshToken } = await createUser();
    const next = await successorOf(refreshToken, from('192.0.2.1'));
    await expectRevoked(refreshToken, [next], from('192.0.2.2'));
  });

  it('takes addresses of one /64 of IPv6 for one source, and no more', async () => {
    const { refreshToken } = await createUser();
    const next = await successorOf(refreshToken, from('2001:db8:1:2::1'));
    expect(await successorOf(refreshToken, from('2001:db8:1:2:ffff::9'))).toBe(next);
    await expectRevoked(refreshToken, [next], from('2001:db8:1:3::1'));
  });

  it('lets the newest token come from anywhere: a client moves', async () => {
    const { refreshToken } = await createUser();
    let token = refreshToken;
    for (const address of ['192.0.2.1', '198.51.100.2', '2001:db8::1'])
      token = await successorOf(token, from(address));
    await successorOf(token);
  });

  it('does not rotate created sessions: their tokens may be used again and again', async () => {
    const user = await createUser();
    for (const by of [user.client, rotating.admin]) {
      const { body } = await by.post('/token/create', { userId: user.id });
      for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.1']) {
        const answer = await rotate(body.refreshToken, from(address));
        expect([answer.status, Object.keys(answer.body)]).toEqual([201, ['accessToken']]);
      }
    }
  });

  it('bounds what a row keeps, and answers a client that refreshes without pause', async () => {
    const { refreshToken } = await createUser();
    let token = refreshToken;
    for (let round = 0; round < 70; round += 1) token = await successorOf(token);
    expect((await rotationsOf(refreshToken)).length).toBeLessThanOrEqual(64);
    await successorOf(token);
  });

  it('refuses a successor that nobody was given, and changes nothing', async () => {
    const user = await createUser();
    const key = await stolenKey(rotating.database);
    const foreign = await foreignKey();
    const claims = { ...claimsOf(user.refreshToken), rot: 1 };
    expect((await rotate(await forgeRefresh(claims, { ...foreign, kid: key.kid }))).status).toBe(401);
    expect(await revocationsOf(user.id)).toEqual([]);
    await successorOf(user.refreshToken);
  });

  it('holds for the sessions of before, and off lets their successors go on', async () => {
    const off = await TestService.start({}, rotating.database);
    try {
      const user = await off.createUser();
      users.set(user.id, user);
      expect(Object.keys((await off.client.refresh(user.refreshToken)).body)).toEqual(['accessToken']);
      const next = await successorOf(user.refreshToken);
      const { status, body } = await off.client.refresh(next);
      expect([status, Object.keys(body)]).toEqual([201, ['accessToken']]);
    } finally {
      await off.stop();
    }
  });
});
