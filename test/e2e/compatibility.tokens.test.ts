import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionsOfRole, ALL_ACTIONS } from '../properties/access-model.js';
import { claimsOf, type Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { createHolder, createScope, KINDS } from '../support/scopes.js';
import { TestService, type TestUser } from '../support/service.js';
import { createUser } from '../support/users.js';

/* POST /token/create with COMPATIBILITY=devicehive (contract.md §9): more requests are accepted, and nobody gains a right. */

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ COMPATIBILITY: 'devicehive' });
});
afterAll(() => service.stop());

const CLIENT_ACTIONS = [...actionsOfRole(1)];
const YEAR = 31_536_000_000;
const MINUTE = 60_000;
const [NETWORK, DEVICE_TYPE] = KINDS;

const create = (wanted: Record<string, unknown>, by: Client = service.admin) =>
  by.post('/token/create', wanted);

interface Payload {
  readonly a: readonly number[];
  readonly n?: readonly string[];
  readonly dt?: readonly string[];
  readonly e: number;
}

/** The payload of the access token that a request gives. */
async function created(wanted: Record<string, unknown>, by?: Client): Promise<Payload> {
  const { status, body, text } = await create(wanted, by);
  expect(status, text).toBe(201);
  return claimsOf(body.accessToken).payload as unknown as Payload;
}

/** The moments that the tokens of a request expire at, in milliseconds. */
async function endsOf(
  wanted: Record<string, unknown>,
  by?: Client,
): Promise<{ access: number; refresh: number }> {
  const { status, body, text } = await create(wanted, by);
  expect(status, text).toBe(201);
  const endOf = (token: string) => claimsOf(token).payload['e'] as number;
  return { access: endOf(body.accessToken), refresh: endOf(body.refreshToken) };
}

const isNear = (moment: number, wanted: number) => Math.abs(moment - wanted) < MINUTE;

describe('The page of a console that makes tokens', () => {
  it('gets them for what it sends', async () => {
    const { status, body, text } = await create({
      userId: 1,
      tokenType: 1,
      actions: ['GetNetwork'],
      networkIds: ['0'],
      deviceTypeIds: [0],
      expiration: '',
      refreshExpiration: 1_893_456_000_000,
    });
    expect(status, text).toBe(201);
    expect(claimsOf(body.accessToken).payload).toMatchObject({ a: [2], n: [], dt: [], t: 1 });
    // A year is the most.
    const end = claimsOf(body.refreshToken).payload['e'] as number;
    expect(end).toBeLessThanOrEqual(Math.min(1_893_456_000_000, Date.now() + YEAR));
    expect((await service.client.as(body.accessToken).get('/network')).body).toEqual([]);
  });

  it("gets a client's token with less than it asks for", async () => {
    const { id } = await service.createUser();
    const wanted = {
      userId: id,
      actions: ['ManageUser', 'GetNetwork'],
      expiration: '2050-01-01T00:00:00.000',
    };
    const { a, e } = await created(wanted);
    expect(a).toEqual([2]);
    expect(isNear(e, Date.now() + YEAR)).toBe(true);
  });
});

describe('Actions', () => {
  let userId: number;
  beforeAll(async () => {
    userId = (await createUser(service.admin, { role: 0 })).id;
  });

  it.each([
    ['names in any case', ['getnetwork', 'GETDEVICE', 'GetCurrentUser'], [2, 3, 10]],
    ['numbers', [2, 12], [2, 12]],
    ['a number as a text, which is an unknown name', ['2', 'GetDevice'], [3]],
    ['an unknown name', ['GetDevcie'], [1]],
    ['an unknown name among others', ['GetDevcie', 'GetDevice', 'constructor'], [3]],
    ['unknown numbers', [19, -1, 2.5, 3], [3]],
    ['unknown numbers alone', [99], [1]],
    ['nothing in a list', [], CLIENT_ACTIONS],
    ['null', null, [1]],
    ['*', '*', [0]],
    ['a list of *', ['*'], [0]],
  ])('are %s', async (_what, actions, a) => {
    expect((await created({ userId, actions })).a).toEqual(a);
  });

  it('are none where they are absent', async () => {
    expect((await created({ userId })).a).toEqual([1]);
  });

  it.each([[[null]], [[{}]], [[[2]]], ['GetNetwork'], [2], [{}]])('are not %j', async (actions) => {
    expectError(await create({ userId, actions }), { status: 400, fields: ['actions'] });
  });

  it('that were sent as an empty list are those that the calling token has, too', async () => {
    const caller = await service.createUser();
    const narrow = await service.createToken(caller.id, { actions: ['ManageToken', 'GetNetwork'] });
    const { a } = await created({ userId: caller.id, actions: [] }, service.client.as(narrow.accessToken));
    expect(a).toEqual([2, 15]);
  });
});

