import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { User } from '../../src/users/user.entity.js';
import type { Answer, Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { PASSWORD, TestService, type TestUser } from '../support/service.js';
import { createUser, entityTagOf, readUser } from '../support/users.js';

const TAKEN = {
  status: 403,
  message: 'User with such login already exists. Please, select another one',
};
const LAST = { status: 403, message: 'The last active administrator cannot be removed' };

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const statusesOf = (answers: readonly Answer[]) => answers.map(({ status }) => status).sort();

async function createUsers(count: number, fields: Record<string, unknown> = {}): Promise<TestUser[]> {
  const users: TestUser[] = [];
  for (let index = 0; index < count; index += 1) users.push(await service.createUser(fields));
  return users;
}

describe('updates at once', () => {
  it('of different properties of one user all survive', async () => {
    const { id, login } = await service.createUser();
    for (let round = 0; round < 10; round += 1) {
      const changes = [
        { login: `${login}-${round}` },
        { role: round % 2 },
        { status: round % 3 },
        { data: { round } },
        { introReviewed: round % 2 === 0 },
        { allDeviceTypesAvailable: round % 2 === 1 },
        { password: `${PASSWORD} ${round}` },
      ];
      const answers = await Promise.all(changes.map((change) => service.admin.put(`/user/${id}`, change)));
      expect(statusesOf(answers)).toEqual(changes.map(() => 204));
      const { password, ...wanted } = Object.assign({}, ...changes) as Record<string, unknown>;
      expect(await readUser(service.admin, id)).toMatchObject(wanted);
      if (wanted['status'] === 0) {
        const { status } = await service.client.signIn({ login: wanted['login'], password });
        expect(status).toBe(201);
      }
    }
  });

  it('by the user and by an administrator both survive', async () => {
    const users = await createUsers(5);
    for (let round = 0; round < 4; round += 1) {
      const answers = await Promise.all(
        users.flatMap(({ id, client }) => [
          client.put('/user/current', { data: { round } }),
          service.admin.put(`/user/${id}`, { introReviewed: round % 2 === 0 }),
          client.put(`/user/${id}`, {}),
        ]),
      );
      expect(new Set(statusesOf(answers))).toEqual(new Set([204]));
      for (const { id } of users)
        expect(await readUser(service.admin, id)).toMatchObject({
          data: { round },
          introReviewed: round % 2 === 0,
        });
    }
  });

  it('of several properties each are applied wholly, one after the other', async () => {
    const { id } = await service.createUser();
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(
        [0, 1].flatMap((kind) =>
          [1, 2, 3, 4].map(() =>
            service.admin.put(`/user/${id}`, {
              data: { kind },
              introReviewed: kind === 1,
              allDeviceTypesAvailable: kind === 1,
              role: kind,
            }),
          ),
        ),
      );
      expect(new Set(statusesOf(answers))).toEqual(new Set([204]));
      const { data, introReviewed, allDeviceTypesAvailable, role } = await readUser(service.admin, id);
      expect([introReviewed, allDeviceTypesAvailable, role]).toEqual([
        data.kind === 1,
        data.kind === 1,
        data.kind,
      ]);
    }
  });

  it('with one entity tag: one is let through', async () => {
    const { id } = await service.createUser();
    for (let round = 0; round < 5; round += 1) {
      const headers = { 'if-match': await entityTagOf(service.admin, id) };
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          service.admin.put(`/user/${id}`, { data: { round, index } }, headers),
        ),
      );
      expect(statusesOf(answers)).toEqual([204, ...Array<number>(7).fill(412)]);
      const winner = answers.findIndex(({ status }) => status === 204);
      expect((await readUser(service.admin, id)).data).toEqual({ round, index: winner });
    }
  });

  it('with one old password: one is let through', async () => {
    const { login, client } = await service.createUser();
    const passwords = Array.from({ length: 6 }, (_, index) => `${PASSWORD} of ${index}`);
    const answers = await Promise.all(
      passwords.map((password) => client.put('/user/current', { password, oldPassword: PASSWORD })),
    );
    expect(statusesOf(answers)).toEqual([204, ...Array<number>(5).fill(403)]);
    const password = passwords[answers.findIndex(({ status }) => status === 204)];
    expect((await service.client.signIn({ login, password })).status).toBe(201);
  });

  it('that want one login: one user gets it', async () => {
    const users = await createUsers(6);
    for (let round = 0; round < 5; round += 1) {
      const login = `wanted-${users[0]?.id ?? 0}-${round}`;
      const answers = await Promise.all(
        users.map(({ id }, index) =>
          service.admin.put(`/user/${id}`, {
            login: index % 2 === 0 ? login : login.toUpperCase(),
            data: { round },
          }),
        ),
      );
      expect(statusesOf(answers)).toEqual([204, ...Array<number>(5).fill(403)]);
      for (const [index, answer] of answers.entries()) {
        const { data } = await readUser(service.admin, users[index]?.id ?? 0);
        if (answer.status === 204) {
          expect(data).toEqual({ round });
        } else {
          expectError(answer, TAKEN);
          expect(data?.round).not.toBe(round);
        }
      }
    }
  });

  it('of a user that is deleted meanwhile: 204 or 404, and never half a user', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await service.createUser();
      const answers = await Promise.all([
        service.admin.put(`/user/${id}`, { data: { a: 1 } }),
        service.admin.put(`/user/${id}`, { status: 2 }),
        service.admin.delete(`/user/${id}`),
        service.admin.delete(`/user/${id}`),
        service.admin.put(`/user/${id}`, { introReviewed: true }),
      ]);
      for (const { status } of answers) expect([204, 404]).toContain(status);
      expect(statusesOf([answers[2], answers[3]])).toEqual([204, 404]);
      expect((await service.admin.get(`/user/${id}`)).status).toBe(404);
    }
  });
});

