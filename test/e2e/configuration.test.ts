import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { TestService, type TestUser } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const pathOf = (name: string) => `/configuration/${encodeURIComponent(name)}`;
const get = (name: string) => service.admin.get(pathOf(name));
const put = (name: string, value: unknown) => service.admin.put(pathOf(name), { value });
const remove = (name: string) => service.admin.delete(pathOf(name));
const notFound = (name: string) => ({
  status: 404,
  message: `Requested config with name = ${name} not found in the database`,
});

// contract.md §4, Configuration
describe('/configuration/{name}', () => {
  it('is set, read, set again and deleted, and counts its changes', async () => {
    const name = freshName('conf');
    expectError(await get(name), notFound(name));
    for (const [entityVersion, value] of ['first', 'second', 'second', ''].entries()) {
      for (const answer of [await put(name, value), await get(name)]) {
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual({ name, value, entityVersion });
      }
    }
    const deleted = await remove(name);
    expect({ status: deleted.status, text: deleted.text }).toEqual({ status: 204, text: '' });
    for (const answer of [await get(name), await remove(name)]) expectError(answer, notFound(name));
  });

  it('is one setting for each name, and names differ by case', async () => {
    const [lower, upper] = [freshName('case'), freshName('case').toUpperCase()];
    await put(lower, '1');
    await put(upper, '2');
    await put(lower.toUpperCase(), '3');
    expect((await get(lower)).body).toEqual({ name: lower, value: '1', entityVersion: 0 });
    expect((await get(upper)).body).toMatchObject({ value: '2' });
    await remove(lower.toUpperCase());
    expect((await get(lower)).status).toBe(200);
  });

  it.each([
    'a',
    'n'.repeat(32),
    '😀'.repeat(32),
    'a.b-c_d:e',
    'a/b',
    'a b',
    '%',
    "' OR ''='",
    '../network/1',
    '__proto__',
    'constructor',
    '0',
  ])('keeps the name %j', async (name) => {
    expectError(await get(name), notFound(name));
    expect((await put(name, 'x')).body).toEqual({ name, value: 'x', entityVersion: 0 });
    expect((await get(name)).body).toEqual({ name, value: 'x', entityVersion: 0 });
    expect((await remove(name)).status).toBe(204);
  });

  it.each(['', 'v'.repeat(128), '😀'.repeat(128), ' spaces ', '{"a":1}', '\t\n', 'null'])(
    'keeps the value %j',
    async (value) => {
      const name = freshName('value');
      expect((await put(name, value)).body).toEqual({ name, value, entityVersion: 0 });
      expect((await get(name)).body.value).toBe(value);
    },
  );

  it.each([
    ['of 33 characters', 'n'.repeat(33)],
    ['of 33 characters of four bytes', encodeURIComponent('😀'.repeat(33))],
    ['with NUL', 'a%00b'],
  ])('refuses a name %s, whatever is asked', async (_what, name) => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? { value: 'x' } : undefined;
      const answer = await service.admin.send(method, `/configuration/${name}`, { body });
      expectError(answer, { status: 400, message: 'Invalid request parameters', fields: ['name'] });
    }
  });

  it.each(['GET', 'PUT', 'DELETE'])('has nothing to %s without a name', async (method) => {
    for (const path of ['/configuration', '/configuration/']) {
      const body = method === 'PUT' ? { value: 'x' } : undefined;
      const { status } = await service.admin.send(method, path, { body });
      expect([400, 404]).toContain(status);
    }
  });

  it.each<[string, unknown]>([
    ['of 129 characters', 'v'.repeat(129)],
    ['with NUL', 'a\0'],
    ['with half of a surrogate pair', '\ud800'],
    ['null', null],
    ['a number', 5],
    ['true', true],
    ['a list', ['5']],
    ['an object', {}],
    ['missing', undefined],
  ])('refuses a value that is %s, and keeps the one it has', async (_what, value) => {
    const name = freshName('kept');
    await put(name, 'kept');
    expectError(await put(name, value), { status: 400, fields: ['value'] });
    expect((await get(name)).body).toEqual({ name, value: 'kept', entityVersion: 0 });
  });

  it('refuses the property name, which is in its path', async () => {
    const answer = await service.admin.put(pathOf(freshName('p')), { value: 'x', name: 'y' });
    expectError(answer, { status: 400, fields: ['name'] });
  });

  it('counts exactly when many set it at once, also for the first time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = freshName('many');
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => put(name, `value ${index}`)),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
      const versions = answers.map(({ body }) => body.entityVersion).sort((a, b) => a - b);
      expect(versions).toEqual([...versions.keys()]);
      const last = answers.find(({ body }) => body.entityVersion === 19);
      expect((await get(name)).body).toEqual(last?.body);
    }
  });

  it('is set or gone, and nothing between, when it is set and deleted at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const name = freshName('both');
      await put(name, 'first');
      const [set, deleted] = await Promise.all([put(name, 'second'), remove(name)]);
      expect(set.status).toBe(200);
      expect(deleted.status).toBe(204);
      const { status, body } = await get(name);
      if (status === 200) expect(body).toEqual(set.body);
      else expect(status).toBe(404);
    }
  });
});

