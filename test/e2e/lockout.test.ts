import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EndedLockouts } from '../../src/authentication/sign-in/ended-lockouts.js';
import { LOCKS } from '../../src/database/advisory-locks.js';
import { LOCK_SPACE } from '../../src/database/postgres/postgres.adapter.js';
import { PasswordHasher } from '../../src/passwords/password-hasher.js';
import { type Answer, visiblePart } from '../support/client.js';
import { kindOfDatabase } from '../support/database.js';
import { freshName } from '../support/fresh-name.js';
import { ADMINISTRATOR, HOME, PASSWORD, TestService, type TestUser } from '../support/service.js';
import { entityTagOf } from '../support/users.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const WRONG = 'not the password';
const LIMIT = 10;

const logIn = (login: string, password = WRONG, at = service) => at.client.signIn({ login, password });
/** Fails logins until the service has counted this many: one that gets 503 is not counted. */
async function failLogins(login: string, times: number, at = service): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < times) {
    const answer = await logIn(login, WRONG, at);
    if (answer.status !== 503) answers.push(answer);
  }
  return answers;
}
/** Fails logins from a source. */
async function failFrom(source: string, login: string, times: number, at = service): Promise<void> {
  for (let count = 0; count < times; count += 1) await at.client.signIn({ login, password: WRONG }, source);
}
const statusOf = async ({ id }: Pick<TestUser, 'id'>, at = service) =>
  (await at.admin.get(`/user/${id}`)).body.status as number;
async function attemptsOf({ id }: Pick<TestUser, 'id'>, at = service): Promise<number> {
  const [row] = await at.database.query('SELECT login_attempts FROM users WHERE id = ?', [id]);
  return Number(row?.['login_attempts']);
}
/** Sets the limit behind the service's back. */
async function limitTo(value: string, at: TestService): Promise<void> {
  const name = 'user.login.maxAttempts';
  await at.database.query('DELETE FROM configuration WHERE name = ?', [name]);
  await at.database.query('INSERT INTO configuration (name, value, entity_version) VALUES (?, ?, 0)', [
    name,
    value,
  ]);
}

