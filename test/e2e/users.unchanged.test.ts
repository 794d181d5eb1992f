import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { sequenceEvents } from '../../src/events/sequence-events.js';
import type { Answer } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { HOME, PASSWORD, TestService, type TestUser } from '../support/service.js';
import { entityTagOf, readUser } from '../support/users.js';

/* contract.md §3: a field with its current value is no change. */

const FIELD_DENIED = { status: 403, message: 'Admin permissions required for this action' };
const NEW_PASSWORD = 'quite another password';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

/** Everything of a user that an update may change or leave: its row, its sessions, and the events about it. */
async function stateOf({ id }: Pick<TestUser, 'id'>, at = service): Promise<Record<string, unknown[]>> {
  await sequenceEvents(at.app.get(Database));
  const [users, sessions, events, tag] = await Promise.all([
    at.database.query('SELECT * FROM users WHERE id = ?', [id]),
    at.database.query('SELECT * FROM sessions WHERE user_id = ? ORDER BY id', [id]),
    at.database.query('SELECT type, data FROM events WHERE subject = ? ORDER BY id', [`user/${id}`]),
    entityTagOf(at.admin, id),
  ]);
  return { users, sessions, events, tag: [tag] };
}

/** Expects that `work` leaves everything of a user as it was. Returns its result. */
async function expectNoChange<T>(user: TestUser, work: () => Promise<T>, at = service): Promise<T> {
  const before = await stateOf(user, at);
  const result = await work();
  expect(await stateOf(user, at)).toEqual(before);
  return result;
}

const setColumns = (user: TestUser, columns: string, at = service) =>
  at.database.query(`UPDATE users SET ${columns} WHERE id = ?`, [user.id]);
/** As ten failed logins have it. */
const lockOut = (user: TestUser, at = service) =>
  setColumns(
    user,
    `status = 1, locked_by_failed_logins = true, login_attempts = 10, blocked_at = ${Date.now()}, blocked_until = ${Date.now() + 900_000}`,
    at,
  );
/** The lockout of a user, if failed logins have caused it. */
const lockoutOf = async ({ id }: TestUser) =>
  (
    await service.database.query(
      'SELECT status, locked_by_failed_logins AS failed, login_attempts AS attempts FROM users WHERE id = ?',
      [id],
    )
  ).map(({ status, failed, attempts }) => [status, Boolean(failed), attempts])[0];

describe.each(['PUT', 'PATCH'])('%s by a client', (method) => {
  const send = (user: TestUser, body: unknown, path = '/user/current') =>
    user.client.send(method, path, { body });

  it('may send its record back whole, however long the names of its networks are', async () => {
    const user = await service.createUser();
    const long = `${method} ${'é'.repeat(100)}`;
    await service.database.query(
      `INSERT INTO networks (name, name_key, description)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
       SELECT '${long}' || i, '${long}' || i, '${long}' FROM n`,
    );
    await service.database.query(
      `INSERT INTO user_networks (user_id, network_id) SELECT ${user.id}, id FROM networks WHERE description = '${long}'`,
    );
    const data = `{"a":[[]${',[]'.repeat(21_000)}]}`;
    expect((await send(user, `{"data":${data}}`)).status).toBe(204);
    await expectNoChange(user, async () => {
      const { text } = await user.client.get('/user/current');
      expect(Buffer.byteLength(text)).toBeGreaterThan(300 * 1024);
      const { status, body } = await send(user, text);
      expect({ status, body }).toMatchObject({ status: 204 });
    });
  });

  it.each([
    ['login', (user: TestUser) => user.login],
    ['login', (user: TestUser) => `  ${user.login} \n`],
    ['role', () => 1],
    ['status', () => 0],
    ['introReviewed', () => false],
    ['allDeviceTypesAvailable', () => true],
  ])('may name %s with its current value, and changes what it may beside it', async (field, valueOf) => {
    const user = await service.createUser();
    for (const path of ['/user/current', `/user/${user.id}`])
      await expectNoChange(user, async () => {
        expect((await send(user, { [field]: valueOf(user) }, path)).status).toBe(204);
      });
    const body = { [field]: valueOf(user), data: { a: 1 }, password: NEW_PASSWORD, oldPassword: PASSWORD };
    expect((await send(user, body)).status).toBe(204);
    expect((await readUser(service.admin, user.id)).data).toEqual({ a: 1 });
    expect((await service.client.signIn({ ...user, password: NEW_PASSWORD })).status).toBe(201);
  });

  it('may not change what is not its to change, and is refused before the body is validated', async () => {
    const user = await service.createUser();
    const values: [field: string, values: unknown[]][] = [
      [
        'login',
        [user.login.toUpperCase(), `${user.login}x`, '', null, 5, [user.login], { login: user.login }],
      ],
      ['role', [0, '1', null, true, [1], { a: [1] }, 1.5, 9]],
      ['status', [1, 2, '0', null, false, [0], {}, 9]],
      ['introReviewed', [true, 0, 'false', null, [], {}]],
      ['allDeviceTypesAvailable', [false, 1, 'true', null, [], {}]],
    ];
    await expectNoChange(user, async () => {
      for (const [field, others] of values)
        for (const value of others) {
          const body = { data: { changed: true }, [field]: value, unknown: 1 };
          expectError(await send(user, body), FIELD_DENIED);
        }
    });
  });

  it('is held to all of the fields, and to validation where they have their values', async () => {
    const user = await service.createUser();
    await expectNoChange(user, async () => {
      expectError(await send(user, { role: 1, status: 2 }), FIELD_DENIED);
      expectError(await send(user, { role: 1, unknown: 1 }), { status: 400, fields: ['unknown'] });
      expectError(await send(user, { role: 1, data: 5 }), { status: 400, fields: ['data'] });
      expectError(await send(user, { status: 0, password: 'short' }), { status: 400, fields: ['password'] });
    });
  });

  it('may not name the fields of another, whatever their values are', async () => {
    const [user, other] = [await service.createUser(), await service.createUser()];
    const { login, role, status } = await readUser(service.admin, other.id);
    for (const id of [other.id, 987_654_321])
      for (const body of [{ login, role, status }, { role }, { role: 0 }, {}])
        expectError(await send(user, body, `/user/${id}`), { status: 403, message: 'Access is denied' });
  });

  it('ends no lockout and clears no failed logins by its status', async () => {
    const user = await service.createUser();
    await setColumns(user, 'login_attempts = 3');
    await expectNoChange(user, async () => {
      expect((await send(user, { status: 0 })).status).toBe(204);
    });
    await lockOut(user);
    await expectNoChange(user, async () => {
      expectError(await send(user, { status: 0 }), FIELD_DENIED);
      // Alone, this would be a lock by an administrator.
      expect((await send(user, { status: 1 })).status).toBe(204);
      expect((await send(user, { status: 1, role: 1 })).status).toBe(204);
    });
    expect((await send(user, { status: 1, data: { b: 1 } })).status).toBe(204);
    expect(await lockoutOf(user)).toEqual([1, true, 10]);
  });

  it('reads a lockout that has ended by time as status 0', async () => {
    const user = await service.createUser();
    await lockOut(user);
    await setColumns(user, `blocked_until = ${Date.now() - 1}`);
    const { text, headers } = await user.client.get('/user/current');
    expect((await send(user, text)).status).toBe(204);
    const after = await user.client.get('/user/current');
    expect([after.text, after.headers.get('etag')]).toEqual([text, headers.get('etag')]);
    await lockOut(user);
    await setColumns(user, `blocked_until = ${Date.now() - 1}`);
    expectError(await send(user, { status: 1 }), FIELD_DENIED);
  });
});

