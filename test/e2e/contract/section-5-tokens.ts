import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeProtectedHeader } from 'jose';
import { expect } from 'vitest';
import { claimsOf } from '../../support/client.js';
import { forge, forgeRefresh, stolenKey } from '../../support/forge.js';
import { freshName } from '../../support/fresh-name.js';
import { HOME, TestService, type TestUser } from '../../support/service.js';
import {
  AT_HOME,
  CLIENT_ACTIONS,
  DENIED,
  failedLogins,
  type Sentence,
  signIn,
  type Step,
  step,
  UNAUTHORIZED,
  WITH_KEPT,
} from './sentence.js';

const PAIR = { accessToken: expect.any(String), refreshToken: expect.any(String) };
const EMPTY = { status: 400, message: 'Invalid or empty authorization request parameters' } as const;
const REFUSED = { message: 'Invalid credentials', only: ['error', 'message'] } as const;
const failedAtHome = (count: number): readonly Step[] =>
  failedLogins(count).map((failed) => ({ ...failed, ...AT_HOME }));
const bothLetIn = (password: string): readonly Step[] => [
  signIn(password, 201, AT_HOME),
  signIn(password, 201),
];
const bothRefused: readonly Step[] = [
  signIn('{password}', 401, { ...REFUSED, ...AT_HOME }),
  signIn('{password}', 401, REFUSED),
];
const changeOwn = (send: object, rest: Omit<Step, 'as' | 'ask' | 'send'>) =>
  step('client', 'PUT /user/current', { send, ...rest });
/** Updates of its own record by a client, with an old password that is wrong. */
const wrongOldPasswords = (count: number): readonly Step[] =>
  Array.from({ length: count }, () => changeOwn({ oldPassword: 'a wrong one' }, { status: 403 }));
const setStatus = (status: number) => step('admin', 'PUT /user/{own}', { send: { status }, status: 204 });
const shows = (body: object) => step('admin', 'GET /user/{own}', { status: 200, body });
const refresh = (rest: Omit<Step, 'as' | 'ask'>) => step('anyone', 'POST /token/refresh', rest);
const refreshOwn = (rest: Omit<Step, 'as' | 'ask' | 'send'>) =>
  refresh({ send: { refreshToken: '{refreshToken}' }, ...rest });
/** A token for `{own}`, created by an administrator. */
const create = (rights: object, rest: Omit<Step, 'as' | 'ask' | 'send'>) =>
  step('admin', 'POST /token/create', { send: { userId: '{own}', ...rights }, ...rest });
/** A token for itself, created by a client. */
const createOwn = (rights: object, rest: Omit<Step, 'as' | 'ask' | 'send'>) =>
  step('client', 'POST /token/create', { send: { userId: '{own}', ...rights }, ...rest });
/** The state of a token, as somebody is told. */
const introspect = (as: 'admin' | 'client', token: string, body: object) =>
  step(as, 'POST /token/introspect', { send: { token }, status: 200, body });
const INACTIVE = { active: false };
const INTROSPECTION = ['test/e2e/tokens.introspect.test.ts'];
const DISCOVERY = ['test/e2e/discovery.test.ts', 'src/authentication/discovery/issuer.spec.ts'];
/** The claims of both tokens of a response. */
const both = (payload: unknown) => ({ accessToken: { payload }, refreshToken: { payload } });
/** A payload that has no list of ids, and leaves none out. */
const NO_LISTS = expect.toSatisfy((payload: object) => !['n', 'dt', 'x'].some((name) => name in payload));
/** A session that `{own}` creates for itself, with the rights to read and change itself: `{created}` is its id. */
const createChild = createOwn(
  { actions: ['GetCurrentUser', 'UpdateCurrentUser', 'ManageToken'] },
  {
    status: 201,
    keep: { kept: 'accessToken', keptRefresh: 'refreshToken', created: 'claim accessToken.sid' },
  },
);
/** A session that an administrator creates for `{own}`: `{created}` is its id. */
const createForOwn = create(
  { actions: ['GetCurrentUser', 'UpdateCurrentUser'] },
  {
    status: 201,
    keep: { kept: 'accessToken', keptRefresh: 'refreshToken', created: 'claim accessToken.sid' },
  },
);
const withKept = (ask: string, rest: Omit<Step, 'as' | 'ask'>) =>
  step('anyone', ask, { headers: WITH_KEPT, ...rest });
const keptIs = (answer: Omit<Step, 'as' | 'ask'>) => withKept('GET /user/current', answer);
const KEPT_IS_OPEN = keptIs({ status: 200 });
const KEPT_IS_REVOKED = keptIs(UNAUTHORIZED);
const OWN_IS_OPEN = step('client', 'GET /user/current', { status: 200 });
const OWN_IS_REVOKED = step('client', 'GET /user/current', UNAUTHORIZED);
/** A second sign-in of `{own}`: `{secondSid}` is its session. */
const signInAgain = signIn('{password}', 201, {
  keep: { second: 'accessToken', secondRefresh: 'refreshToken', secondSid: 'claim accessToken.sid' },
});
const secondIs = (answer: Omit<Step, 'as' | 'ask'>) =>
  step('anyone', 'GET /user/current', { headers: { authorization: 'Bearer {second}' }, ...answer });
/** Another administrator: `{id}`, with the token `{theirs}`, who creates a session for `{own}`. */
const ANOTHER_ADMINISTRATOR: readonly Step[] = [
  step('admin', 'POST /user', {
    send: { login: '{fresh}', role: 0, password: '{password}' },
    status: 201,
    keep: { id: 'id' },
  }),
  step('anyone', 'POST /token', {
    send: { login: '{fresh}', password: '{password}' },
    status: 201,
    keep: { theirs: 'accessToken' },
  }),
];
const THEIRS = { authorization: 'Bearer {theirs}' } as const;
/** Makes a user with so many networks. */
async function createOwnerOf(count: number, service: TestService): Promise<TestUser> {
  const user = await service.createUser();
  const name = freshName('many');
  await service.database.query(
    `INSERT INTO networks (name, name_key) WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count}) ` +
      `SELECT '${name} ' || n, '${name} ' || n FROM numbers`,
  );
  await service.database.query(
    `INSERT INTO user_networks (user_id, network_id) SELECT ${user.id}, id FROM networks WHERE name LIKE '${name} %'`,
  );
  return user;
}
const created = (rest: Omit<Step, 'as' | 'ask' | 'headers'> = { status: 201 }) =>
  step('anyone', 'POST /token/create', {
    headers: THEIRS,
    send: { userId: '{own}', actions: ['GetCurrentUser'] },
    keep: { kept: 'accessToken', keptRefresh: 'refreshToken', created: 'claim accessToken.sid' },
    ...rest,
  });
const revoke = (token: string) => step('anyone', 'POST /token/revoke', { send: { token }, status: 200 });
const sessionMissing = (id: string) =>
  ({ status: 404, message: `Session with id = ${id} not found` }) as const;
const headerIs = (expected: Readonly<Record<string, unknown>>) =>
  expect.toSatisfy(
    (token: string) => {
      const header = decodeProtectedHeader(token);
      return Object.entries(expected).every(([name, value]) => header[name] === value);
    },
    `has a header with ${JSON.stringify(expected)}`,
  );
const signedWith = (alg: string) => headerIs({ alg });
/** What an error says about one field. */
const details = (field: string) => ({ field, message: expect.any(String) });
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const ROTATING = { REFRESH_ROTATION: 'on' };
const WITHOUT_ACT = expect.toSatisfy((claims: object) => !('act' in claims), 'has no act');
const WITHOUT_TYPE = expect.toSatisfy(
  (token: string) => !('typ' in decodeProtectedHeader(token)),
  'has no typ in its header',
);
const sidOf = (token: string): string => claimsOf(token)['sid'] as string;
const livesFor = (seconds: number) =>
  expect.toSatisfy(
    ({ iat, exp, payload }) => exp - iat === seconds && Math.floor(payload.e / 1000) === exp,
    `expires ${seconds} seconds after it was issued`,
  );

/** Waits until a lockout has ended by itself. */
async function expectLockoutToEnd(): Promise<void> {
  const service = await TestService.start({ LOCKOUT_SECONDS: '2' });
  try {
    const user = await service.createUser();
    const wrong = { login: user.login, password: 'a wrong password' };
    for (let index = 0; index < 10; index += 1) await service.client.signIn(wrong);
    const status = async () => (await service.admin.get(`/user/${user.id}`)).body.status as number;
    await expect.poll(status, { timeout: 20_000 }).toBe(0);
    expect((await service.client.signIn(user)).status).toBe(201);
  } finally {
    await service.stop();
  }
}

const EVIL = 'https://evil.example.com';
const CONSOLE = 'https://console.example.com';
/** A sign-in of `{own}` with the headers of a browser. */
const signInFrom = (headers: Readonly<Record<string, string>>, status: number, password = '{password}') =>
  step('anyone', 'POST /token', { send: { login: '{login}', password }, headers, status });

