import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../support/errors.js';
import { PASSWORD, TestService } from '../support/service.js';
import { userFields } from '../support/users.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

describe('POST /user', () => {
  it('returns 201 with the view submitted, and says where the user is', async () => {
    const { status, headers, body } = await service.admin.post('/user', userFields());
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(Number),
      lastLogin: null,
      data: null,
      introReviewed: false,
      allDeviceTypesAvailable: true,
    });
    expect(headers.get('location')).toBe(`/user/${body.id}`);
  });

  it('fills in the defaults: active, no data, not reviewed, all device types', async () => {
    const wanted = userFields();
    const { body } = await service.admin.post('/user', wanted);
    expect((await service.admin.get(`/user/${body.id}`)).body).toEqual({
      id: body.id,
      login: wanted.login,
      role: 1,
      status: 0,
      lastLogin: null,
      data: null,
      introReviewed: false,
      allDeviceTypesAvailable: true,
      networks: [],
    });
  });

  it('takes every writable field', async () => {
    const fields = {
      ...userFields(),
      role: 0,
      status: 2,
      data: { a: 1 },
      introReviewed: true,
      allDeviceTypesAvailable: false,
    };
    const { body } = await service.admin.post('/user', fields);
    expect(body).toEqual({
      id: body.id,
      lastLogin: null,
      data: { a: 1 },
      introReviewed: true,
      allDeviceTypesAvailable: false,
    });
    const { password: _, ...shown } = fields;
    expect((await service.admin.get(`/user/${body.id}`)).body).toMatchObject(shown);
  });

  it('makes a user that can sign in at once, and a disabled one that cannot', async () => {
    for (const [status, wanted] of [
      [0, 201],
      [1, 401],
      [2, 401],
    ] as const) {
      const fields = { ...userFields(), status };
      await service.admin.post('/user', fields);
      expect((await service.client.post('/token', fields)).status).toBe(400);
      const { login, password } = fields;
      expect((await service.client.signIn({ login, password })).status).toBe(wanted);
    }
  });

  it('cuts the white space off around a login that the document allows there', async () => {
    const wanted = userFields();
    const { body } = await service.admin.post('/user', { ...wanted, login: ` \t${wanted.login}\r\n` });
    expect((await service.admin.get(`/user/${body.id}`)).body.login).toBe(wanted.login);
  });

  it.each(['\u00a0', '\u3000', '\ufeff', '\v', '\f', '\u2028'])(
    'refuses %j around a login',
    async (space) => {
      const wanted = userFields();
      for (const login of [space + wanted.login, `${wanted.login} ${space}`])
        expectError(await service.admin.post('/user', { ...wanted, login }), {
          status: 400,
          message: /^Login can contain only/,
          fields: ['login'],
        });
      const { id, login, client } = await service.createUser();
      // It is another value than the current one, so a client may not send it.
      expectError(await client.put('/user/current', { login: login + space }), { status: 403 });
      expectError(await service.admin.put(`/user/${id}`, { login: login + space }), {
        status: 400,
        fields: ['login'],
      });
    },
  );

  it.each(['login', 'role', 'password'] as const)('needs %s', async (field) => {
    const { [field]: _, ...rest } = userFields();
    expectError(await service.admin.post('/user', rest), { status: 400, fields: [field] });
  });

  it('names all that is missing from an empty body', async () => {
    for (const body of [{}, '', undefined]) {
      expectError(await service.admin.post('/user', body), {
        status: 400,
        fields: ['login', 'role', 'password'],
      });
    }
  });

  it('does not know oldPassword: there is no old one', async () => {
    expectError(await service.admin.post('/user', { ...userFields(), oldPassword: PASSWORD }), {
      status: 400,
      fields: ['oldPassword'],
    });
  });

  it('accepts and ignores read-only fields, if they are as responses have them', async () => {
    const fields = {
      ...userFields(),
      id: 1,
      lastLogin: '2000-01-01T00:00:00.000Z',
      networks: [{ id: 1, name: 'Default network', description: null }],
    };
    const { status, body } = await service.admin.post('/user', fields);
    expect(status).toBe(201);
    expect(body.id).not.toBe(1);
    expect((await service.admin.get(`/user/${body.id}`)).body).toMatchObject({
      lastLogin: null,
      networks: [],
    });
    expectError(
      await service.admin.post('/user', { ...userFields(), id: 'x', lastLogin: [[]], networks: 7 }),
      { status: 400, fields: ['id', 'lastLogin', 'networks'] },
    );
  });

  it('gives no id twice, even after the newest user is gone', async () => {
    const first = await service.createUser();
    expect((await service.admin.delete(`/user/${first.id}`)).status).toBe(204);
    expect((await service.createUser()).id).toBeGreaterThan(first.id);
  });
});