describe('Failed logins', () => {
  it('one fewer than the limit do not lock the user out', async () => {
    const user = await service.createUser();
    await failLogins(user.login, LIMIT - 1);
    expect(await statusOf(user)).toBe(0);
    expect((await logIn(user.login, PASSWORD)).status).toBe(201);
  });

  it('lock the user out when they reach the limit (ASVS 6.3.1)', async () => {
    const user = await service.createUser();
    await failLogins(user.login, LIMIT);
    expect(await statusOf(user)).toBe(1);
    expect((await logIn(user.login, PASSWORD)).body).toEqual({ error: 401, message: 'Invalid credentials' });
  });

  it('are counted for the user, whatever the case and the spaces of the login', async () => {
    const user = await service.createUser();
    for (let index = 0; index < LIMIT; index += 1) {
      await logIn(index % 2 === 0 ? user.login.toUpperCase() : ` ${user.login} `);
    }
    expect(await statusOf(user)).toBe(1);
  });

  it('get the same response however many remain (ASVS 6.3.8)', async () => {
    const user = await service.createUser();
    const answers = await failLogins(user.login, LIMIT + 3);
    expect(new Set(answers.map(visiblePart)).size).toBe(1);
    expect(answers[0]?.text).toBe('{"error":401,"message":"Invalid credentials"}');
  });

  it('are cleared by a successful login', async () => {
    const user = await service.createUser();
    for (let round = 0; round < 3; round += 1) {
      await failLogins(user.login, LIMIT - 1);
      expect((await logIn(user.login, PASSWORD)).status).toBe(201);
      expect(await attemptsOf(user)).toBe(0);
    }
    expect(await statusOf(user)).toBe(0);
  });

  it('are cleared when an administrator sets status 0', async () => {
    const user = await service.createUser();
    await failLogins(user.login, LIMIT - 1);
    await service.admin.put(`/user/${user.id}`, { status: 0 });
    await failLogins(user.login, LIMIT - 1);
    expect(await statusOf(user)).toBe(0);

    await failLogins(user.login, 1);
    expect(await statusOf(user)).toBe(1);
    await service.admin.put(`/user/${user.id}`, { status: 0 });
    await failLogins(user.login, LIMIT - 1);
    expect((await logIn(user.login, PASSWORD)).status).toBe(201);
  });

  // contract.md §1: open sessions go on. Otherwise whoever knows a login could end its sessions.
  it('that lock the user out keep its open sessions', async () => {
    const user = await service.createUser();
    await failLogins(user.login, LIMIT);
    expect(await statusOf(user)).toBe(1);
    expect((await logIn(user.login, PASSWORD)).status).toBe(401);
    expect((await user.client.get('/user/current')).status).toBe(200);
    expect((await user.client.put('/user/current', { data: { a: 1 } })).status).toBe(204);
    const { status, body } = await service.client.refresh(user.refreshToken);
    expect(status).toBe(201);
    expect((await service.client.as(body.accessToken).get('/user/current')).status).toBe(200);
  });

  it('that lock the user out keep no session that an administrator ends by its own lock (ASVS 7.4.2)', async () => {
    const user = await service.createUser();
    await failLogins(user.login, LIMIT);
    expect((await service.admin.put(`/user/${user.id}`, { status: 1 })).status).toBe(204);
    expect((await user.client.get('/user/current')).status).toBe(401);
    expect((await service.client.refresh(user.refreshToken)).status).toBe(401);
    expect((await service.admin.put(`/user/${user.id}`, { status: 0 })).status).toBe(204);
    expect((await user.client.get('/user/current')).status).toBe(401);
    expect((await service.client.refresh(user.refreshToken)).status).toBe(401);
  });

  it('leave a disabled user disabled', async () => {
    const user = await service.createUser({ status: 2 });
    await failLogins(user.login, LIMIT + 2);
    expect(await statusOf(user)).toBe(2);
  });

  it('do not count for other users', async () => {
    const [one, other] = [await service.createUser(), await service.createUser()];
    await failLogins(one.login, LIMIT);
    expect(await attemptsOf(other)).toBe(0);
    expect((await logIn(other.login, PASSWORD)).status).toBe(201);
  });

  it('lock out one of several administrators', async () => {
    const user = await service.createUser({ role: 0 });
    await failLogins(user.login, LIMIT);
    expect(await statusOf(user)).toBe(1);
  });
});

describe('A burst', () => {
  it('of a hundred wrong passwords gets no more attempts than the limit, and the right password after it is refused (ASVS 6.3.1)', async () => {
    const user = await service.createUser();
    const compare = vi.spyOn(service.app.get(PasswordHasher), 'compare');
    onTestFinished(() => {
      compare.mockRestore();
    });
    const burst = await Promise.all(Array.from({ length: 100 }, () => logIn(user.login)));
    expect(burst.every(({ status }) => status === 401 || status === 503)).toBe(true);
    await failLogins(user.login, LIMIT);
    expect(compare.mock.calls.filter(([, hash]) => hash !== undefined)).toHaveLength(LIMIT);
    expect((await logIn(user.login, PASSWORD)).status).toBe(401);
    expect(await attemptsOf(user)).toBe(LIMIT);
    expect(await statusOf(user)).toBe(1);
  });

  it('of successful logins never locks the user out, and none is refused as wrong', async () => {
    const user = await service.createUser();
    const burst = await Promise.all(Array.from({ length: 30 }, () => logIn(user.login, PASSWORD)));
    const statuses = new Set(burst.map(({ status }) => status));
    expect(statuses).toContain(201);
    expect([...statuses].filter((status) => status !== 201 && status !== 503)).toEqual([]);
    expect(await statusOf(user)).toBe(0);
    expect(await attemptsOf(user)).toBe(0);
  });

  it('of successful logins succeeds while the hash is upgraded', async () => {
    const user = await service.createUser();
    // Of the password of tests, with another cost than the service has.
    const { default: bcrypt } = await import('bcrypt');
    await service.database.query('UPDATE users SET password_hash = ? WHERE id = ?', [
      await bcrypt.hash(PASSWORD, 6),
      user.id,
    ]);
    const burst = await Promise.all(Array.from({ length: 10 }, () => logIn(user.login, PASSWORD)));
    expect(burst.map(({ status }) => status).filter((status) => status !== 201 && status !== 503)).toEqual(
      [],
    );
  });

  it.runIf(kindOfDatabase() === 'postgres')(
    'over two processes gets no more than the limit (ASVS 6.3.1)',
    async () => {
      const other = await TestService.start({}, service.database);
      try {
        const user = await service.createUser();
        const burst = await Promise.all(
          Array.from({ length: 200 }, (_, index) =>
            logIn(user.login, index < 190 ? WRONG : PASSWORD, index % 2 === 0 ? service : other),
          ),
        );
        expect(burst.every(({ status }) => [201, 401, 503].includes(status))).toBe(true);
        await failLogins(user.login, LIMIT, other);
        expect(await attemptsOf(user)).toBeLessThanOrEqual(LIMIT);
        expect(await statusOf(user)).toBe(1);
        for (const at of [service, other]) expect((await logIn(user.login, PASSWORD, at)).status).toBe(401);
      } finally {
        await other.stop();
      }
    },
  );
});

