import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AuthorizationGuard } from '../../src/authorization/authorization.guard.js';
import { AuthorizationModule } from '../../src/authorization/authorization.module.js';
import { Role } from '../../src/authorization/role.js';
import { Database } from '../../src/database/database.js';
import type { Transaction } from '../../src/database/transaction.js';
import { sequenceEvents } from '../../src/events/sequence-events.js';
import { turnOfUser } from '../../src/passwords/hashing-turn.js';
import { PasswordHasher } from '../../src/passwords/password-hasher.js';
import { Session } from '../../src/sessions/session.entity.js';
import { changeSession, lockSession, revokeSessions } from '../../src/sessions/sessions.repository.js';
import { User } from '../../src/users/user.entity.js';
import { UserStatus } from '../../src/users/user-status.js';
import { changeUser, deleteUser, lockUser } from '../../src/users/users.repository.js';
import { type Answer, claimsOf } from '../support/client.js';
import { createDatabase, kindOfDatabase } from '../support/database.js';
import { freshName } from '../support/fresh-name.js';
import { PASSWORD, TestService, type TestUser } from '../support/service.js';
import { tableNames } from '../support/tables.js';
import { until } from '../support/until.js';
import { createUser } from '../support/users.js';

/*
 * Authorization is checked again inside the transaction of each change (contract.md §5). Every route of the table of
 * routes is called by a caller who loses its rights after the guards have let the request in, and before the
 * transaction of the request gets the row of the caller.
 */

type Kind = 'administrator' | 'client';

const roleOf = (kind: Kind): Role => (kind === 'administrator' ? Role.Administrator : Role.Client);

/** What requests are about: all of it is there, so that only the second check can refuse them. */
interface World {
  readonly caller: TestUser;
  /** The `sid` of another session of the caller. */
  readonly callersOther: string;
  readonly user: TestUser;
  /** The `sid` of the user's session. */
  readonly usersSession: string;
  readonly networkId: number;
  readonly deviceTypeId: number;
  readonly assignedNetworkId: number;
  readonly assignedDeviceTypeId: number;
  readonly configuration: string;
}

/** A request that succeeds while the caller may make it. Those of one route succeed one after the other. */
interface Attempt {
  readonly path: string;
  readonly body?: object;
  /** A request that a client may make, too: about itself. */
  readonly isOwn?: boolean;
  /** What a demoted administrator gets, when a client may make this request; absent: 403. */
  readonly whenDemoted?: number;
}

const name = () => freshName('second');
const password = () => `${PASSWORD} ${name()}`;

