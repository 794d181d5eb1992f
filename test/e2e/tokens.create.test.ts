import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, type Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { assignNew } from '../support/scopes.js';
import { TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const CLIENT_ACTIONS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17];
const ABSENT = 99_999_999;

/** The claims of the access token that `wanted` gives. */
async function created(wanted: Record<string, unknown>, by: Client = service.admin) {
  const { status, body, text } = await by.post('/token/create', wanted);
  expect(status, text).toBe(201);
  return claimsOf(body.accessToken).payload;
}

describe('POST /token/create', () => {
  it('returns 201 with an access and a refresh token of the same rights', async () => {
    const { id } = await service.createUser();
    const { status, body } = await service.admin.post('/token/create', {
      userId: id,
      actions: ['GetDevice'],
      networkIds: [],
      deviceTypeIds: '*',
    });
    expect(status).toBe(201);
    expect(body).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String) });
    const rights = { u: id, a: [3], n: [], dt: ['*'], e: expect.any(Number) };
    expect(claimsOf(body.accessToken).payload).toEqual({ ...rights, t: 1 });
    expect(claimsOf(body.refreshToken).payload).toEqual({ ...rights, t: 0 });
    expect((await service.client.refresh(body.refreshToken)).status).toBe(201);
  });

  it('needs no more than userId: then the token carries no action and names no scope', async () => {
    const { id } = await service.createUser({ role: 0 });
    expect(await created({ userId: id })).toEqual({ u: id, a: [1], e: expect.any(Number), t: 1 });
    const nothing = { actions: null, networkIds: null, deviceTypeIds: null };
    expect(await created({ userId: id, ...nothing, expiration: null, refreshExpiration: null })).toEqual({
      u: id,
      a: [1],
      e: expect.any(Number),
      t: 1,
    });
  });

  it.each([
    ['names', ['GetNetwork', 'ManageUser'], [2, 12]],
    ['numbers', [12, 2], [2, 12]],
    ['numbers as texts', ['2', '12'], [2, 12]],
    ['all of them mixed, and some twice', ['ManageUser', 12, '2', 2], [2, 12]],
    ['*', '*', [0]],
    ['a list of *', ['*'], [0]],
    ['0', [0], [0]],
    ['* and others', ['*', 'GetDevice'], [0]],
    ['an empty list', [], [1]],
  ])('takes actions as %s', async (_what, actions, a) => {
    const { id } = await service.createUser({ role: 0 });
    expect(await created({ userId: id, actions })).toMatchObject({ a });
  });

  it.each([
    ['an unknown name', ['GetNetwork', 'FlyAway'], 'FlyAway'],
    ['another case', ['getnetwork'], 'getnetwork'],
    ['an unknown number', [19], '19'],
    ['a negative number', [-1], '-1'],
    ['a fraction', [2.5], '2.5'],
    ['null', [null], 'null'],
    ['the name of nothing', ['constructor'], 'constructor'],
  ])('returns 400 for %s among the actions, and names it', async (_what, actions, named) => {
    const { id } = await service.createUser({ role: 0 });
    const answer = await service.admin.post('/token/create', { userId: id, actions });
    expectError(answer, { status: 400, fields: ['actions'] });
    expect(answer.body.message).toContain(named);
  });

  it.each(['GetNetwork', 2, {}, true, [[2]], [{}]])('returns 400 for actions of %j', async (actions) => {
    expectError(await service.admin.post('/token/create', { userId: 1, actions }), {
      status: 400,
      fields: ['actions'],
    });
  });

  it.each([
    ['texts', ['3', '1'], ['1', '3']],
    ['numbers', [3, 1], ['1', '3']],
    ['both, and some twice', ['3', 1, '1'], ['1', '3']],
    ['*', '*', ['*']],
    ['a list of *', ['*'], ['*']],
    ['* and others', [1, '*'], ['*']],
    ['an empty list', [], []],
    ['ids of nothing yet', [ABSENT], [String(ABSENT)]],
  ])('takes ids of networks and device types as %s', async (_what, ids, claimed) => {
    const { id } = await service.createUser({ role: 0 });
    expect(await created({ userId: id, networkIds: ids })).toMatchObject({ n: claimed });
    expect(await created({ userId: id, deviceTypeIds: ids })).toMatchObject({ dt: claimed });
  });

  it.each([['x'], ['1x'], [0], [-1], [1.5], [null], [[1]], [''], ['1'.repeat(40)]])(
    'returns 400 for the id %j, and says of which field',
    async (item) => {
      for (const field of ['networkIds', 'deviceTypeIds']) {
        expectError(await service.admin.post('/token/create', { userId: 1, [field]: [item] }), {
          status: 400,
          fields: [field],
        });
      }
    },
  );

  it('returns 400 for ids of which one is none, though another is *', async () => {
    for (const field of ['networkIds', 'deviceTypeIds']) {
      expectError(await service.admin.post('/token/create', { userId: 1, [field]: ['*', 'x'] }), {
        status: 400,
        fields: [field],
      });
    }
  });

  it.each([1, 'x', {}, true])('returns 400 for ids of %j', async (ids) => {
    for (const field of ['networkIds', 'deviceTypeIds']) {
      expectError(await service.admin.post('/token/create', { userId: 1, [field]: ids }), {
        status: 400,
        fields: [field],
      });
    }
  });

  it.each([
    '2099-01-31T12:00:00.000Z',
    '2099-01-31T12:00:00Z',
    '2099-01-31T14:00:00+02:00',
    '2099-01-31T12:00:00',
  ])('lets the tokens expire at %s', async (moment) => {
    const { body } = await service.admin.post('/token/create', {
      userId: 1,
      expiration: moment,
      refreshExpiration: moment,
    });
    const at = Date.UTC(2099, 0, 31, 12);
    for (const token of [body.accessToken, body.refreshToken]) {
      expect(claimsOf(token)).toMatchObject({ payload: { e: at }, exp: at / 1000 });
    }
  });

  it('lets tokens without a moment live as long as any', async () => {
    const { body } = await service.admin.post('/token/create', { userId: 1 });
    const [access, refresh] = [claimsOf(body.accessToken), claimsOf(body.refreshToken)];
    expect((access.exp ?? 0) - (access.iat ?? 0)).toBe(1800);
    expect((refresh.exp ?? 0) - (refresh.iat ?? 0)).toBe(15_724_800);
  });

  it.each([
    ['a past moment', '2001-01-31T12:00:00.000Z'],
    ['nonsense', 'soon'],
    ['an empty text', ''],
    ['a day that is not', '2099-02-31T12:00:00Z'],
    ['an hour that is not', '2099-02-28T25:00:00Z'],
    ['a number', 4102444800000],
    ['a list', ['2099-01-31T12:00:00.000Z']],
    ['an object', {}],
    ['true', true],
  ])('returns 400 for %s as an expiration', async (_what, moment) => {
    for (const field of ['expiration', 'refreshExpiration']) {
      expectError(await service.admin.post('/token/create', { userId: 1, [field]: moment }), {
        status: 400,
        fields: [field],
      });
    }
  });

  it.each([
    ['absent', {}],
    ['null', { userId: null }],
    ['0', { userId: 0 }],
    ['negative', { userId: -1 }],
    ['a fraction', { userId: 1.5 }],
    ['a word', { userId: 'me' }],
    ['too large', { userId: 1e300 }],
    ['a list', { userId: [1] }],
  ])('returns 400 when userId is %s', async (_what, body) => {
    expectError(await service.admin.post('/token/create', body), { status: 400, fields: ['userId'] });
  });

  it('returns 404 when there is no such user', async () => {
    expectError(await service.admin.post('/token/create', { userId: ABSENT }), {
      status: 404,
      message: `User with id = ${ABSENT} not found`,
    });
  });

  it.each([1, 2])('returns 403 when the user has status %d', async (status) => {
    const { id } = await service.createUser({ status });
    expectError(await service.admin.post('/token/create', { userId: id }), {
      status: 403,
      message: 'User is locked or disabled',
    });
  });
});

