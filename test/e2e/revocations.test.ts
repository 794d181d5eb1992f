import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, type Client } from '../support/client.js';
import { kindOfDatabase } from '../support/database.js';
import { EventSourceReader } from '../support/event-source.js';
import { freshName } from '../support/fresh-name.js';
import { holdRevocation } from '../support/held-database.js';
import { TestService, type TestUser } from '../support/service.js';
import { until } from '../support/until.js';
import { createUser } from '../support/users.js';

let service: TestService;
let admin: Client;
beforeAll(async () => {
  service = await TestService.start();
  ({ admin } = service);
});
afterAll(() => service.stop());

const poll = async (query = '', client = admin) => {
  const { status, body, text } = await client.get(`/revocation${query}`);
  if (status !== 200) throw new Error(text);
  return body;
};
const cursor = async (): Promise<string> => (await poll()).cursor;
const sidOf = ({ accessToken }: Pick<TestUser, 'accessToken'>): string =>
  String(claimsOf(accessToken)['sid']);
const sidsOf = (entries: readonly { sid: string }[]) => entries.map(({ sid }) => sid).sort();
const streamOf = (token: string, query = '', headers?: Record<string, string>) =>
  EventSourceReader.open(`${admin.baseUrl}/revocation${query}`, token, headers);
const newNetwork = async () => (await admin.post('/network', { name: freshName('net') })).body.id as number;

describe('GET /revocation', () => {
  it('shows a revoked session until its last access token expires, and whatever revoked it', async () => {
    const after = await cursor();
    expect(await poll(`?after=${after}`)).toEqual({
      cursor: after,
      notBefore: null,
      revoked: [],
      narrowed: [],
    });
    const ways: [string, (user: TestUser) => Promise<unknown>][] = [
      ['sign-out', ({ client, accessToken }) => client.post('/token/revoke', { token: accessToken })],
      ['all sessions', ({ id }) => admin.delete(`/user/${id}/session`)],
      ['disabled', ({ id }) => admin.put(`/user/${id}`, { status: 2 })],
      ['locked', ({ id }) => admin.put(`/user/${id}`, { status: 1 })],
      ['new password', ({ id }) => admin.put(`/user/${id}`, { password: 'another password' })],
      ['deleted', ({ id }) => admin.delete(`/user/${id}`)],
    ];
    const users: TestUser[] = [];
    for (const [, revoke] of ways) {
      const user = await service.createUser();
      await revoke(user);
      users.push(user);
    }
    const { revoked, narrowed } = await poll(`?after=${after}`);
    expect(narrowed).toEqual([]);
    expect(sidsOf(revoked)).toEqual(users.map(sidOf).sort());
    for (const [index, { accessToken, login }] of users.entries()) {
      const expiry = Number(claimsOf(accessToken)['payload']['e']);
      expect(revoked[index]).toEqual({ sid: sidOf({ accessToken }), until: new Date(expiry).toISOString() });
      expect(JSON.stringify(revoked)).not.toContain(login);
    }
  });

  it('shows sessions whose user has lost a role, a network or a device type, and nothing for what takes none away', async () => {
    const network = await newNetwork();
    const { body: deviceType } = await admin.post('/devicetype', { name: freshName('type') });
    const lost: Record<string, (user: TestUser) => Promise<unknown>> = {
      network: ({ id }) => admin.delete(`/user/${id}/network/${network}`),
      'all device types': ({ id }) => admin.delete(`/user/${id}/devicetype/all`),
      'the same by PUT': ({ id }) => admin.put(`/user/${id}`, { allDeviceTypesAvailable: false }),
      'role gained': ({ id }) => admin.put(`/user/${id}`, { role: 0 }),
      'role lost': ({ id }) => admin.put(`/user/${id}`, { role: 1 }),
    };
    for (const [what, lose] of Object.entries(lost)) {
      const user = await service.createUser(what === 'role lost' ? { role: 0 } : {});
      await admin.put(`/user/${user.id}/network/${network}`);
      const { cursor: after } = await poll();
      await lose(user);
      const { narrowed, revoked } = await poll(`?after=${after}`);
      expect([what, sidsOf(narrowed), revoked]).toEqual([what, [sidOf(user)], []]);
      expect(narrowed[0].at).toMatch(/^\d{4}-.*\.\d{3}Z$/);
      expect(Date.parse(narrowed[0].at)).toBeGreaterThanOrEqual(
        Number(claimsOf(user.accessToken)['iat']) * 1000,
      );
    }
    const [one, other, third] = [
      await service.createUser(),
      await service.createUser(),
      await service.createUser(),
    ];
    const shared = await newNetwork();
    for (const user of [one, other]) await admin.put(`/user/${user.id}/network/${shared}`);
    await admin.delete(`/user/${third.id}/devicetype/all`);
    await admin.put(`/user/${third.id}/devicetype/${deviceType.id}`);
    let after = await cursor();
    await admin.delete(`/network/${shared}`);
    expect(sidsOf((await poll(`?after=${after}`)).narrowed)).toEqual([sidOf(one), sidOf(other)].sort());
    after = await cursor();
    await admin.delete(`/devicetype/${deviceType.id}`);
    expect(sidsOf((await poll(`?after=${after}`)).narrowed)).toEqual([sidOf(third)]);
    after = await cursor();
    await one.client.put('/user/current', { data: { a: 1 } });
    await admin.put(`/user/${one.id}`, { introReviewed: true, login: freshName('user') });
    await admin.put(`/user/${third.id}/devicetype/all`);
    await admin.put(`/user/${one.id}/network/${await newNetwork()}`);
    await one.client.refresh(one.refreshToken);
    expect(await poll(`?after=${after}`)).toMatchObject({ cursor: after, revoked: [], narrowed: [] });
  });

  it('waits for an entry, responds at once when there is one, and empty at the end of the wait', async () => {
    const user = await service.createUser();
    const after = await cursor();
    expect(await poll(`?after=${after}&wait=1`)).toMatchObject({ cursor: after, revoked: [] });
    const waiting = poll(`?after=${after}&wait=30`, user.client);
    await admin.delete(`/user/${(await service.createUser()).id}`);
    expect((await waiting).revoked).toHaveLength(1);
    const own = user.client.get(`/revocation?after=${await cursor()}&wait=30`);
    const { body } = await service.client.signIn({ login: user.login, password: user.password });
    await service.client.post('/token/revoke', { token: user.accessToken });
    const { status } = await own;
    expect([200, 401]).toContain(status);
    expect(body.accessToken).toBeDefined();
  });

  it('refuses cursors that were not given, and those of another database', async () => {
    const after = await cursor();
    const [epoch] = after.split('.');
    for (const [sent, status] of [
      ['x', 400],
      ['1042', 400],
      [`${epoch}.`, 400],
      [`${epoch}.-1`, 400],
      [`${epoch}.1.1`, 400],
      [`${epoch}.99999999999`, 410],
      ['AAAAAAAAAAAA.1', 410],
      [`${epoch}.0`, 200],
    ] as const) {
      const response = await admin.get(`/revocation?after=${sent}`);
      expect([sent, response.status]).toEqual([sent, status]);
      const stream = await streamOf(admin.token ?? '', '', { 'last-event-id': sent });
      expect([sent, stream.status]).toEqual([sent, status]);
      if (status === 400) expect(stream.error.details[0].field).toBe('Last-Event-ID');
      stream.close();
    }
    for (const query of ['?wait=31', '?wait=-1', '?wait=x', '?unknown=1'])
      expect((await admin.get(`/revocation${query}`)).status).toBe(400);
    expect((await service.client.get('/revocation')).status).toBe(401);
  });
});