describe('user.login.maxAttempts', () => {
  it('is 10 when its value in the database is not valid', async () => {
    const other = await TestService.start();
    try {
      for (const value of ['0', '-1', 'many', '']) {
        await limitTo(value, other);
        const user = await other.createUser();
        await failLogins(user.login, LIMIT - 1, other);
        expect(await statusOf(user, other), value).toBe(0);
        await failLogins(user.login, 1, other);
        expect(await statusOf(user, other), value).toBe(1);
      }
    } finally {
      await other.stop();
    }
  });
});

describe('LOCKOUT_SECONDS', () => {
  it('ends a lockout by time, and none that was set by hand', async () => {
    const other = await TestService.start({ LOCKOUT_SECONDS: '1' });
    try {
      const [locked, byHand] = [await other.createUser(), await other.createUser()];
      await failLogins(locked.login, LIMIT, other);
      await other.admin.put(`/user/${byHand.id}`, { status: 1 });
      expect(await statusOf(locked, other)).toBe(1);
      await expect
        .poll(async () => (await logIn(locked.login, PASSWORD, other)).status, { timeout: 20_000 })
        .toBe(201);
      expect(await statusOf(locked, other)).toBe(0);
      expect(await attemptsOf(locked, other)).toBe(0);
      expect((await logIn(byHand.login, PASSWORD, other)).status).toBe(401);
      expect(await statusOf(byHand, other)).toBe(1);
    } finally {
      await other.stop();
    }
  });

  it('keeps a lockout until then', async () => {
    const other = await TestService.start({ LOCKOUT_SECONDS: '3600' });
    try {
      const user = await other.createUser();
      await failLogins(user.login, LIMIT, other);
      expect((await logIn(user.login, PASSWORD, other)).status).toBe(401);
      // An hour later, as far as the record goes.
      await other.database.query('UPDATE users SET blocked_until = blocked_until - 3600000 WHERE id = ?', [
        user.id,
      ]);
      await failLogins(user.login, LIMIT - 1, other);
      expect((await logIn(user.login, PASSWORD, other)).status).toBe(201);
    } finally {
      await other.stop();
    }
  });

  it('is the time of every bucket but where it is 0', async () => {
    const other = await TestService.start({ LOCKOUT_SECONDS: '3600' });
    try {
      const user = await other.createUser();
      await failLogins(user.login, LIMIT, other);
      await failFrom(HOME, user.login, LIMIT, other);
      const rows = await other.database.query(
        'SELECT blocked_until FROM users WHERE id = ? UNION ALL SELECT blocked_until FROM known_sources WHERE user_id = ?',
        [user.id, user.id],
      );
      expect(rows).toHaveLength(2);
      for (const { blocked_until: end } of rows) {
        expect(Number(end) - Date.now()).toBeGreaterThan(3_500_000);
        expect(Number(end) - Date.now()).toBeLessThanOrEqual(3_600_000);
      }
    } finally {
      await other.stop();
    }
  });

  it('of 0 keeps a lockout of a client until an administrator ends it, and no other bucket closed for ever', async () => {
    const other = await TestService.start({ LOCKOUT_SECONDS: '0' });
    try {
      const [client, administrator] = [await other.createUser(), await other.createUser({ role: 0 })];
      for (const { login } of [client, administrator]) {
        await failLogins(login, LIMIT, other);
        await failFrom(HOME, login, LIMIT, other);
      }
      expect(await statusOf(client, other)).toBe(1);
      expect(await statusOf(administrator, other)).toBe(1);
      // Fifteen minutes later, as far as the records go.
      const ends = ['users', 'known_sources'].map(
        (table) => `UPDATE ${table} SET blocked_until = 1 WHERE blocked_until IS NOT NULL`,
      );
      for (const statement of ends) await other.database.query(statement);
      expect(await statusOf(administrator, other)).toBe(0);
      expect((await logIn(administrator.login, PASSWORD, other)).status).toBe(201);
      expect(await statusOf(client, other)).toBe(1);
      expect((await logIn(client.login, PASSWORD, other)).status).toBe(401);
      expect((await other.client.signIn(client, HOME)).status).toBe(201);
      expect(await statusOf(client, other), 'a sign-in from a known source does not reset it').toBe(1);
      await other.admin.put(`/user/${client.id}`, { status: 0 });
      expect((await logIn(client.login, PASSWORD, other)).status).toBe(201);
    } finally {
      await other.stop();
    }
  });

  it('of 0 counts a final attempt as failed that was never verified', async () => {
    const other = await TestService.start({ LOCKOUT_SECONDS: '0' });
    try {
      const user = await other.createUser();
      // The process of the tenth attempt died half a minute ago.
      const [at, until] = [Date.now() - 31_000, Date.now() - 1000];
      await other.database.query(
        `UPDATE users SET login_attempts = 10, blocked_at = ${at}, blocked_until = ${until} WHERE id = ?`,
        [user.id],
      );
      expect((await logIn(user.login, PASSWORD, other)).status).toBe(401);
      expect(await statusOf(user, other)).toBe(1);
    } finally {
      await other.stop();
    }
  });

  it('of 0 do not lock a demoted administrator out whose bucket is open again', async () => {
    const other = await TestService.start({ LOCKOUT_SECONDS: '0' });
    try {
      const user = await other.createUser({ role: 0 });
      await failLogins(user.login, LIMIT, other);
      // Fifteen minutes later, as far as the record goes, and its status has been stored.
      await other.database.query(
        `UPDATE users SET blocked_at = blocked_at - 1000000, blocked_until = blocked_until - 1000000, status = 0, ` +
          `locked_by_failed_logins = (1 = 0) WHERE id = ?`,
        [user.id],
      );
      await other.admin.put(`/user/${user.id}`, { role: 1 });
      expect((await logIn(user.login, PASSWORD, other)).status).toBe(201);
      expect(await statusOf(user, other)).toBe(0);
    } finally {
      await other.stop();
    }
  });

  it('without an end are no ended ones, whatever the clock showed', async () => {
    const other = await TestService.start({ LOCKOUT_SECONDS: '0' });
    try {
      const user = await other.createUser();
      await failLogins(user.login, LIMIT, other);
      await other.database.query('UPDATE users SET blocked_at = blocked_at + 34560000000 WHERE id = ?', [
        user.id,
      ]);
      const count = async (status: number) =>
        (await other.admin.get(`/user/count?login=${user.login}&status=${status}`)).body.count as number;
      await other.app.get(EndedLockouts).store();
      expect([await statusOf(user, other), await count(0), await count(1)]).toEqual([1, 0, 1]);
    } finally {
      await other.stop();
    }
  });

  it('that have passed show in every response before they are stored', async () => {
    const user = await service.createUser();
    const filter = `/user?login=${user.login}`;
    const count = async (status: number) =>
      (await service.admin.get(`/user/count?login=${user.login}&status=${status}`)).body.count as number;
    await failLogins(user.login, LIMIT);
    const locked = await entityTagOf(service.admin, user.id);
    expect((await service.admin.get(`${filter}&status=1`)).body).toHaveLength(1);
    expect(await count(0)).toBe(0);

    await service.database.query('UPDATE users SET blocked_until = 1 WHERE id = ?', [user.id]);
    expect(await statusOf(user)).toBe(0);
    expect((await user.client.get('/user/current')).body.status).toBe(0);
    expect((await service.admin.get(filter)).body).toMatchObject([{ status: 0 }]);
    expect((await service.admin.get(`${filter}&status=0`)).body).toMatchObject([{ status: 0 }]);
    expect((await service.admin.get(`${filter}&status=1`)).body).toEqual([]);
    expect([await count(0), await count(1), await count(2)]).toEqual([1, 0, 0]);

    // The entity tag is that of the record as it is stored later.
    const ended = await entityTagOf(service.admin, user.id);
    expect(ended).not.toBe(locked);
    const change = { data: { a: 1 } };
    expect((await service.admin.put(`/user/${user.id}`, change, { 'if-match': locked })).status).toBe(412);
    await service.app.get(EndedLockouts).store();
    await service.app.get(EndedLockouts).store();
    expect(await entityTagOf(service.admin, user.id)).toBe(ended);
    const unlocked = `/event?subject=user/${user.id}&type=hivegate.user.unlocked`;
    await expect.poll(async () => (await service.admin.get(unlocked)).body).toHaveLength(1);
    expect((await service.admin.put(`/user/${user.id}`, change, { 'if-match': ended })).status).toBe(204);
  });

  it('that have passed are stored by a change of the user', async () => {
    const user = await service.createUser();
    await failLogins(user.login, LIMIT);
    await service.database.query('UPDATE users SET blocked_until = 1 WHERE id = ?', [user.id]);
    const tag = await entityTagOf(service.admin, user.id);
    expect((await user.client.put('/user/current', { data: { a: 1 } }, { 'if-match': tag })).status).toBe(
      204,
    );
    const [row] = await service.database.query('SELECT status, login_attempts FROM users WHERE id = ?', [
      user.id,
    ]);
    expect([Number(row?.['status']), Number(row?.['login_attempts'])]).toEqual([0, 0]);
  });

  it('are not believed where the clock was ahead', async () => {
    const other = await TestService.start();
    try {
      const user = await other.createUser();
      await failLogins(user.login, LIMIT, other);
      await failFrom(HOME, user.login, LIMIT, other);
      await failLogins(ADMINISTRATOR.login, LIMIT, other);
      // The clock was ahead by 400 days then.
      for (const table of ['users', 'known_sources'])
        await other.database.query(
          `UPDATE ${table} SET blocked_at = blocked_at + 34560000000, blocked_until = blocked_until + 34560000000`,
        );
      expect(await statusOf(user, other)).toBe(0);
      expect((await other.client.signIn(user, HOME)).status).toBe(201);
      expect((await logIn(user.login, PASSWORD, other)).status).toBe(201);
      expect((await logIn(ADMINISTRATOR.login, ADMINISTRATOR.password, other)).status).toBe(201);
    } finally {
      await other.stop();
    }
  });
});

