import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PasswordHasher } from '../../src/passwords/password-hasher.js';
import type { Client } from '../support/client.js';
import { HOME, TestService, type TestUser } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const WRONG = 'not the password';
const LIMIT = 10;
const STRANGE = '203.0.113.7';

const signIn = async ({ login, password }: { login: string; password: string }, from: string) =>
  (await service.client.signIn({ login, password }, from)).status;
async function fail({ login }: { login: string }, times: number, from: string | ((index: number) => string)) {
  for (let index = 0; index < times; index += 1) {
    const source = typeof from === 'string' ? from : from(index);
    expect(await signIn({ login, password: WRONG }, source)).toBe(401);
  }
}
const statusOf = async ({ id }: { id: number }) =>
  (await service.admin.get(`/user/${id}`)).body.status as number;
const sourcesOf = async ({ id }: TestUser): Promise<string[]> => {
  const rows = await service.database.query('SELECT source FROM known_sources WHERE user_id = ?', [id]);
  return rows.map(({ source }) => String(source)).sort();
};
const setPassword = (client: Client, path: string, password: string, from: string) =>
  client.put(path, { password }, { 'x-forwarded-for': from });
const anyone = (index: number) => `203.0.113.${index + 1}`;

describe('A known source', () => {
  it('is where a user signs in however many logins fail elsewhere (ASVS 6.1.1)', async () => {
    const user = await service.createUser();
    await fail(user, 3 * LIMIT, anyone);
    expect(await statusOf(user)).toBe(1);
    for (let time = 0; time < 3; time += 1) expect(await signIn(user, HOME)).toBe(201);
    expect(await statusOf(user), 'which does not end the lockout').toBe(1);
    expect(await signIn(user, STRANGE), 'elsewhere').toBe(401);
    expect((await user.client.get('/user/current')).status).toBe(200);
    expect((await service.client.refresh(user.refreshToken)).status).toBe(201);
  });

  it('has attempts of its own, which lock nobody out (ASVS 6.3.1)', async () => {
    const user = await service.createUser();
    await fail(user, LIMIT, HOME);
    expect(await statusOf(user)).toBe(0);
    expect(await signIn(user, HOME), 'its bucket is closed').toBe(401);
    expect(await signIn(user, STRANGE), 'and no other').toBe(201);
    await fail(user, LIMIT, STRANGE);
    expect(await signIn(user, STRANGE)).toBe(401);
    expect(await statusOf(user)).toBe(0);
    expect(await signIn(user, '203.0.113.8')).toBe(201);
  });

  it('takes attempts again after the time, whatever was tried meanwhile', async () => {
    const user = await service.createUser();
    await fail(user, LIMIT, HOME);
    const endOf = async () => {
      const [row] = await service.database.query('SELECT * FROM known_sources WHERE user_id = ?', [user.id]);
      return [Number(row?.['blocked_until']), Number(row?.['login_attempts'])];
    };
    const before = await endOf();
    await fail(user, LIMIT, HOME);
    expect(await endOf()).toEqual(before);
    await service.database.query('UPDATE known_sources SET blocked_until = 1 WHERE user_id = ?', [user.id]);
    await fail(user, LIMIT - 1, HOME);
    expect(await signIn(user, HOME)).toBe(201);
    expect((await endOf())[1]).toBe(0);
  });

  it('and all others together are cleared by a success of their own', async () => {
    const user = await service.createUser();
    await fail(user, LIMIT - 1, STRANGE);
    expect(await signIn(user, HOME)).toBe(201);
    await fail(user, 1, STRANGE);
    expect(await statusOf(user), 'the success elsewhere has cleared nothing').toBe(1);

    const other = await service.createUser();
    await fail(other, LIMIT - 1, HOME);
    await fail(other, LIMIT - 1, STRANGE);
    expect(await signIn(other, STRANGE)).toBe(201);
    await fail(other, LIMIT - 1, '203.0.113.8');
    expect(await statusOf(other), 'the success has cleared them').toBe(0);
    await fail(other, 1, HOME);
    expect(await signIn(other, HOME), 'but not those of the known one').toBe(401);
  });

  it('is the /64 of an IPv6 address, and an IPv4 address in any spelling', async () => {
    const user = await service.createUser();
    expect(await signIn(user, '2001:db8:0:7::1')).toBe(201);
    expect(await signIn(user, '203.0.113.99')).toBe(201);
    await fail(user, LIMIT, STRANGE);
    expect(await signIn(user, '2001:db8:0:7:ffff::2')).toBe(201);
    expect(await signIn(user, '2001:db8:0:8::1')).toBe(401);
    expect(await signIn(user, '::ffff:203.0.113.99')).toBe(201);
  });

  it('counts no attempt of a burst twice', async () => {
    const user = await service.createUser();
    const burst = await Promise.all(Array.from({ length: 30 }, () => signIn(user, STRANGE)));
    expect(new Set(burst.filter((status) => status !== 503))).toEqual(new Set([201]));
    const [row] = await service.database.query('SELECT login_attempts FROM users WHERE id = ?', [user.id]);
    expect(Number(row?.['login_attempts'])).toBe(0);
    const [known] = await service.database.query(
      'SELECT login_attempts FROM known_sources WHERE user_id = ? AND source = ?',
      [user.id, STRANGE],
    );
    expect(Number(known?.['login_attempts'])).toBe(0);
  });

  it('gets no more attempts than the limit in a burst (ASVS 6.3.1)', async () => {
    const user = await service.createUser();
    const compare = vi.spyOn(service.app.get(PasswordHasher), 'compare');
    onTestFinished(() => {
      compare.mockRestore();
    });
    await Promise.all(Array.from({ length: 40 }, () => signIn({ ...user, password: WRONG }, HOME)));
    await fail(user, 5, HOME);
    expect(compare.mock.calls.filter(([, hash]) => hash !== undefined)).toHaveLength(LIMIT);
  });

  it('is not made by a refresh, a failed sign-in or a created token', async () => {
    const user = await service.createUser();
    const from = { 'x-forwarded-for': STRANGE };
    expect(
      (await service.client.post('/token/refresh', { refreshToken: user.refreshToken }, from)).status,
    ).toBe(201);
    expect(
      (await user.client.post('/token/create', { userId: user.id, actions: ['GetNetwork'] }, from)).status,
    ).toBe(201);
    await fail(user, 1, STRANGE);
    expect(await sourcesOf(user)).toEqual([HOME]);
  });

  it('is forgotten 30 days after the last sign-in or refresh from it', async () => {
    const user = await service.createUser();
    const age = (days: number) =>
      service.database.query(
        `UPDATE known_sources SET last_used_at = ${Date.now() - days * 86_400_000} WHERE user_id = ?`,
        [user.id],
      );
    const home = { 'x-forwarded-for': HOME };
    await age(29.9);
    await fail(user, LIMIT, STRANGE);
    expect(
      (await service.client.post('/token/refresh', { refreshToken: user.refreshToken }, home)).status,
    ).toBe(201);
    await age(30);
    expect(await signIn(user, HOME)).toBe(401);
    // A refresh keeps what is known; it does not make it known again.
    expect(
      (await service.client.post('/token/refresh', { refreshToken: user.refreshToken }, home)).status,
    ).toBe(201);
    expect(await signIn(user, HOME)).toBe(401);
  });

  it('stays known by a refresh', async () => {
    const user = await service.createUser();
    await service.database.query(
      'UPDATE known_sources SET last_used_at = last_used_at - 1000000 WHERE user_id = ?',
      [user.id],
    );
    const read = async () => {
      const [row] = await service.database.query('SELECT last_used_at FROM known_sources WHERE user_id = ?', [
        user.id,
      ]);
      return Number(row?.['last_used_at']);
    };
    const before = await read();
    await service.client.post(
      '/token/refresh',
      { refreshToken: user.refreshToken },
      { 'x-forwarded-for': HOME },
    );
    expect(await read()).toBeGreaterThanOrEqual(before + 1_000_000);
  });

  it('is one of 20: the oldest is dropped', async () => {
    const user = await service.createUser();
    for (let index = 0; index < 20; index += 1) expect(await signIn(user, anyone(index))).toBe(201);
    expect((await sourcesOf(user)).length).toBe(20);
    expect(await sourcesOf(user)).not.toContain(HOME);
    await fail(user, LIMIT, HOME);
    for (let index = 0; index < 20; index += 1) expect(await signIn(user, anyone(index))).toBe(201);
  });

  it('is nobody’s after the user is deleted', async () => {
    const user = await service.createUser();
    await service.admin.delete(`/user/${user.id}`);
    expect(await sourcesOf(user)).toEqual([]);
  });
});

