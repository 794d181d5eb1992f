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
const DAY = 24 * 3_600_000;
const MINUTE = 60_000;

/** The moment in a time zone that is so many hours ahead of UTC. */
const inZone = (moment: string, hours: number) =>
  new Date(Date.parse(moment) + hours * 3_600_000).toISOString().replace('Z', `+0${hours}:00`);
const ahead = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
/** Seconds from issue to expiry. */
const lifeOf = (token: string) => (claimsOf(token).exp ?? 0) - (claimsOf(token).iat ?? 0);
/** When a token expires, in milliseconds. */
const endOf = (token: string) => claimsOf(token).payload['e'] as number;

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
    ['the name of a constant', ['Any'], 'Any'],
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
    ['texts with zeros before them', ['3', `${'0'.repeat(20)}1`], ['1', '3']],
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

  it.each([['x'], ['1x'], [0], [-1], [1.5], [null], [[1]], [''], ['00'], ['1'.repeat(16)], ['1'.repeat(40)]])(
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
    ['UTC with milliseconds', (moment: string) => moment],
    ['UTC without', (moment: string) => moment.replace('.000Z', 'Z')],
    ['another zone', (moment: string) => inZone(moment, 2)],
  ])('lets the tokens expire at a moment in %s', async (_what, write) => {
    const { id } = await service.createUser();
    const at = Math.ceil(Date.now() / 1000) * 1000 + 300 * DAY;
    const moment = write(new Date(at).toISOString());
    const { body } = await service.admin.post('/token/create', {
      userId: id,
      expiration: moment,
      refreshExpiration: moment,
    });
    for (const token of [body.accessToken, body.refreshToken]) {
      expect(claimsOf(token)).toMatchObject({ payload: { e: at }, exp: at / 1000 });
    }
  });

  it('lets tokens without a moment live as long as any', async () => {
    const { id } = await service.createUser();
    const { body } = await service.admin.post('/token/create', { userId: id });
    expect([lifeOf(body.accessToken), lifeOf(body.refreshToken)]).toEqual([1800, 15_724_800]);
  });

  it.each([
    ['a past moment', '2001-01-31T12:00:00.000Z'],
    ['a moment without a time zone', '2099-01-31T12:00:00'],
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

  it('takes a user whom failed logins have locked out', async () => {
    const user = await service.createUser();
    for (let failures = 0; failures < 10; failures += 1)
      await service.client.signIn({ login: user.login, password: 'a wrong one' });
    expect((await service.admin.get(`/user/${user.id}`)).body.status).toBe(1);
    expect(await created({ userId: user.id })).toMatchObject({ u: user.id });
  });

  it.each([1, 2])('returns 403 when an administrator has set status %d', async (status) => {
    const { id } = await service.createUser({ status });
    expectError(await service.admin.post('/token/create', { userId: id }), {
      status: 403,
      message: 'User is locked or disabled',
    });
  });
});

