import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../support/client.js';
import { freshName } from '../../support/fresh-name.js';
import { ADMINISTRATOR, HOME, PASSWORD, TestService, type TestUser } from '../../support/service.js';

/*
 * The official JavaScript SDK, `devicehive` 2.1.0, against the service as it is installed for it: sign-in at /auth/rest,
 * all else at /api/rest, as in the original's compose file.
 */

/** What a call of the SDK returns, or the text of the error that it throws. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it as they please
type Call = (...parameters: readonly unknown[]) => Promise<any>;
type Fields = Readonly<Record<string, unknown>>;
type Model = new (fields?: Fields) => Record<string, unknown>;

type Methods<Name extends string> = Readonly<Record<Name, Call>>;
type Crud = 'list' | 'count' | 'get' | 'insert' | 'update' | 'delete';

/** What the tests use of the SDK, which comes without types. */
interface Sdk {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly strategy: { authorize(accessToken: string): Promise<void> };
  readonly configuration: Methods<'get' | 'put' | 'delete'>;
  readonly device: Methods<'list' | 'count'>;
  readonly deviceType: Methods<Crud>;
  readonly info: Methods<'getServerInfo' | 'getCacheInfo' | 'getClusterInfo'>;
  readonly network: Methods<Crud>;
  readonly token: Methods<'login' | 'refresh' | 'createUserToken'>;
  readonly user: Methods<
    | Crud
    | 'getCurrent'
    | 'updateCurrent'
    | `${'get' | 'assign' | 'unassign'}${'Network' | 'DeviceType'}`
    | 'getDeviceTypes'
    | 'assignAllDeviceTypes'
    | 'unassignAllDeviceTypes'
  >;
  connect(): Promise<this>;
  disconnect(): void;
}
interface Library {
  new (options: Fields): Sdk;
  readonly models: Readonly<
    Record<'Configuration' | 'DeviceType' | 'Network' | 'User' | 'UserToken', Model>
  > & { readonly query: Readonly<Record<string, Model>> };
}

const DeviceHive = createRequire(import.meta.url)('devicehive') as Library;
const { Configuration, DeviceType, Network, User, UserToken } = DeviceHive.models;
/** A query of the SDK: `UserListQuery`. */
function query(name: string, fields: Fields = {}): object {
  const Query = DeviceHive.models.query[name];
  if (!Query) throw new Error(`The SDK has no ${name}`);
  return new Query(fields);
}

/** A moment as the SDKs read it: UTC, without a zone. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/;

let service: TestService;
let origin: string;
/** Signed in as the administrator. */
let sdk: Sdk;

function connect(credentials: Fields): Promise<Sdk> {
  const urls = { mainServiceURL: `${origin}/api/rest`, authServiceURL: `${origin}/auth/rest` };
  return new DeviceHive({ ...urls, ...credentials }).connect();
}

beforeAll(async () => {
  service = await TestService.start({ COMPATIBILITY: 'devicehive' });
  ({ origin } = new URL(service.client.baseUrl));
  sdk = await connect(ADMINISTRATOR);
});
afterAll(async () => {
  sdk.disconnect();
  await service.stop();
});

const idsOf = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);

/** Creates a user through the SDK, and returns its id. */
async function insertUser(
  fields: Fields & { readonly login?: string } = {},
): Promise<{ id: number; login: string }> {
  const { login = freshName('sdk') } = fields;
  const { id } = await sdk.user.insert(
    new User({ password: PASSWORD, role: 1, status: 0, data: {}, ...fields, login }),
  );
  return { id, login };
}