describe('revocations at once', () => {
  it('are all seen by a reader that follows over two processes, also one that is committed late', async () => {
    const other = await TestService.start({}, service.database);
    const users = await Promise.all(Array.from({ length: 8 }, () => createUser(admin)));
    const tokens: { accessToken: string }[] = [];
    for (let round = 0; round < 25; round += 1)
      tokens.push(...(await Promise.all(users.map(({ id }) => service.createToken(id, { actions: ['*'] })))));
    const late = 'a session that is late';
    const seen = new Set<string>();
    const readers = [admin, other.admin];
    let after = await cursor();
    const follow = (count: number) =>
      until(async () => {
        const [reader = admin, next = admin] = readers.reverse();
        const page = await poll(`?after=${after}&wait=1`, reader);
        // A cursor is valid in every process at once.
        expect((await next.get(`/revocation?after=${page.cursor}`)).status).toBe(200);
        after = page.cursor;
        for (const { sid } of page.revoked) seen.add(sid);
        return seen.size >= count;
      });
    // SQLite has one writer: none is late.
    const commit =
      kindOfDatabase() === 'postgres' ? await holdRevocation(service.database.url, late) : undefined;
    const revoke = async (): Promise<void> => {
      for (let turn = 0; tokens.length > turn; turn += 1) {
        const token = taken.pop();
        if (token === undefined) return;
        const client = turn % 2 === 0 ? service.client : other.client;
        expect((await client.post('/token/revoke', { token })).status).toBe(200);
      }
    };
    const taken = tokens.map(({ accessToken }) => accessToken);
    await Promise.all([follow(tokens.length), ...Array.from({ length: 8 }, revoke)]);
    const all = tokens.map(sidOf);
    expect([...seen].sort()).toEqual([...all].sort());
    if (commit) {
      await commit();
      await follow(all.length + 1);
      expect([...seen].sort()).toEqual([...all, late].sort());
    }
    await other.stop();
  });

  it('of a network that is deleted while users sign in name each session that was given it', async () => {
    const other = await TestService.start({}, service.database);
    const networks = await Promise.all(Array.from({ length: 8 }, newNetwork));
    const users = await Promise.all(Array.from({ length: 8 }, () => createUser(admin)));
    for (const { id } of users)
      await Promise.all(networks.map((network) => admin.put(`/user/${id}/network/${network}`)));
    let after = await cursor();
    const given: string[] = [];
    for (let index = 0; index < networks.length; index += 2) {
      const [one = 0, two = 0] = networks.slice(index);
      const signIns = users.map((user, at) => (at % 2 === 0 ? service : other).client.signIn(user));
      const created = users.map(({ id }) => admin.post('/token/create', { userId: id, actions: ['*'] }));
      // When the first has signed in, others are in the transactions of theirs.
      await Promise.race(signIns);
      const deleted = await Promise.all([
        admin.delete(`/network/${one}`),
        other.admin.delete(`/network/${two}`),
        admin.delete(`/user/${users[0]?.id ?? 0}/network/${two}`),
      ]);
      const started = await Promise.all([...signIns, ...created]);
      expect(started.map(({ status }) => status)).toEqual(started.map(() => 201));
      expect(deleted.slice(0, 2).map(({ status }) => status)).toEqual([204, 204]);
      // 404: the network was deleted first.
      expect([204, 404]).toContain(deleted[2]?.status);
      given.push(...started.map(({ body }) => body.accessToken as string));
    }
    const withNetwork = given.filter((token) => {
      const { n = [] } = claimsOf(token)['payload'] as { n?: string[] };
      return n.length > 0;
    });
    // Those who signed in when there was another one yet.
    expect(withNetwork.length).toBeGreaterThanOrEqual(3 * users.length);
    const narrowed = new Set<string>();
    for (let size = -1; size !== 0;) {
      const page = await poll(`?after=${after}`);
      after = page.cursor;
      size = page.narrowed.length;
      for (const { sid } of page.narrowed) narrowed.add(sid);
    }
    for (const accessToken of withNetwork) expect(narrowed).toContain(sidOf({ accessToken }));
    await other.stop();
  });
});

