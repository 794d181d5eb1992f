import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import bcrypt from 'bcrypt';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Database } from '../../src/database/database.js';
import { claimsOf } from '../support/client.js';
import { kindOfDatabase } from '../support/database.js';
import {
  encodePart,
  foreignKey,
  forge,
  forgeRefresh,
  type ForgersKey,
  makeClaims,
  stolenKey,
  type TokenContent,
  type TokenRights,
} from '../support/forge.js';
import { routesOf } from '../support/routes.js';
import { PASSWORD, TestService, type TestUser } from '../support/service.js';
import { PRIMARY_KEYS, readTables, type Row, type TableName } from '../support/tables.js';
import {
  actionsOfRole,
  ALL_ACTIONS,
  type Answer,
  type Caller,
  gate,
  type Record_,
  type Rule,
  RULES,
  type TokenKind,
  update,
  WELL_KNOWN,
} from './access-model.js';

/*
 * Every route, asked by every kind of caller with every kind of token about every kind of record, held to the
 * model in access-model.ts. Whatever is refused must leave every table as it was.
 */

/** Whose record is asked for: the caller's own, or that of somebody else. */
const RECORDS = ['own', 'of a client', 'of an administrator', 'missing', 'malformed'] as const;
type RecordKind = (typeof RECORDS)[number];

/** What has happened to the caller since its token was issued. */
const SINCE = [
  'demoted',
  'promoted',
  'locked out by failed logins',
  'locked by an administrator',
  'disabled',
  'deleted',
  'its session revoked',
  'its session expired',
] as const;
type Since = 'nothing' | (typeof SINCE)[number];

type Role = 'administrator' | 'client';
interface TokenSpec extends TokenRights {
  readonly kind: TokenKind;
  /** Whether it is of a session of kind `created`. */
  readonly isCreated?: boolean | undefined;
}
interface Asked {
  readonly role: Role;
  readonly since: Since;
  readonly token: TokenSpec;
  readonly record: RecordKind;
  /** A malformed body: access is judged before it is read. */
  readonly isMalformed?: boolean | undefined;
}

const MISSING = 987_654_321;
const MISSING_SESSION = 'bd2a0e51-7b0c-4f64-b9a1-61c2cc0cfd6c';
/** A network and a device type that are assigned to nobody; far from the ids that the database gives. */
const NOBODYS = 500_000;
/** Guesses that have failed before: setting status 0 clears them. */
const FAILED_ATTEMPTS = 3;

/** A URL: else there would be no discovery. */
const ISSUER = 'https://id.test';
const claimsWith = (content: TokenContent) => ({ ...makeClaims(content), iss: ISSUER });

let service: TestService;
let database: Database;
let routes: string[];
type UserName = Role | 'of a client' | 'of an administrator';
let users: Record<UserName, TestUser>;
/** The `sid` of each user's first session, of another sign-in, and of a session that the first one has created. */
let sessions: Record<UserName, { first: string; other: string; created: string }>;
type State = Record<TableName | 'sessions', Row[]>;
let baseline: State;
/** The key that signs the tokens of the service, and one that it does not know. */
let key: ForgersKey;
let anotherKey: ForgersKey;

beforeAll(async () => {
  service = await TestService.start({ JWT_ISSUER: ISSUER });
  database = service.app.get(Database);
  key = await stolenKey(service.database);
  anotherKey = await foreignKey();
  const { body } = await service.client.get('/swagger.json');
  routes = routesOf((body as OpenAPIObject).paths);
  users = {
    administrator: await service.createUser({ role: 0 }),
    client: await service.createUser({ role: 1 }),
    'of a client': await service.createUser({ role: 1, data: { of: 'a client' } }),
    'of an administrator': await service.createUser({ role: 0, introReviewed: true }),
  };
  const ids = Object.values(users).map(({ id }) => id);
  const sidOf = (token: string) => String(claimsOf(token)['sid']);
  const entries = Object.entries(users).map(async ([name, user]) => {
    const { body: other } = await service.client.signIn(user);
    const { body: created } = await user.client.post('/token/create', { userId: user.id });
    return [
      name,
      {
        first: sidOf(user.accessToken),
        other: sidOf(other.accessToken),
        created: sidOf(created.accessToken),
      },
    ] as const;
  });
  sessions = Object.fromEntries(await Promise.all(entries)) as typeof sessions;
  await database.transaction(async ({ manager }) => {
    await manager.query(`UPDATE users SET login_attempts = ${FAILED_ATTEMPTS} WHERE id <> 1`);
    for (const table of ['networks', 'device_types']) {
      const [first = {}] = await manager.query<Row[]>(`SELECT * FROM ${table}`);
      const names = Object.keys(first).filter((column) => column.startsWith('name'));
      const another = Object.fromEntries(names.map((column) => [column, "nobody's"]));
      await manager.query(...insertion(table, { ...first, ...another, id: NOBODYS }));
    }
    await manager.query("INSERT INTO configuration (name, value) VALUES ('known', '1')");
    for (const id of ids) {
      await manager.query(`UPDATE users SET all_device_types_available = false WHERE id = ${id}`);
      await manager.query(`INSERT INTO user_networks (user_id, network_id) VALUES (${id}, 1)`);
      await manager.query(`INSERT INTO user_device_types (user_id, device_type_id) VALUES (${id}, 1)`);
    }
  });
  baseline = await readState();
});
afterAll(() => service.stop());

