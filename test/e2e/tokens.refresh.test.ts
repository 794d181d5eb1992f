import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { foreignKey, forge, stolenKey } from '../support/forge.js';
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
  });

  it('refuses one that has expired: Token has expired (ASVS 9.2.1)', async () => {
    const { refreshToken } = await service.createUser();
    const key = await stolenKey(service.database);
    const expired = await forge({ ...claimsOf(refreshToken), exp: seconds() - 1 }, key.privateKey, {
      kid: key.kid,
    });
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
    expect((await refresh(await forge(claims, key.privateKey, { kid: key.kid }))).status).toBe(201);
    for (const bad of [
      forge(claims, foreign.privateKey, { kid: key.kid }),
      forge(claims, foreign.privateKey, { kid: foreign.kid }),
      forge({ ...claims, iss: 'another' }, key.privateKey, { kid: key.kid }),
      forge({ ...claims, sub: '1' }, key.privateKey, { kid: key.kid }),
      forge({ ...claims, gen: undefined }, key.privateKey, { kid: key.kid }),
      forge({ ...claims, payload: undefined }, key.privateKey, { kid: key.kid }),
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