describe('connect', () => {
  it('signs an administrator in, and makes a token with all rights', () => {
    for (const token of [sdk.accessToken, sdk.refreshToken])
      expect(claimsOf(token).payload).toMatchObject({ u: 1, a: [0], n: ['*'], dt: ['*'] });
  });

  it('signs a client in, and makes a token with the rights of the sign-in', async () => {
    const { id, login, password } = await service.createUser();
    const network = await sdk.network.insert(new Network({ name: freshName('n') }));
    await sdk.user.assignNetwork(id, network.id);
    const own = await connect({ login, password });
    const signedIn = await service.client.signIn({ login, password }, HOME);
    const { u, a, n, dt } = claimsOf(signedIn.body.accessToken).payload;
    expect(claimsOf(own.accessToken).payload).toMatchObject({ u, a, n, dt });
    expect(n).toEqual([String(network.id)]);
    expect((await own.user.getCurrent()).login).toBe(login);
    expect(idsOf(await own.network.list())).toEqual([network.id]);
  });

  it('goes on with the refresh token', async () => {
    const { login, refreshToken } = await service.createUser();
    const own = await connect({ refreshToken });
    expect(await own.user.getCurrent()).toMatchObject({ login });
  });

  it('goes on with an access token', async () => {
    const { login, accessToken } = await service.createUser();
    const own = await connect({ accessToken });
    expect(await own.user.getCurrent()).toMatchObject({ login });
  });

  it('signs in anew where its access token has expired', async () => {
    const user = await service.createUser();
    const own = await connect({ login: user.login, password: user.password });
    const { body } = await user.client.post('/token/create', {
      userId: user.id,
      actions: ['GetCurrentUser'],
      expiration: '2020-01-31T12:00:00.000',
    });
    await own.strategy.authorize(body.accessToken);
    expect(await own.user.getCurrent()).toMatchObject({ id: user.id });
  });

  it('is refused with a wrong password', async () => {
    await expect(connect({ ...ADMINISTRATOR, password: 'a wrong password' })).rejects.toThrow();
  });
});