/* The state of the database, and its return to what it was. */

const readState = async (): Promise<State> => {
  const query = (sql: string) => database.read((manager) => manager.query<Row[]>(sql));
  const tables = await readTables({ url: service.database.url, query });
  return { ...tables, sessions: await query('SELECT * FROM sessions ORDER BY id') };
};

/** The tables that are compared, in an order in which their rows can be inserted. */
const KEYS = { ...PRIMARY_KEYS, sessions: ['id'] } as const;
const COMPARED = Object.keys(KEYS) as (keyof typeof KEYS)[];

/** Puts the rows back that have changed, come or gone. */
async function restore(found: State): Promise<void> {
  if (isDeepStrictEqual(found, baseline)) return;
  const statements: [string, unknown[]][] = [];
  for (const table of COMPARED) {
    const keys: readonly string[] = KEYS[table];
    const keyOf = (row: Row) => keys.map((key) => String(row[key])).join();
    const now = new Map(found[table].map((row) => [keyOf(row), row]));
    for (const row of baseline[table]) {
      const current = now.get(keyOf(row));
      now.delete(keyOf(row));
      if (!current) statements.push(insertion(table, row));
      else if (!isDeepStrictEqual(current, row)) {
        const sets = Object.keys(row).map((column, index) => `${column} = ${bind(index)}`);
        statements.push([
          `UPDATE ${table} SET ${sets.join()} WHERE ${conditionOf(keys, row)}`,
          Object.values(row),
        ]);
      }
    }
    for (const row of now.values())
      statements.push([`DELETE FROM ${table} WHERE ${conditionOf(keys, row)}`, []]);
  }
  await database.transaction(async ({ manager, announce }) => {
    for (const statement of statements) await manager.query(...statement);
    for (const { id } of baseline.users) await announce(`user/${String(id)}`);
  });
}

const bind = (index: number) => (kindOfDatabase() === 'postgres' ? `$${index + 1}` : '?');
const conditionOf = (keys: readonly string[], row: Row) =>
  keys.map((key) => `${key} = '${String(row[key])}'`).join(' AND ');
const insertion = (table: string, row: Row): [string, unknown[]] => {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => bind(index));
  return [`INSERT INTO ${table} (${columns.join()}) VALUES (${places.join()})`, Object.values(row)];
};

/** Does to the caller what has happened since; gives the state before the request. */
async function happen({ role, since, token }: Asked): Promise<State> {
  const { id } = users[role];
  if (since === 'nothing') return baseline;
  const change = CHANGES[since];
  const sid = sidOf(role, token);
  const key = change?.table === 'sessions' ? sid : id;
  await database.transaction(async ({ manager, announce }) => {
    if (change) {
      const sets = Object.entries(change.columns).map(([column, value]) => `${column} = ${value}`);
      await manager.query(`UPDATE ${change.table} SET ${sets.join()} WHERE id = '${key}'`);
    } else await manager.query(`DELETE FROM users WHERE id = ${id}`);
    await announce(`user/${id}`);
  });
  if (!change) return withoutUser(baseline, id);
  const columns = Object.fromEntries(
    Object.entries(change.columns).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? stored(value) : value,
    ]),
  );
  const changed = (row: Row) => (row['id'] === key ? { ...row, ...columns } : row);
  return { ...baseline, [change.table]: baseline[change.table].map(changed) };
}

/** The session of a token. */
const sidOf = (role: Role, { isCreated = false }: TokenSpec): string =>
  sessions[role][isCreated ? 'created' : 'first'];

/** A state from which a user has been deleted: its assignments and sessions go with it. */
const withoutUser = (state: State, id: unknown): State => ({
  ...state,
  users: state.users.filter((user) => user['id'] !== id),
  user_networks: state.user_networks.filter((assignment) => assignment['user_id'] !== id),
  user_device_types: state.user_device_types.filter((assignment) => assignment['user_id'] !== id),
  sessions: state.sessions.filter((session) => session['user_id'] !== id),
});