/** The requests of every route that is not public and changes something. */
const ATTEMPTS: Readonly<Record<string, (world: World) => readonly Attempt[]>> = {
  'POST /user': () => [
    { path: '/user', body: { login: name(), role: 0, password: password() } },
    { path: '/user', body: { login: name(), role: 1, password: password() } },
  ],
  'PUT /user/current': () => [
    { path: '/user/current', body: { introReviewed: true } },
    { path: '/user/current', body: { data: { a: 1 } }, isOwn: true, whenDemoted: 204 },
    {
      path: '/user/current',
      body: { password: password(), oldPassword: PASSWORD },
      isOwn: true,
      whenDemoted: 204,
    },
    { path: '/user/current', body: { password: password() }, isOwn: true, whenDemoted: 204 },
  ],
  'PUT /user/:id': ({ caller, user }) => [
    { path: `/user/${user.id}`, body: { data: { a: 1 } } },
    { path: `/user/${user.id}`, body: { password: password() } },
    { path: `/user/${user.id}`, body: { status: 2 } },
    { path: `/user/${user.id}`, body: { role: 0 } },
    { path: `/user/${user.id}`, body: {} },
    { path: `/user/${caller.id}`, body: { data: { b: 1 } }, isOwn: true, whenDemoted: 204 },
    { path: `/user/${caller.id}`, body: { role: 0 } },
  ],
  'PATCH /user/current': () => [
    { path: '/user/current', body: { introReviewed: true } },
    { path: '/user/current', body: { data: { a: 1 } }, isOwn: true, whenDemoted: 204 },
  ],
  'PATCH /user/:id': ({ caller, user }) => [
    { path: `/user/${user.id}`, body: { data: { a: 1 } } },
    { path: `/user/${user.id}`, body: { status: 2 } },
    { path: `/user/${caller.id}`, body: { data: { b: null } }, isOwn: true, whenDemoted: 204 },
    { path: `/user/${caller.id}`, body: { role: 0 } },
  ],
  'DELETE /user/:id': ({ user }) => [{ path: `/user/${user.id}` }],
  'DELETE /user/current/session': () => [
    { path: '/user/current/session?except=current', isOwn: true, whenDemoted: 204 },
    { path: '/user/current/session?createdFor=others', isOwn: true, whenDemoted: 204 },
    { path: '/user/current/session', isOwn: true, whenDemoted: 204 },
  ],
  'DELETE /user/:id/session': ({ user }) => [
    { path: `/user/${user.id}/session` },
    { path: `/user/${user.id}/session?createdFor=others` },
  ],
  'DELETE /user/current/session/:sessionId': ({ callersOther }) => [
    { path: `/user/current/session/${callersOther}`, isOwn: true, whenDemoted: 204 },
  ],
  'DELETE /user/:id/session/:sessionId': ({ user, usersSession }) => [
    { path: `/user/${user.id}/session/${usersSession}` },
  ],
  'PUT /user/:id/network/:networkId': ({ user, networkId }) => [
    { path: `/user/${user.id}/network/${networkId}` },
  ],
  'DELETE /user/:id/network/:networkId': ({ user, assignedNetworkId }) => [
    { path: `/user/${user.id}/network/${assignedNetworkId}` },
  ],
  'PUT /user/:id/devicetype/all': ({ user }) => [{ path: `/user/${user.id}/devicetype/all` }],
  'DELETE /user/:id/devicetype/all': ({ caller }) => [{ path: `/user/${caller.id}/devicetype/all` }],
  'PUT /user/:id/devicetype/:deviceTypeId': ({ user, deviceTypeId }) => [
    { path: `/user/${user.id}/devicetype/${deviceTypeId}` },
  ],
  'DELETE /user/:id/devicetype/:deviceTypeId': ({ user, assignedDeviceTypeId }) => [
    { path: `/user/${user.id}/devicetype/${assignedDeviceTypeId}` },
  ],
  'POST /network': () => [{ path: '/network', body: { name: name() } }],
  'PUT /network/:id': ({ networkId }) => [{ path: `/network/${networkId}`, body: { description: name() } }],
  'DELETE /network/:id': ({ networkId }) => [{ path: `/network/${networkId}` }],
  'POST /devicetype': () => [{ path: '/devicetype', body: { name: name() } }],
  'PUT /devicetype/:id': ({ deviceTypeId }) => [
    { path: `/devicetype/${deviceTypeId}`, body: { description: name() } },
  ],
  'DELETE /devicetype/:id': ({ deviceTypeId }) => [{ path: `/devicetype/${deviceTypeId}` }],
  'PUT /configuration/:name': ({ configuration }) => [
    { path: `/configuration/${configuration}`, body: { value: name() } },
    { path: `/configuration/${name().slice(0, 32)}`, body: { value: name() } },
  ],
  'DELETE /configuration/:name': ({ configuration }) => [{ path: `/configuration/${configuration}` }],
  'POST /token/create': ({ caller, user }) => [
    { path: '/token/create', body: { userId: user.id, actions: ['GetDevice'] } },
    {
      path: '/token/create',
      body: { userId: caller.id, actions: ['GetDevice'] },
      isOwn: true,
      whenDemoted: 201,
    },
  ],
};

/** What happens to the caller while its request waits, and the status that the request must get. */
interface Loss {
  readonly what: string;
  readonly change: (transaction: Transaction, caller: TestUser) => Promise<unknown>;
  readonly status: 401 | 403;
  /** Whether it is tried with the first request of a route only. */
  readonly isRare?: boolean;
}

const sessionOf = ({ accessToken }: Pick<TestUser, 'accessToken'>) => String(claimsOf(accessToken)['sid']);

/**
 * Each takes exactly one thing away. So the check of the status is tried although a disabled user has lost its sessions
 * as well.
 */
