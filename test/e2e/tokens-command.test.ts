import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../support/client.js';
import { runCommand } from '../support/command.js';
import { expectFailure } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { assign, createScope, KINDS } from '../support/scopes.js';
import { TestService } from '../support/service.js';

/* `hivegate tokens create` and `users create --no-password` (contract.md §10). */

const SETTINGS = {
  KEY_ENCRYPTION_SECRET: 'q7!vhXe-2Lk_9TzR',
  JWT_AUDIENCE: 'apps',
  CREATED_TOKEN_MAX_TTL: '5184000',
};
const DAY = 86_400_000;

let service: TestService;
beforeAll(async () => {
  service = await TestService.start(SETTINGS);
});
afterAll(() => service.stop());

const run = (noun: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runCommand(noun, ['create', ...args], {
    DATABASE_URL: service.database.url,
    BCRYPT_COST: '4',
    ...SETTINGS,
    ...environment,
  });
const countSessions = async () =>
  Number((await service.database.query('SELECT COUNT(*) AS count FROM sessions'))[0]?.['count']);

/** Makes a service account, and a token for it. */
async function createAccount(
  ...args: string[]
): Promise<{ id: number; login: string; token: string; stderr: string }> {
  const login = freshName('service');
  const id = Number((await run('users', [login, '--no-password'])).stdout);
  const { code, stdout, stderr } = await run('tokens', ['--user', login, '--label', 'nightly', ...args]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^ey[\w-]+\.[\w-]+\.[\w-]+\n$/)]);
  return { id, login, token: stdout.trim(), stderr };
}
const currentOf = async (token: string) => (await service.client.as(token).get('/user/current')).status;

