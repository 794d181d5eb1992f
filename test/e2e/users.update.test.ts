import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../support/errors.js';
import { sendRaw } from '../support/raw.js';
import { PASSWORD, TestService, type TestUser } from '../support/service.js';
import { entityTagOf, readUser } from '../support/users.js';

const FIELD_DENIED = { status: 403, message: 'Admin permissions required for this action' };
const CHANGED = { status: 412, message: /./ };

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

describe('PUT /user/{id}', () => {
  it('lets an administrator update any property of any user, and returns 204 with an empty body', async () => {
    const { id } = await service.createUser();
    const login = `renamed-${id}`;
    const answer = await service.admin.put(`/user/${id}`, {
      login,
      role: 0,
      status: 2,
      password: 'quite another password',
      data: { b: 1, a: [2, { c: null }] },
      introReviewed: true,
      allDeviceTypesAvailable: false,
    });
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect(await readUser(service.admin, id)).toEqual({
      id,
      login,
      role: 0,
      status: 2,
      lastLogin: expect.any(String),
      data: { b: 1, a: [2, { c: null }] },
      introReviewed: true,
      allDeviceTypesAvailable: false,
      networks: [],
    });
  });

  it('changes nothing by an empty object, or by a body with nothing in it, of any or no type', async () => {
    const { id, client } = await service.createUser({ data: { kept: true } });
    const before = await service.admin.get(`/user/${id}`);
    const { host } = new URL(service.client.baseUrl);
    const head = `PUT /user/${id} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nAuthorization: Bearer ${service.admin.token}\r\n`;
    for (const { status, text } of [
      await service.admin.put(`/user/${id}`, {}),
      await service.admin.put(`/user/${id}`, ''),
      await service.admin.put(`/user/${id}`, ' \r\n\t'),
      await service.admin.put(`/user/${id}`),
      await client.put('/user/current', {}),
      await client.put('/user/current'),
      await sendRaw(service.client.baseUrl, `${head}\r\n`),
      await sendRaw(service.client.baseUrl, `${head}Content-Length: 0\r\n\r\n`),
      await sendRaw(service.client.baseUrl, `${head}Content-Type: application/json\r\n\r\n`),
      await sendRaw(
        service.client.baseUrl,
        `${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      ),
    ]) {
      expect([status, text]).toEqual([204, '']);
    }
    const after = await service.admin.get(`/user/${id}`);
    expect(after.text).toBe(before.text);
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
  });

  it('takes back what GET gave', async () => {
    const { id, client } = await service.createUser({ data: { z: 1, '1': 2 } });
    const before = await service.admin.get(`/user/${id}`);
    expect((await service.admin.put(`/user/${id}`, before.text)).status).toBe(204);
    expect((await service.admin.get(`/user/${id}`)).text).toBe(before.text);

    expect((await client.put('/user/current', before.text)).status).toBe(204);
    expect((await client.put(`/user/${id}`, before.text)).status).toBe(204);
    const after = await service.admin.get(`/user/${id}`);
    expect(after.text).toBe(before.text);
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
  });

  it.each(['[]', '[{"role":0}]', 'null', '1', '"text"', 'true', '""'])(
    'refuses the body %s, which is no object',
    async (body) => {
      const { id, client } = await service.createUser();
      expectError(await service.admin.put(`/user/${id}`, body), { status: 400, fields: ['body'] });
      expectError(await client.put('/user/current', body), { status: 400, fields: ['body'] });
    },
  );

  it('refuses a bad id before it looks at the body', async () => {
    const { client } = await service.createUser();
    for (const caller of [service.admin, client])
      expectError(await caller.put('/user/abc', { role: 9 }), { status: 400, fields: ['id'] });
  });

  it('means oneself by the word current', async () => {
    const { id, client } = await service.createUser({ role: 0 });
    expect((await client.put('/user/current', { introReviewed: true, data: { own: 1 } })).status).toBe(204);
    expect(await readUser(service.admin, id)).toMatchObject({ introReviewed: true, data: { own: 1 } });
    expect(await readUser(service.admin, 1)).toMatchObject({ introReviewed: false, data: null });
  });
});

describe('what a client may change', () => {
  const own = (user: TestUser) => ['/user/current', `/user/${user.id}`];

  it('is its data and its password (ASVS 6.2.2, 8.2.3)', async () => {
    const user = await service.createUser();
    for (const [index, path] of own(user).entries()) {
      const password = `quite another password ${index}`;
      expect((await user.client.put(path, { data: { index }, password })).status).toBe(204);
      expect((await readUser(service.admin, user.id)).data).toEqual({ index });
      expect((await service.client.signIn({ login: user.login, password })).status).toBe(201);
    }
  });

  it('is judged by the name that JSON means', async () => {
    const user = await service.createUser();
    for (const body of ['{"r\\u006fle":0}', '{"role":1,"role":0}', '{"data":{},"\\u0072ole":{"a":[]}}'])
      expectError(await user.client.put('/user/current', body), FIELD_DENIED);
    expect((await readUser(service.admin, user.id)).role).toBe(1);
  });

  it('may include introReviewed by CLIENT_WRITABLE_FIELDS, and no more than that (ASVS 8.2.3)', async () => {
    const open = await TestService.start({ CLIENT_WRITABLE_FIELDS: 'password,data,introReviewed' });
    const closed = await TestService.start({ CLIENT_WRITABLE_FIELDS: 'data' });
    try {
      const user = await open.createUser();
      const body = { introReviewed: true, data: { a: 1 }, password: 'quite another password' };
      expect((await user.client.put('/user/current', body)).status).toBe(204);
      expect((await user.client.get('/user/current')).body).toMatchObject({
        introReviewed: true,
        data: { a: 1 },
      });
      for (const field of ['login', 'role', 'status', 'allDeviceTypesAvailable'])
        expectError(await user.client.put('/user/current', { [field]: 2 }), FIELD_DENIED);
      expectError(await user.client.put('/user/current', { introReviewed: null }), {
        status: 400,
        fields: ['introReviewed'],
      });

      const other = await closed.createUser();
      expect((await other.client.put('/user/current', { data: { a: 1 } })).status).toBe(204);
      for (const field of ['password', 'oldPassword', 'introReviewed'])
        expectError(await other.client.put('/user/current', { [field]: PASSWORD }), FIELD_DENIED);
    } finally {
      await open.stop();
      await closed.stop();
    }
  });
});

describe('If-Match', () => {
  /** A user, its entity tag and an entity tag that it had before. */
  async function createChanged() {
    const user = await service.createUser();
    const tag = () => entityTagOf(service.admin, user.id);
    const stale = await tag();
    await service.admin.put(`/user/${user.id}`, { data: { changed: true } });
    return { user, stale, current: await tag(), tag };
  }

  it('lets an update through while it is true: the tag, a list with it, or *', async () => {
    const { user, stale, tag } = await createChanged();
    for (const header of [
      (current: string) => current,
      (current: string) => `${stale}, ${current}`,
      (current: string) => `"x",${current} , "y"`,
      () => '*',
    ]) {
      const answer = await service.admin.put(
        `/user/${user.id}`,
        { introReviewed: true },
        { 'if-match': header(await tag()) },
      );
      expect(answer.status).toBe(204);
    }
    const own = await user.client.get('/user/current');
    const headers = { 'if-match': own.headers.get('etag') ?? '' };
    expect((await user.client.put('/user/current', { data: null }, headers)).status).toBe(204);
    expectError(await user.client.put('/user/current', { data: { a: 1 } }, headers), CHANGED);
  });

  it('refuses an update and a deletion once it is true no longer, and nothing is changed', async () => {
    const { user, stale, current, tag } = await createChanged();
    const bare = current.replaceAll('"', '');
    for (const header of [stale, `W/${current}`, `${stale}, W/${current}`, bare, '"*"', '""', `"${bare} "`]) {
      const headers = { 'if-match': header };
      for (const body of [{ introReviewed: true }, {}, { role: 0 }, { password: 'quite another password' }])
        expectError(await service.admin.put(`/user/${user.id}`, body, headers), CHANGED);
      expectError(await service.admin.delete(`/user/${user.id}`, headers), CHANGED);
    }
    expect(await tag()).toBe(current);
    expect(await readUser(service.admin, user.id)).toMatchObject({ introReviewed: false, role: 1 });
    expect((await service.admin.delete(`/user/${user.id}`, { 'if-match': current })).status).toBe(204);
    for (const method of ['PUT', 'DELETE']) {
      const answer = await service.admin.send(method, `/user/${user.id}`, { headers: { 'if-match': '*' } });
      expectError(answer, { status: 404, message: `User with id = ${user.id} not found` });
    }
  });

  it('is true still after a sign-in', async () => {
    const { user, current } = await createChanged();
    await service.client.signIn(user);
    const answer = await service.admin.put(
      `/user/${user.id}`,
      { introReviewed: true },
      { 'if-match': current },
    );
    expect(answer.status).toBe(204);
  });

  it('is judged after the right to write and after validation, which do not depend on it', async () => {
    const { user, stale } = await createChanged();
    const headers = { 'if-match': stale };
    expectError(await user.client.put('/user/current', { role: 0 }, headers), FIELD_DENIED);
    expectError(await service.admin.put(`/user/${user.id}`, { role: 9 }, headers), {
      status: 400,
      fields: ['role'],
    });
  });

  it('may be left out: then the last writer of a property wins', async () => {
    const { user } = await createChanged();
    for (const data of [{ a: 1 }, { b: 2 }])
      expect((await service.admin.put(`/user/${user.id}`, { data })).status).toBe(204);
    expect((await readUser(service.admin, user.id)).data).toEqual({ b: 2 });
  });
});

describe('the last active administrator', () => {
  const LAST = { status: 403, message: 'The last active administrator cannot be removed' };
  let own: TestService;
  beforeAll(async () => {
    own = await TestService.start();
  });
  afterAll(() => own.stop());

  it('is neither demoted nor locked out nor disabled, and nothing of the request is applied', async () => {
    // These do not count: they cannot sign in, or are no administrators.
    for (const fields of [{ role: 0, status: 1 }, { role: 0, status: 2 }, { role: 1 }])
      await own.createUser(fields);
    const before = await own.admin.get('/user/1');
    for (const change of [{ role: 1 }, { status: 1 }, { status: 2 }, { role: 1, status: 0 }]) {
      for (const path of ['/user/1', '/user/current'])
        expectError(await own.admin.put(path, { data: { applied: true }, ...change }), LAST);
    }
    const after = await own.admin.get('/user/1');
    expect(after.text).toBe(before.text);
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    expect((await own.admin.put('/user/1', { role: 0, status: 0, introReviewed: true })).status).toBe(204);
  });

  it('is another one as soon as there is one', async () => {
    const heir = await own.createUser({ role: 0 });
    expect((await own.admin.put('/user/1', { role: 1 })).status).toBe(204);
    expectError(await heir.client.put('/user/current', { status: 2 }), LAST);
    expect((await heir.client.put('/user/1', { role: 0 })).status).toBe(204);
    expect((await own.admin.delete(`/user/${heir.id}`)).status).toBe(204);
  });
});
