import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, type Client } from '../support/client.js';
import { freshName } from '../support/fresh-name.js';
import { createHolder, createScope, KINDS } from '../support/scopes.js';
import { ADMINISTRATOR, HOME, PASSWORD, TestService, type TestUser } from '../support/service.js';
import { createUser, entityTagOf, readUser } from '../support/users.js';

/** The bodies of DeviceHive's clients, as they send them (contract.md §9). */

let service: TestService;
let admin: Client;
beforeAll(async () => {
  service = await TestService.start({ COMPATIBILITY: 'devicehive' });
  ({ admin } = service);
});
afterAll(() => service.stop());

const ADMIN_ONLY = 'Admin permissions required for this action';
const signIn = async (login: unknown, password: unknown) =>
  (await service.client.signIn({ login, password }, HOME)).status;
const payloadOf = (token: string) => claimsOf(token).payload;

describe('the console', () => {
  it('edits a user without a new password', async () => {
    const user = await service.createUser({ data: { before: true } });
    const sent = `{"login":"${user.login}","role":"1","status":"0","password":"","data":null}`;
    expect(await admin.put(`/user/${user.id}`, sent)).toMatchObject({ status: 204, text: '' });
    expect(await readUser(admin, user.id)).toMatchObject({
      login: user.login,
      role: 1,
      status: 0,
      data: null,
    });
    expect(await signIn(user.login, user.password)).toBe(201);
    // No password: no session has ended.
    expect((await user.client.get('/user/current')).status).toBe(200);
  });

  it('saves a user in whom nothing has changed, and nothing changes', async () => {
    const user = await service.createUser();
    const [tag, events] = [
      await entityTagOf(admin, user.id),
      await admin.get(`/event?subject=user/${user.id}`),
    ];
    const sent = `{"login":"${user.login}","role":"1","status":"0","password":"","data":null}`;
    expect((await admin.put(`/user/${user.id}`, sent)).status).toBe(204);
    expect(await entityTagOf(admin, user.id)).toBe(tag);
    expect((await admin.get(`/event?subject=user/${user.id}`)).body).toEqual(events.body);
  });

  it.each(['"networks":[],"deviceTypes":[]', '"passwordConfirmation":"another"', '"id":"7","lastLogin":""'])(
    'creates a user: %s',
    async (rest) => {
      const login = freshName('ada');
      const { status, body } = await admin.post(
        '/user',
        `{"login":"${login}","password":"${PASSWORD}","role":"1","status":"0","data":{},${rest}}`,
      );
      expect(status).toBe(201);
      expect(await readUser(admin, body.id)).toMatchObject({ login, role: 1, status: 0, data: {} });
      expect(await signIn(login, PASSWORD)).toBe(201);
    },
  );

  it.each(KINDS)('creates and deletes a $path', async ({ path }) => {
    const name = freshName('n');
    const { status, body } = await admin.post(
      `/${path}`,
      `{"name":"${name}","description":"d","devices":[]}`,
    );
    expect(status).toBe(201);
    expect((await admin.get(`/${path}?name=${name}`)).body).toEqual([
      { id: body.id, name, description: 'd' },
    ]);
    expect((await admin.delete(`/${path}/${body.id}?force=false`)).status).toBe(204);
    expect((await admin.get(`/${path}?name=${name}`)).body).toEqual([]);
  });

  it('makes a token on its page for tokens', async () => {
    const { status, body, text } = await admin.post(
      '/token/create',
      '{"userId":1,"tokenType":1,"actions":["GetNetwork"],"networkIds":["0"],"deviceTypeIds":[0],"expiration":"","refreshExpiration":1893456000000}',
    );
    expect({ status, text }).toMatchObject({ status: 201 });
    const { n, dt, ...claims } = payloadOf(body.accessToken);
    expect(claims).toMatchObject({ u: 1, a: [2], t: 1 });
    // The ids of 0 are dropped, and nothing is left.
    expect([n ?? [], dt ?? []]).toEqual([[], []]);
    expect((await admin.as(body.accessToken).get('/network')).body).toEqual([]);
  });
});

