import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { RateLimits } from '../../src/rate-limits/rate-limits.service.js';
import type { Answer } from '../support/client.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';

/** As src/authentication/sign-in/sign-in.rate-limit.guard.ts has them, within a minute. */
const SIGN_INS_PER_ADDRESS = 600;
const SIGN_INS_PER_LOGIN_AND_ADDRESS = 60;
const SIGN_INS_PER_SITE = 2400;
const REFRESHES_PER_ADDRESS = 600;
const REFRESHES_PER_USER = 60;
/** As src/users/current-password.verifier.ts has it, within 15 minutes. */

let service: TestService;
/** The limits count for as long as a service lives: each test has its own. */
async function start(environment: Record<string, string> = {}): Promise<void> {
  service = await TestService.start({ RATE_LIMIT: 'on', ...environment });
}
afterEach(() => service.stop());

/** The first answer of 429 when `send` is called up to `most` times, and how many others came before it. */
async function untilRefused(
  most: number,
  send: (index: number) => Promise<Answer>,
  atOnce = 1,
): Promise<{ refused: Answer | undefined; before: number }> {
  let before = 0;
  for (let sent = 0; sent < most; sent += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, most - sent) }, (_, index) => send(sent + index));
    const answers = await Promise.all(batch);
    before += answers.filter(({ status }) => status !== 429).length;
    const refused = answers.find(({ status }) => status === 429);
    if (refused) return { refused, before };
  }
  return { refused: undefined, before };
}
/** Requests at once, where hundreds are needed. */
const MANY = 25;
/** A sign-in that costs no hashing: it is counted before it is looked at. */
const attempt = (login: string, headers: Record<string, string> = {}) =>
  service.client.post('/token', { login, password: '' }, headers);
const from = (address: string) => ({ 'x-forwarded-for': address });

function expectRefusal(refused: Answer | undefined, most = 60): void {
  expect(refused?.body).toEqual({ error: 429, message: 'Too many requests' });
  const seconds = refused?.headers.get('retry-after');
  expect(seconds).toMatch(/^\d+$/);
  expect(Number(seconds)).toBeGreaterThan(0);
  expect(Number(seconds)).toBeLessThanOrEqual(most);
}