describe('what is outside CLIENT_WRITABLE_FIELDS', () => {
  let narrow: TestService;
  beforeAll(async () => {
    narrow = await TestService.start({ CLIENT_WRITABLE_FIELDS: 'introReviewed' });
  });
  afterAll(() => narrow.stop());

  it('is never compared, if it is a password: naming it is 403', async () => {
    const user = await narrow.createUser();
    await expectNoChange(
      user,
      async () => {
        for (const field of ['password', 'oldPassword'])
          for (const value of [PASSWORD, 'wrong', '', null, undefined, 5, {}]) {
            const body = `{${JSON.stringify(field)}:${JSON.stringify(value) ?? 'null'}}`;
            expectError(await user.client.put('/user/current', body), FIELD_DENIED);
            expectError(await user.client.patch('/user/current', body), FIELD_DENIED);
          }
        const { body } = await user.client.get('/user/current');
        expectError(await user.client.put('/user/current', { ...body, password: PASSWORD }), FIELD_DENIED);
      },
      narrow,
    );
  });

  const STORED = '{ "b" : 1.0, "a" :[1e400,{"\\u0061":"\\u00e9"}], "c":1, "c":{"__proto__":null} }';
  /** Sends data as a client whose data is {@link STORED}, and expects that nothing changes. */
  async function sendData(method: string, data: string): Promise<{ user: TestUser; answer: Answer }> {
    const user = await narrow.createUser();
    await narrow.admin.put(`/user/${user.id}`, `{"data":${STORED}}`);
    const send = () => user.client.send(method, '/user/current', { body: `{"data":${data}}` });
    return { user, answer: await expectNoChange(user, send, narrow) };
  }

  it.each([
    ['PUT', STORED],
    ['PUT', '{"c":{"__proto__":null},"a":[1e400,{"a":"é"}],"b":1.0}'],
    ['PATCH', '{"b":1.0}'],
    ['PATCH', '{"a":[1e400,{"\\u0061":"é"}],"none":null}'],
    ['PATCH', '{}'],
  ])('is data with the same value: %s %s', async (method, data) => {
    const { user, answer } = await sendData(method, data);
    expect(answer.status).toBe(204);
    expect((await user.client.get('/user/current')).text).toContain(`"data":${STORED},`);
  });

  it.each([
    ['PUT', '{"c":{"__proto__":null},"a":[1e400,{"a":"é"}],"b":1}'],
    ['PUT', '{"c":{},"a":[1e400,{"a":"é"}],"b":1.0}'],
    ['PUT', '{"b":1.0}'],
    ['PUT', '{}'],
    ['PUT', 'null'],
    ['PUT', '[[]]'],
    ['PUT', '5'],
    ['PUT', JSON.stringify(STORED)],
    ['PATCH', '{"b":1}'],
    ['PATCH', '{"b":null}'],
    ['PATCH', '{"c":{"__proto__":null}}'],
    ['PATCH', 'null'],
    ['PATCH', '[]'],
    ['PATCH', `{"deep":${'['.repeat(100)}${']'.repeat(100)}}`],
  ])('is data with another value: %s %s', async (method, data) => {
    const { answer } = await sendData(method, data);
    expectError(answer, FIELD_DENIED);
  });
});

