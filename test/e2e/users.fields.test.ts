import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { PASSWORD, TestService } from '../support/service.js';
import { userFields } from '../support/users.js';

const LENGTH = 'Field cannot be empty. The length of login should be from 3 to 128 symbols.';
const ALPHABET =
  'Login can contain only lowercase or uppercase letters, numbers, and some special symbols (_@.)';
const TAKEN = 'User with such login already exists. Please, select another one';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const freshLogin = () => freshName('fields');

/** The two requests that write fields: the rules are the same for both (contract.md §3). */
const writes: readonly [string, (fields: Record<string, unknown>) => Promise<Answer & { id: number }>][] = [
  [
    'POST /user',
    async (fields) => {
      const answer = await service.admin.post('/user', userFields(fields));
      return { ...answer, id: answer.body.id };
    },
  ],
  [
    'PUT /user/{id}',
    async (fields) => {
      const { id } = await service.createUser();
      return { ...(await service.admin.put(`/user/${id}`, fields)), id };
    },
  ],
];

describe.each(writes)('%s', (_, write) => {
  it.each([
    ['', LENGTH],
    ['ab', LENGTH],
    ['   ', LENGTH],
    ['  ab  ', LENGTH],
    ['a'.repeat(129), LENGTH],
    ['two words', ALPHABET],
    ['jürgen', ALPHABET],
    ['ａｄａ', ALPHABET],
    ['a/b/c', ALPHABET],
    ['a+b@example.com', ALPHABET],
    ["a'; --", ALPHABET],
    ['ada\u0000', ALPHABET],
    ['ada\nada', ALPHABET],
    ['a\u200bda', ALPHABET],
  ])('refuses the login %j in the words that clients know (contract.md §6)', async (login, message) => {
    expectError(await write({ login }), { status: 400, message, fields: ['login'] });
  });

  it.each([
    ['login', [null, 12345, true, ['ada'], [['ada']], { ada: 1 }]],
    ['role', [null, '1', 2, -1, 1.5, true, [1], { a: 1 }, '', 1e300]],
    ['status', [null, '1', 3, -1, 0.5, false, [0], {}, '']],
    ['introReviewed', [null, 'true', 1, 0, [], {}, '']],
    ['allDeviceTypesAvailable', [null, 'false', 1, 0, [true], { a: 1 }, '']],
    ['data', [[], [1], [[1]], [{ a: 1 }], '', '{}', 0, 1, true, false]],
    ['password', [null, 12345678, true, ['12345678'], [['12345678']], { a: 1 }]],
  ] as const)('refuses a %s of a wrong type or out of range', async (field, values) => {
    for (const value of values) {
      const answer = await write({ [field]: value });
      expectError(answer, { status: 400, fields: [field] });
      expect(answer.body.message).toBe(answer.body.details[0].message);
    }
  });

  it('names every field at fault; the message is that of the first', async () => {
    const answer = await write({ login: 'x', role: '0', status: 9, introReviewed: 1, data: [] });
    expectError(answer, { status: 400, fields: ['login', 'role', 'status', 'introReviewed', 'data'] });
    expect(answer.body.message).toBe(answer.body.details[0].message);
  });

  it('names the password before the status, whatever the order in the body', async () => {
    const answer = await write({ status: 9, password: 5 });
    expectError(answer, {
      status: 400,
      message: 'password must be a string',
      fields: ['password', 'status'],
    });
  });

  it.each([
    ['of 3 characters', () => randomBytes(8).toString('base64url').replaceAll('-', '_').slice(0, 3)],
    ['of 128 characters', () => freshLogin().padEnd(128, 'x')],
    ['of the whole alphabet', () => `AZaz09_@.-${freshLogin()}`],
  ])('takes a login %s as it is', async (_title, makeLogin) => {
    const login = makeLogin();
    const { status, id } = await write({ login });
    expect(status).toBeLessThan(300);
    expect((await service.admin.get(`/user/${id}`)).body.login).toBe(login);
  });

  it('trims a login', async () => {
    const login = freshLogin();
    const { id } = await write({ login: ` \t${login}\r\n ` });
    expect((await service.admin.get(`/user/${id}`)).body.login).toBe(login);
  });

  it('refuses a login that another user has, in whatever case, and applies nothing', async () => {
    const other = await service.createUser({ login: `Taken-${freshLogin()}` });
    for (const login of [other.login, other.login.toUpperCase(), ` ${other.login.toLowerCase()} `]) {
      const answer = await write({ login, data: { applied: true } });
      expectError(answer, { status: 403, message: TAKEN });
      if (answer.id) expect((await service.admin.get(`/user/${answer.id}`)).body.data).toBeNull();
    }
  });

  it('takes every value that a field may have', async () => {
    for (const fields of [
      { role: 0, status: 1, introReviewed: true, allDeviceTypesAvailable: false },
      { role: 1, status: 2, introReviewed: false, allDeviceTypesAvailable: true },
      { role: 1, status: 0, data: {} },
      { data: null },
    ]) {
      const { status, id } = await write(fields);
      expect(status).toBeLessThan(300);
      expect((await service.admin.get(`/user/${id}`)).body).toMatchObject(fields);
    }
  });
});

it('takes a number as JSON has it, whatever its form', async () => {
  const { id } = await service.createUser();
  for (const [text, role] of [
    ['-0', 0],
    ['1.0', 1],
    ['0e5', 0],
    ['1E0', 1],
  ] as const) {
    expect((await service.admin.put(`/user/${id}`, `{"role":${text}}`)).status).toBe(204);
    expect((await service.admin.get(`/user/${id}`)).text).toContain(`"role":${role},`);
  }
});

it('lets a user be renamed to its own login in another case, and signs it in with either', async () => {
  const user = await service.createUser();
  const login = user.login.toUpperCase();
  expect((await service.admin.put(`/user/${user.id}`, { login })).status).toBe(204);
  expect((await service.admin.get(`/user/${user.id}`)).body.login).toBe(login);
  for (const name of [login, user.login])
    expect((await service.client.signIn({ login: name, password: PASSWORD })).status).toBe(201);
});

it('frees a login when its user is renamed', async () => {
  const user = await service.createUser();
  expect((await service.admin.put(`/user/${user.id}`, { login: freshLogin() })).status).toBe(204);
  expect((await service.createUser({ login: user.login })).id).not.toBe(user.id);
});