describe('Networks and device types', () => {
  it.each([
    ['0 as a text', ['0'], []],
    ['0', [0], []],
    ['0 among others', ['0', '00', 0, 1], ['1']],
    ['below 0', [-1, '-7'], []],
    ['too large', ['99999999999999999999', 1e20], []],
    ['none in a list', [], []],
    ['*', '*', ['*']],
  ])('of an administrator: %s', async (_what, ids, claimed) => {
    const { n, dt } = await created({ userId: 1, networkIds: ids, deviceTypeIds: ids });
    expect({ n, dt }).toEqual({ n: claimed, dt: claimed });
  });

  it('named 0 alone give a token that reaches none', async () => {
    const rights = { actions: ['GetNetwork', 'GetDeviceType'], networkIds: ['0'], deviceTypeIds: ['0'] };
    const { accessToken } = await service.createToken(1, rights);
    const reader = service.client.as(accessToken);
    expect((await reader.get('/network')).body).toEqual([]);
    expect((await reader.get('/devicetype')).body).toEqual([]);
  });

  it.each([['x'], [null], [1.5], [''], [{}]])('have no id %j', async (item) => {
    for (const field of ['networkIds', 'deviceTypeIds'])
      expectError(await create({ userId: 1, [field]: [item] }), { status: 400, fields: [field] });
  });

  it('that the user does not have are left out, and * is those that it has', async () => {
    const [own, foreign] = [await createScope(service, NETWORK), await createScope(service, NETWORK)];
    const { id } = await createHolder(service, NETWORK, own);
    expect((await created({ userId: id, networkIds: [own, foreign] })).n).toEqual([String(own)]);
    expect((await created({ userId: id, networkIds: [foreign] })).n).toEqual([]);
    expect((await created({ userId: id, networkIds: '*' })).n).toEqual([String(own)]);
    expect((await created({ userId: id })).n).toBeUndefined();
  });

  it('that the calling token does not have are left out', async () => {
    const [one, other] = [await createScope(service, NETWORK), await createScope(service, NETWORK)];
    const { id } = await createHolder(service, NETWORK, one, other);
    const rights = { actions: ['ManageToken'], networkIds: [one] };
    const caller = service.client.as((await service.createToken(id, rights)).accessToken);
    expect((await created({ userId: id, networkIds: [one, other] }, caller)).n).toEqual([String(one)]);
    expect((await created({ userId: id, networkIds: '*' }, caller)).n).toEqual([String(one)]);
    const none = service.client.as((await service.createToken(id, { actions: ['ManageToken'] })).accessToken);
    expect((await created({ userId: id, networkIds: '*' }, none)).n).toEqual([]);
  });

  it('device types that are absent are all for a user who has all, as far as the calling token has them', async () => {
    const all = await service.createUser();
    expect((await created({ userId: all.id })).dt).toEqual(['*']);
    expect((await created({ userId: all.id, deviceTypeIds: null })).dt).toEqual(['*']);
    expect((await created({ userId: all.id, deviceTypeIds: [1] })).dt).toEqual(['1']);
    expect((await created({ userId: all.id, deviceTypeIds: [] })).dt).toEqual([]);
    expect((await created({ userId: 1 })).dt).toEqual(['*']);
    const rights = { actions: ['ManageToken'], deviceTypeIds: [1] };
    const caller = service.client.as((await service.createToken(all.id, rights)).accessToken);
    expect((await created({ userId: all.id }, caller)).dt).toEqual(['1']);

    const deviceType = await createScope(service, DEVICE_TYPE);
    const some = await createHolder(service, DEVICE_TYPE, deviceType);
    expect((await created({ userId: some.id })).dt).toBeUndefined();
  });
});

describe('The user', () => {
  it.each([0, -1, 987_654_321, '987654321', '0', '-1', 9_007_199_254_740_991, 1e20, '99999999999999999999'])(
    '%j is unknown to an administrator',
    async (userId) => {
      const { status, body } = await create({ userId });
      expect([status, body.message]).toEqual([404, `User with id = ${BigInt(userId)} not found`]);
    },
  );

  it('is the client itself, and every other id is 403', async () => {
    const { id, client } = await service.createUser();
    for (const userId of [0, -1, 1, '1', 987_654_321, 1e20, '99999999999999999999'])
      expectError(await create({ userId }, client), {
        status: 403,
        message: 'Access is denied',
        fields: ['userId'],
      });
    expect((await create({ userId: String(id) }, client)).status).toBe(201);
  });

  it.each([undefined, null, 1.5, '1.5', 'x', true, [1], {}])('is not %j', async (userId) => {
    expectError(await create({ userId }), { status: 400, fields: ['userId'] });
  });
});