describe('the stream of revocations', () => {
  it('begins at once, goes on from Last-Event-ID, and shows what other readers see', async () => {
    const user = await service.createUser();
    const after = await cursor();
    const stream = await streamOf(user.accessToken, `?after=${after}`);
    expect(stream.status).toBe(200);
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const [empty] = await stream.first(1);
    expect(empty).toEqual({ id: after, data: { cursor: after, notBefore: null, revoked: [], narrowed: [] } });
    const others = [await service.createUser(), await service.createUser()];
    for (const { id } of others) await admin.put(`/user/${id}`, { status: 2 });
    const seen = () => stream.messages.flatMap(({ data }) => data.revoked as { sid: string }[]);
    await until(() => seen().length === 2);
    expect(sidsOf(seen())).toEqual(others.map(sidOf).sort());
    expect(stream.messages.every(({ id, data }) => id === data.cursor)).toBe(true);
    const [, second] = stream.messages;
    const again = await streamOf(user.accessToken, '?after=AAAAAAAAAAAA.1', {
      'last-event-id': second?.id ?? '',
    });
    const [next] = await again.first(1);
    expect(next?.data.revoked.length).toBe(2 - second?.data.revoked.length);
    await until(() => stream.comments > 0);
    for (const each of [stream, again]) each.close();
  });

  it('is refused the eleventh time, and ends with its token', async () => {
    const user = await service.createUser();
    const streams = await Promise.all(Array.from({ length: 10 }, () => streamOf(user.accessToken)));
    expect(streams.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const { status, headers } = await user.client.get('/revocation');
    expect([status, headers.get('retry-after')]).toEqual([429, '1']);
    expect((await admin.get('/revocation')).status).toBe(200);
    streams[0]?.close();
    await until(async () => (await user.client.get('/revocation')).status === 200);
    await service.client.post('/token/revoke', { token: user.accessToken });
    for (const stream of streams.slice(1)) await stream.ended();
    const { body } = await admin.post('/token/create', {
      userId: (await service.createUser()).id,
      expiration: new Date(Date.now() + 3000).toISOString(),
    });
    const short = await streamOf(body.accessToken);
    expect(short.status).toBe(200);
    await short.ended();
    expect(Date.now()).toBeGreaterThan(Number(claimsOf(body.accessToken)['exp']) * 1000);
  });
});
