import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase, kindOfDatabase } from '../support/database.js';
import { PostgresProxy } from '../support/postgres-proxy.js';
import { TestService, type TestUser } from '../support/service.js';

/* What is remembered of a user must not outlive a change, wherever that is made (docs/decisions/0009-caches.md). */

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** Two services on one database; the second reaches it by a way that can be cut. */
async function startTwo() {
  const database = await createDatabase();
  undo.push(() => database.remove());
  const proxy = kindOfDatabase() === 'postgres' ? await PostgresProxy.to(database.url) : undefined;
  undo.push(() => proxy?.close());
  const here = await TestService.start({}, database);
  undo.push(() => here.stop());
  const there = await TestService.start({ DATABASE_URL: proxy?.url ?? database.url }, database);
  undo.push(() => there.stop());
  return { here, there, proxy };
}

/** The status with which the user is answered at a service. */
const statusAt = async (service: TestService, user: TestUser, path = '/user/current') =>
  (await service.client.as(user.accessToken).get(path)).status;

/** Asks until the answer is this one, and answers how long that took in milliseconds. */
async function timeUntil(status: number, ask: () => Promise<number>): Promise<number> {
  const began = performance.now();
  while ((await ask()) !== status) await new Promise((next) => setTimeout(next, 10));
  return performance.now() - began;
}

describe('what a user may do', () => {
  it.each([
    ['disabled', { status: 2 }],
    ['locked out', { status: 1 }],
  ])('is forgotten at once where it is changed: %s', async (_what, change) => {
    const { here } = await startTwo();
    const user = await here.createUser();
    for (let round = 0; round < 20; round += 1) {
      expect(await statusAt(here, user)).toBe(200);
      await here.admin.put(`/user/${user.id}`, change);
      expect(await statusAt(here, user)).toBe(401);
      await here.admin.put(`/user/${user.id}`, { status: 0 });
    }
  });

  it('is forgotten at once with a role, a deletion and a lockout by guesses (ASVS 7.4.2, 8.3.2)', async () => {
    const { here } = await startTwo();
    const [administrator, deleted, guessed] = [
      await here.createUser({ role: 0 }),
      await here.createUser(),
      await here.createUser(),
    ];
    for (const user of [administrator, deleted, guessed]) expect(await statusAt(here, user)).toBe(200);
    expect(await statusAt(here, administrator, '/user')).toBe(200);
    await here.admin.put(`/user/${administrator.id}`, { role: 1 });
    expect(await statusAt(here, administrator, '/user')).toBe(403);
    await here.admin.delete(`/user/${deleted.id}`);
    expect(await statusAt(here, deleted)).toBe(401);
    for (let guess = 0; guess < 10; guess += 1) {
      await here.client.post('/token', { login: guessed.login, password: 'a wrong one' });
    }
    expect(await statusAt(here, guessed)).toBe(401);
  });

  it('is forgotten by another process, too (ASVS 8.3.2)', async () => {
    const { here, there } = await startTwo();
    const user = await here.createUser({ role: 0 });
    expect(await statusAt(there, user, '/user')).toBe(200);
    await here.admin.put(`/user/${user.id}`, { role: 1 });
    await timeUntil(403, () => statusAt(there, user, '/user'));
    await here.admin.delete(`/user/${user.id}`);
    await timeUntil(401, () => statusAt(there, user));
  });

  it('is not remembered by a process that has lost the way on which it hears of changes', async ({
    skip,
  }) => {
    const { here, there, proxy } = await startTwo();
    if (!proxy) return skip('SQLite is read anew for each request');
    const user = await here.createUser();
    for (let round = 0; round < 3; round += 1) {
      expect(await statusAt(there, user)).toBe(200);
      // All connections break; only those that are asked for are made anew.
      await proxy.close();
      await here.admin.put(`/user/${user.id}`, { status: 2 });
      await proxy.open();
      await timeUntil(401, () => statusAt(there, user));
      await here.admin.put(`/user/${user.id}`, { status: 0 });
      await timeUntil(200, () => statusAt(there, user));
    }
  });

  it('does not depend on who was first: reads and changes at once end with what is true', async () => {
    const { here, there } = await startTwo();
    const user = await here.createUser();
    for (let round = 0; round < 10; round += 1) {
      const status = round % 2 === 0 ? 2 : 0;
      await Promise.all([
        ...Array.from({ length: 5 }, () => statusAt(here, user)),
        here.admin.put(`/user/${user.id}`, { status }),
        ...Array.from({ length: 5 }, () => statusAt(there, user)),
      ]);
      const wanted = status === 0 ? 200 : 401;
      expect(await statusAt(here, user)).toBe(wanted);
      await timeUntil(wanted, () => statusAt(there, user));
    }
  });
});