describe('tokens create', () => {
  it('makes a token that the running service accepts, and lists, shows and revokes as a session of its user', async () => {
    const before = Date.now();
    const { id, login, token, stderr } = await createAccount(
      '--actions',
      'GetCurrentUser, 2',
      '--expires',
      '30d',
    );
    expect(stderr).toMatch(
      new RegExp(`^A token for ${login} \\(user ${id}\\), until \\S+Z: actions GetCurrentUser GetNetwork; `),
    );
    expect(stderr).not.toContain('ey');
    const claims = claimsOf(token);
    expect(claims).toMatchObject({
      iss: 'hivegate',
      aud: 'apps',
      sub: String(id),
      payload: { u: id, a: [2, 10], t: 1 },
    });
    expect(claims).not.toHaveProperty('act');
    const end = Number(claims.payload['e']);
    expect([end >= before + 30 * DAY, end <= Date.now() + 30 * DAY]).toEqual([true, true]);
    expect(await currentOf(token)).toBe(200);
    expect((await service.admin.post('/token/introspect', { token })).body).toMatchObject({
      active: true,
      scope: 'GetNetwork GetCurrentUser',
    });

    const { body: sessions } = await service.admin.get(`/user/${id}/session`);
    expect(sessions).toEqual([
      expect.objectContaining({
        id: claims['sid'],
        kind: 'created',
        label: 'nightly',
        createdBy: null,
        address: null,
        userAgent: null,
        expiresAt: new Date(end).toISOString(),
        actions: expect.arrayContaining([2, 10]) as unknown,
        networkIds: [],
        deviceTypeIds: [],
      }),
    ]);
    const { body: events, text } = await service.admin.get(
      `/event?subject=user/${id}&type=hivegate.session.created`,
    );
    expect(events).toEqual([
      expect.objectContaining({
        data: expect.objectContaining({ actor: null, command: 'tokens create' }) as unknown,
      }),
    ]);
    expect(text).not.toContain(token);
    // It is a session of its own: it does not reach others.
    expect((await service.client.as(token).post('/token/create', { userId: id })).status).toBe(403);
    expect((await service.admin.delete(`/user/${id}/session/${String(claims['sid'])}`)).status).toBe(204);
    expect(await currentOf(token)).toBe(401);
  });

  it('ends with no administrator, but with its user', async () => {
    const administrators = [await service.createUser({ role: 0 }), await service.createUser({ role: 0 })];
    const { token } = await createAccount('--actions', '*');
    const [first, second] = administrators;
    await service.admin.put(`/user/${first?.id ?? 0}`, { role: 1 });
    await service.admin.delete(`/user/${second?.id ?? 0}`);
    expect(await currentOf(token)).toBe(200);
    for (const end of [
      (id: number) => service.admin.put(`/user/${id}`, { status: 2 }),
      (id: number) => service.admin.put(`/user/${id}`, { password: 'another long password' }),
      (id: number) => service.admin.delete(`/user/${id}`),
    ]) {
      const account = await createAccount('--actions', 'GetCurrentUser');
      expect(await currentOf(account.token)).toBe(200);
      expect((await end(account.id)).status).toBe(204);
      expect(await currentOf(account.token)).toBe(401);
    }
  });

  it('gives only what the user has now, and names the rest', async () => {
    const [networks, deviceTypes] = KINDS;
    const user = await service.createUser({ allDeviceTypesAvailable: false });
    const [mine, other, type] = [
      await createScope(service, networks),
      await createScope(service, networks),
      await createScope(service, deviceTypes),
    ];
    await assign(service, networks, user.id, mine);
    const create = (...args: string[]) =>
      run('tokens', ['--user', user.login.toUpperCase(), '--label', 'x', ...args]);
    const { stdout } = await create('--actions=GetNetwork', `--networks=${mine}`);
    expect(claimsOf(stdout.trim()).payload).toMatchObject({ a: [2], n: [String(mine)] });
    const count = await countSessions();
    for (const [args, named] of [
      [['--actions=ManageUser,GetDevice'], '--actions ManageUser'],
      [['--actions=GetNetwork', `--networks=${mine},${other}`], `--networks ${other}`],
      [['--actions=GetNetwork', '--networks=*'], '--networks *'],
      [['--actions=GetNetwork', `--device-types=${type}`], `--device-types ${type}`],
    ] as const) {
      const { code, stdout: said, stderr } = await create(...args);
      expect([args, code, said, stderr]).toEqual([args, 1, '', `${user.login} may not have: ${named}\n`]);
    }
    await service.admin.put(`/user/${user.id}`, { status: 2 });
    expectFailure(await create('--actions=GetNetwork'), /is disabled: a token would be refused$/);
    await service.admin.put(`/user/${user.id}`, { status: 1 });
    expectFailure(
      await create('--actions=GetNetwork'),
      /is locked out by an administrator: a token would be refused$/,
    );
    expect(await countSessions()).toBeLessThanOrEqual(count);
    const { stdout: administrators } = await run('tokens', [
      ...['--user', 'root', '--label', 'all', '--actions', '*', '--networks', '*', '--device-types', '*'],
    ]);
    expect(claimsOf(administrators.trim()).payload).toMatchObject({ a: [0], n: ['*'], dt: ['*'] });
  });

  it('changes nothing where it is refused', async () => {
    const count = await countSessions();
    const argumentsOf = (fields: Readonly<Record<string, string>>) =>
      Object.entries({ user: 'root', actions: 'GetNetwork', label: 'x', ...fields }).map(
        ([name, value]) => `--${name}=${value}`,
      );
    expectFailure(
      await run('tokens', ['--user=root']),
      /^--label is missing\. Usage: hivegate tokens create /,
    );
    expectFailure(await run('tokens', argumentsOf({ user: 'nobody-has-this' })), /^No user has that login$/);
    // The service could not verify what another secret would sign.
    const args = argumentsOf({});
    expectFailure(
      await run('tokens', args, { KEY_ENCRYPTION_SECRET: 'of another service' }),
      /KEY_ENCRYPTION_SECRET/,
    );
    expect(await countSessions()).toBe(count);
    // Without --expires: 90 days, or what is allowed.
    const { stdout } = await run('tokens', args);
    const { iat = 0, exp = 0 } = claimsOf(stdout.trim());
    expect(Math.abs(exp - iat - Number(SETTINGS.CREATED_TOKEN_MAX_TTL))).toBeLessThan(60);
  });
});

describe('users create --no-password', () => {
  it('makes a user who cannot sign in, as one with another password cannot', async () => {
    const login = freshName('service');
    const { code, stdout } = await run('users', [login, '--no-password']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+\n$/)]);
    for (const password of ['', ' ', 'null', login, 'a password of somebody']) {
      const { status, body } = await service.client.signIn({ login, password });
      expect([password, status]).toEqual([password, password.trim() === '' ? 400 : 401]);
      expect(body.message).toBe(
        status === 401 ? 'Invalid credentials' : 'Invalid or empty authorization request parameters',
      );
    }
    const { body: events } = await service.admin.get(
      `/event?subject=user/${Number(stdout)}&type=hivegate.user.created`,
    );
    expect(events).toHaveLength(1);
    // An administrator can give it a password.
    await service.admin.put(`/user/${Number(stdout)}`, { password: 'a new long password' });
    expect((await service.client.signIn({ login, password: 'a new long password' })).status).toBe(201);
  });
});