describe('users', () => {
  it('creates and reads a user', async () => {
    const login = freshName('sdk');
    const fields = { login, role: 1, status: 0, data: { a: [1, { b: null }] }, introReviewed: true };
    const created = await sdk.user.insert(
      new User({ ...fields, password: PASSWORD, allDeviceTypesAvailable: false }),
    );
    expect(created).toEqual({
      id: expect.any(Number),
      lastLogin: null,
      data: fields.data,
      introReviewed: true,
      allDeviceTypesAvailable: false,
    });
    const shown = { ...fields, id: created.id, lastLogin: null, allDeviceTypesAvailable: false };
    expect(await sdk.user.get(created.id)).toEqual({ ...shown, networks: [] });
    expect(await sdk.user.list(query('UserListQuery', { login }))).toEqual([shown]);
    expect((await service.client.signIn({ login, password: PASSWORD }, HOME)).status).toBe(201);
    expect((await sdk.user.get(created.id)).lastLogin).toMatch(TIMESTAMP);
  });

  describe('lists and counts', () => {
    const prefix = freshName('list');
    const ids: number[] = [];
    beforeAll(async () => {
      for (const [name, role, status] of [
        ['b', 1, 0],
        ['a', 1, 2],
        ['c', 0, 0],
      ] as const) {
        ids.push((await insertUser({ login: `${prefix}-${name}`, role, status })).id);
      }
    });
    const pattern = { loginPattern: `${prefix}-%` };

    it.each([
      ['all', {}, [0, 1, 2]],
      ['by login', { login: `${prefix}-a`, loginPattern: undefined }, [1]],
      ['by pattern', { loginPattern: `${prefix}-_` }, [0, 1, 2]],
      ['by role', { role: 0 }, [2]],
      ['by status', { status: 2 }, [1]],
      ['by role and status', { role: 1, status: 0 }, [0]],
    ])('%s', async (_, filter, wanted) => {
      const fields = { ...pattern, ...filter };
      expect(idsOf(await sdk.user.list(query('UserListQuery', fields)))).toEqual(
        wanted.map((index) => ids[index]),
      );
      expect(await sdk.user.count(query('UserCountQuery', fields))).toEqual({ count: wanted.length });
    });

    it.each([
      ['by login, downwards', { sortField: 'login', sortOrder: 'DESC' }, [2, 0, 1]],
      ['by id, downwards', { sortField: 'id', sortOrder: 'desc' }, [2, 1, 0]],
      ['some of them', { take: 1, skip: 1 }, [1]],
      ['none of them', { take: 0 }, []],
      // A form that is left empty: the SDK sends `take&skip=`.
      ['all of them where the form is empty', { take: null, skip: '', role: '', login: null }, [0, 1, 2]],
      ['all of them', { take: 2147483647 }, [0, 1, 2]],
    ])('%s', async (_, page, wanted) => {
      expect(idsOf(await sdk.user.list(query('UserListQuery', { ...pattern, ...page })))).toEqual(
        wanted.map((index) => ids[index]),
      );
    });

    it('everybody without a query', async () => {
      const everybody = await sdk.user.list();
      expect(idsOf(everybody)).toEqual(expect.arrayContaining([1, ...ids]));
      expect(await sdk.user.count()).toEqual({ count: everybody.length });
    });
  });

  it('sends a record back whole, with one change', async () => {
    const { id } = await insertUser({ data: { before: true } });
    const read = await sdk.user.get(id);
    const login = freshName('renamed');
    expect(await sdk.user.update(new User({ ...read, login }))).toBe('');
    expect(await sdk.user.get(id)).toEqual({ ...read, login });
    const changes = { role: 0, status: 2, data: { after: [1] }, introReviewed: true };
    await sdk.user.update(new User({ ...read, login, ...changes }));
    expect(await sdk.user.get(id)).toEqual({ ...read, login, ...changes });
  });

  it('changes only what it names', async () => {
    const { id, login } = await insertUser({ data: { kept: true } });
    await sdk.user.update(new User({ id, password: 'another password' }));
    expect(await sdk.user.get(id)).toMatchObject({ login, data: { kept: true } });
    const signIn = (password: string) => service.client.signIn({ login, password }, HOME);
    expect((await signIn(PASSWORD)).status).toBe(401);
    expect((await signIn('another password')).status).toBe(201);
  });

  it('deletes a user', async () => {
    const { id } = await insertUser();
    expect(await sdk.user.delete(id)).toBe('');
    await expect(sdk.user.get(id)).rejects.toBe(`User with id = ${id} not found`);
  });

  it('refuses a login that another user has', async () => {
    const { login } = await insertUser();
    await expect(insertUser({ login })).rejects.toBe(
      'User with such login already exists. Please, select another one',
    );
  });

  it("reads and changes the administrator's own record", async () => {
    const read = await sdk.user.getCurrent();
    expect(read).toMatchObject({ id: 1, login: ADMINISTRATOR.login, role: 0 });
    expect(read.lastLogin).toMatch(TIMESTAMP);
    await sdk.user.updateCurrent(new User({ ...read, data: { mine: 1 } }));
    expect(await sdk.user.getCurrent()).toMatchObject({ ...read, data: { mine: 1 } });
  });

  it("reads and changes a client's own record", async () => {
    const { id, login } = await insertUser();
    const own = await connect({ login, password: PASSWORD });
    const read = await own.user.getCurrent();
    expect(read.id).toBe(id);
    await own.user.updateCurrent(new User({ ...read, data: { mine: 2 }, introReviewed: true }));
    const changed = { ...read, data: { mine: 2 }, introReviewed: true };
    expect(await own.user.getCurrent()).toEqual(changed);
    await expect(own.user.updateCurrent(new User({ ...changed, role: 0 }))).rejects.toBe(
      'Admin permissions required for this action',
    );
    await expect(own.user.list()).rejects.toBe('Access is denied');
    expect(await own.user.getCurrent()).toEqual(changed);
  });
});