interface Change {
  readonly table: 'users' | 'sessions';
  readonly columns: Readonly<Record<string, number | boolean>>;
}
const LONG_AGO = 1000;
const CHANGES: Partial<Record<Since, Change>> = {
  demoted: { table: 'users', columns: { role: 1 } },
  promoted: { table: 'users', columns: { role: 0 } },
  'locked out by failed logins': { table: 'users', columns: { status: 1, locked_by_failed_logins: true } },
  'locked by an administrator': { table: 'users', columns: { status: 1 } },
  disabled: { table: 'users', columns: { status: 2 } },
  'its session revoked': { table: 'sessions', columns: { revoked_at: LONG_AGO } },
  'its session expired': { table: 'sessions', columns: { expires_at: LONG_AGO } },
};

/* Requests. */

const idOf = (role: Role, record: RecordKind): number | string =>
  record === 'own'
    ? users[role].id
    : record === 'missing'
      ? MISSING
      : record === 'malformed'
        ? '1x'
        : users[record].id;

/** Networks and device types: 1 is everybody's here, the other nobody's. */
const scopeOf = (record: RecordKind): number | string =>
  record === 'missing' ? MISSING : record === 'malformed' ? '1x' : record === 'own' ? 1 : NOBODYS;

/** A session of that user that is neither the caller's own nor one that descends from it. */
const sessionOf = (role: Role, record: RecordKind): string =>
  record === 'missing'
    ? MISSING_SESSION
    : record === 'malformed'
      ? 'no-session'
      : sessions[nameOf(role, record)].other;

const nameOf = (role: Role, record: Exclude<RecordKind, 'missing' | 'malformed'>): UserName =>
  record === 'own' ? role : record;

function requestFor(route: string, { role, record, isMalformed }: Asked) {
  const [method = '', path = ''] = route.split(' ');
  const parameters = path.startsWith('/user/current/session')
    ? [sessionOf(role, record)]
    : path.startsWith('/user/')
      ? [idOf(role, record), path.includes('/session') ? sessionOf(role, record) : 1]
      : [path.startsWith('/configuration') ? (record === 'missing' ? 'missing' : 'known') : scopeOf(record)];
  let index = 0;
  return {
    method: method as 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: path.replaceAll('{}', () => String(parameters[(index += 1) - 1])),
    body: isMalformed && takesMalformed(route) ? { nonsense: 1 } : BODIES[route]?.(role, record),
  };
}

const BODIES: Record<string, (role: Role, record: RecordKind) => object> = {
  'POST /user': () => ({ login: 'someone-new', role: 1, password: 'a password like no other' }),
  'PUT /user/{}': () => ({ data: { changed: true } }),
  'PUT /user/current': () => ({ data: { changed: true } }),
  'PATCH /user/{}': () => ({ data: { changed: true } }),
  'PATCH /user/current': () => ({ data: { changed: true } }),
  'POST /network': () => ({ name: 'A new one' }),
  'PUT /network/{}': () => ({ description: 'changed' }),
  'POST /devicetype': () => ({ name: 'A new one' }),
  'PUT /devicetype/{}': () => ({ description: 'changed' }),
  'PUT /configuration/{}': () => ({ value: '2' }),
  'POST /token': () => ({ login: users['of a client'].login, password: PASSWORD }),
  'POST /token/refresh': () => ({ refreshToken: users['of a client'].refreshToken }),
  'POST /token/revoke': () => ({ token: users['of a client'].refreshToken }),
  'POST /token/introspect': () => ({ token: users['of a client'].refreshToken }),
  'POST /token/create': (role, record) => ({ userId: record === 'malformed' ? 'x' : idOf(role, record) }),
};

/** Whose record a token is created for, its body says: there is none in a malformed one. */
const takesMalformed = (route: string) => route in BODIES && route !== 'POST /token/create';