describe('Expiry', () => {
  let user: TestUser;
  beforeAll(async () => {
    user = await service.createUser();
  });
  const DAY_AHEAD = Math.ceil((Date.now() + 86_400_000) / 86_400_000) * 86_400_000;
  const iso = new Date(DAY_AHEAD).toISOString();

  it.each([
    ['with a zone', iso],
    ['without a zone', iso.slice(0, -1)],
    ['as a date alone', iso.slice(0, 10)],
    ['in milliseconds', DAY_AHEAD],
    ['in milliseconds as a text', String(DAY_AHEAD)],
    ['with an offset', `${new Date(DAY_AHEAD + 7_200_000).toISOString().slice(0, -1)}+02:00`],
  ])('is a moment %s', async (_form, moment) => {
    const wanted = { userId: user.id, expiration: moment, refreshExpiration: moment };
    expect(await endsOf(wanted)).toEqual({ access: DAY_AHEAD, refresh: DAY_AHEAD });
  });

  it.each([
    '2050-01-01',
    '9999-12-31T00:00:00Z',
    2_524_608_000_000,
    Number.MAX_SAFE_INTEGER,
    9.2e18,
    '9223372036854775807',
  ])('of %j is cut to the longest lifetime', async (moment) => {
    const { access, refresh } = await endsOf({
      userId: user.id,
      expiration: moment,
      refreshExpiration: moment,
    });
    expect(isNear(access, Date.now() + YEAR)).toBe(true);
    expect(refresh).toBe(access);
  });

  it('is cut to the end of the calling session', async () => {
    const end = Date.now() + 30 * MINUTE;
    const rights = { actions: ['ManageToken'], expiration: end };
    const caller = service.client.as((await service.createToken(user.id, rights)).accessToken);
    const wanted = { userId: user.id, expiration: '2050-01-01', refreshExpiration: '2050-01-01' };
    expect(await endsOf(wanted, caller)).toEqual({ access: end, refresh: end });
  });

  it.each([['2020-01-01'], ['1970-01-01T00:00:00'], [0], [-1], ['-1'], [1_577_836_800], [-9e18], [1]])(
    'of %j has passed',
    async (moment) => {
      const { status, body } = await create({ userId: user.id, actions: [10], expiration: moment });
      expect(status).toBe(201);
      const { status: asked, body: error } = await service.client.as(body.accessToken).get('/user/current');
      expect([asked, error.message]).toEqual([401, 'Token expired']);
      expect((await service.client.refresh(body.refreshToken)).status).toBe(401);
    },
  );

  it('that has passed leaves a refresh token that has not', async () => {
    const wanted = { userId: user.id, actions: [10], expiration: '2020-01-01', refreshExpiration: DAY_AHEAD };
    const { body } = await create(wanted);
    expect((await service.client.as(body.accessToken).get('/user/current')).status).toBe(401);
    expect((await service.client.refresh(body.refreshToken)).status).toBe(201);
  });

  it.each(['tomorrow', '2031-02-30', '2031-13-01T00:00:00Z', true, 1.5, {}, [DAY_AHEAD]])(
    'is not %j',
    async (expiration) => {
      expectError(await create({ userId: user.id, expiration }), { status: 400, fields: ['expiration'] });
    },
  );
});

describe('What stays strict', () => {
  it('a client can have no more than ten times MAX_SESSIONS sessions that it created', async () => {
    const few = await TestService.start({ COMPATIBILITY: 'devicehive', MAX_SESSIONS: '1' });
    try {
      const { id, client } = await few.createUser();
      const statuses: number[] = [];
      for (let count = 0; count < 11; count += 1)
        statuses.push((await client.post('/token/create', { userId: id, expiration: '2050-01-01' })).status);
      expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 429]);
    } finally {
      await few.stop();
    }
  });

  it('a token without ManageToken makes none', async () => {
    const { id } = await service.createUser();
    const { accessToken } = await service.createToken(id, { actions: ['GetDevice'] });
    expect((await create({ userId: id }, service.client.as(accessToken))).status).toBe(403);
  });

  it('the service without COMPATIBILITY refuses all of this', async () => {
    const strict = await TestService.start();
    try {
      const { id } = await strict.createUser();
      for (const body of [
        { userId: id, actions: ['getnetwork'] },
        { userId: id, networkIds: ['0'] },
        { userId: id, expiration: '2050-01-01T00:00:00Z' },
        { userId: id, expiration: '2020-01-01T00:00:00Z' },
        { userId: id, expiration: Date.now() + MINUTE },
        { userId: id, expiration: '2031-01-01' },
        { userId: 0 },
        { userId: String(id) },
      ])
        expect([body, (await strict.admin.post('/token/create', body)).status]).toEqual([body, 400]);
      const excess = await strict.admin.post('/token/create', { userId: id, actions: ['ManageUser'] });
      expect(excess.status).toBe(403);
      const { body } = await strict.admin.post('/token/create', { userId: id, actions: [] });
      expect(claimsOf(body.accessToken).payload).toMatchObject({ a: [1] });
      expect(claimsOf(body.accessToken).payload['dt']).toBeUndefined();
    } finally {
      await strict.stop();
    }
  });
});