describe.each([
  { api: 'network', Model: Network, path: 'network', queries: 'Network', id: 'networkId' },
  { api: 'deviceType', Model: DeviceType, path: 'devicetype', queries: 'DeviceType', id: 'deviceTypeId' },
] as const)('$api', ({ api, Model, path, queries, id: idName }) => {
  const insert = async (name = freshName('scope'), description?: string) => {
    const { id } = await sdk[api].insert(new Model({ name, description }));
    return { id: id as number, name };
  };
  const remove = (id: number, force: boolean) =>
    sdk[api].delete(query(`${queries}DeleteQuery`, { [idName]: id, force }));

  it('is created and read', async () => {
    const name = freshName('scope');
    const created = await sdk[api].insert(new Model({ name, description: 'd' }));
    expect(created).toEqual({ id: expect.any(Number) });
    const shown = { id: created.id, name, description: 'd' };
    expect(await sdk[api].get(created.id)).toEqual({ devices: [], ...shown });
    expect(await sdk[api].list(query(`${queries}ListQuery`, { name }))).toEqual([shown]);
  });

  it('is listed and counted, by every filter', async () => {
    const prefix = freshName('scope');
    const ids: number[] = [];
    for (const name of ['b', 'a', 'c']) ids.push((await insert(`${prefix}-${name}`)).id);
    const list = async (fields: Fields) => idsOf(await sdk[api].list(query(`${queries}ListQuery`, fields)));
    const count = async (fields: Fields) =>
      (await sdk[api].count(query(`${queries}CountQuery`, fields))).count;
    const [b, a, c] = ids;
    const namePattern = `${prefix}-%`;
    expect(await list({ namePattern })).toEqual([b, a, c]);
    expect(await list({ name: `${prefix}-a` })).toEqual([a]);
    expect(await list({ namePattern, sortField: 'name', sortOrder: 'ASC' })).toEqual([a, b, c]);
    expect(await list({ namePattern, sortField: 'name', sortOrder: 'DESC', take: 2 })).toEqual([c, b]);
    expect(await list({ namePattern, skip: 2 })).toEqual([c]);
    expect(await list({ namePattern, take: 0 })).toEqual([]);
    expect(await list({ namePattern, take: null, skip: null, sortField: '' })).toEqual([b, a, c]);
    expect(await count({ namePattern })).toBe(3);
    expect(await count({ name: `${prefix}-a` })).toBe(1);
    expect(await sdk[api].count()).toEqual({ count: (await list({})).length });
  });

  it('is sent back whole with a change, and in part', async () => {
    const { id } = await insert(undefined, 'before');
    const read = await sdk[api].get(id);
    expect(await sdk[api].update(new Model({ ...read, description: 'after' }))).toBe('');
    expect(await sdk[api].get(id)).toEqual({ ...read, description: 'after' });
    const name = freshName('renamed');
    await sdk[api].update(new Model({ id, name }));
    expect(await sdk[api].get(id)).toEqual({ ...read, name, description: 'after' });
    // The SDK's own way to leave the description alone.
    await sdk[api].update(new Model({ id, name, description: null }));
    expect(await sdk[api].get(id)).toMatchObject({ description: 'after' });
  });

  it.each([true, false])('is deleted with force %s', async (force) => {
    const { id, name } = await insert();
    expect(await remove(id, force)).toBe('');
    expect(await sdk[api].list(query(`${queries}ListQuery`, { name }))).toEqual([]);
    expect((await service.admin.get(`/${path}/${id}`)).status).toBe(404);
  });

  it('has a name of its own', async () => {
    const { name } = await insert();
    await expect(insert(name)).rejects.toMatch(/cannot be created\. .* with such name already exists$/);
  });
});

describe('assignments', () => {
  let user: { id: number; login: string };
  beforeAll(async () => {
    user = await insertUser();
  });

  it('of networks are made and taken back', async () => {
    const name = freshName('n');
    const { id } = await sdk.network.insert(new Network({ name, description: 'd' }));
    const network = { id, name, description: 'd' };
    expect(await sdk.user.assignNetwork(user.id, id)).toBe('');
    expect(await sdk.user.getNetwork(user.id, id)).toEqual({ network });
    expect((await sdk.user.get(user.id)).networks).toEqual([network]);
    expect(await sdk.user.unassignNetwork(user.id, id)).toBe('');
    expect((await sdk.user.get(user.id)).networks).toEqual([]);
    await expect(sdk.user.getNetwork(user.id, id)).rejects.toBe(
      `Network with id ${id} for user with id ${user.id} was not found`,
    );
  });

  it('of device types are made and taken back, one by one and all', async () => {
    const name = freshName('t');
    const { id } = await sdk.deviceType.insert(new DeviceType({ name, description: 'd' }));
    const deviceType = { id, name, description: 'd' };
    expect(idsOf(await sdk.user.getDeviceTypes(user.id))).toContain(id);
    await expect(sdk.user.assignDeviceType(user.id, id)).rejects.toBe(
      'Cannot assign device type to user with all device types allowed',
    );
    expect(await sdk.user.unassignAllDeviceTypes(user.id)).toBe('');
    expect(await sdk.user.getDeviceTypes(user.id)).toEqual([]);
    expect(await sdk.user.assignDeviceType(user.id, id)).toBe('');
    expect(await sdk.user.getDeviceType(user.id, id)).toEqual({ deviceType });
    expect(await sdk.user.getDeviceTypes(user.id)).toEqual([deviceType]);
    expect(await sdk.user.unassignDeviceType(user.id, id)).toBe('');
    expect(await sdk.user.getDeviceTypes(user.id)).toEqual([]);
    expect((await sdk.user.get(user.id)).allDeviceTypesAvailable).toBe(false);
    expect(await sdk.user.assignAllDeviceTypes(user.id)).toBe('');
    expect((await sdk.user.get(user.id)).allDeviceTypesAvailable).toBe(true);
  });
});