it('creates one user of many requests at once for one login', async () => {
  for (let round = 0; round < 4; round += 1) {
    const login = `created-once-${round}`;
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        service.admin.post('/user', {
          login: index % 2 === 0 ? login : login.toUpperCase(),
          password: PASSWORD,
          role: 1,
        }),
      ),
    );
    expect(statusesOf(answers)).toEqual([201, ...Array<number>(5).fill(403)]);
    for (const answer of answers.filter(({ status }) => status === 403)) expectError(answer, TAKEN);
    expect((await service.admin.get(`/user?login=${login}`)).body).toHaveLength(1);
  }
});

// SQLite has one transaction for a connection: what one request rolls back must not be another's, acknowledged.
describe('a write that is rolled back', () => {
  it('takes no other with it, however they interleave', async () => {
    const [taken, ...users] = await createUsers(9);
    for (let round = 0; round < 8; round += 1) {
      const answers = await Promise.all(
        users.flatMap(({ id }) => [
          service.admin.put(`/user/${id}`, { login: taken?.login, data: { lost: round } }),
          service.admin.put(`/user/${id}`, { data: { kept: round } }),
          service.admin.put(`/user/${id}`, { introReviewed: round % 2 === 0, login: taken?.login }),
          service.admin.put(`/user/${id}`, { allDeviceTypesAvailable: round % 2 === 0 }),
        ]),
      );
      for (const [index, answer] of answers.entries()) {
        if (index % 2 === 0) expectError(answer, TAKEN);
        else expect(answer.status).toBe(204);
      }
      for (const { id, login } of users) {
        expect(await readUser(service.admin, id)).toMatchObject({
          login,
          data: { kept: round },
          allDeviceTypesAvailable: round % 2 === 0,
          introReviewed: false,
        });
      }
    }
  });

  it('is seen by no reader, and an acknowledged one beside it stays', async () => {
    const [undone, done] = await createUsers(2);
    const database = service.app.get(Database);
    let enter!: () => void;
    let fail!: (error: Error) => void;
    const inside = new Promise<void>((resolve) => (enter = resolve));
    const gate = new Promise<never>((_, reject) => (fail = reject));
    const rolledBack = database.transaction(async ({ manager }) => {
      await manager.update(User, undone?.id ?? 0, { introReviewed: true });
      const own = await manager.findOneByOrFail(User, { id: undone?.id ?? 0 });
      expect(own.introReviewed).toBe(true);
      enter();
      await gate;
    });
    const outcome = expect(rolledBack).rejects.toThrow('rolled back on purpose');
    await inside;

    // It waits for its turn on SQLite, and is done at once on PostgreSQL.
    const acknowledged = service.admin.put(`/user/${done?.id ?? 0}`, { introReviewed: true });
    for (let reads = 0; reads < 20; reads += 1) {
      expect((await readUser(service.admin, undone?.id ?? 0)).introReviewed).toBe(false);
      expect(
        await database.read((manager) =>
          manager.existsBy(User, { id: undone?.id ?? 0, introReviewed: true }),
        ),
      ).toBe(false);
    }
    fail(new Error('rolled back on purpose'));
    await outcome;

    expect((await acknowledged).status).toBe(204);
    expect((await readUser(service.admin, done?.id ?? 0)).introReviewed).toBe(true);
    expect((await readUser(service.admin, undone?.id ?? 0)).introReviewed).toBe(false);
  });

  it('leaves those that come after it whole: transactions of every outcome, many at once', async () => {
    const users = await createUsers(10);
    const database = service.app.get(Database);
    const outcomes = await Promise.allSettled(
      users.flatMap(({ id }) =>
        [true, false].map((commits) =>
          database.transaction(async ({ manager }) => {
            await manager.update(User, id, commits ? { introReviewed: true } : { data: '{"lost":true}' });
            await manager.findOneByOrFail(User, { id });
            if (!commits) throw new Error('rolled back on purpose');
          }),
        ),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(users.flatMap(() => ['fulfilled', 'rejected']));
    for (const { id } of users)
      expect(await readUser(service.admin, id)).toMatchObject({ introReviewed: true, data: null });
  });
});

describe('administrators that remove each other at once', () => {
  interface Administrator {
    readonly id: number;
    readonly client: Client;
  }

  const removals: readonly ((by: Administrator, whom: Administrator) => Promise<Answer>)[] = [
    (by, whom) => by.client.put(`/user/${whom.id}`, { role: 1 }),
    (by, whom) => by.client.put(`/user/${whom.id}`, { status: 1 }),
    (by, whom) => by.client.put(`/user/${whom.id}`, { status: 2 }),
    (by, whom) => by.client.delete(`/user/${whom.id}`),
  ];
  const remove = (kind: number, by: Administrator, whom: Administrator) =>
    (removals[kind % removals.length] ?? expect.unreachable())(by, whom);

  // Who is left decides who goes on: a service for each test.
  let own: TestService;
  let boss: Administrator;
  beforeEach(async () => {
    own = await TestService.start();
    boss = { id: 1, client: own.admin };
  });
  afterEach(() => own.stop());

  async function appoint({ client }: Administrator): Promise<Administrator> {
    const user = await createUser(client, { role: 0 });
    const { body } = await own.client.signIn(user);
    return { id: user.id, client: own.client.as(body.accessToken) };
  }

  /** Who of `all` is left as an active administrator once all of the requests are answered. */
  async function leftAfter(
    requests: readonly Promise<Answer>[],
    all: readonly Administrator[],
  ): Promise<Administrator[]> {
    for (const answer of await Promise.all(requests)) {
      expect([204, 401, 403, 404]).toContain(answer.status);
      if (answer.status === 403) expect([LAST.message, 'Access is denied']).toContain(answer.body.message);
    }
    const checks = await Promise.all(all.map(({ client }) => client.get('/user/count?role=0&status=0')));
    const left = all.filter((_, index) => checks[index]?.status === 200);
    expect(left).not.toEqual([]);
    for (const { status, body } of checks) {
      expect([200, 401, 403]).toContain(status);
      if (status === 200) expect(body).toEqual({ count: left.length });
    }
    return left;
  }

  it.each([
    ['two of them', 2, 12],
    ['five of them', 5, 6],
  ])('leave one: %s, in a ring', async (_, size, rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      const all = [boss];
      while (all.length < size) all.push(await appoint(boss));
      const requests = all.map((by, index) => remove(round + index, by, all[(index + 1) % size] ?? by));
      const [next = boss, ...others] = await leftAfter(requests, all);
      for (const other of others) expect((await remove(2, next, other)).status).toBe(204);
      boss = next;
    }
  });

  it('leave one: all against all', async () => {
    for (let round = 0; round < 6; round += 1) {
      const all = [boss];
      while (all.length < 4) all.push(await appoint(boss));
      const requests = all.flatMap((by, index) =>
        all.filter((whom) => whom !== by).map((whom) => remove(round + index, by, whom)),
      );
      const [next = boss, ...others] = await leftAfter(requests, all);
      expect(others).toEqual([]);
      boss = next;
    }
  });

  it('leave one when all give up their own role', async () => {
    const all = [boss];
    while (all.length < 6) all.push(await appoint(boss));
    const requests = all.map(({ client }, index) =>
      client.put('/user/current', index % 2 === 0 ? { role: 1 } : { status: 2 }),
    );
    const [last = boss, ...others] = await leftAfter(requests, all);
    expect(others).toEqual([]);
    expectError(await last.client.put('/user/current', { role: 1 }), LAST);
  });
});
