import { decodeProtectedHeader } from 'jose';
import { expect } from 'vitest';
import {
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
/** The claims of both tokens of a response. */
const both = (payload: unknown) => ({ accessToken: { payload }, refreshToken: { payload } });
const signedWith = (alg: string) =>
  expect.toSatisfy((token: string) => decodeProtectedHeader(token).alg === alg, `is signed with ${alg}`);
const livesFor = (seconds: number) =>
  expect.toSatisfy(
    ({ iat, exp, payload }) => exp - iat === seconds && Math.floor(payload.e / 1000) === exp,
    `expires ${seconds} seconds after it was issued`,
  );

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
    says: 'An access token, an invalid, expired or superseded refresh token',
    cases: [
      [refresh({ send: { refreshToken: '{accessToken}' }, status: 401, message: 'Invalid token type' })],
      ...['nonsense', '{refreshToken}x'].map((refreshToken) => [
        refresh({ send: { refreshToken }, ...UNAUTHORIZED }),
      ]),
      [
        step('client', 'PUT /user/current', { send: { password: 'another password' }, status: 204 }),
        refreshOwn(UNAUTHORIZED),
      ],
      ...[1, 2].map((status) => [setStatus(status), refreshOwn(UNAUTHORIZED)]),
      [step('admin', 'DELETE /user/{own}', { status: 204 }), refreshOwn(UNAUTHORIZED)],
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
            expiration: '2099-01-31T12:00:00.000Z',
            refreshExpiration: '2099-02-28T12:00:00.000Z',
          },
          {
            status: 201,
            body: PAIR,
            only: Object.keys(PAIR),
            claims: {
              accessToken: {
                payload: { u: '{own}', a: [2], n: ['{networkText}'], dt: ['{deviceTypeText}'], t: 1 },
                exp: Date.UTC(2099, 0, 31, 12) / 1000,
              },
              refreshToken: {
                payload: { u: '{own}', a: [2], n: ['{networkText}'], dt: ['{deviceTypeText}'], t: 0 },
                exp: Date.UTC(2099, 1, 28, 12) / 1000,
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
    says: 'absent or null: none named (`n`, `dt` left out).',
    cases: [{}, { networkIds: null, deviceTypeIds: null }].map((rights) => [
      create(
        { actions: ['GetNetwork'], ...rights },
        {
          status: 201,
          claims: both(expect.toSatisfy((payload: object) => !('n' in payload) && !('dt' in payload))),
          keep: { kept: 'accessToken' },
        },
      ),
      step('anyone', 'GET /network', { headers: WITH_KEPT, status: 200, body: [] }),
    ]),
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
    says: 'not active: 403 `User is locked or disabled`.',
    cases: [1, 2].map((status) => [
      setStatus(status),
      create({}, { status: 403, message: 'User is locked or disabled' }),
    ]),
  },
  {
    says: 'A client may name only itself and only rights',
    cases: [
      [createOwn({ networkIds: ['{network}'] }, { status: 201 })],
      ...['{other}', '{admin}', '{missing}'].map((userId) => [
        step('client', 'POST /token/create', { send: { userId }, ...DENIED }),
      ]),
      ...[
        { networkIds: ['{foreignNetwork}'] },
        { networkIds: '*' },
        { deviceTypeIds: ['{foreignType}'] },
        { deviceTypeIds: '*' },
        { actions: ['ManageUser'] },
        { actions: ['*'] },
      ].map((rights) => [createOwn(rights, DENIED)]),
      // Its own token, not its user: the user has GetNetwork, the token does not.
      [
        step({ of: 'client', actions: ['ManageToken'] }, 'POST /token/create', {
          send: { userId: '{own}', actions: ['GetNetwork'] },
          ...DENIED,
        }),
      ],
    ],
    heldBy: ['test/e2e/tokens.create.test.ts', 'test/properties/tokens.test.ts'],
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
                jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
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
    says: 'Success clears the count.',
    cases: [
      [
        ...failedLogins(9),
        signIn('{password}', 201),
        ...failedLogins(9),
        shows({ status: 0 }),
        signIn('{password}', 201),
      ],
    ],
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: '`LOCKOUT_SECONDS` (default 0: until an administrator sets status 0)',
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
        with: { LOCKOUT_SECONDS: '900' },
        cases: [[...failedLogins(10), signIn('{password}', 401, REFUSED), shows({ status: 1 })]],
      },
    ],
    // The time passes there.
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
    says: 'The last active administrator is never locked out',
    configured: [
      {
        // A service of its own: elsewhere the administrator has to sign in.
        with: { ADMIN_LOGIN: 'last' },
        cases: [
          [
            ...Array.from({ length: 10 }, () =>
              step('anyone', 'POST /token', { send: { login: 'last', password: 'wrong' }, status: 401 }),
            ),
            step('anyone', 'POST /token', {
              send: { login: 'last', password: '{adminPassword}' },
              status: 429,
              carries: { 'retry-after': /^[1-9]\d*$/ },
            }),
            step('admin', 'GET /user/{admin}', { status: 200, body: { role: 0, status: 0 } }),
          ],
        ],
      },
    ],
    // The pause grows there.
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: '- Tokens already issued to a user who is locked out end with the status.',
    cases: [
      [
        step('client', 'GET /user/current', { status: 200 }),
        ...failedLogins(10),
        step('client', 'GET /user/current', UNAUTHORIZED),
        refreshOwn(UNAUTHORIZED),
      ],
      [setStatus(1), step('client', 'GET /user/current', UNAUTHORIZED), refreshOwn(UNAUTHORIZED)],
    ],
    heldBy: ['test/e2e/lockout.test.ts'],
  },
];