describe('tokens', () => {
  let user: TestUser;
  beforeAll(async () => {
    user = await service.createUser();
  });

  it('are had for a login and a password', async () => {
    const { accessToken, refreshToken } = await sdk.token.login(user.login, user.password);
    expect(claimsOf(accessToken).payload).toMatchObject({ u: user.id, t: 1 });
    expect(claimsOf(refreshToken).payload).toMatchObject({ u: user.id, t: 0 });
    await expect(sdk.token.login(user.login, 'a wrong password')).rejects.toBe('Invalid credentials');
  });

  it('are created with fewer rights and for less time', async () => {
    const { id: network } = await sdk.network.insert(new Network({ name: freshName('n') }));
    await sdk.user.assignNetwork(user.id, network);
    const expiration = Date.now() + 600_000;
    const { accessToken, refreshToken } = await sdk.token.createUserToken(
      new UserToken({
        userId: user.id,
        actions: ['GetNetwork', 'GetCurrentUser'],
        networkIds: [String(network)],
        deviceTypeIds: ['*'],
        expiration: new Date(expiration).toISOString(),
        refreshExpiration: expiration + 600_000,
      }),
    );
    const rights = { u: user.id, a: [2, 10], n: [String(network)], dt: ['*'] };
    expect(claimsOf(accessToken).payload).toEqual({ ...rights, e: expiration, t: 1 });
    expect(claimsOf(refreshToken).payload).toEqual({ ...rights, e: expiration + 600_000, t: 0 });
    const own = service.client.as(accessToken);
    expect((await own.get('/user/current')).status).toBe(200);
    expect((await own.put('/user/current', { data: {} })).status).toBe(403);
  });

  it('are refreshed', async () => {
    const { accessToken } = await sdk.token.refresh(user.refreshToken);
    expect((await service.client.as(accessToken).get('/user/current')).body.id).toBe(user.id);
    await expect(sdk.token.refresh(user.accessToken)).rejects.toBe('Invalid token type');
  });
});

describe('configuration', () => {
  it('is set, read, sent back as it was read, and deleted', async () => {
    const name = freshName('a.b');
    const put = await sdk.configuration.put(new Configuration({ name, value: '1' }));
    expect(put).toMatchObject({ name, value: '1' });
    const read = await sdk.configuration.get(name);
    expect(read).toMatchObject({ name, value: '1', entityVersion: expect.any(Number) });
    const again = Object.assign(new Configuration(read), { value: '2', entityVersion: read.entityVersion });
    expect(await sdk.configuration.put(again)).toMatchObject({ name, value: '2' });
    expect(await sdk.configuration.get(name)).toMatchObject({ value: '2' });
    // A number: the text that was sent.
    await sdk.configuration.put(new Configuration({ name, value: 3 }));
    expect(await sdk.configuration.get(name)).toMatchObject({ value: '3' });
    expect(await sdk.configuration.delete(name)).toBe('');
    await expect(sdk.configuration.get(name)).rejects.toBe(
      `Requested config with name = ${name} not found in the database`,
    );
  });
});

describe('info', () => {
  it('is of the server, its cache and its cluster', async () => {
    const info = await sdk.info.getServerInfo();
    expect(info).toMatchObject({ apiVersion: '4.1.0', webSocketServerUrl: expect.any(String) });
    expect(info.serverTimestamp).toMatch(TIMESTAMP);
    const cache = await sdk.info.getCacheInfo();
    expect(cache).toMatchObject({ cacheStats: expect.any(String) });
    expect(cache.serverTimestamp).toMatch(TIMESTAMP);
    expect(await sdk.info.getClusterInfo()).toEqual({
      'bootstrap.servers': 'none',
      'zookeeper.connect': 'none',
    });
  });
});

describe('devices', () => {
  it('are none', async () => {
    expect(await sdk.device.list()).toEqual([]);
    expect(await sdk.device.count()).toEqual({ count: 0 });
  });
});
