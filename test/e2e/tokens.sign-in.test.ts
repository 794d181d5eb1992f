import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, visiblePart } from '../support/client.js';
import { assignNew } from '../support/scopes.js';
import { ADMINISTRATOR, PASSWORD, TestService } from '../support/service.js';
import { createUser } from '../support/users.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const CLIENT_ACTIONS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17];
const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

const signIn = (login: unknown, password: unknown) => service.client.signIn({ login, password });

/** A user that has never signed in. */
const newUser = (fields?: Record<string, unknown>) => createUser(service.admin, fields);

describe('POST /token', () => {
  it('returns 201 with an access and a refresh token and nothing else', async () => {
    const { login } = await newUser();
    const { status, body } = await signIn(login, PASSWORD);
    expect(status).toBe(201);
    expect(body).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String) });
  });

  it('gives an administrator tokens that carry everything (contract.md §5)', async () => {
    const { body } = await signIn(ADMINISTRATOR.login, ADMINISTRATOR.password);
    const everything = { u: 1, a: [0], n: ['*'], dt: ['*'], e: expect.any(Number) };
    expect(claimsOf(body.accessToken).payload).toEqual({ ...everything, t: 1 });
    expect(claimsOf(body.refreshToken).payload).toEqual({ ...everything, t: 0 });
  });

  it('gives a client tokens that carry its actions, its networks as strings, and all device types', async () => {
    const { id, login } = await newUser();
    const networks = [
      await assignNew(service.database, 'network', id),
      await assignNew(service.database, 'network', id),
    ];
    const { body } = await signIn(login, PASSWORD);
    const rights = {
      u: id,
      a: CLIENT_ACTIONS,
      n: networks.map(String),
      dt: ['*'],
      e: expect.any(Number),
    };
    expect(claimsOf(body.accessToken).payload).toEqual({ ...rights, t: 1 });
    expect(claimsOf(body.refreshToken).payload).toEqual({ ...rights, t: 0 });
  });

  it('names the device types of a client that does not have all', async () => {
    const { id, login } = await newUser({ allDeviceTypesAvailable: false });
    const deviceType = await assignNew(service.database, 'deviceType', id);
    const { body } = await signIn(login, PASSWORD);
    expect(claimsOf(body.accessToken).payload).toMatchObject({ n: [], dt: [String(deviceType)] });
  });

  it('gives a client to whom nothing is assigned empty lists', async () => {
    const { login } = await newUser({ allDeviceTypesAvailable: false });
    const { body } = await signIn(login, PASSWORD);
    expect(claimsOf(body.accessToken).payload).toMatchObject({ n: [], dt: [] });
  });

  it('dates tokens: 30 minutes for access, 182 days for refresh', async () => {
    const { id, login } = await newUser();
    const before = Math.floor(Date.now() / 1000);
    const { body } = await signIn(login, PASSWORD);
    const after = Math.floor(Date.now() / 1000);
    for (const [token, life] of [
      [body.accessToken, 30 * MINUTE],
      [body.refreshToken, 182 * DAY],
    ] as const) {
      const { payload, iss, sub, iat, exp, jti } = claimsOf(token);
      expect(iss).toBe('hivegate');
      expect(sub).toBe(String(id));
      expect(iat).toBeGreaterThanOrEqual(before);
      expect(iat).toBeLessThanOrEqual(after);
      expect(exp).toBe((iat ?? 0) + life);
      expect(Math.floor((payload['e'] as number) / 1000)).toBe(exp);
      expect(jti).toMatch(/^[0-9a-f-]{36}(?:\.0)?$/);
    }
    expect(claimsOf(body.accessToken).jti).not.toBe(claimsOf(body.refreshToken).jti);
  });

  it('dates and names tokens as the settings have it', async () => {
    const other = await TestService.start({
      ACCESS_TOKEN_TTL: '61',
      REFRESH_TOKEN_TTL: '3601',
      JWT_ISSUER: 'https://gate.example.com',
    });
    try {
      const { body } = await other.client.signIn(ADMINISTRATOR);
      const [access, refresh] = [claimsOf(body.accessToken), claimsOf(body.refreshToken)];
      expect((access.exp ?? 0) - (access.iat ?? 0)).toBe(61);
      expect((refresh.exp ?? 0) - (refresh.iat ?? 0)).toBe(3601);
      expect([access.iss, refresh.iss]).toEqual(['https://gate.example.com', 'https://gate.example.com']);
      expect((await other.client.as(body.accessToken).get('/user/current')).status).toBe(200);
      expect((await other.client.as(service.admin.token).get('/user/current')).status).toBe(401);
    } finally {
      await other.stop();
    }
  });

  it('trims the login and ignores its case', async () => {
    const { id, login } = await newUser();
    for (const spelt of [login.toUpperCase(), `  ${login}\t`, ` ${login.toUpperCase()} `]) {
      const { status, body } = await signIn(spelt, PASSWORD);
      expect(status).toBe(201);
      expect(claimsOf(body.accessToken).sub).toBe(String(id));
    }
  });

  it('takes the password as it is: neither trimmed nor folded (ASVS 6.2.8)', async () => {
    const password = '  Spaces And Cases  ';
    const { login } = await newUser({ password });
    expect((await signIn(login, password)).status).toBe(201);
    for (const other of [password.trim(), password.toLowerCase(), `${password} `]) {
      expect((await signIn(login, other)).status).toBe(401);
    }
  });

  it('sets lastLogin', async () => {
    const { id, login } = await newUser();
    expect((await service.admin.get(`/user/${id}`)).body.lastLogin).toBeNull();
    const before = Date.now();
    await signIn(login, PASSWORD);
    const { lastLogin } = (await service.admin.get(`/user/${id}`)).body;
    expect(lastLogin).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(lastLogin)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(lastLogin)).toBeLessThanOrEqual(Date.now());
  });

  it('does not set lastLogin for a wrong password', async () => {
    const { id, login } = await newUser();
    await signIn(login, 'not the password');
    expect((await service.admin.get(`/user/${id}`)).body.lastLogin).toBeNull();
  });

  const login = ADMINISTRATOR.login;
  const password = ADMINISTRATOR.password;
  it.each([
    ['nothing', {}],
    ['no body', undefined],
    ['no password', { login }],
    ['no login', { password }],
    ['an empty login', { login: '', password }],
    ['a blank login', { login: ' \t', password }],
    ['an empty password', { login, password: '' }],
    ['a login of null', { login: null, password }],
    ['a password of null', { login, password: null }],
    ['a login that is a number', { login: 1, password }],
    ['a login that is an object', { login: { $ne: '' }, password }],
    ['a login that is a list', { login: [login], password }],
    ['a password that is a list', { login, password: [password] }],
    ['a password that is true', { login, password: true }],
  ])('returns 400 for %s', async (_what, body) => {
    const answer = await service.client.post('/token', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error: 400, message: 'Invalid or empty authorization request parameters' });
  });

  it('gives one and the same response to an unknown login, a wrong password, a locked and a disabled user (ASVS 6.3.8)', async () => {
    const active = await newUser();
    const locked = await newUser({ status: 1 });
    const disabled = await newUser({ status: 2 });
    const deleted = await newUser();
    expect((await service.admin.delete(`/user/${deleted.id}`)).status).toBe(204);
    const answers = await Promise.all([
      signIn(active.login, 'not the password'),
      signIn('nobody-has-this-login', PASSWORD),
      signIn(deleted.login, PASSWORD),
      signIn(locked.login, PASSWORD),
      signIn(locked.login, 'not the password'),
      signIn(disabled.login, PASSWORD),
      signIn(disabled.login, 'not the password'),
      signIn('\u0000', PASSWORD),
      signIn('\ud800', PASSWORD),
      signIn('%', PASSWORD),
      signIn("' OR 1=1 --", PASSWORD),
      signIn('a'.repeat(2000), 'b'.repeat(2000)),
    ]);
    const seen = new Set(answers.map(visiblePart));
    expect([...seen]).toHaveLength(1);
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.text).toBe('{"error":401,"message":"Invalid credentials"}');
    expect(answers[0]?.headers.get('www-authenticate')).toBe('Bearer');
  });
});