async function send(
  { method, url, body }: { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string; body?: unknown },
  authorization: string | undefined,
) {
  const answer = await service.app.inject({
    method,
    url,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(authorization !== undefined && { authorization }),
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const message = answer.body === '' ? undefined : answer.json<{ message?: string | undefined }>().message;
  return { status: answer.statusCode, message, text: answer.body, headers: answer.headers };
}

async function authorizationOf({ role, token }: Asked): Promise<string | undefined> {
  const { kind, isCreated: _, ...rights } = token;
  const content = { userId: users[role].id, sid: sidOf(role, token), ...rights };
  const { kid } = key;
  const sign = (changes: Partial<TokenContent> = {}) =>
    forge(claimsWith({ ...content, ...changes }), key.privateKey, { kid });
  switch (kind) {
    case 'none':
      return undefined;
    case 'garbage':
      return 'Bearer garbage';
    case 'another scheme':
      return `Token ${await sign()}`;
    case 'expired':
      return `Bearer ${await sign({ expiresIn: -1 })}`;
    case 'a refresh token':
      return `Bearer ${await forgeRefresh(claimsWith({ ...content, type: 0 }), key)}`;
    case 'of another key':
      return `Bearer ${await forge(claimsWith(content), anotherKey.privateKey, { kid })}`;
    case 'unsigned':
      return `Bearer ${encodePart({ alg: 'none', typ: 'at+jwt', kid })}.${encodePart(claimsWith(content))}.`;
    case 'with the public key as a secret': {
      const jwk = JSON.stringify({
        ...key.publicKey.export({ format: 'jwk' }),
        kid,
        alg: 'ES256',
        use: 'sig',
      });
      return `Bearer ${await forge(claimsWith(content), Buffer.from(jwk), { alg: 'HS256', kid })}`;
    }
    case 'without a session':
      return `Bearer ${await sign({ sid: undefined })}`;
    case 'of a session that is not there':
      return `Bearer ${await sign({ sid: MISSING_SESSION })}`;
    case "of another user's session":
      return `Bearer ${await sign({ sid: sessions['of an administrator'].first })}`;
    case 'good':
      return `Bearer ${await sign()}`;
  }
}

/* What is expected. */

const callerOf = ({ role, since, token }: Asked): Caller => {
  const change = CHANGES[since];
  const now = { role: role === 'administrator' ? 0 : 1, status: 0 };
  const { role: newRole, status } = change?.table === 'users' ? change.columns : {};
  const user =
    since === 'deleted'
      ? undefined
      : {
          role: Number(newRole ?? now.role),
          status: Number(status ?? now.status),
          byFailedLogins: since === 'locked out by failed logins',
        };
  const hasSessionEnded = change?.table === 'sessions';
  return { token: token.kind, actions: token.actions, user, hasSessionEnded };
};

const namesOwnRecord = (route: string, record: RecordKind) =>
  record === 'own' || route.includes('/user/current');

/** What one who is let in may be told: a fault that there is, or success where there is none. */
function answersTo(route: string, rule: Rule, asked: Asked): readonly Answer[] {
  const { record, token, isMalformed } = asked;
  const [method = '', path = ''] = route.split(' ');
  const faults: Answer[] = isMalformed && takesMalformed(route) ? [{ status: 400 }] : [];
  const isAboutUser = path.startsWith('/user/{}') || path === '/token/create';
  if (isAboutUser && record === 'missing') {
    faults.push({ status: 404, message: `User with id = ${MISSING} not found` });
  }
  if (route === 'DELETE /user/{}' && record === 'own') faults.push(OWN_RECORD);
  if (path.endsWith('/session/{}') && faults.length === 0) {
    // A session of the user in the path, and one that the caller's own reaches (contract.md §5).
    const isOfUser = record === 'own' || (!path.includes('current') && record !== 'missing');
    if (!isOfUser || token.isCreated) {
      const id = sessionOf(asked.role, record);
      faults.push({ status: 404, message: `Session with id = ${id} not found` });
    }
  }
  if (/^(?:\/user|\/network|\/devicetype)\/\{\}|\/token\/create/.test(path) && record === 'malformed') {
    faults.push({ status: 400 });
  }

  // A scope that the token does not name is out of its reach (contract.md §4).
  const { kind, scope } = /(?<kind>network|devicetype)\/(?<scope>\{\}|all)$/.exec(path)?.groups ?? {};
  if (kind !== undefined && record !== 'malformed') {
    const id = scope === 'all' ? '*' : String(isAboutUser ? 1 : scopeOf(record));
    const isAdministrator = callerOf(asked).user?.role === 0;
    // No list: none, for administrators too (contract.md §5).
    const named = (kind === 'network' ? token.networks : token.deviceTypes) ?? [];
    const isOutside = !isAdministrator && id !== '1';
    if (isOutside || !(named.includes('*') || named.includes(id))) {
      faults.push({ status: 403, message: 'Access is denied' });
    } else if (!isAboutUser && record === 'missing') {
      const noun = kind === 'network' ? 'Network' : 'Device type';
      faults.push({ status: 404, message: `${noun} with id = ${MISSING} not found` });
    }
  }
  if (path.startsWith('/configuration/') && record === 'missing' && method !== 'PUT') {
    // What becomes of deleting what is not there, the contract leaves open.
    if (method === 'DELETE') return [{ status: 204 }, UNKNOWN_CONFIGURATION];
    faults.push(UNKNOWN_CONFIGURATION);
  }
  return faults.length > 0 ? faults : [{ status: rule.success }];
}

const OWN_RECORD: Answer = {
  status: 403,
  message: 'You can not delete a user or access key that you use to authenticate this request',
};
const UNKNOWN_CONFIGURATION: Answer = {
  status: 404,
  message: 'Requested config with name = missing not found in the database',
};

function ruleOf(route: string): Rule {
  const rule = RULES[route];
  if (!rule) throw new Error(`${route} is in no row of the model`);
  return rule;
}

function expectOneOf(
  answers: readonly Answer[],
  got: { status: number; message?: string | undefined; text: string },
): void {
  const fits = answers.some(
    ({ status, message }) => status === got.status && (message === undefined || message === got.message),
  );
  if (!fits) throw new Error(`wanted ${JSON.stringify(answers)}, got ${got.status} ${got.text}`);
}

/** Asks, judges the answer and what became of the data, and puts everything back. */
async function check(route: string, asked: Asked): Promise<void> {
  const rule = ruleOf(route);
  let after: State | undefined;
  try {
    const before = await happen(asked);
    const got = await send(requestFor(route, asked), await authorizationOf(asked));
    after = await readState();
    const refusal = gate(rule, callerOf(asked), namesOwnRecord(route, asked.record));
    // A client that names a malformed id names no record at all: 400 says as much as 403 would.
    const malformed = rule.who === 'own' && asked.record === 'malformed' && refusal?.status === 403;
    expectOneOf(
      refusal ? [refusal, ...(malformed ? [{ status: 400 }] : [])] : answersTo(route, rule, asked),
      got,
    );
    if (refusal?.status === got.status) {
      const challenge = ['none', 'another scheme'].includes(asked.token.kind)
        ? 'Bearer'
        : 'Bearer error="invalid_token"';
      expect(got.headers['www-authenticate']).toBe(got.status === 401 ? challenge : undefined);
      // Nothing else is in it, so it does not say whether the record exists. POST /token/create names the field.
      const { status, message } = refusal;
      if (route !== 'POST /token/create') expect(got.text).toBe(JSON.stringify({ error: status, message }));
    }
    expectChanges(route, got.status, asked, before, after);
  } finally {
    await restore(after ?? (await readState()));
  }
}

function expectChanges(route: string, status: number, asked: Asked, before: State, after: State): void {
  const { role, record, token } = asked;
  if (status >= 400 || route.startsWith('GET') || route === 'POST /token/introspect') {
    expect(after).toEqual(before);
  } else if (route === 'POST /token/create') {
    const known = new Set(before.sessions.map(({ id }) => id));
    expect({ ...after, sessions: after.sessions.filter(({ id }) => known.has(id)) }).toEqual(before);
    expect(after.sessions).toHaveLength(before.sessions.length + 1);
  } else if (route.includes('/session')) {
    const id = route.includes('current') ? users[role].id : idOf(role, record);
    const areAll = !route.endsWith('/session/{}') && token.isCreated !== true;
    const owners = before.users.map((user) =>
      areAll && user['id'] === Number(id) ? { ...user, original_tokens_ended: stored(true) } : user,
    );
    expect({ ...after, sessions: before.sessions }).toEqual({ ...before, users: owners });
    const ended = route.endsWith('/session/{}')
      ? [sessionOf(role, record)]
      : token.isCreated && id === users[role].id
        ? [sidOf(role, token)]
        : token.isCreated
          ? []
          : before.sessions.filter((session) => session['user_id'] === id).map((session) => session['id']);
    expectRevoked(before, after, ended);
  } else if (route === 'POST /token/revoke') {
    expect({ ...after, sessions: before.sessions }).toEqual(before);
    const { first, created } = sessions['of a client'];
    expectRevoked(before, after, [first, created]);
  } else if (route === 'POST /user') {
    expect(after.users.filter(({ login }) => login !== 'someone-new')).toEqual(before.users);
    expect(after.users).toHaveLength(before.users.length + 1);
  } else if (route === 'DELETE /user/{}') {
    expect(after).toEqual(withoutUser(before, idOf(role, record)));
  } else {
    const touched = TOUCHED.find(({ path }) => path.test(route))?.tables ?? [];
    for (const table of COMPARED) {
      if (!touched.includes(table))
        expect(withoutVersion(after[table])).toEqual(withoutVersion(before[table]));
    }
  }
}

/** Expects that these sessions, where they were open, and no others have been revoked. */
function expectRevoked(before: State, after: State, ended: readonly unknown[]): void {
  expect(after.sessions.map(({ id }) => id)).toEqual(before.sessions.map(({ id }) => id));
  for (const [index, row] of after.sessions.entries()) {
    const old = before.sessions[index];
    if (old?.['revoked_at'] === null && Number(old['expires_at']) > Date.now() && ended.includes(row['id'])) {
      expect(row).toEqual({
        ...old,
        revoked_at: expect.any(Number),
        removable_at: old['access_expires_at'],
      });
    } else expect(row).toEqual(old);
  }
}

/** Assignments are published with the user, and so change its entity tag. */
const withoutVersion = (rows: readonly Row[]) => rows.map((row) => ({ ...row, version: undefined }));

/** Which tables the other routes may change. */
const TOUCHED: readonly { readonly path: RegExp; readonly tables: readonly (keyof State)[] }[] = [
  { path: /\/token$|\/token\/refresh$/, tables: ['users', 'sessions'] },
  { path: /(?:PUT|PATCH) \/user\/(?:\{\}|current)$/, tables: ['users'] },
  { path: /\/user\/.*\/network/, tables: ['user_networks'] },
  { path: /\/user\/.*\/devicetype\/all$/, tables: ['users'] },
  { path: /\/user\/.*\/devicetype/, tables: ['user_device_types'] },
  { path: / \/network/, tables: ['networks', 'user_networks'] },
  { path: / \/devicetype/, tables: ['device_types', 'user_device_types'] },
  { path: / \/configuration/, tables: ['configuration'] },
];

/* Generators. */

const anyActions = fc.oneof(
  fc.constantFrom(...ALL_ACTIONS).map((action) => [action]),
  fc.subarray([...ALL_ACTIONS]),
  fc.constant([0]),
  fc.constant([...actionsOfRole(1)]),
);
const anyIds = fc.option(fc.oneof(fc.constant(['*']), fc.subarray(['1', String(NOBODYS), String(MISSING)])), {
  nil: undefined,
});
const BAD_TOKENS: readonly TokenKind[] = [
  'without a session',
  'of a session that is not there',
  "of another user's session",
  'none',
  'garbage',
  'another scheme',
  'expired',
  'a refresh token',
  'of another key',
  'unsigned',
  'with the public key as a secret',
];
const anyToken = fc.record<TokenSpec>({
  isCreated: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  kind: fc.oneof({ weight: 5, arbitrary: fc.constant<TokenKind>('good') }, fc.constantFrom(...BAD_TOKENS)),
  actions: anyActions,
  networks: anyIds,
  deviceTypes: anyIds,
});
const anyAsked = fc.record<Asked>({
  role: fc.constantFrom('administrator', 'client'),
  since: fc.oneof({ weight: 3, arbitrary: fc.constant<Since>('nothing') }, fc.constantFrom(...SINCE)),
  token: anyToken,
  record: fc.constantFrom(...RECORDS),
  isMalformed: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
});

const full = (role: Role): TokenSpec => ({
  kind: 'good',
  actions: role === 'administrator' ? [0] : actionsOfRole(1),
  networks: ['*'],
  deviceTypes: ['*'],
});

describe('the access matrix', () => {
  it('has a row for every route of the API, and no route is missing', () => {
    expect(routes.filter((route) => !(route in RULES))).toEqual([]);
    expect(Object.keys(RULES).filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('holds on every route for each role, each single action and each bad token (ASVS 8.2.1, 8.3.1, 9.1.1)', async () => {
    for (const route of routes) {
      for (const role of ['administrator', 'client'] as const) {
        const asked: Asked = { role, since: 'nothing', record: 'own', token: full(role) };
        const singly = ALL_ACTIONS.map((action): TokenSpec => ({ ...full(role), actions: [action] }));
        const badly = BAD_TOKENS.map((kind): TokenSpec => ({ ...full(role), kind }));
        for (const token of [...singly, ...badly]) await named(route, { ...asked, token });
      }
    }
  });

  it('holds on every route for each role, each record and whatever has happened to the caller since (ASVS 8.2.2, 8.3.2)', async () => {
    for (const route of routes) {
      for (const role of ['administrator', 'client'] as const) {
        const asked: Asked = { role, since: 'nothing', record: 'own', token: full(role) };
        for (const record of RECORDS) await named(route, { ...asked, record });
        for (const since of SINCE) await named(route, { ...asked, since });
        const unlisted = { ...full(role), networks: undefined, deviceTypes: undefined };
        await named(route, { ...asked, token: unlisted });
        for (const record of RECORDS)
          await named(route, { ...asked, record, token: { ...full(role), isCreated: true } });
        if (takesMalformed(route))
          for (const record of RECORDS) await named(route, { ...asked, record, isMalformed: true });
      }
    }
  });

  it('holds for any route, caller, token and record', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...routes), anyAsked, check), { numRuns: 1500 });
  });
});

/** A failure names its case. */
async function named(route: string, asked: Asked): Promise<void> {
  await check(route, asked).catch((error: unknown) => {
    throw new Error(`${route} ${JSON.stringify(asked)}: ${String(error)}`, { cause: error });
  });
}

/* PUT: every subset of fields, with good and bad values. */

const emoji = '🔑';
const junk: fc.Arbitrary<unknown> = fc.constantFrom(
  null,
  5,
  1.5,
  -1,
  true,
  '',
  'x',
  [],
  [1],
  [{}],
  {},
  { a: { b: 1 } },
);
const valid = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({
  weight,
  arbitrary: arbitrary as fc.Arbitrary<unknown>,
});

/** Of no generated one does the model know whether it is well-known: these begin as none of them does. */
const anyPassword = fc.string({ minLength: 4, maxLength: 40 }).map((text) => `~ ü ${text}`);

/** Read-only fields, mostly as responses have them. */
const anyReadOnly = {
  id: fc.oneof(valid(6, fc.integer({ min: 1 })), fc.constantFrom(0, -1, 1.5, '1'), junk),
  lastLogin: fc.oneof(valid(6, fc.constantFrom(null, '2026-01-31T12:00:00.000Z')), fc.constant('now'), junk),
  networks: fc.oneof(
    valid(6, fc.constantFrom([], [{ id: 1, name: 'n', description: null }])),
    fc.constantFrom<unknown>(
      [{}],
      [{ id: 0, name: 'n', description: null }],
      [{ id: 1, name: 'n', description: 1 }],
    ),
    junk,
  ),
};

const anyFields = fc.record<Record<string, unknown>>(
  {
    login: fc.oneof(
      valid(6, fc.stringMatching(/^[A-Za-z0-9_@.-]{3,20}$/)),
      valid(1, fc.constantFrom('  spaced-out ', 'x'.repeat(128), 'CASED.Login')),
      valid(1, fc.constantFrom('root', 'ROOT', ' Root ')),
      fc.constantFrom('ab', 'x'.repeat(129), 'two words', 'ünicode', 'line\n', '<script>'),
      junk,
    ),
    role: fc.oneof(valid(6, fc.constantFrom(0, 1)), fc.constantFrom('0', 2), junk),
    status: fc.oneof(valid(6, fc.constantFrom(0, 1, 2)), fc.constantFrom('1', 3), junk),
    password: fc.oneof(
      valid(6, anyPassword),
      valid(2, fc.constantFrom(PASSWORD, emoji.repeat(8), ' '.repeat(8), 'p'.repeat(128), emoji.repeat(128))),
      fc.constantFrom('seven77', emoji.repeat(7), 'p'.repeat(129), ...WELL_KNOWN),
      junk,
    ),
    oldPassword: fc.oneof(valid(4, fc.constant(PASSWORD)), fc.constantFrom(`${PASSWORD} `, 'wrong'), junk),
    data: fc.oneof(
      valid(6, fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 })),
      valid(1, fc.constant({ big: 'x'.repeat(64 * 1024 - 10) })),
      fc.constant({ big: 'x'.repeat(64 * 1024) }),
      junk,
    ),
    introReviewed: fc.oneof(valid(6, fc.boolean()), fc.constantFrom('true', 0, 1), junk),
    allDeviceTypesAvailable: fc.oneof(valid(6, fc.boolean()), fc.constantFrom('true', 0, 1), junk),
    ...anyReadOnly,
  },
  { requiredKeys: [] },
);
const anyUnknown = fc.constantFrom(
  'loginKey',
  'passwordHash',
  'passwordVersion',
  'version',
  'loginAttempts',
  'isAdmin',
  'Login',
  'ROLE',
  '__proto__',
  'constructor',
  'toString',
  '',
);