describe('Tokens made by an administrator for a client', () => {
  it('never carry more than the client has (contract.md §8) (ASVS 8.2.1)', async () => {
    const { id } = await service.createUser({ allDeviceTypesAvailable: false });
    const network = await assignNew(service.database, 'network', id);
    const deviceType = await assignNew(service.database, 'deviceType', id);
    const own = { n: [String(network)], dt: [String(deviceType)] };
    const all = { actions: '*', networkIds: '*', deviceTypeIds: '*' };
    expect(await created({ userId: id, ...all })).toMatchObject({ a: CLIENT_ACTIONS, ...own });
    const named = {
      actions: ['ManageUser', 'ManageConfiguration', 'ManageNetwork', 'ManageDeviceType', 'GetDevice'],
      networkIds: [1, network],
      deviceTypeIds: [1, deviceType],
    };
    expect(await created({ userId: id, ...named })).toMatchObject({ a: [3], ...own });
    expect(await created({ userId: id, actions: ['ManageUser'] })).toMatchObject({ a: [1] });
  });
});

describe('A client', () => {
  it('creates tokens for itself with what it has', async () => {
    const user = await service.createUser();
    const wanted = { userId: user.id, actions: ['GetDevice', 'ManageToken'], deviceTypeIds: [5] };
    expect(await created(wanted, user.client)).toMatchObject({ u: user.id, a: [3, 15], dt: ['5'] });
    const all = { userId: user.id, actions: CLIENT_ACTIONS, networkIds: [], deviceTypeIds: '*' };
    expect(await created(all, user.client)).toMatchObject({ a: CLIENT_ACTIONS, n: [], dt: ['*'] });
  });

  it('is refused for another user, whether or not there is one (ASVS 8.2.2)', async () => {
    const user = await service.createUser();
    const other = await service.createUser();
    const locked = await service.createUser({ status: 1 });
    const answers = await Promise.all(
      [other.id, locked.id, 1, ABSENT].map((userId) => user.client.post('/token/create', { userId })),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(403);
      expect(body.message).toBe('Access is denied');
    }
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('is refused any number of rights beyond its own, and not told at such length', async () => {
    const user = await service.createUser({ allDeviceTypesAvailable: false });
    const { length } = (await user.client.post('/token/create', { userId: user.id, networkIds: [7] })).text;
    for (const networkIds of [Array.from({ length: 100_000 }, (_, id) => id + 1), Array(100_000).fill(7)]) {
      const answer = await user.client.post('/token/create', { userId: user.id, networkIds });
      expect(answer.status).toBe(403);
      expect(answer.text.length).toBeLessThan(20 * length);
    }
    const again = await user.client.post('/token/create', { userId: user.id, networkIds: [7, 7, '8', '8'] });
    expect(again.body.details).toHaveLength(2);
  });

  it('is refused rights beyond its own, and told which (ASVS 8.2.1)', async () => {
    const user = await service.createUser({ allDeviceTypesAvailable: false });
    const network = await assignNew(service.database, 'network', user.id);
    const { body } = await service.client.signIn(user);
    const client = service.client.as(body.accessToken);

    for (const [wanted, named] of [
      [{ actions: ['GetDevice', 'ManageUser'] }, [['actions', 'ManageUser']]],
      [{ actions: '*' }, [['actions', '*']]],
      [{ networkIds: [network, 1] }, [['networkIds', '1']]],
      [{ networkIds: '*' }, [['networkIds', '*']]],
      [{ deviceTypeIds: ['1'] }, [['deviceTypeIds', '1']]],
      [{ deviceTypeIds: '*' }, [['deviceTypeIds', '*']]],
      [
        { actions: [12], networkIds: [1] },
        [
          ['actions', 'ManageUser'],
          ['networkIds', '1'],
        ],
      ],
    ] as [object, [string, string][]][]) {
      const answer = await client.post('/token/create', { userId: user.id, ...wanted });
      expect(answer.status).toBe(403);
      expect(answer.body).toEqual({
        error: 403,
        message: 'Access is denied',
        details: named.map(([field, value]) => ({ field, message: expect.stringContaining(value) })),
      });
    }
  });
});