describe('A new password', () => {
  it('that the user itself sets forgets all known sources but the one that set it', async () => {
    const user = await service.createUser();
    await signIn(user, STRANGE);
    expect((await setPassword(user.client, '/user/current', 'another password', HOME)).status).toBe(204);
    expect(await sourcesOf(user)).toEqual([HOME]);
    expect((await setPassword(user.client, `/user/${user.id}`, 'a third password', STRANGE)).status).toBe(
      204,
    );
    expect(await sourcesOf(user), 'a source does not become known by it').toEqual([]);
  });

  it('that an administrator sets forgets none, nor one that an administrator sets in the name of the user', async () => {
    const user = await service.createUser();
    await signIn(user, STRANGE);
    expect(
      (await setPassword(service.admin, `/user/${user.id}`, 'another password', '192.0.2.1')).status,
    ).toBe(204);
    const { accessToken } = await service.createToken(user.id, { actions: ['UpdateCurrentUser'] });
    const acting = service.client.as(accessToken);
    expect((await setPassword(acting, '/user/current', 'a third password', '192.0.2.1')).status).toBe(204);
    expect(await sourcesOf(user)).toEqual([HOME, STRANGE].sort());
  });

  it('empties all buckets and ends a lockout by failed logins, whoever sets it', async () => {
    for (const by of ['the user', 'an administrator'] as const) {
      const user = await service.createUser();
      await fail(user, LIMIT, STRANGE);
      await fail(user, LIMIT, HOME);
      const client = by === 'the user' ? user.client : service.admin;
      expect((await setPassword(client, `/user/${user.id}`, 'another password', HOME)).status).toBe(204);
      expect(await statusOf(user)).toBe(0);
      const renewed = { ...user, password: 'another password' };
      expect(await signIn(renewed, HOME)).toBe(201);
      expect(await signIn(renewed, '203.0.113.8')).toBe(201);
    }
  });

  it('does not end what an administrator has set', async () => {
    const user = await service.createUser();
    await service.admin.put(`/user/${user.id}`, { status: 1 });
    await service.admin.put(`/user/${user.id}`, { password: 'another password' });
    expect(await statusOf(user)).toBe(1);
    expect(await signIn({ ...user, password: 'another password' }, HOME)).toBe(401);
  });

  it('that is refused empties nothing', async () => {
    const user = await service.createUser();
    await fail(user, LIMIT, HOME);
    expect((await setPassword(user.client, '/user/current', 'short', HOME)).status).toBe(400);
    expect(await signIn(user, HOME)).toBe(401);
  });
});