export const tokens: readonly Sentence[] = [
  {
    says: '- `POST /token {login, password}` → 201',
    cases: [[signIn('{password}', 201, { body: PAIR, only: Object.keys(PAIR) })]],
    heldBy: ['test/e2e/tokens.sign-in.test.ts'],
  },
  {
    says: 'Absent or blank: 400',
    cases: [
      {},
      { login: '{login}' },
      { password: 'p' },
      { login: ' ', password: 'p' },
      { login: '', password: 'p' },
      { login: '{login}', password: '' },
    ].map((send) => [step('anyone', 'POST /token', { send, ...EMPTY })]),
    heldBy: ['test/e2e/tokens.sign-in.test.ts'],
  },
  {
    says: 'An unknown login, a wrong password, a disabled user',
    cases: [
      [
        step('anyone', 'POST /token', {
          send: { login: 'nobody', password: '{password}' },
          status: 401,
          ...REFUSED,
        }),
      ],
      [signIn('wrong', 401, REFUSED)],
      [setStatus(2), signIn('{password}', 401, REFUSED), signIn('wrong', 401, REFUSED)],
      [setStatus(1), signIn('{password}', 401, REFUSED), signIn('wrong', 401, REFUSED)],
      [...failedLogins(10), signIn('{password}', 401, REFUSED), signIn('wrong', 401, REFUSED)],
    ],
    // The time is measured there.
    heldBy: ['test/e2e/tokens.sign-in.test.ts', 'test/trials/sign-in/enumeration.test.ts'],
  },
  {
    says: '- `POST /token/refresh {refreshToken}` → 201',
    cases: [
      [
        refreshOwn({
          status: 201,
          body: { accessToken: expect.any(String) },
          only: ['accessToken'],
          claims: { accessToken: { payload: { u: '{own}', a: CLIENT_ACTIONS, n: ['{networkText}'], t: 1 } } },
        }),
      ],
      [
        create(
          { actions: ['GetNetwork'], networkIds: ['{network}'] },
          { status: 201, keep: { refreshToken: 'refreshToken' } },
        ),
        refreshOwn({
          status: 201,
          claims: { accessToken: { payload: { a: [2], n: ['{networkText}'] } } },
        }),
      ],
      [
        step('admin', 'DELETE /user/{own}/network/{network}', { status: 204 }),
        refreshOwn({ status: 201, claims: { accessToken: { payload: { a: CLIENT_ACTIONS, n: [] } } } }),
      ],
      // An administrator who is demoted.
      [
        step('admin', 'POST /user', {
          send: { login: '{fresh}', role: 0, password: '{password}' },
          status: 201,
          keep: { id: 'id' },
        }),
        step('anyone', 'POST /token', {
          send: { login: '{fresh}', password: '{password}' },
          status: 201,
          keep: { refreshToken: 'refreshToken' },
        }),
        step('admin', 'PUT /user/{id}', { send: { role: 1 }, status: 204 }),
        refreshOwn({ status: 201, keep: { kept: 'accessToken' } }),
        step('anyone', 'GET /user', { headers: WITH_KEPT, ...DENIED }),
        step('anyone', 'GET /user/current', { headers: WITH_KEPT, status: 200 }),
      ],
    ],
    heldBy: ['test/e2e/tokens.refresh.test.ts'],
  },
  {
    says: 'An access token, an invalid, expired or revoked refresh token',
    cases: [
      [refresh({ send: { refreshToken: '{accessToken}' }, status: 401, message: 'Invalid token type' })],
      ...['nonsense', '{refreshToken}x'].map((refreshToken) => [
        refresh({ send: { refreshToken }, ...UNAUTHORIZED }),
      ]),
      [
        step('admin', 'PUT /user/{own}', { send: { password: 'another password' }, status: 204 }),
        refreshOwn(UNAUTHORIZED),
      ],
      [step('client', 'DELETE /user/current/session/{sid}', { status: 204 }), refreshOwn(UNAUTHORIZED)],
      ...[1, 2].map((status) => [setStatus(status), refreshOwn(UNAUTHORIZED)]),
      [step('admin', 'DELETE /user/{own}', { status: 204 }), refreshOwn(UNAUTHORIZED)],
      // Locked out by failed logins, not by an administrator.
      [...failedLogins(10), shows({ status: 1 }), refreshOwn({ status: 201 })],
    ],
    // An expired one.
    heldBy: ['test/e2e/tokens.refresh.test.ts'],
  },
  {
    says: '- `POST /token/create {userId, actions,',
    cases: [
      [
        create(
          {
            actions: ['GetNetwork'],
            networkIds: ['{network}'],
            deviceTypeIds: ['{deviceType}'],
            expiration: '{inTenMinutes}',
            refreshExpiration: '{in300Days}',
            label: 'a gateway',
          },
          {
            status: 201,
            body: PAIR,
            only: Object.keys(PAIR),
            claims: {
              accessToken: {
                payload: {
                  u: '{own}',
                  a: [2],
                  n: ['{networkText}'],
                  dt: ['{deviceTypeText}'],
                  e: '{inTenMinutesAsNumber}',
                  t: 1,
                },
              },
              refreshToken: {
                payload: { u: '{own}', a: [2], n: ['{networkText}'], dt: ['{deviceTypeText}'], t: 0 },
              },
            },
          },
        ),
      ],
      ...['expiration', 'refreshExpiration'].map((name) => [
        create({ [name]: 'soon' }, { status: 400 }),
        create({ [name]: '2001-01-31T12:00:00.000Z' }, { status: 400 }),
      ]),
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: 'Only `userId` is required.',
    cases: [
      [create({}, { status: 201, body: PAIR })],
      [createOwn({}, { status: 201, body: PAIR })],
      [
        createOwn(
          { actions: null, networkIds: null, expiration: null, refreshExpiration: null, label: null },
          { status: 201, body: PAIR },
        ),
      ],
      [step('admin', 'POST /token/create', { send: {}, status: 400 })],
      [step('admin', 'POST /token/create', { send: { actions: [2] }, status: 400 })],
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: '`actions`: names or numbers;',
    cases: [
      ...[
        ['GetNetwork', 'GetDevice'],
        [2, 3],
        ['GetNetwork', 3],
      ].map((actions) => [create({ actions }, { status: 201, claims: both({ a: [2, 3] }) })]),
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{admin}', actions: ['*'] },
          status: 201,
          claims: both({ a: [0] }),
        }),
      ],
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: 'absent or null: none (1);',
    cases: [{}, { actions: null }].map((rights) => [
      create(rights, { status: 201, claims: both({ a: [1] }), keep: { kept: 'accessToken' } }),
      step('anyone', 'GET /user/current', { headers: WITH_KEPT, ...DENIED }),
    ]),
  },
  {
    says: 'unknown ones: 400.',
    cases: [['GetNothing'], [19], [-1], ['GetNetwork', 'x']].flatMap((actions) => [
      [create({ actions }, { status: 400 })],
      [createOwn({ actions }, { status: 400 })],
    ]),
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: '`networkIds`, `deviceTypeIds`: ids as strings or numbers',
    cases: [
      ...['{network}', '{networkText}'].map((id) => [
        create({ networkIds: [id] }, { status: 201, claims: both({ n: ['{networkText}'] }) }),
      ]),
      ...['{deviceType}', '{deviceTypeText}'].map((id) => [
        create({ deviceTypeIds: [id] }, { status: 201, claims: both({ dt: ['{deviceTypeText}'] }) }),
      ]),
      ...['*', ['*']].map((ids) => [
        step('admin', 'POST /token/create', {
          send: { userId: '{admin}', networkIds: ids, deviceTypeIds: ids },
          status: 201,
          claims: both({ n: ['*'], dt: ['*'] }),
        }),
      ]),
      ...['networkIds', 'deviceTypeIds'].map((name) => [create({ [name]: ['x'] }, { status: 400 })]),
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: 'absent or null: none (`n`, `dt` left out), for administrators too.',
    cases: [{}, { networkIds: null, deviceTypeIds: null }].flatMap((rights) =>
      ['{own}', '{admin}'].map((userId) => [
        step('admin', 'POST /token/create', {
          send: { userId, actions: ['GetNetwork'], ...rights },
          status: 201,
          claims: both(expect.toSatisfy((payload: object) => !('n' in payload) && !('dt' in payload))),
          keep: { kept: 'accessToken' },
        }),
        withKept('GET /network', { status: 200, body: [] }),
        withKept('GET /network/{network}', DENIED),
      ]),
    ),
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: '`label`: up to 128 characters',
    cases: [
      ...['a gateway in the hall', '🚪'.repeat(128), ''].map((label) => [
        createOwn({ label }, { status: 201 }),
        step('client', 'GET /user/current/session?take=2', {
          status: 200,
          list: [
            { kind: 'created', label },
            { kind: 'signIn', label: null },
          ],
        }),
      ]),
      [
        create({ label: null }, { status: 201 }),
        step('admin', 'GET /user/{own}/session?take=1', { status: 200, list: [{ label: null }] }),
      ],
      ...['x'.repeat(129), 'a\u0000b', 7, ['x'], {}].map((label) => [
        create(
          { label },
          { status: 400, body: { details: [{ field: 'label', message: expect.any(String) }] } },
        ),
      ]),
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: 'No such user: 404 `User with id = 5 not found`;',
    cases: [
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{missing}' },
          status: 404,
          message: 'User with id = {missing} not found',
        }),
      ],
    ],
  },
  {
    says: 'disabled or locked by an administrator: 403',
    cases: [
      ...[1, 2].map((status) => [
        setStatus(status),
        create({}, { status: 403, message: 'User is locked or disabled' }),
        setStatus(0),
        create({}, { status: 201 }),
      ]),
      // Locked out by failed logins.
      [...failedLogins(10), create({}, { status: 201 }), createOwn({}, { status: 201 })],
    ],
  },
  {
    says: 'A client may name only itself;',
    cases: [
      ...['{other}', '{admin}', '{missing}'].map((userId) => [
        step('client', 'POST /token/create', { send: { userId }, ...DENIED }),
      ]),
      [step('client', 'POST /token/create', { send: { userId: '{own}' }, status: 201 })],
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: 'everyone, administrators included, may give only',
    cases: [
      [createOwn({ networkIds: ['{network}'] }, { status: 201 })],
      // What the user may not have, whoever asks.
      ...[createOwn, create].flatMap((by) =>
        [
          { networkIds: ['{network}', '{foreignNetwork}'] },
          { networkIds: '*' },
          { deviceTypeIds: ['{foreignType}'] },
          { deviceTypeIds: '*' },
          { actions: ['GetNetwork', 'ManageUser'] },
        ].map((rights) => [
          by(rights, { ...DENIED, body: { details: [details(Object.keys(rights)[0] ?? '')] } }),
        ]),
      ),
      [
        create(
          { actions: ['ManageUser'], networkIds: '*', deviceTypeIds: ['{foreignType}'] },
          { ...DENIED, body: { details: ['actions', 'networkIds', 'deviceTypeIds'].map(details) } },
        ),
      ],
      // `*` is every action of the user's role, so a client may have it.
      ...[createOwn, create].map((by) => [
        by({ actions: ['*'] }, { status: 201, claims: both({ a: CLIENT_ACTIONS }) }),
      ]),
      // What the calling token lacks, though its user has it.
      ...(['client', 'admin'] as const).flatMap((of) =>
        [['{own}', 'GetNetwork'], ['{own}', '*'], ...(of === 'admin' ? [['{admin}', 'ManageUser']] : [])].map(
          ([userId, action]) => [
            step({ of, actions: ['ManageToken'] }, 'POST /token/create', {
              send: { userId, actions: [action, 'ManageToken'] },
              ...DENIED,
              body: {
                // Of `*`, each action that is too much.
                details: action === '*' ? expect.any(Array) : [details('actions')],
              },
            }),
            step({ of, actions: ['ManageToken'] }, 'POST /token/create', {
              send: { userId, actions: ['ManageToken'] },
              status: 201,
            }),
          ],
        ),
      ),
    ],
    heldBy: ['test/e2e/tokens.create.test.ts', 'test/properties/tokens.test.ts'],
  },
  {
    says: '- **Created sessions are bounded.** `expiration` and',
    cases: [
      ...['expiration', 'refreshExpiration'].map((field) => [
        create({ [field]: '{in400Days}' }, { status: 400, body: { details: [details(field)] } }),
        createOwn({ [field]: '{in400Days}' }, { status: 400, body: { details: [details(field)] } }),
        create({ [field]: '{in300Days}' }, { status: 201 }),
      ]),
      [
        create(
          { expiration: '{in400Days}', refreshExpiration: '{in400Days}' },
          { status: 400, body: { details: [details('expiration'), details('refreshExpiration')] } },
        ),
      ],
    ],
    configured: [
      {
        with: { CREATED_TOKEN_MAX_TTL: '1200' },
        cases: [
          [
            create(
              { expiration: '{inTenMinutes}' },
              { status: 201, claims: both({ e: '{inTenMinutesAsNumber}' }) },
            ),
            create({ expiration: '{inAnHour}' }, { status: 400 }),
            create({ refreshExpiration: '{inAnHour}' }, { status: 400 }),
            // The defaults are longer.
            create(
              {},
              { status: 201, claims: { accessToken: livesFor(1200), refreshToken: livesFor(1200) } },
            ),
            // Not of a sign-in.
            signIn('{password}', 201, { claims: { accessToken: livesFor(1800) } }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: 'A session that a user creates for itself is a child',
    cases: [
      [
        step('client', 'GET /user/current/session?take=1', { status: 200, keep: { end: '0.expiresAt' } }),
        createChild,
        withKept('GET /user/current/session', {
          status: 200,
          list: [{ id: '{created}', expiresAt: '{end}' }],
        }),
        step('client', 'DELETE /user/current/session/{sid}', { status: 204 }),
        KEPT_IS_REVOKED,
        refresh({ send: { refreshToken: '{keptRefresh}' }, ...UNAUTHORIZED }),
      ],
      [createChild, KEPT_IS_OPEN, revoke('{refreshToken}'), KEPT_IS_REVOKED],
      // A child of a child.
      [
        createChild,
        withKept('POST /token/create', {
          send: { userId: '{own}', actions: ['GetCurrentUser'] },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        KEPT_IS_OPEN,
        step('client', 'DELETE /user/current/session/{sid}', { status: 204 }),
        KEPT_IS_REVOKED,
      ],
      // Another session of the same user, and one that an administrator has created for it, are no children.
      [
        signInAgain,
        createForOwn,
        step('client', 'DELETE /user/current/session/{sid}', { status: 204 }),
        secondIs({ status: 200 }),
        KEPT_IS_OPEN,
      ],
      // The parent goes on when its child is revoked.
      [createChild, revoke('{kept}'), KEPT_IS_REVOKED, OWN_IS_OPEN],
    ],
    heldBy: ['test/e2e/tokens.create.test.ts', 'test/e2e/sessions.test.ts'],
  },
  {
    says: 'an absent `expiration` is the default lifetime',
    cases: [
      [createOwn({}, { status: 201, claims: { accessToken: livesFor(30 * 60) } })],
      [
        createOwn(
          { expiration: '{inAnHour}', actions: ['ManageToken'] },
          { status: 201, keep: { kept: 'accessToken', end: 'claim refreshToken.payload.e' } },
        ),
        // Its child has the end of the parent where that is sooner, and else the default.
        withKept('POST /token/create', {
          send: { userId: '{own}' },
          status: 201,
          claims: { accessToken: livesFor(30 * 60), refreshToken: { payload: { e: '{end}' } } },
        }),
        ...['expiration', 'refreshExpiration'].map((field) =>
          withKept('POST /token/create', {
            send: { userId: '{own}', [field]: '{in300Days}' },
            status: 400,
            body: { details: [details(field)] },
          }),
        ),
        withKept('POST /token/create', {
          send: { userId: '{own}', expiration: '{inTenMinutes}' },
          status: 201,
          claims: both({ e: '{inTenMinutesAsNumber}' }),
        }),
      ],
      [
        createOwn(
          { expiration: '{inTenMinutes}', actions: ['ManageToken'] },
          { status: 201, claims: both({ e: '{inTenMinutesAsNumber}' }), keep: { kept: 'accessToken' } },
        ),
        withKept('POST /token/create', {
          send: { userId: '{own}' },
          status: 201,
          claims: both({ e: '{inTenMinutesAsNumber}' }),
        }),
      ],
      // An administrator that creates a session for another user is no parent.
      [create({ refreshExpiration: '{in300Days}' }, { status: 201 })],
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: 'No token, refreshed ones included, outlives',
    cases: [
      [
        create(
          { expiration: '{inTenMinutes}', refreshExpiration: '{inTenMinutes}' },
          { status: 201, keep: { keptRefresh: 'refreshToken' } },
        ),
        refresh({
          send: { refreshToken: '{keptRefresh}' },
          status: 201,
          claims: { accessToken: { payload: { e: '{inTenMinutesAsNumber}' } } },
        }),
      ],
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: '- A session that an administrator creates for another user is revoked',
    cases: [
      ...[{ status: 2 }, { status: 1 }, { role: 1 }, { password: 'another password' }].map((send) => [
        ...ANOTHER_ADMINISTRATOR,
        created(),
        KEPT_IS_OPEN,
        step('admin', 'PUT /user/{id}', { send, status: 204 }),
        KEPT_IS_REVOKED,
        refresh({ send: { refreshToken: '{keptRefresh}' }, ...UNAUTHORIZED }),
        OWN_IS_OPEN,
      ]),
      [
        ...ANOTHER_ADMINISTRATOR,
        created(),
        step('admin', 'DELETE /user/{id}', { status: 204 }),
        KEPT_IS_REVOKED,
        OWN_IS_OPEN,
      ],
      // By itself.
      ...[{ role: 1 }, { password: 'another password' }].map((send) => [
        ...ANOTHER_ADMINISTRATOR,
        created(),
        step('anyone', 'PUT /user/current', { headers: THEIRS, send, status: 204 }),
        KEPT_IS_REVOKED,
      ]),
      // Nothing else that happens to the administrator.
      [
        ...ANOTHER_ADMINISTRATOR,
        created(),
        step('admin', 'PUT /user/{id}', { send: { data: {}, role: 0, status: 0 }, status: 204 }),
        revoke('{theirs}'),
        KEPT_IS_OPEN,
      ],
    ],
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  {
    says: 'An administrator or the user itself may revoke it',
    cases: [
      ...['/user/{own}/session/{created}', '/user/current/session/{created}'].map((path) => [
        createForOwn,
        step('client', `DELETE ${path}`, { status: 204 }),
        KEPT_IS_REVOKED,
        OWN_IS_OPEN,
      ]),
      [createForOwn, step('admin', 'DELETE /user/{own}/session/{created}', { status: 204 }), KEPT_IS_REVOKED],
      // An administrator who has not created it.
      [
        ...ANOTHER_ADMINISTRATOR,
        createForOwn,
        step('anyone', 'DELETE /user/{own}/session/{created}', { headers: THEIRS, status: 204 }),
        KEPT_IS_REVOKED,
      ],
      [
        createForOwn,
        signIn('{password}', 201),
        step('admin', 'POST /user', {
          send: { login: '{fresh}', role: 1, password: '{password}' },
          status: 201,
        }),
        step('anyone', 'POST /token', {
          send: { login: '{fresh}', password: '{password}' },
          status: 201,
          keep: { theirs: 'accessToken' },
        }),
        step('anyone', 'DELETE /user/{own}/session/{created}', { headers: THEIRS, ...DENIED }),
        step('anyone', 'DELETE /user/current/session/{created}', {
          headers: THEIRS,
          ...sessionMissing('{created}'),
        }),
        KEPT_IS_OPEN,
      ],
    ],
  },
  {
    says: '`GET` and `DELETE /user/{id}/session?createdFor=others`',
    cases: [
      [
        ...ANOTHER_ADMINISTRATOR,
        created(),
        ...['admin', 'anyone'].map((as) =>
          step(as as 'admin', 'GET /user/{id}/session?createdFor=others', {
            ...(as === 'anyone' && { headers: THEIRS }),
            status: 200,
            list: [{ id: '{created}', kind: 'created', createdBy: '{id}' }],
          }),
        ),
        // Its own, and those of the user that others have created, are not among them.
        step('anyone', 'POST /token/create', { headers: THEIRS, send: { userId: '{id}' }, status: 201 }),
        createForOwn,
        step('admin', 'GET /user/{id}/session?createdFor=others', {
          status: 200,
          list: [{ createdBy: '{id}' }],
        }),
      ],
      [
        ...ANOTHER_ADMINISTRATOR,
        created(),
        step('admin', 'DELETE /user/{id}/session?createdFor=others', { status: 204 }),
        KEPT_IS_REVOKED,
        OWN_IS_OPEN,
        step('anyone', 'GET /user/current', { headers: THEIRS, status: 200 }),
        step('admin', 'GET /user/{id}/session?createdFor=others', { status: 200, body: [] }),
      ],
      [step('client', 'GET /user/current/session?createdFor=others', { status: 200, body: [] })],
      ...['GET', 'DELETE'].map((method) => [
        step('admin', `${method} /user/{own}/session?createdFor=nobody`, { status: 400 }),
        step('admin', `${method} /user/{missing}/session?createdFor=others`, { status: 404 }),
      ]),
    ],
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  {
    says: 'A session of kind `created` lists and revokes only',
    cases: [
      [
        createChild,
        withKept('GET /user/current/session', { status: 200, list: [{ id: '{created}', current: true }] }),
        withKept('DELETE /user/current/session/{sid}', sessionMissing('{sid}')),
        withKept('DELETE /user/{own}/session/{sid}', sessionMissing('{sid}')),
        withKept('DELETE /user/current/session', { status: 204 }),
        KEPT_IS_REVOKED,
        OWN_IS_OPEN,
      ],
      [createChild, withKept('DELETE /user/current/session/{created}', { status: 204 }), KEPT_IS_REVOKED],
      [
        createChild,
        withKept('POST /token/create', {
          send: { userId: '{own}', actions: ['GetCurrentUser'] },
          status: 201,
          keep: { child: 'claim accessToken.sid', childToken: 'accessToken' },
        }),
        withKept('GET /user/current/session', {
          status: 200,
          list: [{ id: '{child}' }, { id: '{created}' }],
        }),
        withKept('DELETE /user/current/session/{child}', { status: 204 }),
        step('anyone', 'GET /user/current', {
          headers: { authorization: 'Bearer {childToken}' },
          ...UNAUTHORIZED,
        }),
        KEPT_IS_OPEN,
      ],
      // One that an administrator has created, too.
      [
        createForOwn,
        withKept('GET /user/current/session', { status: 200, list: [{ id: '{created}' }] }),
        withKept('DELETE /user/current/session?except=current', { status: 204 }),
        KEPT_IS_OPEN,
        OWN_IS_OPEN,
      ],
    ],
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  {
    says: 'A client can have at most ten times `MAX_SESSIONS`',
    configured: [
      {
        with: { MAX_SESSIONS: '1' },
        cases: [
          [
            ...Array.from({ length: 9 }, () => createOwn({}, { status: 201 })),
            createChild,
            createOwn({}, { status: 429, carries: { 'retry-after': /^[1-9]\d*$/ } }),
            // Nor through one that it has created.
            withKept('POST /token/create', {
              send: { userId: '{own}' },
              status: 429,
              carries: { 'retry-after': /^[1-9]\d*$/ },
            }),
            // Those that an administrator creates for it do not count.
            create({}, { status: 201 }),
            step('client', 'DELETE /user/current/session/{created}', { status: 204 }),
            createOwn({}, { status: 201 }),
            createOwn({}, { status: 429 }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  {
    says: '- Tokens created for another user carry `act: {sub}`',
    cases: [
      [
        create(
          { actions: ['GetCurrentUser', 'UpdateCurrentUser'] },
          {
            status: 201,
            claims: { accessToken: { act: { sub: '1' } }, refreshToken: { act: { sub: '1' } } },
            keep: { kept: 'accessToken', keptRefresh: 'refreshToken', created: 'claim accessToken.sid' },
          },
        ),
        refresh({
          send: { refreshToken: '{keptRefresh}' },
          status: 201,
          claims: { accessToken: { act: { sub: '1' } } },
        }),
        step('admin', 'GET /event?subject=user/{own}&type=hivegate.session.created', {
          status: 200,
          list: [{ subject: 'user/{own}', data: { actor: '{admin}', sessionId: '{created}' } }],
        }),
        withKept('PUT /user/current', { send: { data: { changed: true } }, status: 204 }),
        step('admin', 'GET /event?actor={own}&type=hivegate.user.updated', {
          status: 200,
          list: [{ data: { actor: '{own}', session: '{created}', sessionCreatedBy: '{admin}' } }],
        }),
        revoke('{kept}'),
        step('admin', 'GET /event?subject=user/{own}&type=hivegate.session.revoked', {
          status: 200,
          list: [{ data: { actor: '{own}', sessionCreatedBy: '{admin}', createdBy: '{admin}' } }],
        }),
      ],
      // For itself.
      ...[
        createOwn({}, {} as Step),
        step('admin', 'POST /token/create', { send: { userId: 1 }, status: 201 }),
      ].map((asked) => [
        {
          ...asked,
          status: 201,
          claims: { accessToken: WITHOUT_ACT, refreshToken: WITHOUT_ACT },
        },
      ]),
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: "- A signed-in administrator's token:",
    cases: [
      [
        step('anyone', 'POST /token', {
          send: { login: '{adminLogin}', password: '{adminPassword}' },
          status: 201,
          claims: both({ u: '{admin}', a: [0], n: ['*'], dt: ['*'] }),
        }),
      ],
    ],
    heldBy: ['test/e2e/tokens.sign-in.test.ts'],
  },
  {
    says: "A client's: its client actions",
    cases: [
      [
        signIn('{password}', 201, {
          claims: both({ a: CLIENT_ACTIONS, n: ['{networkText}'], dt: ['{deviceTypeText}'] }),
        }),
      ],
      [
        step('admin', 'PUT /user/{own}/devicetype/all', { status: 204 }),
        signIn('{password}', 201, {
          claims: both({ a: CLIENT_ACTIONS, n: ['{networkText}'], dt: ['*'] }),
        }),
      ],
    ],
    heldBy: ['test/e2e/tokens.sign-in.test.ts'],
  },
  {
    says: '- A token is at most 8 KiB.',
    checks: {
      'each of a user with 2,000 networks': async (service) => {
        const { body } = await service.client.signIn(await createOwnerOf(2000, service));
        const refreshed = await service.client.refresh(body.refreshToken);
        for (const token of [body.accessToken, body.refreshToken, refreshed.body.accessToken] as string[])
          expect(Buffer.byteLength(token)).toBeLessThanOrEqual(8192);
      },
    },
    heldBy: ['test/e2e/tokens.long.test.ts'],
  },
  {
    says: 'Where its ids would exceed that, `payload.n`',
    checks: {
      'the networks of a user with 2,000 of them': async (service) => {
        const user = await createOwnerOf(2000, service);
        const { body } = await service.client.signIn(user);
        for (const token of [body.accessToken, body.refreshToken]) {
          const { payload } = claimsOf(token);
          expect(payload).toMatchObject({ x: ['n'], dt: ['*'] });
          expect(payload).not.toHaveProperty('n');
        }
        const client = service.client.as(body.accessToken);
        expect((await client.get('/network/count')).body).toEqual({ count: 2000 });
        expect((await client.get('/network/1')).status).toBe(403);
      },
    },
    heldBy: ['test/e2e/tokens.long.test.ts', 'src/authentication/tokens/claims.spec.ts'],
  },
  {
    says: 'Without `x`, an absent list means none',
    cases: [
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{admin}', actions: ['*'] },
          status: 201,
          claims: both(NO_LISTS),
          keep: { kept: 'accessToken' },
        }),
        withKept('GET /network', { status: 200, body: [] }),
        withKept('GET /devicetype', { status: 200, body: [] }),
        withKept('GET /network/1', DENIED),
      ],
      [
        create({ actions: ['GetNetwork'] }, { status: 201, keep: { kept: 'accessToken' } }),
        withKept('GET /network', { status: 200, body: [] }),
      ],
    ],
    heldBy: ['test/e2e/tokens.long.test.ts'],
  },
  {
    says: '- Claims: `payload: {u: user id',
    cases: [
      [
        signIn('{password}', 201, {
          claims: Object.fromEntries(
            (['refreshToken', 'accessToken'] as const).map((member, t) => [
              member,
              {
                payload: {
                  u: '{own}',
                  a: CLIENT_ACTIONS,
                  n: ['{networkText}'],
                  dt: ['{deviceTypeText}'],
                  // In milliseconds: a number of seconds would be less.
                  e: expect.toSatisfy((expiry: number) => expiry > Date.now()),
                  t,
                },
                iss: 'hivegate',
                sub: '{ownText}',
                iat: expect.any(Number),
                exp: expect.any(Number),
                jti: expect.stringMatching(/^[0-9a-f-]{36}(?:\.0)?$/),
              },
            ]),
          ),
        }),
      ],
    ],
    heldBy: ['test/e2e/tokens.sign-in.test.ts'],
  },
  {
    says: 'Lifetime: access 30 min, refresh 182 days',
    cases: [
      [
        signIn('{password}', 201, {
          claims: { accessToken: livesFor(30 * 60), refreshToken: livesFor(182 * 24 * 60 * 60) },
        }),
      ],
      [refreshOwn({ status: 201, claims: { accessToken: livesFor(30 * 60) } })],
    ],
    configured: [
      {
        with: { ACCESS_TOKEN_TTL: '600', REFRESH_TOKEN_TTL: '1200' },
        cases: [
          [
            signIn('{password}', 201, {
              claims: { accessToken: livesFor(600), refreshToken: livesFor(1200) },
            }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/tokens.sign-in.test.ts'],
  },
  {
    says: '- **Sessions.** Both tokens carry `sid`',
    cases: [
      [
        signIn('{password}', 201, {
          claims: { accessToken: { sid: expect.stringMatching(UUID) } },
          keep: { sid: 'claim accessToken.sid', refreshSid: 'claim refreshToken.sid', kept: 'refreshToken' },
        }),
        refresh({
          send: { refreshToken: '{kept}' },
          status: 201,
          claims: { accessToken: { sid: '{sid}' } },
          keep: { accessToken: 'accessToken' },
        }),
        step('anyone', 'GET /user/current/session?take=1', {
          headers: { authorization: 'Bearer {accessToken}' },
          status: 200,
          list: [{ id: '{refreshSid}', current: true }],
        }),
      ],
    ],
    checks: {
      'is the same in both, and another at each sign-in': async (service) => {
        const user = await service.createUser();
        const { body } = await service.client.signIn(user);
        const sids = [user.accessToken, user.refreshToken, body.accessToken, body.refreshToken].map(sidOf);
        expect(sids[0]).toBe(sids[1]);
        expect(sids[2]).toBe(sids[3]);
        expect(sids[0]).not.toBe(sids[2]);
      },
    },
  },
  {
    says: 'Tokens without it are refused',
    checks: {
      'of both kinds, signed with the right keys': async (service) => {
        const user = await service.createUser();
        const key = await stolenKey(service.database);
        const statusesOf = async (change: object) => {
          const access = await forge({ ...claimsOf(user.accessToken), ...change }, key.privateKey, {
            kid: key.kid,
          });
          const refresh = await forgeRefresh({ ...claimsOf(user.refreshToken), ...change }, key);
          const answers = [
            await service.client.as(access).get('/user/current'),
            await service.client.refresh(refresh),
          ];
          return answers.map(({ status }) => status);
        };
        expect(await statusesOf({})).toEqual([200, 201]);
        for (const sid of [undefined, null, 'x', 7, randomUUID()])
          expect([sid, await statusesOf({ sid })]).toEqual([sid, [401, 401]]);
        await service.database.query('DELETE FROM sessions WHERE id = ?', [sidOf(user.accessToken)]);
        // On PostgreSQL a process may keep what it knows until the row is announced as changed: nobody deletes an open one.
        const later = await service.createUser();
        await service.database.query('DELETE FROM sessions WHERE id = ?', [sidOf(later.accessToken)]);
        expect((await later.client.get('/user/current')).status).toBe(401);
        expect((await service.client.refresh(later.refreshToken)).status).toBe(401);
      },
    },
    heldBy: ['test/e2e/tokens.verify.test.ts'],
  },
  {
    says: '- `GET /user/{id}/session` → 200, array, newest first',
    cases: [
      // Made for itself: its networks are what it had at the sign-in.
      [
        step('client', 'GET /user/current/session?take=1', {
          status: 200,
          body: [
            {
              id: '{sid}',
              kind: 'signIn',
              label: null,
              createdBy: null,
              createdAt: TIMESTAMP,
              lastUsedAt: TIMESTAMP,
              expiresAt: TIMESTAMP,
              address: expect.any(String),
              userAgent: 'node',
              actions: CLIENT_ACTIONS,
              networkIds: ['{network}'],
              deviceTypeIds: ['{deviceType}'],
              current: true,
            },
          ],
        }),
      ],
      [
        createForOwn,
        signInAgain,
        ...['client', 'admin'].map((as) =>
          step(as as 'admin', 'GET /user/{own}/session?take=3', {
            status: 200,
            list: [{ id: '{secondSid}' }, { id: '{created}' }, { id: '{sid}' }],
          }),
        ),
        // Revoked.
        revoke('{second}'),
        step('client', 'GET /user/{own}/session?take=2', {
          status: 200,
          list: [{ id: '{created}' }, { id: '{sid}' }],
        }),
      ],
      [
        step('admin', 'GET /user/{missing}/session', {
          status: 404,
          message: 'User with id = {missing} not found',
        }),
      ],
      [step('admin', 'GET /user/x/session', { status: 400 })],
    ],
    // Expired ones.
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  {
    says: '`id` is the `sid`, `createdBy`',
    cases: [
      [
        createForOwn,
        create({ actions: ['GetNetwork', 3], networkIds: ['{networkText}'] }, { status: 201 }),
        createOwn({ deviceTypeIds: ['{deviceType}'] }, { status: 201 }),
        step('client', 'GET /user/{own}/session?take=4', {
          status: 200,
          list: [
            { createdBy: '{own}', actions: [1], networkIds: [], deviceTypeIds: ['{deviceType}'] },
            { createdBy: '{admin}', actions: [2, 3], networkIds: ['{network}'], deviceTypeIds: [] },
            { id: '{created}', createdBy: '{admin}', current: false },
            { id: '{sid}', createdBy: null, current: true },
          ],
        }),
        withKept('GET /user/{own}/session', { status: 200, list: [{ id: '{created}', current: true }] }),
        step('admin', 'GET /user/{own}/session?take=4', {
          status: 200,
          list: Array.from({ length: 4 }, () => ({ current: false })),
        }),
      ],
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{admin}', actions: '*', networkIds: '*', deviceTypeIds: '*' },
          status: 201,
          keep: { sid: 'claim accessToken.sid', kept: 'accessToken' },
        }),
        withKept('GET /user/current/session', {
          status: 200,
          list: [{ id: '{sid}', actions: [0], networkIds: ['*'], deviceTypeIds: ['*'], current: true }],
        }),
      ],
    ],
  },
  {
    says: '`take` (1–1000, default 100) and `after`',
    cases: [
      [
        signInAgain,
        step('client', 'GET /user/current/session?take=1', { status: 200, list: [{ id: '{secondSid}' }] }),
        step('client', 'GET /user/current/session?take=1&after={secondSid}', {
          status: 200,
          list: [{ id: '{sid}' }],
        }),
        step('client', 'GET /user/current/session?take=1000&after={secondSid}', { status: 200 }),
      ],
      ...['take=0', 'take=1001', 'take=x', 'take=-1', 'after=x', 'after=', 'skip=1'].map((query) => [
        step('client', `GET /user/current/session?${query}`, {
          status: 400,
          body: { details: [details(query.split('=')[0] ?? '')] },
        }),
      ]),
    ],
    // The default.
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  {
    says: '`lastUsedAt` is written at sign-in and refresh;',
    checks: {
      'and not at other requests': async (service) => {
        const before = Date.now();
        const user = await service.createUser();
        const read = async () => {
          const { body } = await user.client.get('/user/current/session');
          return Date.parse(body[0].lastUsedAt);
        };
        const atSignIn = await read();
        expect(atSignIn).toBeGreaterThanOrEqual(before);
        await user.client.put('/user/current', { data: {} });
        expect(await read()).toBe(atSignIn);
        await pause(5);
        const between = Date.now();
        await service.client.refresh(user.refreshToken);
        expect(await read()).toBeGreaterThanOrEqual(between);
      },
    },
  },
  {
    says: '`userAgent` is cut at 256 characters;',
    cases: [
      [255, 256, 257, 1000].flatMap((length) => [
        signIn('{password}', 201, {
          headers: { 'user-agent': 'a'.repeat(length) },
          keep: { kept: 'accessToken' },
        }),
        withKept('GET /user/current/session?take=1', {
          status: 200,
          list: [{ userAgent: 'a'.repeat(Math.min(length, 256)) }],
        }),
      ]),
    ],
  },
  {
    says: 'address and user agent of an administrator who created it',
    cases: [
      [
        createForOwn,
        step('client', 'GET /user/{own}/session?take=2', {
          status: 200,
          list: [
            { id: '{created}', address: null, userAgent: null },
            { id: '{sid}', address: HOME, userAgent: 'node' },
          ],
        }),
        step('admin', 'GET /user/{own}/session?take=1', {
          status: 200,
          list: [{ id: '{created}', address: '127.0.0.1', userAgent: 'node' }],
        }),
      ],
      // One that the client has created itself.
      [
        createChild,
        step('client', 'GET /user/{own}/session?take=1', {
          status: 200,
          list: [{ id: '{created}', address: '127.0.0.1', userAgent: 'node' }],
        }),
      ],
    ],
  },
  {
    says: '- `DELETE …/session/{sessionId}` → 204;',
    cases: ['client', 'admin'].map((as) => [
      signInAgain,
      step(as as 'admin', 'DELETE /user/{own}/session/{sid}', { status: 204 }),
      OWN_IS_REVOKED,
      refreshOwn(UNAUTHORIZED),
      secondIs({ status: 200 }),
    ]),
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  {
    says: "not one of that user's open sessions: 404",
    cases: [
      ...['{fresh}', '00000000-0000-4000-8000-000000000000'].map((id) => [
        step('client', `DELETE /user/current/session/${id}`, sessionMissing(id)),
      ]),
      // Of another user, though the caller may revoke that one there.
      [step('admin', 'DELETE /user/{other}/session/{sid}', sessionMissing('{sid}')), OWN_IS_OPEN],
      // Revoked already.
      [
        signInAgain,
        revoke('{second}'),
        step('client', 'DELETE /user/current/session/{secondSid}', sessionMissing('{secondSid}')),
      ],
      [
        step('admin', 'DELETE /user/{missing}/session/{sid}', {
          status: 404,
          message: 'User with id = {missing} not found',
        }),
      ],
    ],
    // An expired one.
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  {
    says: '`DELETE …/session` → 204 revokes all of them',
    cases: [
      ...['client', 'admin'].map((as) => [
        signInAgain,
        createForOwn,
        step(as as 'admin', 'DELETE /user/{own}/session', { status: 204 }),
        OWN_IS_REVOKED,
        secondIs(UNAUTHORIZED),
        KEPT_IS_REVOKED,
      ]),
      [
        signInAgain,
        createForOwn,
        step('client', 'DELETE /user/current/session?except=current', { status: 204 }),
        OWN_IS_OPEN,
        secondIs(UNAUTHORIZED),
        KEPT_IS_REVOKED,
      ],
      // A child is none of those that the caller descends from.
      [
        createChild,
        step('client', 'DELETE /user/current/session?except=current', { status: 204 }),
        KEPT_IS_REVOKED,
      ],
      // The caller has no session among those of another user.
      [step('admin', 'DELETE /user/{own}/session?except=current', { status: 204 }), OWN_IS_REVOKED],
      [step('client', 'DELETE /user/current/session?except=others', { status: 400 }), OWN_IS_OPEN],
      [step('admin', 'DELETE /user/{missing}/session', { status: 404 })],
    ],
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  {
    says: '- A user has at most `MAX_SESSIONS` (default 100)',
    configured: [
      {
        with: { MAX_SESSIONS: '2' },
        cases: [
          // Both of them are used again before the next sign-in, the first one last.
          [
            signInAgain,
            refresh({ send: { refreshToken: '{secondRefresh}' }, status: 201 }),
            refreshOwn({ status: 201 }),
            signIn('{password}', 201, { keep: { kept: 'accessToken' } }),
            OWN_IS_OPEN,
            secondIs(UNAUTHORIZED),
            KEPT_IS_OPEN,
          ],
          // Created ones do not count, and are not revoked.
          [
            createChild,
            createForOwn,
            signInAgain,
            OWN_IS_OPEN,
            KEPT_IS_OPEN,
            signIn('{password}', 201),
            OWN_IS_REVOKED,
            KEPT_IS_OPEN,
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  { says: 'A row is removed when the session has expired', heldBy: ['test/e2e/sessions.test.ts'] },
  {
    says: '- The process that revokes a session rejects its tokens',
    cases: [
      [
        OWN_IS_OPEN,
        step('admin', 'DELETE /user/{own}/session/{sid}', { status: 204 }),
        OWN_IS_REVOKED,
        refreshOwn(UNAUTHORIZED),
      ],
    ],
    heldBy: ['test/e2e/sessions.test.ts'],
  },
  {
    says: 'a process that cannot receive revocations asks',
    heldBy: ['test/e2e/sessions.test.ts', 'test/e2e/principal-cache.test.ts'],
  },
  {
    says: '- `POST /token/revoke {token}` (RFC 7009; JSON or form;',
    cases: [
      ...['{accessToken}', '{refreshToken}'].flatMap((token) => [
        [
          step('anyone', 'POST /token/revoke', { send: { token }, status: 200, text: /^$/ }),
          OWN_IS_REVOKED,
          refreshOwn(UNAUTHORIZED),
        ],
        ...['access_token', 'refresh_token', 'neither', ''].map((hint) => [
          step('anyone', 'POST /token/revoke', {
            send: `client_id=x&token=${token}&token_type_hint=${hint}`,
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            status: 200,
          }),
          OWN_IS_REVOKED,
        ]),
        [
          step('anyone', 'POST /token/revoke', {
            send: { token, token_type_hint: 7, client_secret: {} },
            status: 200,
          }),
          OWN_IS_REVOKED,
        ],
      ]),
      // That session alone, with its children.
      [signInAgain, createChild, revoke('{accessToken}'), secondIs({ status: 200 }), KEPT_IS_REVOKED],
      ...[{}, { token: '' }, { token: null }, { token: 7 }, { token_type_hint: 'access_token' }].map(
        (send) => [step('anyone', 'POST /token/revoke', { send, status: 400 })],
      ),
    ],
    heldBy: ['test/e2e/tokens.revoke.test.ts'],
  },
  {
    says: '200 also for an unknown, expired or already revoked token',
    cases: [
      [revoke('nonsense'), revoke('a.b.c'), revoke('{accessToken}x'), OWN_IS_OPEN],
      [revoke('{accessToken}'), revoke('{accessToken}'), revoke('{refreshToken}')],
      // Revoked once, and once is it an event.
      [
        revoke('{accessToken}'),
        revoke('{refreshToken}'),
        step('admin', 'GET /event?subject=user/{own}&type=hivegate.session.revoked', {
          status: 200,
          list: [{ data: { sessionId: '{sid}', reason: 'request' } }],
        }),
      ],
    ],
    // An expired one.
    heldBy: ['test/e2e/tokens.revoke.test.ts'],
  },
  {
    says: '- `REFRESH_ROTATION=on`: a refresh returns a new',
    cases: [[refreshOwn({ status: 201, only: ['accessToken'] })]],
    configured: [
      {
        with: ROTATING,
        cases: [
          [
            refreshOwn({ status: 201, body: PAIR, only: Object.keys(PAIR), keep: { next: 'refreshToken' } }),
            refresh({
              send: { refreshToken: '{next}' },
              status: 201,
              body: PAIR,
              claims: { refreshToken: { payload: { u: '{own}', a: CLIENT_ACTIONS, t: 0 }, sid: '{sid}' } },
              keep: { third: 'refreshToken' },
            }),
            refresh({ send: { refreshToken: '{third}' }, status: 201, keep: { accessToken: 'accessToken' } }),
            step('anyone', 'GET /user/current', {
              headers: { authorization: 'Bearer {accessToken}' },
              status: 200,
            }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/tokens.refresh.test.ts'],
  },
  {
    says: 'Until the successor has been used, and for 30 seconds',
    configured: [
      {
        with: ROTATING,
        cases: [
          [
            refreshOwn({ status: 201, keep: { next: 'refreshToken' } }),
            refreshOwn({ status: 201, body: { refreshToken: '{next}' } }),
            refreshOwn({ status: 201, body: { refreshToken: '{next}' } }),
            refresh({ send: { refreshToken: '{next}' }, status: 201, keep: { third: 'refreshToken' } }),
            refreshOwn({ status: 201, body: { refreshToken: '{next}' } }),
            refresh({ send: { refreshToken: '{next}' }, status: 201, body: { refreshToken: '{third}' } }),
          ],
        ],
      },
    ],
    // The 30 seconds.
    heldBy: ['test/e2e/tokens.refresh.test.ts'],
  },
  {
    says: 'later use revokes the session and is an event',
    configured: [
      {
        with: { ...ROTATING, TRUST_PROXY: '127.0.0.1' },
        cases: [
          [
            refresh({
              send: { refreshToken: '{refreshToken}' },
              headers: { 'x-forwarded-for': '192.0.2.1' },
              status: 201,
              keep: { next: 'refreshToken' },
            }),
            refresh({
              send: { refreshToken: '{refreshToken}' },
              headers: { 'x-forwarded-for': '192.0.2.2' },
              ...UNAUTHORIZED,
            }),
            OWN_IS_REVOKED,
            refresh({
              send: { refreshToken: '{next}' },
              headers: { 'x-forwarded-for': '192.0.2.1' },
              ...UNAUTHORIZED,
            }),
            step('admin', 'GET /event?subject=user/{own}&type=hivegate.session.revoked', {
              status: 200,
              list: [{ data: { sessionId: '{sid}', reason: 'refreshTokenReused', address: '192.0.2.2' } }],
            }),
          ],
        ],
      },
    ],
    // Later use.
    heldBy: ['test/e2e/tokens.refresh.test.ts'],
  },
  {
    says: 'The successor expires when the first one would.',
    configured: [
      {
        with: ROTATING,
        cases: [
          [
            signIn('{password}', 201, {
              keep: {
                refreshToken: 'refreshToken',
                end: 'claim refreshToken.payload.e',
                exp: 'claim refreshToken.exp',
              },
            }),
            refreshOwn({
              status: 201,
              claims: { refreshToken: { payload: { e: '{end}' }, exp: '{exp}' } },
              keep: { next: 'refreshToken' },
            }),
            refresh({
              send: { refreshToken: '{next}' },
              status: 201,
              claims: { refreshToken: { payload: { e: '{end}' }, exp: '{exp}' } },
            }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/tokens.refresh.test.ts'],
  },
  {
    says: 'Created sessions do not rotate.',
    configured: [
      {
        with: ROTATING,
        cases: [createChild, createForOwn].map((creation) => [
          creation,
          refresh({ send: { refreshToken: '{keptRefresh}' }, status: 201, only: ['accessToken'] }),
          refresh({ send: { refreshToken: '{keptRefresh}' }, status: 201, only: ['accessToken'] }),
        ]),
      },
    ],
    heldBy: ['test/e2e/tokens.refresh.test.ts'],
  },
  {
    says: '- `REFRESH_ROTATION=on` together with `COMPATIBILITY=devicehive`',
    heldBy: ['src/compatibility/service-settings.spec.ts', 'test/e2e/start.test.ts'],
  },
  {
    says: '- Authorization is checked again inside the transaction',
    // What happens while a request waits.
    heldBy: ['test/e2e/second-check.test.ts'],
  },
  {
    says: '- Refresh tokens are signed with a key of their own',
    cases: [
      [
        signIn('{password}', 201, {
          body: { refreshToken: headerIs({ alg: 'HS256', typ: 'rt+jwt' }) },
        }),
        step('anyone', 'GET /.well-known/jwks.json', {
          status: 200,
          body: {
            keys: expect.toSatisfy((keys: { kty: string }[]) => keys.every(({ kty }) => kty === 'EC')),
          },
        }),
      ],
      [create({}, { status: 201, body: { refreshToken: headerIs({ alg: 'HS256', typ: 'rt+jwt' }) } })],
    ],
    configured: [
      {
        with: ROTATING,
        cases: [
          [refreshOwn({ status: 201, body: { refreshToken: headerIs({ alg: 'HS256', typ: 'rt+jwt' }) } })],
        ],
      },
    ],
    heldBy: ['test/e2e/keys.test.ts', 'test/e2e/tokens.refresh.test.ts'],
  },
  {
    says: 'access tokens `typ: at+jwt`',
    cases: [
      ...[signIn('{password}', 201), create({}, { status: 201 }), refreshOwn({ status: 201 })].map(
        (asked) => [{ ...asked, body: { accessToken: headerIs({ alg: 'ES256', typ: 'at+jwt' }) } }],
      ),
      [
        step('anyone', 'GET /user/current', {
          headers: { authorization: 'Bearer {refreshToken}' },
          ...UNAUTHORIZED,
        }),
        refresh({ send: { refreshToken: '{accessToken}' }, status: 401, message: 'Invalid token type' }),
      ],
    ],
    heldBy: ['test/e2e/verifiers.test.ts', 'test/e2e/tokens.verify.test.ts'],
  },
  {
    says: 'With `JWT_SECRET` that one secret signs both',
    configured: [
      {
        with: { JWT_SECRET: 'a secret of forty characters, or of more' },
        cases: [
          [
            signIn('{password}', 201, {
              body: { accessToken: WITHOUT_TYPE, refreshToken: WITHOUT_TYPE },
              claims: { accessToken: { payload: { t: 1 } }, refreshToken: { payload: { t: 0 } } },
            }),
            // This service checks it.
            step('anyone', 'GET /user/current', {
              headers: { authorization: 'Bearer {refreshToken}' },
              ...UNAUTHORIZED,
            }),
            refresh({ send: { refreshToken: '{accessToken}' }, status: 401, message: 'Invalid token type' }),
            refreshOwn({ status: 201 }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/tokens.verify.test.ts'],
  },
  {
    says: '- `POST /token/introspect {token}`',
    cases: [
      [
        step('client', 'POST /token/introspect', {
          send: { token: '{accessToken}', token_type_hint: 'x' },
          status: 200,
          body: { active: true, username: '{login}', token_type: 'access_token', sid: '{sid}', role: 1 },
          only: [
            ...['active', 'sub', 'username', 'iss', 'iat', 'exp', 'jti', 'sid', 'token_type', 'scope'],
            ...['role', 'networks', 'deviceTypes'],
          ],
          carries: { 'cache-control': /^private, max-age=1$/ },
        }),
        step('client', 'POST /token/introspect', {
          send: 'token={refreshToken}&more=x',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          status: 200,
          body: { active: true, token_type: 'refresh_token' },
        }),
      ],
      [
        create({ actions: ['GetNetwork'] }, { status: 201, keep: { kept: 'accessToken' } }),
        introspect('admin', '{kept}', { active: true, act: { sub: expect.any(String) } }),
      ],
      [introspect('admin', 'x', INACTIVE), introspect('client', 'x', INACTIVE)],
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{other}' },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        { ...introspect('client', '{kept}', INACTIVE), only: ['active'] },
      ],
      [
        step('anyone', 'POST /token/revoke', { send: { token: '{accessToken}' }, status: 200 }),
        { ...introspect('admin', '{refreshToken}', INACTIVE), only: ['active'] },
      ],
    ],
    heldBy: INTROSPECTION,
  },
  {
    says: '`scope` lists the names of the actions that the token grants *now*,',
    cases: [
      [
        create(
          { actions: ['GetNetwork', 'GetDevice'], networkIds: ['{network}'] },
          { status: 201, keep: { kept: 'accessToken' } },
        ),
        introspect('admin', '{kept}', { scope: 'GetNetwork GetDevice' }),
      ],
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{admin}', actions: ['*'] },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        introspect('admin', '{kept}', {
          scope: expect.stringMatching(/^GetNetwork GetDevice .* ManageUser .* ManageDeviceType$/),
        }),
      ],
    ],
    heldBy: INTROSPECTION,
  },
  {
    says: '`networks` and `deviceTypes` are ids or `["*"]`,',
    cases: [
      [
        create(
          { networkIds: ['{network}'], deviceTypeIds: ['{deviceType}'] },
          { status: 201, keep: { kept: 'accessToken' } },
        ),
        introspect('admin', '{kept}', { networks: [expect.any(Number)], deviceTypes: [expect.any(Number)] }),
        step('admin', 'DELETE /user/{own}/network/{network}', { status: 204 }),
        introspect('admin', '{kept}', { networks: [], deviceTypes: [expect.any(Number)] }),
      ],
    ],
    heldBy: INTROSPECTION,
  },
  {
    says: '- Discovery: where `JWT_ISSUER` is an http(s) URL,',
    configured: [
      {
        with: { JWT_ISSUER: 'https://id.test/auth' },
        cases: [
          [
            '/.well-known/oauth-authorization-server/auth',
            '/auth/.well-known/oauth-authorization-server',
            '/auth/.well-known/openid-configuration',
          ].map((path) =>
            step('anyone', `GET ${path}`, {
              headers: { 'x-forwarded-host': 'evil.test' },
              status: 200,
              body: {
                issuer: 'https://id.test/auth',
                jwks_uri: 'https://id.test/auth/.well-known/jwks.json',
                token_endpoint: 'https://id.test/auth/token',
                introspection_endpoint: 'https://id.test/auth/token/introspect',
                revocation_endpoint: 'https://id.test/auth/token/revoke',
                response_types_supported: [],
                id_token_signing_alg_values_supported: ['ES256'],
              },
              text: /^(?!.*evil)/,
            }),
          ),
        ],
      },
    ],
    heldBy: DISCOVERY,
  },
  { says: 'every URL comes from `JWT_ISSUER`, never from `Host`.', heldBy: DISCOVERY },
  {
    says: 'Otherwise 404.',
    cases: ['oauth-authorization-server', 'openid-configuration'].map((name) => [
      step('anyone', `GET /.well-known/${name}`, { status: 404, only: ['error', 'message'] }),
    ]),
    heldBy: DISCOVERY,
  },
  {
    says: 'If `JWT_AUDIENCE` is set, tokens carry it as `aud`,',
    configured: [
      {
        with: { JWT_AUDIENCE: 'apps' },
        cases: [
          [
            signIn('{password}', 201, {
              claims: { accessToken: { aud: 'apps' }, refreshToken: { aud: 'apps' } },
            }),
          ],
          [
            create(
              {},
              { status: 201, claims: { accessToken: { aud: 'apps' }, refreshToken: { aud: 'apps' } } },
            ),
          ],
        ],
      },
    ],
    heldBy: DISCOVERY,
  },
  {
    says: 'together with `ACCEPT_ORIGINAL_TOKENS_UNTIL` it is refused at the start.',
    heldBy: ['src/settings/read-settings.spec.ts'],
  },
  {
    says: '- Signing: ES256 by default',
    cases: [
      [
        signIn('{password}', 201, {
          body: { accessToken: signedWith('ES256'), refreshToken: signedWith('HS256') },
        }),
      ],
    ],
    heldBy: ['test/e2e/keys.test.ts'],
  },
  {
    says: 'public keys at `GET /.well-known/jwks.json`.',
    cases: [
      [
        step('anyone', 'GET /.well-known/jwks.json', {
          status: 200,
          body: { keys: [{ kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) }] },
          text: /^(?!.*"d":)/,
        }),
      ],
    ],
    heldBy: ['test/e2e/keys.test.ts'],
  },
  {
    says: 'With `JWT_SECRET` set: HS256 with that secret',
    configured: [
      {
        with: { JWT_SECRET: 'a secret of forty characters, or of more' },
        cases: [
          [
            signIn('{password}', 201, {
              body: { accessToken: signedWith('HS256'), refreshToken: signedWith('HS256') },
            }),
          ],
          [step('client', 'GET /user/current', { status: 200 })],
          [step('anyone', 'GET /.well-known/jwks.json', { status: 200, body: { keys: [] } })],
        ],
      },
    ],
    heldBy: ['test/e2e/tokens.verify.test.ts'],
  },
  { says: 'The algorithm is pinned;', heldBy: ['test/e2e/tokens.verify.test.ts'] },
  {
    says: '`none` and confusion attacks fail.',
    cases: [
      // {"alg":"none"}, with no claims.
      [
        step('anyone', 'GET /user/current', {
          headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
          ...UNAUTHORIZED,
        }),
      ],
    ],
    // With true claims, and with the public key as the secret of HS256.
    heldBy: ['test/e2e/tokens.verify.test.ts'],
  },
  {
    says: '- Lockout: the attempt is counted *before*',
    cases: [
      [...failedLogins(9), signIn('{password}', 201)],
      [...failedLogins(10), signIn('{password}', 401, REFUSED)],
    ],
    // A burst.
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: 'reaching the limit sets status 1.',
    cases: [[...failedLogins(9), shows({ status: 0 }), ...failedLogins(1), shows({ status: 1 })]],
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: '`LOCKOUT_SECONDS` (default 900;',
    cases: [
      [
        ...failedLogins(10),
        signIn('{password}', 401, REFUSED),
        setStatus(0),
        signIn('{password}', 201),
        step('client', 'GET /user/current', { status: 200 }),
      ],
    ],
    configured: [
      {
        with: { LOCKOUT_SECONDS: '0' },
        cases: [[...failedLogins(10), signIn('{password}', 401, REFUSED), shows({ status: 1 })]],
      },
    ],
    checks: { 'a lockout of two seconds': expectLockoutToEnd },
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: 'The response to a failed login does not reveal',
    cases: [
      Array.from({ length: 12 }, () =>
        signIn('a wrong password', 401, { ...REFUSED, carries: { 'retry-after': null } }),
      ),
    ],
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: '- **A lockout cannot be used against a user.**',
    cases: [
      [...failedLogins(12), signIn('{password}', 201, AT_HOME)],
      [
        ...failedLogins(10),
        shows({ status: 1 }),
        OWN_IS_OPEN,
        refreshOwn({ status: 201, only: ['accessToken'] }),
      ],
    ],
    heldBy: ['test/e2e/lockout.test.ts', 'test/e2e/known-sources.test.ts'],
  },
  {
    says: '- A source is *known* to a user by a sign-in',
    cases: [
      [signIn('{password}', 201), ...failedLogins(9), signIn('{password}', 201)],
      // A refresh alone does not make one known.
      [refreshOwn({ status: 201 }), ...failedLogins(10), shows({ status: 1 })],
    ],
    // 30 days pass there.
    heldBy: ['test/e2e/known-sources.test.ts'],
  },
  {
    says: 'a user has at most 20,',
    heldBy: ['test/e2e/known-sources.test.ts'],
  },
  {
    says: 'a new password that the user itself sets forgets all but the one',
    cases: [
      [
        step('client', 'PUT /user/current', { send: { password: 'another password' }, status: 204 }),
        ...failedLogins(10),
        signIn('another password', 401, AT_HOME),
      ],
      [
        step('client', 'PUT /user/current', {
          send: { password: 'another password' },
          status: 204,
          ...AT_HOME,
        }),
        ...failedLogins(10),
        signIn('another password', 201, AT_HOME),
      ],
      [
        step('admin', 'PUT /user/{own}', { send: { password: 'another password' }, status: 204 }),
        ...failedLogins(10),
        signIn('another password', 201, AT_HOME),
      ],
    ],
    heldBy: ['test/e2e/known-sources.test.ts', 'test/e2e/users-command.test.ts'],
  },
  {
    says: 'where an administrator has set status 1, none is known.',
    cases: [[setStatus(1), signIn('{password}', 401, { ...REFUSED, ...AT_HOME })]],
    heldBy: ['test/e2e/known-sources.test.ts'],
  },
  {
    says: '- Attempts are counted for each user in one bucket',
    cases: [
      [...failedLogins(9), ...failedAtHome(9), signIn('{password}', 201, AT_HOME), signIn('{password}', 201)],
      [...failedAtHome(10), signIn('{password}', 401, { ...REFUSED, ...AT_HOME }), signIn('{password}', 201)],
    ],
    heldBy: ['test/e2e/known-sources.test.ts'],
  },
  {
    says: 'A success clears its own bucket and no other.',
    cases: [
      [...failedLogins(9), signIn('{password}', 201, AT_HOME), ...failedLogins(1), shows({ status: 1 })],
      [
        ...failedAtHome(9),
        signIn('{password}', 201, AT_HOME),
        ...failedAtHome(9),
        signIn('{password}', 201, AT_HOME),
      ],
      [...failedLogins(9), signIn('{password}', 201), ...failedLogins(9), shows({ status: 0 })],
    ],
    heldBy: ['test/e2e/known-sources.test.ts'],
  },
  {
    says: 'A full bucket is closed for `LOCKOUT_SECONDS`',
    heldBy: ['test/e2e/lockout.test.ts', 'test/e2e/known-sources.test.ts'],
  },
  {
    says: 'Attempts at a closed bucket are refused without a comparison',
    cases: [[...failedAtHome(12), signIn('{password}', 401, { ...REFUSED, ...AT_HOME })]],
    heldBy: ['test/e2e/known-sources.test.ts', 'test/trials/sign-in/lockout.test.ts'],
  },
  {
    says: '- Only the bucket of unknown sources sets status 1',
    cases: [
      [...failedAtHome(10), shows({ status: 0 })],
      [...failedLogins(10), signIn('{password}', 201, AT_HOME), shows({ status: 1 })],
    ],
    heldBy: ['test/e2e/known-sources.test.ts'],
  },
  {
    says: 'for the last active administrator it sets none',
    configured: [
      {
        // A service of its own: elsewhere the administrator has to sign in.
        with: { ADMIN_LOGIN: 'last' },
        cases: [
          [
            ...Array.from({ length: 12 }, () =>
              step('anyone', 'POST /token', {
                send: { login: 'last', password: 'wrong' },
                status: 401,
                carries: { 'retry-after': null },
                ...REFUSED,
              }),
            ),
            step('anyone', 'POST /token', {
              send: { login: 'last', password: '{adminPassword}' },
              status: 401,
              ...REFUSED,
            }),
            step('admin', 'GET /user/{admin}', { status: 200, body: { role: 0, status: 0 } }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: 'Status 0 sent by an administrator, or a new password, empties all buckets',
    cases: [
      [
        ...failedLogins(10),
        ...failedAtHome(10),
        setStatus(0),
        shows({ status: 0 }),
        ...bothLetIn('{password}'),
      ],
      [
        ...failedLogins(10),
        ...failedAtHome(10),
        step('admin', 'PUT /user/{own}', { send: { password: 'another password' }, status: 204 }),
        shows({ status: 0 }),
        ...bothLetIn('another password'),
      ],
    ],
    heldBy: ['test/e2e/known-sources.test.ts'],
  },
  {
    says: 'a new password does not end a status 1 that an administrator has set.',
    cases: [
      [
        setStatus(1),
        step('admin', 'PUT /user/{own}', { send: { password: 'another password' }, status: 204 }),
        shows({ status: 1 }),
        signIn('another password', 401, REFUSED),
      ],
    ],
    heldBy: ['test/e2e/known-sources.test.ts'],
  },
  {
    says: '- So anyone can set the status to 1 by failed logins,',
    cases: [
      [...failedLogins(10), shows({ status: 1 }), signIn('{password}', 201, AT_HOME)],
      // A bucket is open for the limit, once for all strangers and once for a known source.
      [...failedLogins(10), ...failedAtHome(10), ...bothRefused],
    ],
    heldBy: [
      'test/e2e/known-sources.test.ts',
      'test/e2e/users-command.test.ts',
      'test/trials/fairness/aimed-lockout.test.ts',
    ],
  },
  {
    says: "- That holds where the service sees its clients' addresses:",
    heldBy: ['test/e2e/http-addresses.test.ts'],
  },
  {
    says: 'users behind one NAT share a source.',
    cases: [[...failedAtHome(10), signIn('{password}', 401, { ...REFUSED, ...AT_HOME })]],
    heldBy: ['test/e2e/known-sources.test.ts'],
  },
  {
    says: '`hivegate users unlock LOGIN` ends a lockout of either kind',
    heldBy: ['test/e2e/users-command.test.ts'],
  },
  {
    says: '- **No caller can keep others from signing in.** Rate limits apply',
    configured: [
      {
        with: { RATE_LIMIT: 'on' },
        cases: [
          [
            ...Array.from({ length: 60 }, () =>
              step('anyone', 'POST /token', { send: { login: '{fresh}', password: '' }, ...EMPTY }),
            ),
            step('anyone', 'POST /token', {
              send: { login: '{fresh}', password: '' },
              status: 429,
              carries: { 'retry-after': /^[1-9]\d?$/ },
            }),
            signIn('{password}', 201),
          ],
        ],
      },
    ],
    // Sources, sites and several processes.
    heldBy: ['test/e2e/rate-limits.test.ts', 'test/e2e/turns.test.ts'],
  },
  {
    says: 'Password checks wait in turns:',
    heldBy: [
      'src/turns/fair-queue.spec.ts',
      'src/authentication/sign-in/sign-in-turn.spec.ts',
      'test/e2e/turns.test.ts',
    ],
  },
  {
    says: 'a known source of the user comes first,',
    heldBy: [
      'src/authentication/sign-in/failed-sources.spec.ts',
      'src/passwords/password-hasher.spec.ts',
      'test/e2e/turns.test.ts',
    ],
  },
  {
    says: 'The queue holds up to 10 seconds of work,',
    checks: {
      'a fleet that signs in at once': async (service) => {
        const { login, password } = await service.createUser();
        const answers = await Promise.all(
          Array.from({ length: 64 }, () => service.client.signIn({ login, password })),
        );
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      },
    },
    heldBy: ['src/passwords/password-hasher.spec.ts'],
  },
  {
    says: 'when it is full, the source with the most waiting loses its newest',
    heldBy: [
      'src/turns/fair-queue.spec.ts',
      'src/turns/turns.spec.ts',
      'src/passwords/password-hasher.spec.ts',
    ],
  },
  {
    says: '- Old passwords that are compared: 5 in 15 minutes per sign-in',
    configured: [
      {
        with: { RATE_LIMIT: 'on' },
        cases: [
          [
            ...wrongOldPasswords(5),
            changeOwn({ oldPassword: '{password}' }, { status: 429, carries: { 'retry-after': /^\d+$/ } }),
            // Another sign-in has its own.
            signIn('{password}', 201, { keep: { second: 'accessToken' } }),
            step('anyone', 'PUT /user/current', {
              headers: { authorization: 'Bearer {second}' },
              send: { oldPassword: '{password}' },
              status: 204,
            }),
          ],
          [
            createChild,
            ...wrongOldPasswords(3),
            ...Array.from({ length: 2 }, () =>
              withKept('PUT /user/current', { send: { oldPassword: 'a wrong one' }, status: 403 }),
            ),
            withKept('PUT /user/current', { send: { oldPassword: '{password}' }, status: 429 }),
            changeOwn({ oldPassword: '{password}' }, { status: 429 }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/password-limits.test.ts'],
  },
  {
    says: 'New passwords that users set for themselves: 5 per user in 15 minutes.',
    configured: [
      {
        with: { RATE_LIMIT: 'on' },
        cases: [
          [
            ...Array.from({ length: 5 }, (_, index) =>
              changeOwn({ password: `another password ${index}` }, { status: 204 }),
            ),
            changeOwn({ password: 'one too many' }, { status: 429 }),
            step('admin', 'PUT /user/{own}', { send: { password: 'by an administrator' }, status: 204 }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/password-limits.test.ts'],
  },
  {
    says: '- A token whose header has `crit` is refused',
    checks: {
      'of both kinds, signed with the right keys': async (service) => {
        const user = await service.createUser();
        const key = await stolenKey(service.database);
        const { kid, privateKey } = key;
        const [access, refreshing] = [claimsOf(user.accessToken), claimsOf(user.refreshToken)];
        const ahead = Math.floor(Date.now() / 1000) + 75;
        const statuses = async (changes: object, payload: object, header: Record<string, unknown>) => {
          const change = (claims: typeof access) => ({
            ...claims,
            ...changes,
            payload: { ...claims.payload, ...payload },
          });
          const crit = 'crit' in header ? { crit: { known: true } } : {};
          const signed = [
            await forge(change(access), privateKey, { kid, ...header }, crit),
            await forgeRefresh(change(refreshing), key, header, crit),
          ] as const;
          return [
            (await service.client.as(signed[0]).get('/user/current')).status,
            (await service.client.refresh(signed[1])).status,
          ];
        };
        expect(await statuses({}, {}, {})).toEqual([200, 201]);
        expect(await statuses({}, {}, { crit: ['known'], known: 1 })).toEqual([401, 401]);
        expect(await statuses({}, {}, { typ: 'logout+jwt' })).toEqual([401, 401]);
        expect(await statuses({ iat: ahead }, {}, {})).toEqual([401, 401]);
        expect(await statuses({}, { e: Date.now() - 1 }, {})).toEqual([401, 401]);
      },
    },
    heldBy: ['test/e2e/tokens.verify.test.ts', 'src/authentication/tokens/claims.spec.ts'],
  },
  {
    says: '- A request to `/token…` that a browser sends from another origin is 403',
    cases: ['/token', '/token/refresh', '/token/create', '/token/revoke'].map((path) => [
      step('anyone', `POST ${path}`, { send: 'no JSON', headers: { origin: EVIL }, ...DENIED }),
      // Counted, the tenth would lock the user out.
      ...Array.from({ length: 11 }, () => signInFrom({ origin: EVIL }, DENIED.status, 'a wrong password')),
      signIn('{password}', 201),
    ]),
    heldBy: ['test/e2e/cross-site.test.ts'],
  },
  {
    says: 'It is from another origin if its `Origin` is not in `CORS_ORIGINS`',
    cases: [
      ...['cross-site', 'same-site', 'else'].map((site) => [signInFrom({ 'sec-fetch-site': site }, 403)]),
      ...['same-origin', 'none'].map((site) => [
        signInFrom({ 'sec-fetch-site': site }, 201),
        signInFrom({ 'sec-fetch-site': site, origin: EVIL }, 201),
      ]),
    ],
    configured: [
      {
        with: { CORS_ORIGINS: CONSOLE },
        cases: [
          [signInFrom({ 'sec-fetch-site': 'cross-site', origin: CONSOLE }, 201)],
          [signInFrom({ 'sec-fetch-site': 'cross-site', origin: EVIL }, 403)],
        ],
      },
    ],
    heldBy: ['src/http/cross-site.spec.ts'],
  },
  {
    says: 'without `Sec-Fetch-Site`, if its `Origin`',
    cases: [
      [signInFrom({ origin: EVIL }, 403)],
      [signInFrom({ origin: 'null' }, 403)],
      // The host that the test calls, but another port.
      [signInFrom({ origin: 'http://127.0.0.1' }, 403), signInFrom({ origin: 'http://127.0.0.1:1' }, 403)],
    ],
    configured: [{ with: { CORS_ORIGINS: CONSOLE }, cases: [[signInFrom({ origin: CONSOLE }, 201)]] }],
    heldBy: ['src/http/cross-site.spec.ts', 'test/e2e/cross-site.test.ts'],
  },
  { says: "A request with neither header is no browser's.", cases: [[signIn('{password}', 201)]] },
];