describe('The life of created tokens', () => {
  const create = (wanted: Record<string, unknown>, by = service.admin) => by.post('/token/create', wanted);

  it('is a year at most: later is 400, for each of the two', async () => {
    const { id, client } = await service.createUser();
    for (const field of ['expiration', 'refreshExpiration'])
      for (const late of [ahead(365 * DAY + MINUTE), ahead(400 * DAY), '9999-12-30T00:00:00Z'])
        for (const by of [service.admin, client])
          expectError(await create({ userId: id, [field]: late }, by), { status: 400, fields: [field] });
    expectError(
      await create({ userId: id, expiration: ahead(366 * DAY), refreshExpiration: ahead(366 * DAY) }),
      {
        status: 400,
        fields: ['expiration', 'refreshExpiration'],
      },
    );
    expect((await create({ userId: id, refreshExpiration: ahead(365 * DAY - MINUTE) })).status).toBe(201);
  });

  it('follows CREATED_TOKEN_MAX_TTL, those that are not named too', async () => {
    const other = await TestService.start({ CREATED_TOKEN_MAX_TTL: '600' });
    try {
      const user = await other.createUser();
      for (const by of [other.admin, user.client]) {
        const { body } = await create({ userId: user.id }, by);
        expect([lifeOf(body.accessToken), lifeOf(body.refreshToken)]).toEqual([600, 600]);
        const late = await create({ userId: user.id, expiration: ahead(11 * MINUTE) }, by);
        expectError(late, { status: 400, fields: ['expiration'] });
        expect(late.body.message).toContain('600 seconds');
      }
      expect(lifeOf(user.accessToken)).toBe(1800);
    } finally {
      await other.stop();
    }
  });

  it('ends with the session that creates them, where a user does so for itself', async () => {
    for (const role of [0, 1]) {
      const user = await service.createUser({ role });
      const wanted = { userId: user.id, actions: ['ManageToken'] };
      const parent = await create(
        { ...wanted, expiration: ahead(10 * MINUTE), refreshExpiration: ahead(20 * MINUTE) },
        user.client,
      );
      const end = endOf(parent.body.refreshToken);
      const client = service.client.as(parent.body.accessToken);
      const { body } = await create(wanted, client);
      // The session of the parent, not its access token.
      expect([endOf(body.accessToken), endOf(body.refreshToken)]).toEqual([end, end]);
      const below = await create(wanted, service.client.as(body.accessToken));
      expect(endOf(below.body.refreshToken)).toBe(end);
      for (const field of ['expiration', 'refreshExpiration'])
        for (const late of [end + 1, end + DAY])
          expectError(await create({ ...wanted, [field]: new Date(late).toISOString() }, client), {
            status: 400,
            fields: [field],
          });
      const last = await create({ ...wanted, expiration: new Date(end).toISOString() }, client);
      expect(endOf(last.body.accessToken)).toBe(end);
    }
  });

  it('is by default that of other tokens, where the parent lives longer', async () => {
    const user = await service.createUser();
    const { body } = await create({ userId: user.id }, user.client);
    expect(lifeOf(body.accessToken)).toBe(1800);
    expect(endOf(body.refreshToken)).toBe(endOf(user.refreshToken));
  });

  it('is for the refresh token that of the access token, where only that is sent', async () => {
    const user = await service.createUser();
    for (const by of [service.admin, user.client]) {
      const expiration = ahead(5 * MINUTE);
      const { body } = await create({ userId: user.id, expiration }, by);
      expect([endOf(body.accessToken), endOf(body.refreshToken)]).toEqual(
        Array(2).fill(Date.parse(expiration)),
      );
      const only = await create({ userId: user.id, refreshExpiration: expiration }, by);
      expect(lifeOf(only.body.accessToken)).toBe(1800);
      expect(endOf(only.body.refreshToken)).toBe(Date.parse(expiration));
    }
  });

  it('does not depend on the session of an administrator who creates them for another', async () => {
    const [administrator, user] = [await service.createUser({ role: 0 }), await service.createUser()];
    const { body, status } = await create(
      { userId: user.id, refreshExpiration: ahead(300 * DAY) },
      administrator.client,
    );
    expect(status).toBe(201);
    await service.client.post('/token/revoke', { token: administrator.accessToken });
    expect((await service.client.refresh(body.refreshToken)).status).toBe(201);
  });

  it('is bounded by a created session of that administrator, with which they end', async () => {
    const [administrator, other] = [
      await service.createUser({ role: 0 }),
      await service.createUser({ role: 0 }),
    ];
    const [user, third] = [await service.createUser(), await service.createUser()];
    const rights = { actions: '*', networkIds: '*', deviceTypeIds: '*' };
    // For another administrator, and with that session for others: none of it outlives the first.
    const brief = await create(
      { userId: other.id, ...rights, expiration: ahead(10 * MINUTE) },
      administrator.client,
    );
    const caller = service.client.as(brief.body.accessToken);
    expectError(await create({ userId: user.id, refreshExpiration: ahead(300 * DAY) }, caller), {
      status: 400,
      fields: ['refreshExpiration'],
    });
    const { body } = await create({ userId: user.id, actions: ['GetCurrentUser'] }, caller);
    expect(endOf(body.refreshToken)).toBeLessThanOrEqual(endOf(brief.body.refreshToken));
    const kept = await create({ userId: third.id }, other.client);
    await service.admin.put(`/user/${administrator.id}`, { status: 2 });
    expect((await service.client.as(body.accessToken).get('/user/current')).status).toBe(401);
    expect((await service.client.refresh(body.refreshToken)).status).toBe(401);
    expect((await service.client.refresh(kept.body.refreshToken)).status).toBe(201);
  });

  it('is refused when their lists of ids would not fit into a request', async () => {
    const user = await service.createUser();
    const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    const most = await create({ userId: user.id, deviceTypeIds: ids(1000) }, user.client);
    expect(most.status).toBe(201);
    expectError(await create({ userId: user.id, deviceTypeIds: ids(1001) }, user.client), {
      status: 400,
      fields: ['deviceTypeIds'],
    });
  });

  it('is never prolonged by a refresh', async () => {
    const user = await service.createUser();
    for (const by of [service.admin, user.client]) {
      const { body } = await create({ userId: user.id, expiration: ahead(5 * MINUTE) }, by);
      const refreshed = await service.client.refresh(body.refreshToken);
      expect(endOf(refreshed.body.accessToken)).toBe(endOf(body.refreshToken));
      const longer = await create({ userId: user.id, refreshExpiration: ahead(2 * 3_600_000) }, by);
      const usual = await service.client.refresh(longer.body.refreshToken);
      expect(lifeOf(usual.body.accessToken)).toBe(1800);
    }
  });

  it('is over for every token when the session has expired', async () => {
    const user = await service.createUser();
    const { body } = await create({ userId: user.id, actions: ['GetCurrentUser'], expiration: ahead(1500) });
    const client = service.client.as(body.accessToken);
    expect((await client.get('/user/current')).status).toBe(200);
    const { body: refreshed } = await service.client.refresh(body.refreshToken);
    await new Promise((done) => setTimeout(done, 1600));
    for (const token of [body.accessToken, refreshed.accessToken])
      expect((await service.client.as(token).get('/user/current')).status).toBe(401);
    expect((await service.client.refresh(body.refreshToken)).status).toBe(401);
  });
});