describe('The last active administrator', () => {
  const { login, password } = ADMINISTRATOR;

  it('is never locked out: its bucket is closed for 15 minutes, with the same response (ASVS 6.1.1, 6.3.1, 6.3.8)', async () => {
    for (const lockoutSeconds of ['0', '5', '86400']) {
      const alone = await TestService.start({ LOCKOUT_SECONDS: lockoutSeconds });
      try {
        const client = await alone.createUser();
        const answers = [
          ...(await failLogins(login, LIMIT + 2, alone)),
          await logIn(login, password, alone),
          ...(await failLogins(client.login, LIMIT + 2, alone)),
          await logIn(freshName('nobody'), password, alone),
        ];
        expect(new Set(answers.map(visiblePart)).size).toBe(1);
        expect((await alone.admin.get('/user/1')).body.status).toBe(0);
        const [row] = await alone.database.query('SELECT blocked_until FROM users WHERE id = 1');
        const pause = Number(row?.['blocked_until']) - Date.now();
        expect(pause).toBeGreaterThan(14 * 60_000);
        expect(pause).toBeLessThanOrEqual(15 * 60_000);

        expect((await alone.client.signIn(ADMINISTRATOR, HOME)).status, 'from where it is known').toBe(201);
        await alone.database.query('UPDATE users SET blocked_until = 1 WHERE id = 1');
        expect((await logIn(login, password, alone)).status, 'after the pause').toBe(201);
        expect(await attemptsOf({ id: 1 }, alone)).toBe(0);
      } finally {
        await alone.stop();
      }
    }
  });

  it('is not locked out by a burst', async () => {
    const alone = await TestService.start();
    try {
      const burst = await Promise.all(Array.from({ length: 60 }, () => logIn(login, WRONG, alone)));
      expect(burst.map(({ status }) => status).filter((status) => ![401, 503].includes(status))).toEqual([]);
      expect((await alone.admin.get('/user/1')).body.status).toBe(0);
      expect(await attemptsOf({ id: 1 }, alone)).toBeLessThanOrEqual(LIMIT);
    } finally {
      await alone.stop();
    }
  });

  it('is nobody because failed logins have locked out the others (ASVS 6.3.1)', async () => {
    const both = await TestService.start();
    try {
      const second = await both.createUser({ role: 0 });
      await failLogins(login, LIMIT, both);
      expect(await statusOf({ id: 1 }, both)).toBe(1);
      // So the second one is locked out as well, and may be demoted, disabled and deleted.
      await failLogins(second.login, LIMIT, both);
      expect(await statusOf(second, both)).toBe(1);
      for (const demoted of [{ role: 1 }, { role: 0, status: 2 }, { role: 0, status: 1 }]) {
        expect((await both.admin.put(`/user/${second.id}`, demoted)).status).toBe(204);
        await both.admin.put(`/user/${second.id}`, { role: 0, status: 0 });
      }
      expect((await both.admin.delete(`/user/${second.id}`)).status).toBe(204);
      // The first one is the last now, whatever its status shows.
      for (const change of [{ status: 1 }, { status: 2 }, { role: 1 }]) {
        const { status, body } = await both.admin.put('/user/1', change);
        expect(status).toBe(403);
        expect(body.message).toMatch(/administrator/i);
      }
      expect((await both.client.signIn(ADMINISTRATOR, HOME)).status).toBe(201);
    } finally {
      await both.stop();
    }
  });

  // A client may become the last administrator while its final attempt is being verified.
  it.runIf(kindOfDatabase() === 'postgres')(
    'is not judged before others who may change who is the last one',
    async () => {
      const user = await service.createUser();
      await failLogins(user.login, LIMIT - 1);
      const other = new pg.Client(service.database.url);
      await other.connect();
      try {
        await other.query('SELECT pg_advisory_lock($1, $2)', [LOCK_SPACE, LOCKS.lastAdministrator]);
        let isAnswered = false;
        const answer = logIn(user.login).finally(() => (isAnswered = true));
        const isWaitedFor = async () =>
          (await other.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`)).rowCount;
        while (!isAnswered && !(await isWaitedFor())) await pause(5);
        expect(isAnswered).toBe(false);
        expect(await statusOf(user)).toBe(0);
        await other.query('SELECT pg_advisory_unlock($1, $2)', [LOCK_SPACE, LOCKS.lastAdministrator]);
        expect((await answer).status).toBe(401);
        expect(await statusOf(user)).toBe(1);
      } finally {
        await other.end();
      }
    },
  );
});