/* Whatever is asked for: a token carries no more than the calling token and the user have. */
describe('A created token', () => {
  const NAMES = ['GetNetwork', 'managetoken', 'ManageUser', '*', 'any', 'GetDevcie', '12', ''];
  const anyIds = fc.option(
    fc.oneof(
      fc.constant('*'),
      fc.array(fc.oneof(fc.constantFrom('*', '0', 0, -1, '1', 1, 2, '2', '3', 99, '99999999999999999999')), {
        maxLength: 5,
      }),
    ),
    { nil: undefined },
  );
  const anyRights = fc.record({
    actions: fc.option(
      fc.oneof(
        fc.constant('*'),
        fc.array(
          fc.oneof(fc.constantFrom(...NAMES), fc.constantFrom(...ALL_ACTIONS), fc.constantFrom(19, -1)),
          {
            maxLength: 6,
          },
        ),
      ),
      { nil: undefined },
    ),
    networkIds: anyIds,
    deviceTypeIds: anyIds,
  });

  const idsWithin = (ids: readonly string[] | undefined, most: readonly string[] | undefined) =>
    ids === undefined || most?.includes('*') === true || ids.every((id) => most?.includes(id));
  const isWithin = ({ a, n, dt }: Payload, most: Omit<Payload, 'e'>) =>
    a.every((action) => action === 1 || most.a.includes(0) || most.a.includes(action)) &&
    idsWithin(n, most.n) &&
    idsWithin(dt, most.dt);

  it('is within the calling token and the user', async () => {
    const networks = [await createScope(service, NETWORK), await createScope(service, NETWORK)];
    const holder = await createHolder(service, NETWORK, ...networks);
    const other = await createUser(service.admin, { role: 0 });
    const reach = {
      client: { a: CLIENT_ACTIONS, n: networks.map(String), dt: [] },
      administrator: { a: [0], n: ['*'], dt: ['*'] },
    } as const;
    const counts = { issued: 0, narrow: 0, rights: 0 };
    await fc.assert(
      fc.asyncProperty(
        anyRights,
        anyRights,
        fc.constantFrom('client', 'administrator'),
        fc.constantFrom('client', 'administrator'),
        async (callers, wanted, by, of) => {
          const callerId = by === 'client' ? holder.id : 1;
          const userId = of === 'client' ? holder.id : by === 'client' ? holder.id : other.id;
          const most = userId === holder.id ? reach.client : reach.administrator;
          const [first] = networks;
          const idsOf = (ids: unknown) =>
            Array.isArray(ids) ? ids.map((id: unknown) => (id === 2 ? first : id)) : ids;
          const placed = (rights: typeof callers) => ({ ...rights, networkIds: idsOf(rights.networkIds) });
          const actions = [...(Array.isArray(callers.actions) ? callers.actions : []), 'ManageToken'];
          const calling = await service.admin.post('/token/create', {
            ...placed(callers),
            actions: callers.actions === '*' ? '*' : actions,
            userId: callerId,
          });
          expect(calling.status, calling.text).toBe(201);
          const own = claimsOf(calling.body.accessToken).payload as unknown as Payload;
          const payload = await created(
            { ...placed(wanted), userId },
            service.client.as(calling.body.accessToken),
          );
          counts.issued += 1;
          if (!own.a.includes(0)) counts.narrow += 1;
          if (payload.a[0] !== 1) counts.rights += 1;
          expect([payload, own, isWithin(payload, own)]).toEqual([payload, own, true]);
          expect([payload, most, isWithin(payload, most)]).toEqual([payload, most, true]);
        },
      ),
      { numRuns: 150 },
    );
    // A property that holds because nothing was ever issued says nothing.
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(40);
  });
});

describe('GET /event', () => {
  it('takes moments without a zone, and in milliseconds', async () => {
    const before = Date.now() - 3_600_000;
    const zoned = new Date(before).toISOString();
    const countOf = async (query: string) =>
      ((await service.admin.get(`/event?take=1000&${query}`)).body as unknown[]).length;
    const all = await countOf(`since=${zoned}`);
    expect(all).toBeGreaterThan(0);
    for (const form of [zoned.slice(0, -1), String(before), zoned.slice(0, 10)]) {
      expect([form, (await countOf(`since=${form}`)) >= all]).toEqual([form, true]);
      expect([form, await countOf(`until=${form}`)]).toEqual([form, 0]);
    }
    expectError(await service.admin.get('/event?since=tomorrow'), { status: 400, fields: ['since'] });
  });
});