describe('act', () => {
  it('names the administrator, in both tokens and in refreshed ones (RFC 8693 §4.1)', async () => {
    const [administrator, user] = [await service.createUser({ role: 0 }), await service.createUser()];
    const { body } = await administrator.client.post('/token/create', { userId: user.id });
    const refreshed = await service.client.refresh(body.refreshToken);
    for (const token of [body.accessToken, body.refreshToken, refreshed.body.accessToken])
      expect(claimsOf(token)).toMatchObject({ act: { sub: String(administrator.id) }, sub: String(user.id) });
  });

  it('is absent where a user creates them for itself, and at sign-in', async () => {
    for (const role of [0, 1]) {
      const user = await service.createUser({ role });
      const { body } = await user.client.post('/token/create', { userId: user.id });
      const refreshed = await service.client.refresh(user.refreshToken);
      for (const token of [
        body.accessToken,
        body.refreshToken,
        user.accessToken,
        user.refreshToken,
        refreshed.body.accessToken,
      ])
        expect(claimsOf(token)).not.toHaveProperty('act');
    }
  });

  it('is kept by what the tokens create for their user: the administrator acts there, too', async () => {
    const [administrator, user] = [await service.createUser({ role: 0 }), await service.createUser()];
    const actions = ['ManageToken', 'GetCurrentUser'];
    const { body } = await administrator.client.post('/token/create', { userId: user.id, actions });
    const child = await service.client
      .as(body.accessToken)
      .post('/token/create', { userId: user.id, actions });
    for (const token of [child.body.accessToken, child.body.refreshToken])
      expect(claimsOf(token)).toMatchObject({ act: { sub: String(administrator.id) } });
    const sid = claimsOf(child.body.accessToken)['sid'];
    const shown = async (client: Client) =>
      (await client.get(`/user/${user.id}/session`)).body.find(({ id }: { id: unknown }) => id === sid);
    expect(await shown(user.client)).toMatchObject({ createdBy: user.id, address: null, userAgent: null });
    expect(await shown(service.admin)).toMatchObject({ createdBy: user.id, address: expect.any(String) });
    await service.admin.put(`/user/${administrator.id}`, { role: 1 });
    expect((await service.client.as(child.body.accessToken).get('/user/current')).status).toBe(401);
  });

  it('has its like in the events of what is done with the tokens', async () => {
    const [administrator, user] = [await service.createUser({ role: 0 }), await service.createUser()];
    const { body } = await administrator.client.post('/token/create', {
      userId: user.id,
      actions: ['UpdateCurrentUser'],
    });
    const events = async (query: string) =>
      (await service.admin.get(`/event?subject=user/${user.id}&${query}`)).body.map(
        ({ data }: { data: unknown }) => data,
      );
    await user.client.put('/user/current', { data: { by: 'itself' } });
    await service.client.as(body.accessToken).put('/user/current', { password: 'another password' });
    const session = claimsOf(body.accessToken)['sid'];
    expect(await events('type=hivegate.session.created')).toEqual([
      expect.objectContaining({ actor: administrator.id, sessionId: session }),
    ]);
    const [own, theirs] = await events('type=hivegate.user.updated');
    expect(own).toMatchObject({ actor: user.id });
    expect(own).not.toHaveProperty('sessionCreatedBy');
    expect(theirs).toMatchObject({ actor: user.id, session, sessionCreatedBy: administrator.id });
    const [revoked] = await events('type=hivegate.session.revoked');
    expect(revoked).toMatchObject({ sessionCreatedBy: administrator.id, reason: 'newPassword' });
    expect(revoked).not.toHaveProperty('createdBy');
  });
});