const LOSSES: readonly Loss[] = [
  {
    what: 'is disabled',
    change: (transaction, { id }) =>
      changeUser(transaction, id, { status: UserStatus.Disabled }, { published: true }),
    status: 401,
  },
  {
    what: 'is locked by an administrator',
    change: (transaction, { id }) =>
      changeUser(transaction, id, { status: UserStatus.LockedOut }, { published: true }),
    status: 401,
    isRare: true,
  },
  {
    what: 'loses its session',
    change: (transaction, caller) =>
      revokeSessions(
        transaction,
        { ofUser: caller.id, only: [sessionOf(caller)] },
        { actor: { userId: null, command: 'test' }, reason: 'request' },
      ),
    status: 401,
  },
  {
    what: 'has a session that expires',
    change: async (transaction, caller) => {
      await lockSession(transaction, sessionOf(caller));
      await changeSession(transaction, sessionOf(caller), { expiresAt: new Date(Date.now() - 1) });
    },
    status: 401,
    isRare: true,
  },
  {
    what: 'is demoted',
    change: (transaction, { id }) => changeUser(transaction, id, { role: Role.Client }, { published: true }),
    status: 403,
  },
];
/** This cannot be undone, so it comes last. */
const DELETION: Loss['change'] = (transaction, { id }) => deleteUser(transaction, id);

/** The routes that need a token and change something, as the service has them. */
const routesOf = (service: TestService): string[] =>
  service.app
    .get(AuthorizationModule)
    .routes.filter(({ name, access }) => access !== 'public' && /^(?:POST|PUT|DELETE|PATCH) /.test(name))
    // It changes nothing.
    .filter(({ name }) => name !== 'POST /token/introspect')
    .map(({ name }) => name);

/** What the sequencer of events and the numbering of revocations do by themselves at any time. */
const EVENT_TABLES = ['events', 'pending_events', 'event_counts', 'revocations', 'pending_revocations'];

/** The rows of each table, as text. */
type Contents = Readonly<Record<string, readonly string[]>>;
type Read = (sql: string) => Promise<Record<string, unknown>[]>;

/** All that requests may change. Events and revocations count wherever they are: the sequencer moves them. */
async function contentsOf(read: Read, tables: readonly string[]): Promise<Contents> {
  const contents: Record<string, string[]> = {};
  const rowsOf = async (sql: string) => (await read(sql)).map((row) => JSON.stringify(row)).sort();
  for (const table of tables)
    if (!EVENT_TABLES.includes(table)) contents[table] = await rowsOf(`SELECT * FROM ${table}`);
  const columns = 'at, type, subject, actor_id, data';
  // In one statement: between two of them an event may move. Those of a period that has ended come at any time.
  contents['revocations'] = await rowsOf(
    `SELECT sid, until, CASE WHEN at IS NULL THEN 'revoked' ELSE 'narrowed' END AS kind FROM revocations ` +
      `UNION ALL SELECT sid, until, kind FROM pending_revocations`,
  );
  contents['events'] = await rowsOf(
    `SELECT ${columns} FROM events WHERE data NOT LIKE '%"count":%' UNION ALL SELECT ${columns} FROM pending_events WHERE counting IS NULL`,
  );
  return contents;
}

/** The rows that are in one of them only. */
const differences = (before: Contents, after: Contents): string[] =>
  [
    [before, after, '-'],
    [after, before, '+'],
  ].flatMap(([one, other, sign]) =>
    Object.entries(one as Contents).flatMap(([table, rows]) =>
      rows
        .filter((row) => !(other as Contents)[table]?.includes(row))
        .map((row) => `${sign as string} ${table} ${row}`),
    ),
  );

let service: TestService;
let database: Database;
let tables: string[];
beforeAll(async () => {
  service = await TestService.start();
  database = service.app.get(Database);
  tables = await tableNames(service.database);
});
afterAll(() => service.stop());

async function createWorld(kind: Kind): Promise<World> {
  const { admin, client } = service;
  const caller = await service.createUser({ role: roleOf(kind) });
  const other = await client.signIn(caller);
  const user = await service.createUser({ allDeviceTypesAvailable: false });
  const create = async (path: string) => Number((await admin.post(path, { name: name() })).body.id);
  const [networkId, assignedNetworkId] = [await create('/network'), await create('/network')];
  const [deviceTypeId, assignedDeviceTypeId] = [await create('/devicetype'), await create('/devicetype')];
  const configuration = name().slice(0, 32);
  for (const { status, text } of [
    await admin.put(`/user/${user.id}/network/${assignedNetworkId}`),
    await admin.put(`/user/${user.id}/devicetype/${assignedDeviceTypeId}`),
    await admin.put(`/configuration/${configuration}`, { value: '1' }),
  ])
    if (status >= 300) throw new Error(text);
  return {
    caller,
    callersOther: sessionOf(other.body),
    user,
    usersSession: sessionOf(user),
    networkId,
    deviceTypeId,
    assignedNetworkId,
    assignedDeviceTypeId,
    configuration,
  };
}