describe.each(['PUT', 'PATCH'])('%s by an administrator', (method) => {
  const send = (user: TestUser, body: unknown) => service.admin.send(method, `/user/${user.id}`, { body });

  it('changes nothing where all values are those of the record', async () => {
    const user = await service.createUser({ data: { z: 1, a: { b: [1, { c: 2 }] } } });
    await setColumns(user, 'intro_reviewed = true, all_device_types_available = false');
    const { body } = await service.admin.get(`/user/${user.id}`);
    const { status: _, ...rest } = body as Record<string, unknown>;
    await expectNoChange(user, async () => {
      expect((await send(user, rest)).status).toBe(204);
      expect((await send(user, { ...rest, login: ` ${user.login} ` })).status).toBe(204);
      expect((await send(user, { data: { a: { b: [1, { c: 2 }] }, z: 1 } })).status).toBe(204);
      for (const [field, value] of Object.entries(rest))
        expect((await send(user, { [field]: value })).status).toBe(204);
    });
    expect((await user.client.get('/user/current')).status).toBe(200);
  });

  it('changes what is different, by its text where it is a number', async () => {
    const user = await service.createUser();
    const login = user.login.toUpperCase();
    await service.admin.put(`/user/${user.id}`, '{"data":{"n":1.0}}');
    const before = await entityTagOf(service.admin, user.id);
    expect((await send(user, '{"data":{"n":1}}')).status).toBe(204);
    const after = await entityTagOf(service.admin, user.id);
    expect(after).not.toBe(before);
    expect((await service.admin.get(`/user/${user.id}`)).text).toContain('"data":{"n":1},');
    expect((await send(user, { login })).status).toBe(204);
    expect((await readUser(service.admin, user.id)).login).toBe(login);
  });

  it('clears the failed logins by status 0, also in a record that is sent back whole', async () => {
    const user = await service.createUser();
    for (const body of [{ status: 0 }, await readUser(service.admin, user.id)]) {
      await setColumns(user, 'login_attempts = 3');
      const tag = await entityTagOf(service.admin, user.id);
      expect((await send(user, body)).status).toBe(204);
      expect(await lockoutOf(user)).toEqual([0, false, 0]);
      expect(await entityTagOf(service.admin, user.id)).toBe(tag);
      await expectNoChange(user, () => send(user, body));
    }
    await lockOut(user);
    expect((await send(user, { status: 0, introReviewed: false })).status).toBe(204);
    expect(await lockoutOf(user)).toEqual([0, false, 0]);
  });

  it('leaves a lockout by failed logins as it is, in a record that is sent back whole', async () => {
    const user = await service.createUser({ data: { a: 1 } });
    await lockOut(user);
    const body = await readUser(service.admin, user.id);
    expect(body.status).toBe(1);
    await expectNoChange(user, async () => {
      expect((await send(user, body)).status).toBe(204);
      for (const beside of [{ id: user.id }, { role: 1 }, { networks: [] }, { lastLogin: null }])
        expect((await send(user, { status: 1, ...beside })).status).toBe(204);
    });
    expect((await send(user, { ...body, introReviewed: true })).status).toBe(204);
    expect(await lockoutOf(user)).toEqual([1, true, 10]);
    expect((await user.client.get('/user/current')).status).toBe(200);
  });

  it('locks a user whom failed logins have locked out by status 1 and nothing else', async () => {
    const user = await service.createUser();
    await lockOut(user);
    expect((await send(user, { status: 1 })).status).toBe(204);
    expect((await lockoutOf(user))?.slice(0, 2)).toEqual([1, false]);
    expect((await user.client.get('/user/current')).status).toBe(401);
    expect((await service.client.signIn(user, HOME)).status).toBe(401);
    // Once more it is no change.
    await expectNoChange(user, () => send(user, { status: 1 }));
    await expectNoChange(user, async () => send(user, await readUser(service.admin, user.id)));
  });

  it('revokes no session by a status that the user has', async () => {
    const user = await service.createUser();
    for (const status of [2, 1]) {
      expect((await send(user, { status })).status).toBe(204);
      await service.database.query('UPDATE sessions SET revoked_at = NULL WHERE user_id = ?', [user.id]);
      await expectNoChange(user, async () => {
        expect((await send(user, { status })).status).toBe(204);
        expect((await send(user, { status, role: 1 })).status).toBe(204);
      });
    }
  });
});