/** The text of a body: its fields in any order, now and then with one that is not known. */
const anyBody = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .tuple(anyFields, fc.option(anyUnknown, { freq: 8 }), junk, fc.infiniteStream(fc.nat()))
      .map(([fields, unknown, value, order]) => {
        const entries = [...Object.entries(fields), ...(unknown === null ? [] : [[unknown, value] as const])];
        const shuffled = entries.map((entry) => ({ entry, at: order.next().value }));
        shuffled.sort((a, b) => a.at - b.at);
        return `{${shuffled.map(({ entry: [name, sent] }) => `${JSON.stringify(name)}: ${JSON.stringify(sent)}`).join()}}`;
      }),
  },
  // Only what a client may write.
  {
    weight: 6,
    arbitrary: fc
      .record(
        {
          data: fc.dictionary(fc.string(), fc.jsonValue()),
          password: anyPassword,
          oldPassword: fc.constant(PASSWORD),
          lastLogin: anyReadOnly.lastLogin,
          networks: anyReadOnly.networks,
        },
        { requiredKeys: [] },
      )
      .map((fields) => JSON.stringify(fields)),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '{}', '[]', 'null', '5', '"text"', '[{}]') },
);

const UPDATES = ['PUT /user/{}', 'PUT /user/current', 'PATCH /user/{}', 'PATCH /user/current'] as const;