describe('the panel', () => {
  it('creates an administrator', async () => {
    const login = freshName('ada');
    const { status, body } = await admin.post(
      '/user',
      `{"login":"${login}","password":"${PASSWORD}","passwordConfirmation":"${PASSWORD}","role":"0","status":"0","data":{}}`,
    );
    expect(status).toBe(201);
    expect(await readUser(admin, body.id)).toMatchObject({ login, role: 0, status: 0, data: {} });
  });

  it.each(['a client', 'an administrator'])('ends its tour for %s', async (who) => {
    const user = await service.createUser({ role: who === 'a client' ? 1 : 0, data: { before: true } });
    const sent = '{"id":1,"role":null,"status":null,"data":null,"introReviewed":true}';
    expect((await user.client.put('/user/current', sent)).status).toBe(204);
    expect(await readUser(admin, user.id)).toMatchObject({
      login: user.login,
      role: who === 'a client' ? 1 : 0,
      status: 0,
      data: null,
      introReviewed: true,
    });
    expect((await readUser(admin, 1)).introReviewed).toBe(false);
  });
});

describe('the SDKs', () => {
  it('JavaScript: a configuration as it was read, with its value in the query', async () => {
    const name = freshName('a.b');
    const put = await admin.put(
      `/configuration/${name}?value=1`,
      `{"name":"${name}","value":"1","entityVersion":3}`,
    );
    expect(put).toMatchObject({ status: 200, body: { name, value: '1' } });
    expect((await admin.get(`/configuration/${name}`)).body.value).toBe('1');
  });

  it.each(['', '{}'])('older ones: a configuration in the query alone, with the body %s', async (body) => {
    const name = freshName('a.b');
    expect(await admin.put(`/configuration/${name}?value=a%20b`, body)).toMatchObject({
      status: 200,
      body: { name, value: 'a b' },
    });
  });

  it('Java: a new password of its own', async () => {
    const user = await service.createUser({ introReviewed: true, data: { before: true } });
    const sent = '{"password":"a new password","data":{},"introReviewed":false}';
    expect((await user.client.put('/user/current', sent)).status).toBe(204);
    expect([await signIn(user.login, PASSWORD), await signIn(user.login, 'a new password')]).toEqual([
      401, 201,
    ]);
    expect(await readUser(admin, user.id)).toMatchObject({ data: {}, introReviewed: false });
  });

  it.each(KINDS)('leave the description of a $path alone with null', async (kind) => {
    const id = await createScope(service, kind, { description: 'kept' });
    expect((await admin.put(`/${kind.path}/${id}`, '{"description":null}')).status).toBe(204);
    expect((await admin.get(`/${kind.path}/${id}`)).body.description).toBe('kept');
  });

  it('name a user by a text', async () => {
    const { id, client } = await service.createUser();
    for (const caller of [admin, client]) {
      const { status, body } = await caller.post('/token/create', `{"userId":"${id}"}`);
      expect([status, payloadOf(body.accessToken)['u']]).toEqual([201, id]);
    }
  });

  it.each(['?force=true', '?force=false', '?force=True', '?force=', '?force', ''])(
    'delete a network with %s',
    async (query) => {
      const id = await createScope(service, KINDS[0]);
      expect((await admin.delete(`/network/${id}${query}`)).status).toBe(204);
    },
  );

  it('Python: send no content type', async () => {
    const { id } = await createUser(admin);
    const { status } = await admin.put(`/user/${id}`, new TextEncoder().encode('{"data": {"a": 1}}'), {
      'content-type': '',
    });
    expect(status).toBe(204);
    expect((await readUser(admin, id)).data).toEqual({ a: 1 });
  });
});

describe('the playground', () => {
  it("makes a client's token with more than a client may have, for longer than there is", async () => {
    const user = await createHolder(service, KINDS[0], await createScope(service, KINDS[0]));
    const { status, body, text } = await admin.post('/token/create', {
      userId: user.id,
      actions: ['ManageUser', 'GetNetwork'],
      expiration: '2050-01-01T00:00:00.000',
    });
    expect({ status, text }).toMatchObject({ status: 201 });
    const inAYear = Date.now() + 31_536_000_000;
    for (const token of [body.accessToken, body.refreshToken]) {
      const { a, e } = payloadOf(token);
      expect(a).toEqual([2]);
      expect(Number(e)).toBeLessThanOrEqual(inAYear);
      expect(Number(e)).toBeGreaterThan(inAYear - 600_000);
    }
    expect((await service.client.as(body.accessToken).get('/user')).status).toBe(403);
  });
});