describe('RATE_LIMIT=on', () => {
  it('limits sign-ins of one address', async () => {
    await start();
    const { refused, before } = await untilRefused(
      SIGN_INS_PER_ADDRESS + 5,
      (index) => attempt(`user-${index}`),
      MANY,
    );
    expectRefusal(refused);
    // The administrator of the tests has signed in from elsewhere.
    expect(before).toBe(SIGN_INS_PER_ADDRESS);
    expect((await service.client.signIn(ADMINISTRATOR)).status).toBe(429);
  });

  it('limits sign-ins at one login from one address, however it is spelt', async () => {
    await start({ TRUST_PROXY: '1' });
    const { refused, before } = await untilRefused(SIGN_INS_PER_LOGIN_AND_ADDRESS + 5, (index) =>
      attempt(index % 2 === 0 ? 'Somebody' : ' somebody ', from('10.0.0.1')),
    );
    expectRefusal(refused);
    expect(before).toBe(SIGN_INS_PER_LOGIN_AND_ADDRESS);
    expect((await attempt('somebody-else', from('10.0.0.1'))).status).toBe(400);
    expect((await service.client.post('/token', ADMINISTRATOR, from('10.0.0.1'))).status).toBe(201);
  });

  it('keeps nobody from signing in by attempts at its login from elsewhere', async () => {
    await start({ TRUST_PROXY: '1' });
    const { refused } = await untilRefused(
      5 * SIGN_INS_PER_LOGIN_AND_ADDRESS,
      (index) => attempt(ADMINISTRATOR.login, from(`10.0.0.${index % 100}`)),
      MANY,
    );
    expect(refused).toBeUndefined();
    expect((await service.client.post('/token', ADMINISTRATOR, from('10.0.0.200'))).status).toBe(201);
  });

  it('takes nothing from the address for attempts that its login has refused', async () => {
    await start({ TRUST_PROXY: '1' });
    for (let index = 0; index < SIGN_INS_PER_ADDRESS; index += 50)
      await Promise.all(Array.from({ length: 50 }, () => attempt('somebody', from('10.0.0.1'))));
    const { before } = await untilRefused(
      SIGN_INS_PER_ADDRESS,
      (index) => attempt(`user-${index}`, from('10.0.0.1')),
      MANY,
    );
    expect(before).toBe(SIGN_INS_PER_ADDRESS - SIGN_INS_PER_LOGIN_AND_ADDRESS);
  });

  it('limits refreshes of one address, and nothing else by them', async () => {
    await start();
    const { refused, before } = await untilRefused(
      REFRESHES_PER_ADDRESS + 5,
      () => service.client.refresh('nonsense'),
      MANY,
    );
    expectRefusal(refused);
    expect(before).toBe(REFRESHES_PER_ADDRESS);
    expect((await service.client.signIn(ADMINISTRATOR)).status).toBe(201);
    expect((await service.admin.get('/user/current')).status).toBe(200);
  });

  it('limits refreshes of one user, from wherever they come, and no other user by them', async () => {
    await start({ TRUST_PROXY: '1' });
    const [user, other] = [await service.createUser(), await service.createUser()];
    const refresh = (refreshToken: string, index: number) =>
      service.client.post('/token/refresh', { refreshToken }, from(`10.0.0.${index}`));
    const { refused, before } = await untilRefused(REFRESHES_PER_USER + 5, (index) =>
      refresh(user.refreshToken, index),
    );
    expectRefusal(refused);
    expect(before).toBe(REFRESHES_PER_USER);
    expect((await refresh(other.refreshToken, 1)).status).toBe(201);
  });

  it('limits all addresses of one IPv6 network together', async () => {
    await start({ TRUST_PROXY: '1' });
    const { refused, before } = await untilRefused(
      SIGN_INS_PER_ADDRESS + 5,
      (index) => attempt(`user-${index}`, from(`2001:db8:1:2::${index}`)),
      MANY,
    );
    expectRefusal(refused);
    expect(before).toBe(SIGN_INS_PER_ADDRESS);
    expect((await attempt('user', from('2001:db8:1:3::1'))).status).toBe(400);
  });

  it('limits all networks of one IPv6 site together, and no IPv4 address by another', async () => {
    await start({ TRUST_PROXY: '1' });
    const statuses: Record<number, number> = {};
    for (let index = 0; index < SIGN_INS_PER_SITE + 100; index += 100) {
      const batch = Array.from({ length: 100 }, (_, at) =>
        attempt(`user-${index + at}`, from(`2001:db8:1:${(index + at).toString(16)}::1`)),
      );
      for (const { status } of await Promise.all(batch)) statuses[status] = (statuses[status] ?? 0) + 1;
    }
    expect(statuses).toEqual({ 400: SIGN_INS_PER_SITE, 429: 100 });
    expect((await attempt('user', from('2001:db8:2:1::1'))).status).toBe(400);
  });

  it('limits refreshes of all networks of one IPv6 site together', async () => {
    await start({ TRUST_PROXY: '1' });
    const statuses: Record<number, number> = {};
    for (let index = 0; index < SIGN_INS_PER_SITE + 50; index += 50) {
      const batch = Array.from({ length: 50 }, (_, at) =>
        service.client.post(
          '/token/refresh',
          { refreshToken: 'none' },
          from(`2001:db8:3:${(index + at).toString(16)}::1`),
        ),
      );
      for (const { status } of await Promise.all(batch)) statuses[status] = (statuses[status] ?? 0) + 1;
    }
    expect(statuses).toEqual({ 401: SIGN_INS_PER_SITE, 429: 50 });
  });

  it('does not believe X-Forwarded-For unless TRUST_PROXY says so', async () => {
    await start({ TRUST_PROXY: '' });
    const { refused } = await untilRefused(
      SIGN_INS_PER_ADDRESS,
      (index) => attempt(`user-${index}`, from(`10.0.${index >> 8}.${index & 255}`)),
      MANY,
    );
    expectRefusal(refused);
  });

  it('limits each address behind a trusted proxy for itself', async () => {
    await start({ TRUST_PROXY: '1' });
    const { refused } = await untilRefused(
      SIGN_INS_PER_ADDRESS + 1,
      (index) => attempt(`user-${index}`, from('10.0.0.1')),
      MANY,
    );
    expectRefusal(refused);
    expect((await attempt('user', from('10.0.0.2'))).status).toBe(400);
    // Only the hop next to the proxy counts: what a caller puts before it is not believed.
    expect((await attempt('user', from('10.0.0.3, 10.0.0.1'))).status).toBe(429);
  });
});

