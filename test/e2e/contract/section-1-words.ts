import { DENIED, type Sentence, step, UNAUTHORIZED } from './sentence.js';

export const words: readonly Sentence[] = [
  {
    says: '| administrator / client | `role` 0 / 1 |',
    cases: [
      [step('admin', 'GET /user/{admin}', { status: 200, body: { role: 0 } })],
      [step('admin', 'GET /user/{own}', { status: 200, body: { role: 1 } })],
    ],
  },
  {
    says: '| active / locked out / disabled |',
    cases: [1, 2].map((status) => [
      step('admin', 'PUT /user/{own}', { send: { status }, status: 204 }),
      step('client', 'GET /user/current', UNAUTHORIZED),
      step('anyone', 'POST /token', {
        send: { login: '{login}', password: '{password}' },
        status: 401,
        message: 'Invalid credentials',
      }),
      step('anyone', 'POST /token/refresh', { send: { refreshToken: '{refreshToken}' }, ...UNAUTHORIZED }),
      step('admin', 'PUT /user/{own}', { send: { status: 0 }, status: 204 }),
      step('client', 'GET /user/current', { status: 200 }),
    ]),
  },
  {
    says: '| action | a right that a token carries',
    cases: [
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', actions: ['GetNetwork'] },
          status: 201,
        }),
      ],
      [step('client', 'POST /token/create', { send: { userId: '{own}', actions: [2] }, status: 201 })],
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
    says: '| network, device type | access scopes',
    cases: [
      [
        step('client', 'GET /network/{network}', { status: 200 }),
        step('client', 'GET /network/{foreignNetwork}', DENIED),
        step('admin', 'GET /network/{foreignNetwork}', { status: 200 }),
      ],
      [
        step('client', 'GET /devicetype/{deviceType}', { status: 200 }),
        step('client', 'GET /devicetype/{foreignType}', DENIED),
        step('admin', 'GET /devicetype/{foreignType}', { status: 200 }),
      ],
    ],
  },
];
