import { CLIENT_ACTIONS, DENIED, type Sentence, signIn, step, UNAUTHORIZED } from './sentence.js';

/** All actions, by number. */
const ACTIONS = Array.from({ length: 19 }, (_, number) => number);

export const words: readonly Sentence[] = [
  {
    says: '| administrator / client | `role` 0 / 1 |',
    cases: [
      [step('admin', 'GET /user/{admin}', { status: 200, body: { role: 0 } })],
      [step('admin', 'GET /user/{own}', { status: 200, body: { role: 1 } })],
    ],
  },
  {
    says: '| active / locked out / disabled | `status` 0 / 1 / 2;',
    cases: [0, 1, 2].map((status) => [
      step('admin', 'PUT /user/{own}', { send: { status }, status: 204 }),
      step('admin', 'GET /user/{own}', { status: 200, body: { status } }),
    ]),
  },
  {
    says: 'only an active user can sign in, refresh, or use a token |',
    cases: [1, 2].map((status) => [
      step('admin', 'PUT /user/{own}', { send: { status }, status: 204 }),
      step('client', 'GET /user/current', UNAUTHORIZED),
      signIn('{password}', 401, { message: 'Invalid credentials' }),
      step('anyone', 'POST /token/refresh', { send: { refreshToken: '{refreshToken}' }, ...UNAUTHORIZED }),
      step('admin', 'PUT /user/{own}', { send: { status: 0 }, status: 204 }),
      step('client', 'GET /user/current', { status: 200 }),
      signIn('{password}', 201),
      step('anyone', 'POST /token/refresh', { send: { refreshToken: '{refreshToken}' }, status: 201 }),
    ]),
  },
  {
    says: '| action | a right that a token carries',
    cases: [
      ...['GetNetwork', 2].map((action) => [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', actions: [action] },
          status: 201,
          claims: { accessToken: { payload: { a: [2] } }, refreshToken: { payload: { a: [2] } } },
        }),
      ]),
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', actions: ['GetNothing'] },
          status: 400,
        }),
      ],
    ],
    heldBy: ['test/e2e/tokens.create.test.ts'],
  },
  {
    says: '| network, device type | access scopes: a client reaches only',
    cases: [
      [
        step('client', 'GET /network/{network}', { status: 200 }),
        step('client', 'GET /network/{foreignNetwork}', DENIED),
      ],
      [
        step('client', 'GET /devicetype/{deviceType}', { status: 200 }),
        step('client', 'GET /devicetype/{foreignType}', DENIED),
      ],
    ],
  },
  {
    says: 'an administrator reaches all |',
    cases: [
      'network/{network}',
      'network/{foreignNetwork}',
      'devicetype/{deviceType}',
      'devicetype/{foreignType}',
    ].map((scope) => [step('admin', `GET /${scope}`, { status: 200 })]),
    heldBy: ['test/e2e/effective-access.test.ts'],
  },
  {
    says: '- Client actions: all but',
    cases: [
      [signIn('{password}', 201, { claims: { accessToken: { payload: { a: CLIENT_ACTIONS } } } })],
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', actions: CLIENT_ACTIONS },
          status: 201,
          claims: { accessToken: { payload: { a: CLIENT_ACTIONS } } },
        }),
      ],
      ...[0, 12, 13, 14, 18].map((action) => [
        step('client', 'POST /token/create', { send: { userId: '{own}', actions: [action] }, ...DENIED }),
      ]),
    ],
  },
  {
    says: 'Administrator actions: all.',
    cases: [
      [
        step('anyone', 'POST /token', {
          send: { login: '{adminLogin}', password: '{adminPassword}' },
          status: 201,
          claims: { accessToken: { payload: { a: [0] } } },
        }),
      ],
      ...ACTIONS.map((action) => [
        step('admin', 'POST /token/create', {
          send: { userId: '{admin}', actions: [action] },
          status: 201,
          claims: { accessToken: { payload: { a: [action] } } },
        }),
      ]),
    ],
  },
];