describe('PUT and PATCH /user/{id} and /user/current', () => {
  it('change exactly the named fields that the caller may change, or nothing at all (ASVS 8.2.3)', async () => {
    const asked = fc.record<Asked>({
      role: fc.constantFrom('administrator', 'client'),
      since: fc.oneof(
        { weight: 6, arbitrary: fc.constant<Since>('nothing') },
        fc.constantFrom('demoted', 'promoted'),
      ),
      token: fc.record<TokenSpec>({
        kind: fc.constant('good'),
        actions: fc.oneof({ weight: 6, arbitrary: fc.constantFrom([0], [11], [11, 12]) }, anyActions),
        networks: anyIds,
        deviceTypes: anyIds,
      }),
      record: fc.oneof(
        { weight: 2, arbitrary: fc.constant<RecordKind>('own') },
        fc.constantFrom<RecordKind>('of a client', 'of an administrator', 'missing'),
      ),
    });
    await fc.assert(fc.asyncProperty(fc.constantFrom(...UPDATES), asked, anyBody, checkUpdate), {
      numRuns: 2000,
    });
  });
});

async function checkUpdate(route: string, asked: Asked, text: string): Promise<void> {
  const rule = ruleOf(route);
  const record = route.endsWith('/current') ? 'own' : asked.record;
  const id = Number(idOf(asked.role, record));
  let after: State | undefined;
  try {
    const before = await happen(asked);
    const caller = callerOf(asked);
    const target = before.users.find((user) => user['id'] === id);
    const refusal = gate(rule, caller, record === 'own');
    const outcome = refusal
      ? { refused: [refusal] }
      : update(text === '' ? {} : JSON.parse(text), {
          byAdministrator: caller.user?.role === 0,
          isOwn: record === 'own',
          id,
          target: target && recordOf(target),
          takenLogins: before.users
            .filter((user) => user !== target)
            .map((user) => String(user['login']).toLowerCase()),
          isPatch: route.startsWith('PATCH'),
        });

    const got = await send({ ...requestFor(route, asked), body: text }, await authorizationOf(asked));
    after = await readState();

    if ('refused' in outcome) {
      expectOneOf(outcome.refused, got);
      expect(after).toEqual(before);
      return;
    }
    expectOneOf([{ status: 204 }], got);
    expect(got.text).toBe('');
    if (!target) throw new Error('Nobody can have been changed');
    const { isPublished, hasNewPassword, ends } = outcome;
    const changed = after.users.find((user) => user['id'] === id) ?? {};
    const { password } = outcome.record;
    // The model writes a merged value in another way.
    if (route.startsWith('PATCH')) expect(parsedData(changed)).toEqual(parsedData(outcome.record));
    expect(changed).toEqual({
      ...target,
      login: outcome.record.login,
      login_key: outcome.record.login.toLowerCase(),
      password_hash: hasNewPassword ? expect.any(String) : target['password_hash'],
      role: outcome.record.role,
      status: outcome.record.status,
      data: route.startsWith('PATCH') ? changed['data'] : outcome.record.data,
      intro_reviewed: stored(outcome.record.introReviewed),
      all_device_types_available: stored(outcome.record.allDeviceTypesAvailable),
      login_attempts: outcome.record.failedAttempts,
      token_generation: Number(target['token_generation']) + (hasNewPassword ? 1 : 0),
      version: Number(target['version']) + (isPublished ? 1 : 0),
      // What ends all sessions of a user, and what lets a barred one in again, ends those of the original, too.
      original_tokens_ended:
        ends !== 'none' || (isBarred(target) && !isBarred(changed))
          ? stored(true)
          : target['original_tokens_ended'],
    });
    if (hasNewPassword) {
      expect(changed['password_hash']).not.toBe(target['password_hash']);
      expect(await bcrypt.compare(bcryptInput(password), String(changed['password_hash']))).toBe(true);
    }
    expect({
      ...after,
      users: after.users.filter((user) => user !== changed),
      sessions: before.sessions,
    }).toEqual({ ...before, users: before.users.filter((user) => user !== target) });
    const own = sidOf(asked.role, asked.token);
    const ended = before.sessions
      .filter((session) => session['user_id'] === id && ends !== 'none')
      .map((session) => session['id'])
      .filter((sid) => ends === 'all' || sid !== own);
    expectRevoked(before, after, ended);
  } finally {
    await restore(after ?? (await readState()));
  }
}

const isBarred = ({ status, locked_by_failed_logins: byFailedLogins }: Row): boolean =>
  status === 2 || (status === 1 && !byFailedLogins);

const parsedData = ({ data }: Row | Record_): unknown => JSON.parse(String(data));

const stored = (flag: boolean) => (kindOfDatabase() === 'postgres' ? flag : Number(flag));

const recordOf = (user: Row): Record_ => ({
  login: String(user['login']),
  role: Number(user['role']),
  status: Number(user['status']),
  password: PASSWORD,
  data: user['data'] as string | null,
  introReviewed: Boolean(user['intro_reviewed']),
  allDeviceTypesAvailable: Boolean(user['all_device_types_available']),
  failedAttempts: Number(user['login_attempts']),
});

/** What bcrypt is given: of passwords over 72 bytes, or with NUL, a mark and their SHA-256 (contract.md §8). */
function bcryptInput(password: string): Buffer {
  const bytes = Buffer.from(password.normalize('NFC'));
  if (bytes.length <= 72 && !bytes.includes(0)) return bytes;
  const digest = createHash('sha256').update(bytes).digest('base64');
  return Buffer.concat([Buffer.of(0xff), Buffer.from(digest)]);
}
