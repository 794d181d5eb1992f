import { expect } from 'vitest';
import { PASSWORD, TestService, type TestUser } from '../../support/service.js';
import {
  CLIENT_ACTIONS,
  DENIED,
  failedLogins,
  refresh,
  type Sentence,
  signIn,
  step,
  UNAUTHORIZED,
  withToken,
} from './sentence.js';

/** All actions, by number. */
const ACTIONS = Array.from({ length: 19 }, (_, number) => number);
const setStatus = (status: number) => step('admin', 'PUT /user/{own}', { send: { status }, status: 204 });

/** Locks three users out: by failed logins, by an administrator, and by both one after the other. */
async function expireByTime(): Promise<void> {
  const service = await TestService.start({ LOCKOUT_SECONDS: '1' });
  try {
    const create = () => service.createUser();
    const [byFailures, byHand, byBoth] = [await create(), await create(), await create()];
    const logIn = async ({ login }: TestUser, password = PASSWORD) =>
      (await service.client.post('/token', { login, password })).status;
    for (const user of [byFailures, byBoth])
      for (let failure = 0; failure < 10; failure += 1)
        expect(await logIn(user, 'a wrong password')).toBe(401);
    for (const { id } of [byHand, byBoth])
      expect((await service.admin.put(`/user/${id}`, { status: 1 })).status).toBe(204);
    await expect.poll(() => logIn(byFailures), { timeout: 20_000 }).toBe(201);
    // Longer than the lockouts by the administrator would last.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([await logIn(byHand), await logIn(byBoth)]).toEqual([401, 401]);
  } finally {
    await service.stop();
  }
}

export const words: readonly Sentence[] = [
  {
    says: '| administrator / client | `role` 0 / 1 |',
    cases: [
      [step('admin', 'GET /user/{admin}', { status: 200, body: { role: 0 } })],
      [step('admin', 'GET /user/{own}', { status: 200, body: { role: 1 } })],
    ],
  },
  {
    says: '| active / locked out / disabled | `status` 0 / 1 / 2.',
    cases: [0, 1, 2].map((status) => [
      setStatus(status),
      step('admin', 'GET /user/{own}', { status: 200, body: { status } }),
    ]),
  },
  {
    says: 'Locked out by failed logins: new sign-ins are refused',
    cases: [
      [
        ...failedLogins(10),
        step('admin', 'GET /user/{own}', { status: 200, body: { status: 1 } }),
        signIn('{password}', 401, { message: 'Invalid credentials' }),
        step('client', 'GET /user/current', { status: 200 }),
        step('client', 'PUT /user/current', { send: { data: { a: 1 } }, status: 204 }),
        refresh({ status: 201, keep: { kept: 'accessToken' } }),
        withToken('kept', 'GET /user/current', { status: 200 }),
      ],
    ],
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: 'Locked out by an administrator: it does not expire',
    cases: [
      [
        setStatus(1),
        step('client', 'GET /user/current', UNAUTHORIZED),
        refresh(UNAUTHORIZED),
        signIn('{password}', 401, { message: 'Invalid credentials' }),
        // The sessions stay revoked.
        setStatus(0),
        step('client', 'GET /user/current', UNAUTHORIZED),
        refresh(UNAUTHORIZED),
        signIn('{password}', 201),
      ],
      // Of a user whom failed logins have locked out already: the status stays, and is the administrator's now.
      [
        ...failedLogins(10),
        step('client', 'GET /user/current', { status: 200 }),
        setStatus(1),
        step('client', 'GET /user/current', UNAUTHORIZED),
        refresh(UNAUTHORIZED),
      ],
    ],
    checks: { 'with LOCKOUT_SECONDS, only a lockout by failed logins expires': expireByTime },
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: 'Disabled: nothing is allowed |',
    cases: [
      [
        setStatus(2),
        step('client', 'GET /user/current', UNAUTHORIZED),
        step('client', 'DELETE /user/current/session', UNAUTHORIZED),
        refresh(UNAUTHORIZED),
        signIn('{password}', 401, { message: 'Invalid credentials' }),
        step('admin', 'POST /token/create', { send: { userId: '{own}' }, status: 403 }),
      ],
    ],
    heldBy: ['test/properties/access-matrix.test.ts'],
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
    says: '| session | what a sign-in or a `POST /token/create` starts',
    cases: [
      // Both tokens of a sign-in, and a refreshed one, have the session of the sign-in; another sign-in has another.
      [
        signIn('{password}', 201, {
          keep: { first: 'claim accessToken.sid', same: 'claim refreshToken.sid' },
        }),
        refresh({ status: 201, claims: { accessToken: { sid: '{sid}' } } }),
        step('client', 'DELETE /user/current/session/{first}', { status: 204 }),
        step('client', 'DELETE /user/current/session/{same}', { status: 404 }),
        step('client', 'GET /user/current', { status: 200 }),
      ],
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', actions: ['GetCurrentUser'] },
          status: 201,
          keep: { kept: 'accessToken', created: 'claim accessToken.sid', createdRefresh: 'refreshToken' },
        }),
        refresh({ status: 201, claims: { accessToken: { sid: '{created}' } } }, '{createdRefresh}'),
        step('client', 'DELETE /user/current/session/{created}', { status: 204 }),
        withToken('kept', 'GET /user/current', UNAUTHORIZED),
        refresh(UNAUTHORIZED, '{createdRefresh}'),
        step('client', 'GET /user/current', { status: 200 }),
      ],
      // A refreshed token ends with its session.
      [
        refresh({ status: 201, keep: { kept: 'accessToken' } }),
        withToken('kept', 'GET /user/current', { status: 200 }),
        step('admin', 'DELETE /user/{own}/session/{sid}', { status: 204 }),
        withToken('kept', 'GET /user/current', UNAUTHORIZED),
        step('client', 'GET /user/current', UNAUTHORIZED),
        refresh(UNAUTHORIZED),
      ],
    ],
  },
  {
    says: 'Sessions can be listed and revoked |',
    cases: [
      [
        step('client', 'GET /user/current/session', {
          status: 200,
          body: expect.arrayContaining([expect.objectContaining({ current: true, kind: 'signIn' })]),
        }),
        step('client', 'DELETE /user/current/session', { status: 204 }),
        step('client', 'GET /user/current/session', UNAUTHORIZED),
        step('admin', 'GET /user/{own}/session', { status: 200, body: [] }),
      ],
    ],
  },
  {
    says: '| source | the network that a request comes from',
    heldBy: ['src/http/source-network.spec.ts', 'test/e2e/rate-limits.test.ts', 'test/e2e/events.test.ts'],
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
      ...[12, 13, 14, 18].flatMap((action) =>
        (['client', 'admin'] as const).map((as) => [
          step(as, 'POST /token/create', { send: { userId: '{own}', actions: [action] }, ...DENIED }),
        ]),
      ),
      // 0 stands for those that a client has: its token does not carry it.
      ...(['client', 'admin'] as const).map((as) => [
        step(as, 'POST /token/create', {
          send: { userId: '{own}', actions: [0] },
          status: 201,
          claims: { accessToken: { payload: { a: CLIENT_ACTIONS } } },
        }),
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
