import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { encodePart, foreignKey, forge, forgeRefresh, publicSecrets, stolenKey } from '../support/forge.js';
import { assignNew, unassign } from '../support/scopes.js';
import { TestService } from '../support/service.js';

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
      forgeRefresh({ ...claims, gen: undefined }, key),
      forgeRefresh({ ...claims, payload: undefined }, key),
    ]) {
      await expectRefused(await bad);
    }
  });

  it.each([1, 2])('refuses a user of status %d (ASVS 7.4.2)', async (status) => {
    const user = await service.createUser();
    await service.admin.put(`/user/${user.id}`, { status });
    await expectRefused(user.refreshToken);
    await service.admin.put(`/user/${user.id}`, { status: 0 });
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