describe('label', () => {
  it.each(['a gateway', '🚪'.repeat(128), '', ' kept as it is ', null, undefined])(
    'of %j is shown with the session',
    async (label) => {
      const user = await service.createUser();
      expect((await user.client.post('/token/create', { userId: user.id, label })).status).toBe(201);
      const { body } = await user.client.get('/user/current/session?take=1');
      expect(body[0].label).toBe(label ?? null);
    },
  );

  it.each(['x'.repeat(129), '🚪'.repeat(129), 'a\0b', '\ud800', 7, true, ['x'], {}])(
    'of %j is 400',
    async (label) => {
      expectError(await service.admin.post('/token/create', { userId: 1, label }), {
        status: 400,
        fields: ['label'],
      });
    },
  );
});

describe('An administrator', () => {
  it('gives a client what the client has, and * is every action of a client (contract.md §8)', async () => {
    const { id } = await service.createUser({ allDeviceTypesAvailable: false });
    const network = await assignNew(service.database, 'network', id);
    const deviceType = await assignNew(service.database, 'deviceType', id);
    const own = { networkIds: [network], deviceTypeIds: [String(deviceType)] };
    const claimed = { n: [String(network)], dt: [String(deviceType)] };
    for (const actions of ['*', ['*'], [0, 'GetDevice']])
      expect(await created({ userId: id, actions, ...own })).toMatchObject({ a: CLIENT_ACTIONS, ...claimed });
    expect(await created({ userId: id, actions: ['GetDevice'], ...own })).toMatchObject({
      a: [3],
      ...claimed,
    });
  });

  it('is refused what the user may not have, and told which (ASVS 8.2.1)', async () => {
    const { id } = await service.createUser({ allDeviceTypesAvailable: false });
    const network = await assignNew(service.database, 'network', id);
    for (const [wanted, named] of [
      [{ actions: ['GetDevice', 'ManageUser', 13] }, ['actions ManageUser', 'actions ManageConfiguration']],
      [{ networkIds: [network, 1] }, ['networkIds 1']],
      [{ networkIds: '*' }, ['networkIds *']],
      [{ deviceTypeIds: '*' }, ['deviceTypeIds *']],
      [
        { actions: [14, 18], networkIds: [1], deviceTypeIds: [1] },
        ['actions ManageNetwork', 'actions ManageDeviceType', 'networkIds 1', 'deviceTypeIds 1'],
      ],
    ] as const) {
      const { status, body } = await service.admin.post('/token/create', { userId: id, ...wanted });
      expect([status, body.message]).toEqual([403, 'Access is denied']);
      const told = body.details.map(({ field, message }: Record<string, string>) => `${field} ${message}`);
      expect(told).toEqual(named.map((right) => expect.stringContaining(`${right} `)));
    }
  });

  it('is refused what its own token lacks, for itself and for others (ASVS 8.2.1)', async () => {
    const [client, administrator] = [await service.createUser(), await service.createUser({ role: 0 })];
    const rights = { actions: ['ManageToken', 'GetDevice'], networkIds: [1], deviceTypeIds: [] };
    const { accessToken } = await service.createToken(1, rights);
    const narrow = service.client.as(accessToken);
    for (const userId of [client.id, administrator.id, 1])
      for (const [wanted, field] of [
        [{ actions: ['GetNetwork'] }, 'actions'],
        [{ actions: '*' }, 'actions'],
        [{ networkIds: [2] }, 'networkIds'],
        [{ networkIds: '*' }, 'networkIds'],
        [{ deviceTypeIds: ['1'] }, 'deviceTypeIds'],
      ] as const) {
        const { status, body } = await narrow.post('/token/create', { userId, ...wanted });
        expect([userId, wanted, status]).toEqual([userId, wanted, 403]);
        expect(body.details[0].field).toBe(field);
      }
    expect(await created({ userId: administrator.id, ...rights }, narrow)).toMatchObject({
      a: [3, 15],
      n: ['1'],
      dt: [],
    });
    const { status } = await service.client
      .as((await service.createToken(1, { actions: ['GetDevice'] })).accessToken)
      .post('/token/create', { userId: 1 });
    expect(status).toBe(403);
  });

  it('who has been demoted gives no more than a client', async () => {
    const [user, other] = [await service.createUser({ role: 0 }), await service.createUser()];
    await service.admin.put(`/user/${user.id}`, { role: 1 });
    expect((await user.client.post('/token/create', { userId: other.id })).status).toBe(403);
    expect(
      (await user.client.post('/token/create', { userId: user.id, actions: ['ManageUser'] })).status,
    ).toBe(403);
    expect(await created({ userId: user.id, actions: '*' }, user.client)).toMatchObject({
      a: CLIENT_ACTIONS,
    });
  });
});

describe('A client', () => {
  it('creates tokens for itself with what it has', async () => {
    const user = await service.createUser();
    const wanted = { userId: user.id, actions: ['GetDevice', 'ManageToken'], deviceTypeIds: [5] };
    expect(await created(wanted, user.client)).toMatchObject({ u: user.id, a: [3, 15], dt: ['5'] });
    for (const actions of [CLIENT_ACTIONS, '*']) {
      const all = { userId: user.id, actions, networkIds: [], deviceTypeIds: '*' };
      expect(await created(all, user.client)).toMatchObject({ a: CLIENT_ACTIONS, n: [], dt: ['*'] });
    }
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
    for (const networkIds of [Array.from({ length: 20_000 }, (_, id) => id + 1), Array(40_000).fill(7)]) {
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