describe('attacks', () => {
  it('a misspelt action is none', async () => {
    const user = await service.createUser();
    for (const caller of [admin, user.client]) {
      const { status, body } = await caller.post('/token/create', {
        userId: user.id,
        actions: ['GetDevcie'],
      });
      expect([status, payloadOf(body.accessToken)['a']]).toEqual([201, [1]]);
      expect((await service.client.as(body.accessToken).get('/device')).status).toBe(403);
    }
  });

  it('network 0 of an administrator is none', async () => {
    const { status, body } = await admin.post('/token/create', {
      userId: 1,
      actions: ['GetNetwork'],
      networkIds: ['0'],
    });
    expect([status, payloadOf(body.accessToken)['n'] ?? []]).toEqual([201, []]);
    const own = admin.as(body.accessToken);
    expect((await own.get('/network')).body).toEqual([]);
    expect((await own.get('/network/1')).status).toBe(403);
  });

  it.each([
    '"0"',
    '" 0"',
    '"0 "',
    '"00"',
    '"-0"',
    '"+0"',
    '"0.0"',
    '"0e0"',
    '"0x0"',
    '0.0',
    '-0',
    '1e-400',
    'false',
    'true',
    '[]',
    '[0]',
    '{}',
    '"\\u0030"',
    '"0\\u0000"',
    '" "',
  ])('a client does not get the role %s', async (role) => {
    const user = await service.createUser();
    for (const path of ['current', String(user.id)]) {
      const sent = `{"data":{"a":1},"role":${role}}`;
      const { status, body } = await user.client.put(`/user/${path}`, sent);
      expect({ status, message: body?.message }).toEqual({ status: 403, message: ADMIN_ONLY });
    }
    // Whichever of the two counts.
    await user.client.put('/user/current', `{"role":null,"role":${role}}`);
    await user.client.put('/user/current', `{"role":${role},"role":null}`);
    await user.client.put('/user/current', `{"role":"1","r\\u006fle":${role}}`);
    expect(await readUser(admin, user.id)).toMatchObject({ role: 1, data: null });
  });

  it.each(['role', 'status', 'login', 'password', 'introReviewed'])(
    'names that an object has by itself are no fields: %s',
    async (name) => {
      const user = await service.createUser();
      const sent = `{"__proto__":{"${name}":"0"},"constructor":{"prototype":{"${name}":"0"}}}`;
      for (const caller of [user.client, admin]) {
        expect((await caller.put(`/user/${user.id}`, sent)).status).toBe(204);
      }
      expect(({} as Record<string, unknown>)[name]).toBeUndefined();
      expect(await readUser(admin, user.id)).toMatchObject({ role: 1, status: 0, login: user.login });
      expect(await signIn(user.login, user.password)).toBe(201);
    },
  );

  it('a client reaches no other user by an id as text', async () => {
    const [mallory, ada] = [await service.createUser(), await service.createUser()];
    for (const userId of [
      `"${ada.id}"`,
      `"0${ada.id}"`,
      `" ${ada.id} "`,
      '"1"',
      '1.0',
      '"abc"',
      '""',
      '-1',
    ]) {
      const { status } = await mallory.client.post('/token/create', `{"userId":${userId}}`);
      expect([userId, status >= 400 && status < 500]).toEqual([userId, true]);
    }
    expect((await mallory.client.put(`/user/${ada.id}`, '{"role":null,"unknown":1}')).status).toBe(403);
  });

  it('a null or empty old password proves nothing', async () => {
    const strict = await TestService.start({ COMPATIBILITY: 'devicehive', REQUIRE_OLD_PASSWORD: 'true' });
    try {
      const user = await strict.createUser();
      for (const oldPassword of ['null', '""', 'true', '0', '" "']) {
        const sent = `{"password":"a new password","oldPassword":${oldPassword}}`;
        expect((await user.client.put('/user/current', sent)).status).toBeGreaterThanOrEqual(400);
      }
      expect((await strict.client.signIn(user, HOME)).status).toBe(201);
    } finally {
      await strict.stop();
    }
  });

  it('a login that is sent as a number is limited and locked as its text', async () => {
    const limited = await TestService.start({ COMPATIBILITY: 'devicehive', RATE_LIMIT: 'on' });
    try {
      const login = Math.floor(1e8 * (1 + Math.random()));
      const { id } = await createUser(limited.admin, { login: String(login) });
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 61; attempt += 1) {
        const sent = `{"login":${login},"password":${attempt}}`;
        statuses.push((await limited.client.post('/token', sent)).status);
      }
      expect(statuses).toEqual([...Array.from({ length: 60 }, () => 401), 429]);
      expect((await readUser(limited.admin, id)).status).toBe(1);
    } finally {
      await limited.stop();
    }
  });

  it('an unknown part of a body counts as its other members do', async () => {
    const user = await service.createUser();
    const put = async (count: number) => {
      const rest = Array.from({ length: count }, (_, index) => `"m${index}":null`).join();
      return (await user.client.put('/user/current', `{"data":{"a":1},${rest}}`)).status;
    };
    expect([await put(8000), await put(20_000)]).toEqual([204, 413]);
  });
});