// contract.md §8: `jwt.secret` was readable through `/configuration`
describe('Secrets', () => {
  it.each(['jwt.secret', 'JWT_SECRET', 'Jwt.Secret', 'smtp.password', 'signing.privateKey'])(
    'are not kept under %s',
    async (name) => {
      const answer = await put(name, 'hush');
      expectError(answer, { status: 400, fields: ['name'] });
      expect(answer.text).not.toContain('hush');
      expectError(await get(name), notFound(name));
    },
  );

  it('of the service itself are under no name', async () => {
    const secret = 'a secret of forty characters, or of more';
    const own = await TestService.start({ JWT_SECRET: secret, KEY_ENCRYPTION_SECRET: secret });
    try {
      for (const name of [
        'jwt.secret',
        'JWT_SECRET',
        'KEY_ENCRYPTION_SECRET',
        'DATABASE_URL',
        'ADMIN_PASSWORD',
        'user.anonymous_creation',
      ]) {
        const answer = await own.admin.get(pathOf(name));
        expectError(answer, notFound(name));
        expect(answer.text).not.toContain(secret);
      }
      expect(await own.database.query('SELECT value FROM configuration')).toEqual([]);
    } finally {
      await own.stop();
    }
  });
});

describe('user.login.maxAttempts', () => {
  const NAME = 'user.login.maxAttempts';
  const attempt = ({ login }: TestUser, password: string) => service.client.signIn({ login, password });
  const statusOf = async ({ id }: TestUser) => (await service.admin.get(`/user/${id}`)).body.status;

  /** How many failed logins lock a new user out. */
  async function failuresUntilLockout(): Promise<number> {
    const user = await service.createUser();
    for (let failures = 1; failures <= 20; failures += 1) {
      expectError(await attempt(user, 'a wrong password'), { status: 401, message: 'Invalid credentials' });
      if ((await statusOf(user)) === 1) return failures;
    }
    throw new Error('Twenty failed logins did not lock the user out');
  }

  it('is read live by the lockout, and is 10 when it is not set', async () => {
    expect(await failuresUntilLockout()).toBe(10);
    for (const limit of [3, 1, 5]) {
      expect((await put(NAME, String(limit))).status).toBe(200);
      expect(await failuresUntilLockout()).toBe(limit);
    }
    expect((await remove(NAME)).status).toBe(204);
    expect(await failuresUntilLockout()).toBe(10);
  });

  it('counts logins that failed before it was lowered', async () => {
    const user = await service.createUser();
    for (let failures = 0; failures < 4; failures += 1) await attempt(user, 'a wrong password');
    expect(await statusOf(user)).toBe(0);
    await put(NAME, '2');
    await attempt(user, 'a wrong password');
    expect(await statusOf(user)).toBe(1);
    await remove(NAME);
  });

  it.each(['0', '-1', '1.5', 'ten', '', ' 5', '1e3', '9999999999', '٣'])(
    'refuses the value %j, which would mean no lockout or nothing',
    async (value) => {
      expectError(await put(NAME, value), { status: 400, fields: ['value'] });
      expectError(await get(NAME), notFound(NAME));
    },
  );
});
