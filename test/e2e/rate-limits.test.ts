import { afterEach, describe, expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';

/** As src/authentication/sign-in/rate-limit.guard.ts has them, within a minute. */
const SIGN_INS_PER_ADDRESS = 120;
const SIGN_INS_PER_LOGIN = 60;
const REFRESHES_PER_ADDRESS = 600;
const REFRESHES_PER_USER = 60;
/** As src/users/current-password.verifier.ts has it, within 15 minutes. */

let service: TestService;
/** The limits count for as long as a service lives: each test has its own. */
async function start(environment: Record<string, string> = {}): Promise<void> {
  service = await TestService.start({ RATE_LIMIT: 'on', ...environment });
}
afterEach(() => service.stop());

/** The first answer of 429 when `send` is called up to `most` times, and how many came before it. */
async function untilRefused(
  most: number,
  send: (index: number) => Promise<Answer>,
): Promise<{ refused: Answer | undefined; before: number }> {
  for (let before = 0; before < most; before += 1) {
    const answer = await send(before);
    if (answer.status === 429) return { refused: answer, before };
  }
  return { refused: undefined, before: most };
}
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
    const { refused, before } = await untilRefused(SIGN_INS_PER_ADDRESS + 5, (index) =>
      attempt(`user-${index}`),
    );
    expectRefusal(refused);
    // The administrator of the tests signed in once.
    expect(before).toBe(SIGN_INS_PER_ADDRESS - 1);
    expect((await service.client.signIn(ADMINISTRATOR)).status).toBe(429);
  });

  it('limits sign-ins at one login, however it is spelt, from wherever they come', async () => {
    await start({ TRUST_PROXY: '1' });
    const { refused, before } = await untilRefused(SIGN_INS_PER_LOGIN + 5, (index) =>
      attempt(index % 2 === 0 ? 'Somebody' : ' somebody ', from(`10.0.0.${index}`)),
    );
    expectRefusal(refused);
    expect(before).toBe(SIGN_INS_PER_LOGIN);
    expect((await attempt('somebody-else', from('10.0.0.1'))).status).toBe(400);
    expect((await service.client.post('/token', ADMINISTRATOR, from('10.0.0.1'))).status).toBe(201);
  });

  it('limits refreshes of one address, and nothing else by them', async () => {
    await start();
    const { refused, before } = await untilRefused(REFRESHES_PER_ADDRESS + 5, () =>
      service.client.refresh('nonsense'),
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
    const { refused, before } = await untilRefused(SIGN_INS_PER_ADDRESS + 5, (index) =>
      attempt(`user-${index}`, from(`2001:db8:1:2::${index}`)),
    );
    expectRefusal(refused);
    expect(before).toBe(SIGN_INS_PER_ADDRESS);
    expect((await attempt('user', from('2001:db8:1:3::1'))).status).toBe(400);
  });

  it('does not believe X-Forwarded-For unless TRUST_PROXY says so', async () => {
    await start({ TRUST_PROXY: '' });
    const { refused } = await untilRefused(SIGN_INS_PER_ADDRESS, (index) =>
      attempt(`user-${index}`, from(`10.0.0.${index}`)),
    );
    expectRefusal(refused);
  });

  it('limits each address behind a trusted proxy for itself', async () => {
    await start({ TRUST_PROXY: '1' });
    const { refused } = await untilRefused(SIGN_INS_PER_ADDRESS + 1, (index) =>
      attempt(`user-${index}`, from('10.0.0.1')),
    );
    expectRefusal(refused);
    expect((await attempt('user', from('10.0.0.2'))).status).toBe(400);
    // Only the hop next to the proxy counts: what a caller puts before it is not believed.
    expect((await attempt('user', from('10.0.0.3, 10.0.0.1'))).status).toBe(429);
  });
});

describe('RATE_LIMIT=off', () => {
  it('limits nothing', async () => {
    await start({ RATE_LIMIT: 'off' });
    const { refused } = await untilRefused(SIGN_INS_PER_ADDRESS + 5, () => attempt('somebody'));
    expect(refused).toBeUndefined();
  });
});