describe('values of another type', () => {
  it.each(['48151623', '1234567890123456789012345', '4.815e20', '1.50', '-7.0', 'true', 'false'])(
    'of a login: %s',
    async (login) => {
      const created = await admin.post('/user', `{"login":${login},"password":"${PASSWORD}","role":"1"}`);
      expect(created.status).toBe(201);
      expect((await readUser(admin, created.body.id)).login).toBe(login);
      expect(await signIn(login, PASSWORD)).toBe(201);
      const sent = `{"login":${login},"password":"${PASSWORD}"}`;
      expect((await service.client.post('/token', sent)).status).toBe(201);
    },
  );

  it.each(['4815162399', '48151623.4200', '1234567890123456789012345', '4.815162342e100'])(
    'of a password: %s',
    async (password) => {
      const { login, client } = await service.createUser();
      expect((await client.put('/user/current', `{"password":${password}}`)).status).toBe(204);
      expect(await signIn(login, password)).toBe(201);
      expect(await signIn(login, `${password}0`)).toBe(401);
      const sent = `{"login":"${login}","password":${password}}`;
      expect((await service.client.post('/token', sent)).status).toBe(201);
    },
  );

  it.each([
    ['"true"', true],
    ['"false"', false],
    ['"TRUE"', false],
    ['"1"', false],
    ['"yes"', false],
    ['true', true],
    ['false', false],
  ])('of introReviewed: %s', async (sent, wanted) => {
    const { id } = await createUser(admin, { introReviewed: !wanted });
    expect((await admin.put(`/user/${id}`, `{"introReviewed":${sent}}`)).status).toBe(204);
    expect((await readUser(admin, id)).introReviewed).toBe(wanted);
  });

  it.each(['"2"', '"1.5"', '"-1"', '"a"', '"1e0"', '"99999999999999999999"', 'true', '[1]', '1.5'])(
    'of a role: %s is a 400',
    async (role) => {
      const { id } = await createUser(admin);
      expect((await admin.put(`/user/${id}`, `{"role":${role}}`)).status).toBe(400);
      expect((await readUser(admin, id)).role).toBe(1);
    },
  );

  it('within data are what they are', async () => {
    const { id, client } = await service.createUser();
    const data =
      '{"role":"0","password":"","description":null,"when":"2026-01-31T12:00:00.000Z","n":1.50,"introReviewed":"x"}';
    expect((await client.put('/user/current', `{"data":${data}}`)).status).toBe(204);
    const { text } = await admin.get(`/user/${id}`);
    expect(text).toContain(`"data":${data}`);
  });
});

describe('what stays refused', () => {
  it.each([
    "{'data':null}",
    '{data:null}',
    '{"data":null,}',
    '{"data":NaN}',
    '',
    '"text"',
    '[]',
    'null',
    '1',
  ])('a body that is no JSON object: %s', async (sent) => {
    const { id, client } = await service.createUser({ data: { kept: true } });
    const { status } = await client.put('/user/current', sent);
    expect(status).toBe(sent === '' ? 204 : 400);
    expect((await readUser(admin, id)).data).toEqual({ kept: true });
  });

  it('another method by X-HTTP-Method-Override', async () => {
    const { id } = await createUser(admin);
    const { status } = await admin.post(`/user/${id}`, {}, { 'x-http-method-override': 'DELETE' });
    expect(status).toBe(405);
    expect((await admin.get(`/user/${id}`)).status).toBe(200);
  });

  it('all of it in the strict mode', async () => {
    const strict = await TestService.start();
    try {
      const user: TestUser = await strict.createUser();
      const put = async (sent: string) => (await strict.admin.put(`/user/${user.id}`, sent)).status;
      const sent = [
        '{"role":"1"}',
        '{"password":""}',
        '{"login":null}',
        '{"x":1}',
        '{"introReviewed":"true"}',
      ];
      for (const body of sent) expect([body, await put(body)]).toEqual([body, 400]);
      const create = await strict.admin.post('/network', `{"name":"${freshName('n')}","devices":[]}`);
      expect(create.status).toBe(400);
      expect((await strict.admin.put('/configuration/a.b?value=1', {})).status).toBe(400);
      expect((await strict.client.post('/token', { ...ADMINISTRATOR, unknown: 1 })).status).toBe(400);
      expect((await strict.admin.post('/token/create', `{"userId":"${user.id}"}`)).status).toBe(400);
    } finally {
      await strict.stop();
    }
  });
});
