import { describe, expect, it, onTestFinished } from 'vitest';
import { kindOfDatabase } from '../support/database.js';
import { PostgresProxy } from '../support/postgres-proxy.js';
import { TestService, type TestUser } from '../support/service.js';
import { temporaryDatabase } from '../support/temporary.js';
import { until } from '../support/until.js';

/* A cached principal must not outlive a change of its user, in any process (docs/decisions/0009-caches.md). */

/** Two services on one database; the connections of the second can be cut. */
async function startTwo() {
  const database = await temporaryDatabase();
  const proxy = kindOfDatabase() === 'postgres' ? await PostgresProxy.to(database.url) : undefined;
  onTestFinished(() => proxy?.close());
  const here = await TestService.start({}, database);
  onTestFinished(() => here.stop());
  const there = await TestService.start({ DATABASE_URL: proxy?.url ?? database.url }, database);
  onTestFinished(() => there.stop());
  return { here, there, proxy };
}

/** The user, signed in once more: what has ended its sessions has ended them for good. */
const signInAgain = async (service: TestService, user: TestUser): Promise<TestUser> => ({
  ...user,
  ...(await service.client.signIn(user)).body,
});

/** The status of a response to the user by a service. */
const statusAt = async (service: TestService, user: TestUser, path = '/user/current') =>
  (await service.client.as(user.accessToken).get(path)).status;

/** Waits until a service responds to the user with this status. */
const untilStatus = (status: number, ...asked: Parameters<typeof statusAt>) =>
  until(async () => (await statusAt(...asked)) === status);

describe('a cached principal', () => {
  it.each([
    ['disabled', { status: 2 }],
    ['locked out', { status: 1 }],
  ])('is invalidated at once in the process that changes its user: %s', async (_what, change) => {
    const { here } = await startTwo();
    let user = await here.createUser();
    for (let round = 0; round < 20; round += 1) {
      expect(await statusAt(here, user)).toBe(200);
      await here.admin.put(`/user/${user.id}`, change);
      expect(await statusAt(here, user)).toBe(401);
      await here.admin.put(`/user/${user.id}`, { status: 0 });
      expect(await statusAt(here, user)).toBe(401);
      user = await signInAgain(here, user);
    }
  });

  it('is invalidated at once by a demotion and a deletion (ASVS 7.4.2, 8.3.2)', async () => {
    const { here } = await startTwo();
    const [administrator, deleted] = [await here.createUser({ role: 0 }), await here.createUser()];
    for (const user of [administrator, deleted]) expect(await statusAt(here, user)).toBe(200);
    expect(await statusAt(here, administrator, '/user')).toBe(200);
    await here.admin.put(`/user/${administrator.id}`, { role: 1 });
    expect(await statusAt(here, administrator, '/user')).toBe(403);
    await here.admin.delete(`/user/${deleted.id}`);
    expect(await statusAt(here, deleted)).toBe(401);
  });

  it('is invalidated at once by the end of its session, and not by the end of another (ASVS 7.4.1)', async () => {
    const { here, there } = await startTwo();
    const user = await here.createUser();
    const sessions = [user, await signInAgain(here, user), await signInAgain(here, user)] as const;
    const [own, byToken, left] = sessions;
    for (const session of sessions) {
      expect(await statusAt(here, session)).toBe(200);
      expect(await statusAt(there, session)).toBe(200);
    }
    await here.client.as(own.accessToken).delete('/user/current/session?except=current');
    expect(await statusAt(here, own)).toBe(200);
    for (const ended of [byToken, left]) {
      expect(await statusAt(here, ended)).toBe(401);
      await untilStatus(401, there, ended);
    }
    await here.client.post('/token/revoke', { token: own.refreshToken });
    expect(await statusAt(here, own)).toBe(401);
    await untilStatus(401, there, own);
  });

  it('is not barred by failed logins, but by an administrator who locks that user out as well', async () => {
    const { here, there } = await startTwo();
    const user = await here.createUser();
    expect(await statusAt(there, user)).toBe(200);
    for (let failures = 0; failures < 10; failures += 1)
      await here.client.signIn({ login: user.login, password: 'a wrong one' });
    expect((await here.admin.get(`/user/${user.id}`)).body.status).toBe(1);
    expect(await statusAt(here, user)).toBe(200);
    expect(await statusAt(there, user)).toBe(200);
    await here.admin.put(`/user/${user.id}`, { status: 1 });
    expect(await statusAt(here, user)).toBe(401);
    await untilStatus(401, there, user);
  });

  it('is invalidated in other processes too (ASVS 8.3.2)', async () => {
    const { here, there } = await startTwo();
    const user = await here.createUser({ role: 0 });
    expect(await statusAt(there, user, '/user')).toBe(200);
    await here.admin.put(`/user/${user.id}`, { role: 1 });
    await untilStatus(403, there, user, '/user');
    await here.admin.delete(`/user/${user.id}`);
    await untilStatus(401, there, user);
  });

  it('is not used by a process that no longer receives notifications of changes', async ({ skip }) => {
    const { here, there, proxy } = await startTwo();
    if (!proxy) return skip('SQLite has no notifications: each request reads the user');
    let user = await here.createUser();
    for (let round = 0; round < 3; round += 1) {
      expect(await statusAt(there, user)).toBe(200);
      // All connections break, and only those that are requested again are reopened.
      await proxy.close();
      await here.admin.put(`/user/${user.id}`, { status: 2 });
      await proxy.open();
      await untilStatus(401, there, user);
      await here.admin.put(`/user/${user.id}`, { status: 0 });
      user = await signInAgain(here, user);
      await untilStatus(200, there, user);
    }
  });

  it('is up to date after concurrent reads and changes', async () => {
    const { here, there } = await startTwo();
    let user = await here.createUser();
    const whileAsked = (change: Promise<unknown>) =>
      Promise.all([
        ...Array.from({ length: 5 }, () => statusAt(here, user)),
        change,
        ...Array.from({ length: 5 }, () => statusAt(there, user)),
      ]);
    for (let round = 0; round < 10; round += 1) {
      await untilStatus(200, there, user);
      const ended =
        round % 2 === 0
          ? here.admin.put(`/user/${user.id}`, { status: 2 })
          : here.admin.delete(`/user/${user.id}/session`);
      await whileAsked(ended);
      expect(await statusAt(here, user)).toBe(401);
      await untilStatus(401, there, user);
      await whileAsked(here.admin.put(`/user/${user.id}`, { status: 0 }));
      expect(await statusAt(here, user)).toBe(401);
      expect(await statusAt(there, user)).toBe(401);
      user = await signInAgain(here, user);
      expect(await statusAt(here, user)).toBe(200);
    }
  });
});