/** Gives the caller back what it has lost. */
function restore({ id }: TestUser, kind: Kind): Promise<void> {
  return database.transaction(async ({ manager, announce }) => {
    await manager.update(User, id, { role: roleOf(kind), status: UserStatus.Active });
    const expiresAt = new Date(Date.now() + 3_600_000);
    await manager.update(Session, { userId: id }, { revokedAt: null, expiresAt });
    await announce(`user/${id}`);
  });
}

/** Whether a connection of the service waits for the row of a user or a session. */
async function isWaitingForRow(): Promise<boolean> {
  const [row] = await service.database.query(
    `SELECT count(*) AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
       AND wait_event IN ('transactionid', 'tuple')`,
  );
  return Number(row?.['count']) > 0;
}

/** What came of a request, and of the data. */
interface Tried {
  readonly answer: Answer;
  /** After the loss, and before the request could change anything. */
  readonly before: Contents;
  readonly after: Contents;
  /** Whether the guards had let the request in, and it waited for its transaction. */
  readonly hasWaited: boolean;
}

/**
 * Sends a request while a transaction has locked and changed the caller. The transaction commits when the guards have
 * let the request in and it waits for the transaction.
 */
async function whileWaiting(
  route: string,
  { path, body }: Attempt,
  caller: TestUser,
  change: Loss['change'],
): Promise<Tried> {
  // Whether a counted event of an earlier request becomes one of its own is decided now.
  await sequenceEvents(database);
  const passes = vi.spyOn(AuthorizationGuard.prototype, 'canActivate');
  const transactions = vi.spyOn(database, 'transaction');
  const hasPassed = () => passes.mock.settledResults.some(({ type, value }) => type === 'fulfilled' && value);
  let sent: Promise<Answer> | undefined;
  let before: Contents = {};
  let hasWaited = false;
  try {
    await database.transaction(async (transaction) => {
      await lockUser(transaction, caller.id);
      await change(transaction, caller);
      before = await contentsOf((sql) => transaction.manager.query(sql), tables);
      transactions.mockClear();
      let isAnswered = false;
      sent = caller.client
        .send(route.split(' ', 1)[0] ?? '', path, body === undefined ? {} : { body })
        .finally(() => (isAnswered = true));
      // A failure is thrown below.
      sent.catch(() => undefined);
      await until(() => isAnswered || hasPassed());
      await until(async () => {
        if (isAnswered) return true;
        if (kindOfDatabase() === 'postgres') return isWaitingForRow();
        // The writes of SQLite are one queue, and this transaction is at work.
        return transactions.mock.calls.length > 0;
      });
      hasWaited = hasPassed() && !isAnswered;
    });
  } finally {
    passes.mockRestore();
    transactions.mockRestore();
  }
  const answer = await sent;
  if (!answer) throw new Error('Nothing was sent');
  const after = await contentsOf((sql) => database.read((manager) => manager.query(sql)), tables);
  return { answer, before, after, hasWaited };
}

const attemptsOf = (route: string, world: World, kind: Kind): Attempt[] =>
  (ATTEMPTS[route]?.(world) ?? []).filter(({ isOwn }) => kind === 'administrator' || isOwn);

const NO_WORLD = { caller: {}, user: {} } as World;
const CASES = (['administrator', 'client'] as const).flatMap((kind) =>
  Object.keys(ATTEMPTS)
    .filter((route) => attemptsOf(route, NO_WORLD, kind).length > 0)
    .map((route) => [route, kind] as const),
);

