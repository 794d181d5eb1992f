import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, claimsOf } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { forge, stolenKey } from '../support/forge.js';
import { createHolder, idsOf, KINDS } from '../support/scopes.js';
import { TestService, type TestUser } from '../support/service.js';

/* Tokens of users with more networks and device types than fit into one (contract.md §5, `payload.x`). */

const MOST_BYTES = 8192;

let service: TestService;
let rotating: TestService;
beforeAll(async () => {
  service = await TestService.start();
  rotating = await TestService.start(
    // The longest that a token's other claims can be.
    { REFRESH_ROTATION: 'on', JWT_ISSUER: '😀'.repeat(127) },
  );
});
afterAll(async () => {
  await service.stop();
  await rotating.stop();
});

let names = 0;
/** A client with so many networks and device types, signed in. */
async function createOwner(
  counts: { readonly networks: number; readonly deviceTypes: number },
  at = service,
): Promise<TestUser> {
  const [network] = KINDS;
  const user = await createHolder(at, network);
  const total = { networks: counts.networks, device_types: counts.deviceTypes };
  for (const { table, assignments, column } of KINDS) {
    names += 1;
    const name = `long ${names}-`;
    // Through the API this would take minutes.
    await at.database.query(
      `INSERT INTO ${table} (name, name_key) WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${total[table]}) ` +
        `SELECT '${name}' || n, '${name}' || n FROM numbers`,
    );
    await at.database.query(
      `INSERT INTO ${assignments} (user_id, ${column}) SELECT ${user.id}, id FROM ${table} WHERE name LIKE '${name}%'`,
    );
  }
  const { status, body } = await at.client.signIn(user);
  expect(status).toBe(201);
  return { ...user, ...body, client: at.client.as(body.accessToken) };
}

const assignedIds = async ({ id }: TestUser, kind: (typeof KINDS)[number], at = service) => {
  const { assignments, column } = kind;
  const rows = await at.database.query(
    `SELECT ${column} AS id FROM ${assignments} WHERE user_id = ? ORDER BY ${column}`,
    [id],
  );
  return rows.map((row) => Number(row['id']));
};
const payloadOf = (token: string) => claimsOf(token).payload;
const listed = async (answer: Promise<Answer>): Promise<number[]> => {
  const { status, body, text } = await answer;
  expect([status, status === 200 ? '' : text]).toEqual([200, '']);
  return idsOf({ body } as Answer);
};

describe.each([
  ['1,700 networks', { networks: 1700, deviceTypes: 3 }, ['n']],
  ['1,700 device types', { networks: 3, deviceTypes: 1700 }, ['dt']],
  ['1,700 of both', { networks: 1700, deviceTypes: 1700 }, ['n', 'dt']],
  ['20,000 of both', { networks: 20_000, deviceTypes: 20_000 }, ['n', 'dt']],
] as const)('a user with %s', (_, counts, left) => {
  let user: TestUser;
  beforeAll(async () => {
    user = await createOwner(counts);
  });

  it('has tokens of at most 8 KiB that say which lists they leave out', () => {
    for (const token of [user.accessToken, user.refreshToken]) {
      expect(token.length).toBeLessThanOrEqual(MOST_BYTES);
      const payload = payloadOf(token);
      expect(payload['x']).toEqual(left);
      for (const { claim } of KINDS)
        expect([claim, claim in payload]).toEqual([claim, !(left as readonly string[]).includes(claim)]);
    }
  });

  it('reaches all of them, and nothing else', async () => {
    for (const kind of KINDS) {
      const own = await assignedIds(user, kind);
      const count = await user.client.get(`/${kind.path}/count`);
      expect(count.body).toEqual({ count: own.length });
      expect(await listed(user.client.get(`/${kind.path}?take=10000`))).toEqual(own.slice(0, 10_000));
      expect((await user.client.get(`/${kind.path}/${own.at(-1)}`)).status).toBe(200);
      expect((await user.client.get(`/${kind.path}/1`)).status).toBe(403);
    }
  });

  it('loses what is taken away at once, and gets it back', async () => {
    for (const kind of KINDS) {
      const [id = 0] = await assignedIds(user, kind);
      const path = `/user/${user.id}/${kind.path}/${id}`;
      expect((await service.admin.delete(path)).status).toBe(204);
      expect((await user.client.get(`/${kind.path}/${id}`)).status).toBe(403);
      const { body } = await service.client.refresh(user.refreshToken);
      expect((await service.client.as(body.accessToken).get(`/${kind.path}/${id}`)).status).toBe(403);
      expect((await service.admin.put(path)).status).toBe(204);
      expect((await user.client.get(`/${kind.path}/${id}`)).status).toBe(200);
    }
  });

  it('refreshes to tokens that are as short and reach as much', async () => {
    const { status, body } = await service.client.refresh(user.refreshToken);
    expect(status).toBe(201);
    expect(body.accessToken.length).toBeLessThanOrEqual(MOST_BYTES);
    expect(payloadOf(body.accessToken)['x']).toEqual(left);
    const client = service.client.as(body.accessToken);
    for (const kind of KINDS) {
      const own = await assignedIds(user, kind);
      expect((await client.get(`/${kind.path}/count`)).body).toEqual({ count: own.length });
    }
  });

  it('gives tokens of all that it has, and of nothing more', async () => {
    const own = {
      networkIds: await assignedIds(user, KINDS[0]),
      deviceTypeIds: await assignedIds(user, KINDS[1]),
    };
    const some = { networkIds: own.networkIds.slice(-1000), deviceTypeIds: own.deviceTypeIds.slice(-1000) };
    const rights = { userId: user.id, actions: ['GetNetwork', 'GetDeviceType', 'ManageToken'] };
    const created = await user.client.post('/token/create', { ...rights, ...some });
    expect(created.status).toBe(201);
    const child = service.client.as(created.body.accessToken);
    for (const kind of KINDS) {
      const granted = some[kind.rights];
      expect(await listed(child.get(`/${kind.path}?take=10000`))).toEqual(granted);
      expectError(await user.client.post('/token/create', { ...rights, ...some, [kind.rights]: [1] }), {
        status: 403,
        fields: [kind.rights],
      });
      // The created token has no more than it was given, whatever its user has.
      const [first = 0] = own[kind.rights];
      const isGranted = granted.includes(first);
      const grandchild = { ...rights, [kind.rights]: [first] };
      expect((await child.post('/token/create', grandchild)).status).toBe(isGranted ? 201 : 403);
      expect((await child.get(`/${kind.path}/${first}`)).status).toBe(isGranted ? 200 : 403);
    }
    const { body } = await user.client.get('/user/current/session');
    expect(body.find(({ current }: { current: boolean }) => current).networkIds).toEqual(own.networkIds);
  });

  it('has no list that is absent and not left out', async () => {
    const { body } = await user.client.post('/token/create', { userId: user.id, actions: ['GetNetwork'] });
    expect(payloadOf(body.accessToken)).not.toHaveProperty('x');
    const none = service.client.as(body.accessToken);
    expect((await none.get('/network')).body).toEqual([]);
  });
});