describe('processes that use one database', () => {
  /** Two services on one database, as two processes would be. */
  async function startTwo(): Promise<TestService> {
    await start({ TRUST_PROXY: '1' });
    const other = await TestService.start(
      { ...service.environment, RATE_LIMIT: 'on', TRUST_PROXY: '1' },
      service.database,
    );
    onTestFinished(() => other.stop());
    return other;
  }

  it('share the limits: what one has counted, the other knows', async () => {
    const other = await startTwo();
    const both = [service, other];
    const { refused, before } = await untilRefused(SIGN_INS_PER_LOGIN_AND_ADDRESS + 5, (index) =>
      (both[index % 2] ?? service).client.post('/token', { login: 'ada', password: '' }, from('10.0.0.1')),
    );
    expectRefusal(refused);
    expect(before).toBe(SIGN_INS_PER_LOGIN_AND_ADDRESS);
    for (const { client } of both)
      expect((await client.post('/token', { login: 'ada', password: '' }, from('10.0.0.1'))).status).toBe(
        429,
      );
    const { body } = await service.client.post('/token', ADMINISTRATOR, from('10.0.0.2'));
    const refreshed = await untilRefused(REFRESHES_PER_USER + 5, (index) =>
      (both[index % 2] ?? service).client.post(
        '/token/refresh',
        { refreshToken: body.refreshToken },
        from(`10.0.1.${index}`),
      ),
    );
    expect(refreshed.before).toBe(REFRESHES_PER_USER);
  });

  it('let no more through when all calls come at once', async () => {
    const other = await startTwo();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        (index % 2 === 0 ? service : other).client.post(
          '/token',
          { login: 'ada', password: '' },
          from('10.0.0.1'),
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(SIGN_INS_PER_LOGIN_AND_ADDRESS);
  });

  it('write nothing for calls beyond a limit', async () => {
    await start({ TRUST_PROXY: '1' });
    await untilRefused(SIGN_INS_PER_LOGIN_AND_ADDRESS + 5, () => attempt('ada', from('10.0.0.1')));
    const rows = () => service.database.query('SELECT * FROM rate_limits ORDER BY key');
    const before = await rows();
    for (let index = 0; index < 20; index += 1)
      expect((await attempt('ada', from('10.0.0.1'))).status).toBe(429);
    expect(await rows()).toEqual(before);
    expect(before.length).toBeGreaterThan(0);
  });

  it('begin a new window when it is over, and remove what has expired', async () => {
    const other = await startTwo();
    const expire = (by: number) =>
      service.database.query('UPDATE rate_limits SET expires_at = expires_at + ?, points = 1000', [by]);
    const ask = () => other.client.post('/token', { login: 'ada', password: '' }, from('10.0.0.1'));
    await attempt('ada', from('10.0.0.1'));
    await expire(-61_000);
    expect((await ask()).status).toBe(400);
    await expire(-24 * 3_600_000);
    await service.app.get(RateLimits).removeExpired();
    expect(await service.database.query('SELECT * FROM rate_limits')).toEqual([]);
  });

  it('do not believe an end of a window that a clock has stored which was ahead by 400 days', async () => {
    const other = await startTwo();
    await attempt('ada', from('10.0.0.1'));
    await service.database.query('UPDATE rate_limits SET points = 1000, expires_at = expires_at + ?', [
      400 * 24 * 3_600_000,
    ]);
    const ask = () => other.client.post('/token', { login: 'ada', password: '' }, from('10.0.0.1'));
    expect((await ask()).status).toBe(400);
    const { refused } = await untilRefused(SIGN_INS_PER_LOGIN_AND_ADDRESS, ask);
    expectRefusal(refused);
  });

  it('know nothing of what people type as a login', async () => {
    await start();
    await attempt('a password in the wrong field');
    await attempt('x'.repeat(3000));
    const rows = JSON.stringify(await service.database.query('SELECT * FROM rate_limits'));
    expect(rows).toContain('sign-ins of a login and source');
    expect(rows).not.toContain('password');
    expect(rows).not.toContain('xxx');
  });
});

describe('RATE_LIMIT=off', () => {
  it('limits nothing', async () => {
    await start({ RATE_LIMIT: 'off' });
    const { refused } = await untilRefused(SIGN_INS_PER_LOGIN_AND_ADDRESS + 5, () => attempt('somebody'));
    expect(refused).toBeUndefined();
    expect(await service.database.query('SELECT * FROM rate_limits')).toEqual([]);
  });
});