describe('a request whose caller loses its rights while it waits', () => {
  it('is known here for every route that changes something', () => {
    const routes = routesOf(service);
    expect(routes.length).toBeGreaterThan(20);
    expect([...routes].sort()).toEqual(Object.keys(ATTEMPTS).sort());
  });

  it.each(CASES)(
    '%s (%s) is refused and changes nothing, and succeeds when the caller loses nothing (ASVS 8.3.2)',
    async (route, kind) => {
      const world = await createWorld(kind);
      const attempts = attemptsOf(route, world, kind);
      const wrong: string[] = [];
      const note = (
        { path, body }: Attempt,
        loss: string,
        { answer, hasWaited }: Tried,
        isRight: boolean,
      ) => {
        const what = `${path} ${JSON.stringify(body)} of a caller who ${loss}`;
        if (!hasWaited) wrong.push(`${what}: was not let in by the guards, or did not wait`);
        if (!isRight) wrong.push(`${what}: ${answer.status} ${answer.text}`);
      };
      for (const { what, change, status, isRare = false } of LOSSES)
        for (const [index, attempt] of attempts.entries()) {
          if (isRare && index > 0) continue;
          // A client may do it, too.
          if (what === 'is demoted' && (kind === 'client' || attempt.whenDemoted !== undefined)) continue;
          const tried = await whileWaiting(route, attempt, world.caller, change);
          note(attempt, what, tried, tried.answer.status === status);
          expect(differences(tried.before, tried.after), `${attempt.path} of a caller who ${what}`).toEqual(
            [],
          );
          await restore(world.caller, kind);
        }
      for (const attempt of attempts) {
        // Only what is allowed to a client is allowed to an administrator who is demoted.
        const isDemoted = kind === 'administrator' && attempt.whenDemoted !== undefined;
        const demote: Loss['change'] = (transaction, { id }) =>
          isDemoted
            ? changeUser(transaction, id, { role: Role.Client }, { published: true })
            : Promise.resolve();
        const tried = await whileWaiting(route, attempt, world.caller, demote);
        const isRight = isDemoted ? tried.answer.status === attempt.whenDemoted : tried.answer.status < 300;
        note(attempt, isDemoted ? 'is demoted' : 'loses nothing', tried, isRight);
        if (isDemoted) await restore(world.caller, kind);
      }
      const another = { ...world, caller: await service.createUser({ role: roleOf(kind) }) };
      for (const attempt of attemptsOf(route, another, kind).slice(0, 1)) {
        const tried = await whileWaiting(route, attempt, another.caller, DELETION);
        note(attempt, 'is deleted', tried, tried.answer.status === 401);
        expect(differences(tried.before, tried.after), 'deleted').toEqual([]);
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe('a client that sends its record back, and waits', () => {
  const CHANGES: readonly (readonly [what: string, change: Loss['change'], status: number])[] = [
    ['is not changed', () => Promise.resolve(), 204],
    [
      'gets other data',
      (transaction, { id }) => changeUser(transaction, id, { data: '{"b":2}' }, { published: true }),
      204,
    ],
    [
      'is introduced',
      (transaction, { id }) => changeUser(transaction, id, { introReviewed: true }, { published: true }),
      403,
    ],
    [
      'is renamed',
      (transaction, { id, login }) =>
        changeUser(transaction, id, { login: login.toUpperCase() }, { published: true }),
      403,
    ],
    [
      'is locked out by failed logins',
      (transaction, { id }) =>
        changeUser(
          transaction,
          id,
          { status: UserStatus.LockedOut, lockedByFailedLogins: true },
          { published: true },
        ),
      403,
    ],
    [
      'is promoted, so that its role is another one',
      (transaction, { id }) => changeUser(transaction, id, { role: Role.Administrator }, { published: true }),
      403,
    ],
  ];

  it.each(['PUT', 'PATCH'])(
    '%s is compared with the record as it is in the transaction (ASVS 8.3.2)',
    async (method) => {
      const wrong: string[] = [];
      for (const [what, change, status] of CHANGES) {
        const caller = await service.createUser({ data: { a: 1 } });
        const { body } = await caller.client.get('/user/current');
        const attempt = { path: '/user/current', body: { ...body, data: { a: 2 } } };
        const tried = await whileWaiting(`${method} /user/current`, attempt, caller, change);
        if (!tried.hasWaited || tried.answer.status !== status)
          wrong.push(`${what}: ${tried.answer.status} ${tried.answer.text}`);
        const changed = differences(tried.before, tried.after).some((row) => row.includes(' users '));
        if (changed !== (status === 204))
          wrong.push(`${what}: ${changed ? 'was changed' : 'was not changed'}`);
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe('an administrator whose requests wait for the hashing queue, and who is disabled', () => {
  it('creates no administrator with the requests that wait (ASVS 8.3.2)', async () => {
    const { caller } = await createWorld('administrator');
    const hasher = service.app.get(PasswordHasher);
    const slots = Math.min(availableParallelism(), 8);
    let release = (): void => undefined;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    const busy = Array.from({ length: slots }, () => hasher.inTurn(turnOfUser(0), () => isReleased));
    const hashes = vi.spyOn(hasher, 'hash');
    onTestFinished(() => {
      hashes.mockRestore();
      release();
    });
    const waiting = Array.from({ length: slots * 8 }, () =>
      caller.client.post('/user', { login: name(), role: 0, password: password() }),
    );
    await until(() => hashes.mock.calls.length === waiting.length);
    expect((await service.admin.put(`/user/${caller.id}`, { status: 2 })).status).toBe(204);
    const read: Read = (sql) => database.read((manager) => manager.query(sql));
    const before = await contentsOf(read, tables);
    release();
    await Promise.all(busy);
    expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([401]));
    expect(differences(before, await contentsOf(read, tables))).toEqual([]);
  });
});

describe('administrators who change each other at the same time', () => {
  const ROUNDS = 25;

  it('wait for each other without a deadlock, and get no 5xx (ASVS 15.4.2)', async () => {
    const shared = await createDatabase();
    const own = await TestService.start({ CREATED_TOKEN_MAX_TTL: '3600' }, shared);
    const { admin, client } = own;
    const users = [
      await createUser(admin, { role: 0 }),
      await createUser(admin, { role: 0 }),
      await createUser(admin),
    ] as const;
    const seen = new Map<string, number>();
    const send = async (what: string, answer: Promise<Answer>) => {
      const { status } = await answer;
      const key = `${what}: ${status}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { id } of users) await admin.put(`/user/${id}`, { status: 0 });
      const signedIn = await Promise.all(users.map(async (user) => (await client.signIn(user)).body));
      const created = await Promise.all(
        users.map(async ({ id }, index) => {
          // Each administrator creates a session for another user, who creates a child of it for itself.
          const creator = client.as(signedIn[(index + 1) % 2].accessToken);
          const { body } = await creator.post('/token/create', { userId: id, actions: ['ManageToken'] });
          await client.as(body.accessToken).post('/token/create', { userId: id });
          return body;
        }),
      );
      await Promise.all(
        users.flatMap(({ id, login, password: secret }, index) => {
          const other = users[(index + 1) % 2] ?? users[0];
          const as = client.as(signedIn[index].accessToken);
          const status = [2, 0, 1][round % 3];
          return [
            send('update', as.put(`/user/${other.id}`, { data: { round } })),
            send('status', as.put(`/user/${other.id}`, { status })),
            send('role', as.put(`/user/${other.id}`, { role: users.indexOf(other) === 2 ? 1 : 0 })),
            send('revoke all', as.delete(`/user/${other.id}/session?except=current`)),
            send('revoke created', as.delete(`/user/${other.id}/session?createdFor=others`)),
            send('revoke own', as.delete('/user/current/session?except=current')),
            send('create', as.post('/token/create', { userId: other.id, actions: ['GetDevice'] })),
            send('refresh', client.refresh(created[index].refreshToken)),
            send('revoke token', client.post('/token/revoke', { token: created[index].accessToken })),
            send('sign in', client.signIn({ login, password: secret })),
            send('enable', admin.put(`/user/${id}`, { status: 0 })),
          ];
        }),
      );
    }
    // A connection reports its deadlocks when it closes at the latest.
    await own.app.close();
    const deadlocks =
      kindOfDatabase() === 'postgres'
        ? await shared.query('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()')
        : [];
    await shared.remove();
    const failed = [...seen.keys()].filter((key) => / 5\d\d$/.test(key));
    expect({ failed, seen: [...seen.keys()].sort() }).toEqual({
      failed: [],
      seen: expect.arrayContaining(['update: 204', 'update: 401', 'status: 204', 'enable: 204']),
    });
    expect(deadlocks.map((row) => Number(row['deadlocks']))).toEqual(
      kindOfDatabase() === 'postgres' ? [0] : [],
    );
  });
});