describe('the limit', () => {
  it('is met by a token of every length', async () => {
    const user = await createOwner({ networks: 1000, deviceTypes: 3 });
    const own = await assignedIds(user, KINDS[0]);
    const seen = new Set<unknown>();
    for (let count = 600; count <= 1000; count += 20) {
      const { accessToken } = await service.createToken(user.id, {
        actions: ['GetNetwork'],
        networkIds: own.slice(0, count),
      });
      const { n, x } = payloadOf(accessToken);
      expect(accessToken.length).toBeLessThanOrEqual(MOST_BYTES);
      expect(Array.isArray(n)).toBe(x === undefined);
      seen.add(x === undefined);
      const client = service.client.as(accessToken);
      expect((await client.get('/network/count')).body).toEqual({ count });
    }
    expect(seen).toEqual(new Set([true, false]));
  });

  it('holds with the longest issuer, and a successor is the same whenever it is asked for', async () => {
    const user = await createOwner({ networks: 1700, deviceTypes: 1700 }, rotating);
    const [one, another] = [
      await rotating.client.refresh(user.refreshToken),
      await rotating.client.refresh(user.refreshToken),
    ];
    expect(one.body.refreshToken).toBe(another.body.refreshToken);
    const next = await rotating.client.refresh(one.body.refreshToken);
    for (const token of [
      user.accessToken,
      one.body.refreshToken,
      next.body.accessToken,
      next.body.refreshToken,
    ]) {
      expect(token.length).toBeLessThanOrEqual(MOST_BYTES);
      expect(payloadOf(token)['x']).toEqual(['n', 'dt']);
    }
    const client = rotating.client.as(next.body.accessToken);
    for (const kind of KINDS) expect((await client.get(`/${kind.path}/count`)).body).toEqual({ count: 1700 });
  });

  it('is not that of what the service can answer: 70,000 networks', async () => {
    const user = await createOwner({ networks: 70_000, deviceTypes: 1 });
    expect((await user.client.get('/network/count')).body).toEqual({ count: 70_000 });
    expect(await listed(user.client.get('/network?take=10'))).toHaveLength(10);
    expect((await service.client.refresh(user.refreshToken)).status).toBe(201);
  });
});

describe('an administrator', () => {
  it('has a token without lists that names none, unless x says so', async () => {
    const { accessToken } = await service.createToken(1, { actions: ['*'] });
    expect((await service.client.as(accessToken).get('/network')).body).toEqual([]);
    // Signed by somebody with the key: the session grants nothing, so x gives nothing.
    const key = await stolenKey(service.database);
    const claims = claimsOf(accessToken);
    const forged = await forge(
      { ...claims, payload: { ...claims.payload, x: ['n', 'dt'] } },
      key.privateKey,
      {
        kid: key.kid,
      },
    );
    expect((await service.client.as(forged).get('/network')).body).toEqual([]);
  });
});
