import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../support/errors.js';
import { sendRaw } from '../support/raw.js';
import { PASSWORD, TestService, type TestUser } from '../support/service.js';
import { entityTagOf, readUser } from '../support/users.js';

/* contract.md §3: PATCH is an update as a JSON merge patch (RFC 7396). */

const MERGE_PATCH = 'application/merge-patch+json';
const NOT_JSON = { status: 415, message: 'The body must be JSON in UTF-8' };
const LIMIT = 64 * 1024;

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

/** A client whose data is this text. */
async function createWith(data: string): Promise<TestUser> {
  const user = await service.createUser();
  expect((await service.admin.put(`/user/${user.id}`, `{"data":${data}}`)).status).toBe(204);
  return user;
}
/** The text of the data of a user. */
async function dataOf({ id }: TestUser): Promise<string> {
  const { text } = await service.admin.get(`/user/${id}`);
  return /"data":(.*),"introReviewed"/s.exec(text)?.[1] ?? '';
}
const patchData = (user: TestUser, data: string) => user.client.patch('/user/current', `{"data":${data}}`);

describe('PATCH of data', () => {
  // RFC 7396, Appendix A: the rows whose target and result are objects.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
    ['null', '{"a":1,"b":null}', '{"a":1}'],
    ['null', '{}', '{}'],
    ['{"a":1}', 'null', 'null'],
    ['null', 'null', 'null'],
  ])('merges into %s the patch %s: %s', async (stored, patch, result) => {
    const user = await createWith(stored);
    expect((await patchData(user, patch)).status).toBe(204);
    expect(await dataOf(user)).toBe(result);
  });

  it('keeps the text of all that it does not name, and stores what it names as it was sent', async () => {
    const user = await createWith(
      '{ "big" : 1e400 ,\n"a":1,\t"p":1.0,"z":{ "x":-0, "x" : 0 }, "\\u0062":"\\u0000"}',
    );
    expect(
      (await patchData(user, '{"\\u0061":2.50, "b":{ "c" :[1.0 , null]}, "__proto__":{"a":1E2}}')).status,
    ).toBe(204);
    expect(await dataOf(user)).toBe(
      '{ "big" : 1e400 ,\n"\\u0061":2.50,\t"p":1.0,"z":{ "x":-0, "x" : 0 }, "b":{ "c" :[1.0 , null]},"__proto__":{"a":1E2}}',
    );
  });

  it('replaces and removes all members of a name that occurs twice; the last counts', async () => {
    const user = await createWith('{"a":{"x":1},"b":1,"\\u0061":{"y":2}}');
    expect((await patchData(user, '{"a":{"z":3},"b":null,"b":2}')).status).toBe(204);
    expect(await dataOf(user)).toBe('{"b":2,"a":{"y":2,"z":3}}');
    expect((await patchData(user, '{"a":1,"a":null}')).status).toBe(204);
    expect(await dataOf(user)).toBe('{"b":2}');
  });

  it('is no change where the result has the same value', async () => {
    const user = await createWith('{ "a" : 1.0 , "b" : { "c" : [ ] } }');
    const before = await user.client.get('/user/current');
    for (const patch of [
      '{}',
      '{"a":1.0}',
      '{"b":{"c":[]}}',
      '{"b":{}}',
      '{"none":null}',
      '{"b":{"none":null}}',
    ])
      expect((await patchData(user, patch)).status).toBe(204);
    const after = await user.client.get('/user/current');
    expect(after.text).toBe(before.text);
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    expect((await patchData(user, '{"a":1}')).status).toBe(204);
    expect(await entityTagOf(service.admin, user.id)).not.toBe(before.headers.get('etag'));
  });

  it('merges at the same time what different members are patched with', async () => {
    const user = await createWith('{"kept":1.0}');
    const names = Array.from({ length: 30 }, (_, index) => `m${index}`);
    const answers = await Promise.all(
      names.map((name, index) =>
        (index % 2 ? user.client : service.admin).patch(`/user/${user.id}`, `{"data":{"${name}":${index}}}`),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    const data = await dataOf(user);
    expect(JSON.parse(data)).toEqual({
      kept: 1,
      ...Object.fromEntries(names.map((name, index) => [name, index])),
    });
    expect(data).toMatch(/^\{"kept":1\.0,/);
  });

  it('is 400 where the result has over 64 KiB, and goes up to that', async () => {
    const user = await createWith(`{"a":"${'x'.repeat(LIMIT - 50)}"}`);
    const before = await dataOf(user);
    const room = LIMIT - before.length - ',"b":""'.length;
    expectError(await patchData(user, `{"b":"${'y'.repeat(room + 1)}"}`), { status: 400, fields: ['data'] });
    expectError(await patchData(user, `{"b":"${'é'.repeat(Math.ceil((room + 1) / 2))}"}`), {
      status: 400,
      fields: ['data'],
    });
    expect(await dataOf(user)).toBe(before);
    expect((await patchData(user, `{"b":"${'y'.repeat(room)}"}`)).status).toBe(204);
    expect((await dataOf(user)).length).toBe(LIMIT);
    // It makes room for itself; and what removes is not measured.
    expect((await patchData(user, `{"a":null,"b":null,"c":"${'z'.repeat(LIMIT - 8)}"}`)).status).toBe(204);
    expect((await dataOf(user)).length).toBe(LIMIT);
  });

  it('is 400 where the patch is deeper than 64 levels, of objects or arrays', async () => {
    const objects = (levels: number, inside = '1') => '{"a":'.repeat(levels) + inside + '}'.repeat(levels);
    const arrays = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    const user = await createWith('{"kept":1}');
    for (const deep of [objects(65), objects(65, 'null'), arrays(65), objects(16_000), arrays(20_000)])
      expectError(await patchData(user, deep), { status: 400, fields: ['data'] });
    expect(await dataOf(user)).toBe('{"kept":1}');
    for (const allowed of [objects(64), arrays(64)])
      expect((await patchData(user, allowed)).status).toBe(204);
    // What is stored may be deeper.
    const stored = await createWith(objects(10_000, '{}'));
    expect((await patchData(stored, objects(64))).status).toBe(204);
    expect(await dataOf(stored)).toBe(objects(64));
    const beside = await createWith(objects(10_000));
    expect((await patchData(beside, '{"b":1}')).status).toBe(204);
    expect(await dataOf(beside)).toBe(`${objects(10_000).slice(0, -1)},"b":1}`);
  });

  it.each(['5', '"text"', 'true', '[]', '[{"a":1}]'])('is 400 with %s, which is no object', async (data) => {
    const user = await createWith('{"a":1}');
    expectError(await patchData(user, data), { status: 400, fields: ['data'] });
    expect(await dataOf(user)).toBe('{"a":1}');
  });

  it('takes as many members as a body may have, of any names', async () => {
    const user = await createWith('{"0":{}}');
    const members = (value: string) =>
      `{${Array.from({ length: 6000 }, (_, index) => `"${index}":${value}`).join()}}`;
    expect((await patchData(user, members('1'))).status).toBe(204);
    expect((await patchData(user, members('[]'))).status).toBe(204);
    expect(await dataOf(user)).toBe(members('[]'));
    expect((await patchData(user, members('null'))).status).toBe(204);
    expect(await dataOf(user)).toBe('{}');
  });
});

describe('PATCH of other fields', () => {
  it('is as PUT: they are replaced, and null is 400', async () => {
    const { id } = await service.createUser({ data: { a: 1 } });
    const login = `patched-${id}`;
    const body = { login, introReviewed: true, password: 'quite another password', data: { b: 2 } };
    expect((await service.admin.patch(`/user/${id}`, body)).status).toBe(204);
    expect(await readUser(service.admin, id)).toMatchObject({
      login,
      introReviewed: true,
      data: { a: 1, b: 2 },
    });
    expect((await service.client.signIn({ login, password: body.password })).status).toBe(201);
    for (const field of ['login', 'role', 'status', 'password', 'introReviewed', 'allDeviceTypesAvailable'])
      expectError(await service.admin.patch(`/user/${id}`, { [field]: null }), {
        status: 400,
        fields: [field],
      });
    expectError(await service.admin.patch(`/user/${id}`, { data: { c: 1 }, role: 9 }), {
      status: 400,
      fields: ['role'],
    });
    expect((await readUser(service.admin, id)).data).toEqual({ a: 1, b: 2 });
  });

  it('refuses what PUT refuses', async () => {
    const [user, other] = [await service.createUser(), await service.createUser()];
    const { client } = user;
    const denied = { status: 403, message: 'Access is denied' };
    expectError(await client.patch(`/user/${other.id}`, { data: {} }), denied);
    expectError(await client.patch('/user/987654321', { data: {} }), denied);
    expectError(await client.patch('/user/current', { role: 0 }), {
      status: 403,
      message: 'Admin permissions required for this action',
    });
    expectError(await client.patch('/user/abc', {}), { status: 400, fields: ['id'] });
    expectError(await service.admin.patch('/user/987654321', {}), { status: 404 });
    expectError(
      await client.patch('/user/current', { password: 'quite another password', oldPassword: 'x' }),
      {
        status: 403,
        message: 'Invalid credentials',
      },
    );
    expectError(await service.admin.patch(`/user/${user.id}`, { login: other.login }), { status: 403 });
    expectError(await service.client.patch('/user/current', {}), { status: 401 });
    for (const body of ['[]', 'null', '5', '"text"'])
      expectError(await client.patch('/user/current', body), { status: 400, fields: ['body'] });
    for (const body of ['', '{}', ' ']) expect((await client.patch('/user/current', body)).status).toBe(204);
    const headers = { 'if-match': '"0"' };
    expectError(await client.patch('/user/current', { data: { a: 1 } }, headers), { status: 412 });
    const tag = await entityTagOf(client, user.id);
    expect((await client.patch('/user/current', { data: { a: 1 } }, { 'if-match': tag })).status).toBe(204);
    expect((await service.client.signIn({ ...user, password: PASSWORD })).status).toBe(201);
  });
});

describe('the type of a patch', () => {
  const send = (method: string, path: string, type: string, body = '{"data":{"typed":1}}') =>
    service.admin.send(method, path, { body, headers: { 'content-type': type } });

  it.each([
    MERGE_PATCH,
    `${MERGE_PATCH}; charset=utf-8`,
    'Application/Merge-Patch+JSON',
    'application/json',
    'application/json;charset=UTF-8',
  ])('may be %s', async (type) => {
    const { id } = await service.createUser();
    expect((await send('PATCH', `/user/${id}`, type)).status).toBe(204);
    expect((await readUser(service.admin, id)).data).toEqual({ typed: 1 });
  });

  it.each([
    'application/json-patch+json',
    'application/merge-patch+jsonx',
    'application/merge-patch',
    'text/plain',
    'application/x-www-form-urlencoded',
    `${MERGE_PATCH}; charset=latin1`,
    'application/json; charset=utf-16',
    'nonsense',
  ])('may not be %s: 415 says which it may be', async (type) => {
    const { id } = await service.createUser();
    for (const path of ['/user/current', `/user/${id}`]) {
      const answer = await send('PATCH', path, type);
      expectError(answer, NOT_JSON);
      expect(answer.headers.get('accept-patch')).toBe('application/merge-patch+json, application/json');
    }
    expect((await readUser(service.admin, id)).data).toBeNull();
  });

  it('is 415 on every other route, which says nothing of patches', async () => {
    for (const [method, path] of [
      ['PUT', '/user/current'],
      ['PUT', '/user/1'],
      ['POST', '/user'],
      ['POST', '/network'],
      ['PUT', '/configuration/x'],
      ['POST', '/token'],
      ['POST', '/token/revoke'],
    ] as const) {
      const answer = await send(method, path, MERGE_PATCH);
      expectError(answer, NOT_JSON);
      expect(answer.headers.get('accept-patch')).toBeNull();
    }
  });

  it('does not matter without a body', async () => {
    const { accessToken } = await service.createUser();
    const { host } = new URL(service.client.baseUrl);
    for (const method of ['PUT', 'PATCH'])
      for (const length of ['Content-Length: 0', 'Transfer-Encoding: chunked']) {
        const head = [
          `${method} /user/current HTTP/1.1`,
          `Host: ${host}`,
          'Connection: close',
          `Authorization: Bearer ${accessToken}`,
          `Content-Type: ${MERGE_PATCH}`,
          length,
          '',
          length.startsWith('T') ? '0\r\n\r\n' : '',
        ];
        expect((await sendRaw(service.client.baseUrl, head.join('\r\n'))).status).toBe(204);
      }
  });
});