describe('Status 0', () => {
  it('empties all buckets, even where the status is 0 already', async () => {
    const user = await service.createUser();
    await fail(user, LIMIT, HOME);
    expect(await statusOf(user)).toBe(0);
    expect((await service.admin.put(`/user/${user.id}`, { status: 0 })).status).toBe(204);
    expect(await signIn(user, HOME)).toBe(201);
  });
});

describe('Status 1 by an administrator', () => {
  it('is not one that a known source gets past', async () => {
    const user = await service.createUser();
    for (const status of [1, 2]) {
      await service.admin.put(`/user/${user.id}`, { status });
      expect(await signIn(user, HOME)).toBe(401);
    }
    await service.admin.put(`/user/${user.id}`, { status: 0 });
    expect(await signIn(user, HOME)).toBe(201);
  });

  it('stays when failed logins had set it before', async () => {
    const user = await service.createUser();
    await fail(user, LIMIT, STRANGE);
    await service.admin.put(`/user/${user.id}`, { status: 1 });
    await service.database.query(
      'UPDATE users SET blocked_until = 1 WHERE id = ? AND blocked_until IS NOT NULL',
      [user.id],
    );
    expect(await statusOf(user)).toBe(1);
    expect(await signIn(user, HOME)).toBe(401);
  });
});
