import { expect } from 'vitest';
import {
  DENIED,
  failedLogins,
  refresh,
  type Sentence,
  type Step,
  step,
  UNAUTHORIZED,
  WITH_KEPT,
  withToken,
} from './sentence.js';

const CHALLENGE = { 'www-authenticate': /^Bearer/ };
const COMPATIBLE = { COMPATIBILITY: 'devicehive' };
/** The end of several rows. */
const THEMSELVES = 'clients: themselves |';

/** What the cases of a row have in common. */
interface Row {
  /** The status where the request is allowed. */
  readonly success: number;
  readonly send?: unknown;
  /** Whether a client may make the request; absent where another sentence says it. */
  readonly client?: 'let in' | 'refused';
}

/** A row of the table: 401 without a token, 403 without the action, and success for those that the row names. */
const row = (ask: string, actions: readonly string[], { client, success, send }: Row): Step[][] => [
  [step('anyone', ask, { send, ...UNAUTHORIZED, carries: CHALLENGE })],
  [step({ of: 'admin', actions: ['CreateDeviceCommand'] }, ask, { send, ...DENIED })],
  ...actions.map((action) => [step({ of: 'admin', actions: [action] }, ask, { send, status: success })]),
  ...(client ? [byClient(ask, { client, success, send })] : []),
];
/** The same request by a client. */
const byClient = (ask: string, { client, success, send }: Row): Step[] => [
  client === 'let in'
    ? step('client', ask, { send, status: success })
    : step('client', ask, { send, ...DENIED }),
];
/** A route that needs one action for the caller's own record, and ManageUser for another's. */
const ownOrAnother = (ask: string, { own, success }: { own: string; success: number }): Step[][] => {
  const of = (id: string) => ask.replace('{id}', id);
  return [
    [step({ of: 'admin', actions: [own] }, of('{admin}'), { status: success })],
    [step({ of: 'admin', actions: ['ManageUser'] }, of('{admin}'), DENIED)],
    [step({ of: 'admin', actions: ['ManageUser'] }, of('{own}'), { status: success })],
    [step({ of: 'admin', actions: [own] }, of('{own}'), DENIED)],
    [step({ of: 'admin', actions: ['ManageUser'] }, of('{missing}'), { status: 404 })],
    [step({ of: 'admin', actions: [own] }, of('{missing}'), DENIED)],
  ];
};
const refused = { client: 'refused' } as const;
const letIn = { client: 'let in' } as const;

export const access: readonly Sentence[] = [
  {
    says: '1. **Token** (401): an `Authorization: Bearer` access token',
    cases: [
      [step('client', 'GET /user/current', { status: 200 })],
      [
        step('anyone', 'GET /user/current', {
          headers: { authorization: 'Bearer {accessToken}' },
          status: 200,
        }),
      ],
      // Not locked out by failed logins, but disabled.
      [...failedLogins(10), step('client', 'GET /user/current', { status: 200 })],
      // Another session of the same user goes on.
      [
        step('anyone', 'POST /token', {
          send: { login: '{login}', password: '{password}' },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        step('client', 'DELETE /user/current/session/{sid}', { status: 204 }),
        step('client', 'GET /user/current', { ...UNAUTHORIZED, carries: CHALLENGE }),
        withToken('kept', 'GET /user/current', { status: 200 }),
      ],
    ],
    heldBy: ['test/e2e/tokens.verify.test.ts'],
  },
  {
    says: 'Missing header, a refresh token, a bad signature',
    cases: [
      [step('anyone', 'GET /user/current', { ...UNAUTHORIZED, carries: CHALLENGE })],
      ...[
        'Bearer x',
        'Bearer {refreshToken}',
        'Basic YTpi',
        'Bearer',
        'Bearer {accessToken}x',
        // {"alg":"none"} and {"alg":"ES257"}.
        'Bearer eyJhbGciOiJub25lIn0.e30.',
        'Bearer eyJhbGciOiJFUzI1NyJ9.e30.AAAA',
      ].map((authorization) => [
        step('anyone', 'GET /user/current', {
          headers: { authorization },
          ...UNAUTHORIZED,
          carries: CHALLENGE,
        }),
      ]),
      // A revoked session: by itself, by the administrator, by one of its tokens, or with an administrator's lock.
      ...[
        step('client', 'DELETE /user/current/session', { status: 204 }),
        step('client', 'DELETE /user/{own}/session/{sid}', { status: 204 }),
        step('admin', 'DELETE /user/{own}/session', { status: 204 }),
        step('admin', 'DELETE /user/{own}/session/{sid}', { status: 204 }),
        step('anyone', 'POST /token/revoke', { send: { token: '{accessToken}' }, status: 200 }),
        step('anyone', 'POST /token/revoke', { send: { token: '{refreshToken}' }, status: 200 }),
        step('admin', 'PUT /user/{own}', { send: { status: 1 }, status: 204 }),
        // Disabled.
        step('admin', 'PUT /user/{own}', { send: { status: 2 }, status: 204 }),
      ].map((revocation) => [
        step('client', 'GET /user/current', { status: 200 }),
        revocation,
        step('client', 'GET /user/current', { ...UNAUTHORIZED, carries: CHALLENGE }),
        // Before the other checks.
        step('client', 'GET /user/{other}', { ...UNAUTHORIZED, carries: CHALLENGE }),
      ]),
      [
        step('admin', 'DELETE /user/{own}', { status: 204 }),
        step('client', 'GET /user/current', { ...UNAUTHORIZED, carries: CHALLENGE }),
      ],
    ],
    // An expired token.
    heldBy: ['test/e2e/tokens.verify.test.ts'],
  },
  {
    says: '2. **Action** (403 `Access is denied`)',
    cases: [
      [step({ of: 'client', actions: ['GetNetwork'] }, 'GET /user/current', DENIED)],
      [step({ of: 'client', actions: ['GetCurrentUser'] }, 'GET /user/current', { status: 200 })],
    ],
    heldBy: ['test/properties/access-matrix.test.ts'],
  },
  {
    says: '`*` stands for every action',
    cases: [
      [step({ of: 'client', actions: ['*'] }, 'GET /user/current', { status: 200 })],
      [step({ of: 'client', actions: ['*'] }, 'GET /user', DENIED)],
      [step({ of: 'admin', actions: ['*'] }, 'GET /user', { status: 200 })],
    ],
    heldBy: ['test/properties/access-matrix.test.ts'],
  },
  {
    says: 'A token never grants more',
    cases: [
      // An administrator who is demoted: its token was issued for all.
      [
        step('admin', 'POST /user', {
          send: { login: '{fresh}', role: 0, password: 'a password of tests' },
          status: 201,
          keep: { id: 'id' },
        }),
        step('anyone', 'POST /token', {
          send: { login: '{fresh}', password: 'a password of tests' },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        step('anyone', 'GET /user', { headers: WITH_KEPT, status: 200 }),
        step('anyone', 'GET /network/{network}', { headers: WITH_KEPT, status: 200 }),
        step('admin', 'PUT /user/{id}', { send: { role: 1 }, status: 204 }),
        step('anyone', 'GET /user', { headers: WITH_KEPT, ...DENIED }),
        step('anyone', 'GET /network/{network}', { headers: WITH_KEPT, ...DENIED }),
      ],
      [
        step('client', 'GET /network/{network}', { status: 200 }),
        step('admin', 'DELETE /user/{own}/network/{network}', { status: 204 }),
        step('client', 'GET /network/{network}', DENIED),
      ],
      [step({ of: 'client', actions: ['GetNetwork'] }, 'GET /network/{foreignNetwork}', DENIED)],
      // Its refreshed tokens grant no more either.
      [
        step('admin', 'DELETE /user/{own}/network/{network}', { status: 204 }),
        refresh({ status: 201, keep: { kept: 'accessToken' } }),
        withToken('kept', 'GET /network/{network}', DENIED),
      ],
    ],
    heldBy: ['test/e2e/effective-access.test.ts', 'test/properties/tokens.test.ts'],
  },
  {
    says: '3. **Role and ownership** (403 `Access is denied`)',
    cases: [
      [step('client', 'GET /user', DENIED)],
      [step('client', 'GET /user/{own}', { status: 200 })],
      [step('client', 'GET /user/{other}', DENIED)],
      [step('client', 'GET /user/{missing}', DENIED)],
    ],
    heldBy: ['test/properties/access-matrix.test.ts'],
  },
  {
    says: '| `GET /user` · `GET /user/count`',
    cases: [
      ...row('GET /user', ['ManageUser'], { ...refused, success: 200 }),
      ...row('GET /user/count', ['ManageUser'], { ...refused, success: 200 }),
      ...row('POST /user', ['ManageUser'], {
        ...refused,
        success: 201,
        send: { login: '{fresh}', role: 1, password: 'a password of tests' },
      }),
      ...row('DELETE /user/{other}', ['ManageUser'], { ...refused, success: 204 }),
    ],
  },
  {
    says: "| `GET /user/{id}` | GetCurrentUser for one's own record, ManageUser for another's |",
    cases: [
      ...ownOrAnother('GET /user/{id}', { own: 'GetCurrentUser', success: 200 }),
      ...row('GET /user/{own}', ['ManageUser'], { success: 200 }),
    ],
  },
  {
    says: THEMSELVES,
    cases: [
      byClient('GET /user/{own}', { ...letIn, success: 200 }),
      byClient('GET /user/{other}', { ...refused, success: 200 }),
      byClient('GET /user/{missing}', { ...refused, success: 200 }),
      [step({ of: 'client', actions: ['GetCurrentUser'] }, 'GET /user/{own}', { status: 200 })],
      [step({ of: 'client', actions: ['UpdateCurrentUser'] }, 'GET /user/{own}', DENIED)],
    ],
  },
  {
    says: '| `GET /user/current` | GetCurrentUser | anyone signed in |',
    cases: [
      ...row('GET /user/current', ['GetCurrentUser'], { ...letIn, success: 200 }),
      [step({ of: 'admin', actions: ['ManageUser'] }, 'GET /user/current', DENIED)],
    ],
  },
  {
    says: '| `PUT`, `PATCH /user/{id}` · `PUT`, `PATCH /user/current` |',
    cases: ['PUT', 'PATCH'].flatMap((method) =>
      ['{own}', 'current', '{other}'].flatMap((id) =>
        row(`${method} /user/${id}`, ['UpdateCurrentUser', 'ManageUser'], {
          success: 204,
          send: { data: { a: 1 } },
        }),
      ),
    ),
  },
  {
    says: THEMSELVES,
    cases: [
      ...['PUT', 'PATCH'].flatMap((method) => [
        byClient(`${method} /user/{own}`, { ...letIn, success: 204, send: { data: { a: 1 } } }),
        byClient(`${method} /user/current`, { ...letIn, success: 204, send: { data: { a: 1 } } }),
        byClient(`${method} /user/{other}`, { ...refused, success: 204, send: { data: { a: 1 } } }),
        byClient(`${method} /user/{missing}`, { ...refused, success: 204, send: { data: { a: 1 } } }),
      ]),
      // ManageUser is for administrators: the token of one who has become a client carries it in vain.
      [
        step('admin', 'POST /user', {
          send: { login: '{fresh}', role: 0, password: 'a password of tests' },
          status: 201,
          keep: { id: 'id' },
        }),
        step('admin', 'POST /token/create', {
          send: { userId: '{id}', actions: ['ManageUser'] },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        withToken('kept', 'PUT /user/{id}', { send: { data: {} }, status: 204 }),
        step('admin', 'PUT /user/{id}', { send: { role: 1 }, status: 204 }),
        withToken('kept', 'PUT /user/{id}', { send: { data: {} }, ...DENIED }),
      ],
    ],
  },
  {
    says: '| `GET /user/{id}/session` · `GET /user/current/session` |',
    cases: [
      ...ownOrAnother('GET /user/{id}/session', { own: 'GetCurrentUser', success: 200 }),
      ...row('GET /user/{own}/session', ['ManageUser'], { success: 200 }),
      ...row('GET /user/current/session', ['GetCurrentUser'], { success: 200 }),
      [step({ of: 'admin', actions: ['ManageUser'] }, 'GET /user/current/session', DENIED)],
    ],
  },
  {
    says: THEMSELVES,
    cases: [
      byClient('GET /user/{own}/session', { ...letIn, success: 200 }),
      byClient('GET /user/current/session', { ...letIn, success: 200 }),
      byClient('GET /user/{other}/session', { ...refused, success: 200 }),
      byClient('GET /user/{missing}/session', { ...refused, success: 200 }),
      ...['{own}', 'current'].flatMap((id) => [
        [step({ of: 'client', actions: ['GetCurrentUser'] }, `GET /user/${id}/session`, { status: 200 })],
        [step({ of: 'client', actions: ['UpdateCurrentUser'] }, `GET /user/${id}/session`, DENIED)],
      ]),
    ],
  },
  {
    says: '| `DELETE /user/{id}/session` · `DELETE',
    cases: [
      // The session of this token is one that was created: it revokes only itself.
      ...ownOrAnother('DELETE /user/{id}/session', { own: 'UpdateCurrentUser', success: 204 }),
      ...row('DELETE /user/{own}/session', ['ManageUser'], { success: 204 }),
      ...row('DELETE /user/current/session', ['UpdateCurrentUser'], { success: 204 }),
      [step({ of: 'admin', actions: ['ManageUser'] }, 'DELETE /user/current/session', DENIED)],
      // The administrator's own sessions, with a token that may, and with one that may only do so to others.
      ...['{admin}', 'current'].map((id) => [
        step('admin', 'POST /token/create', {
          send: { userId: '{admin}', actions: ['UpdateCurrentUser'] },
          status: 201,
          keep: { kept: 'accessToken', session: 'claim accessToken.sid' },
        }),
        step({ of: 'admin', actions: ['ManageUser'] }, `DELETE /user/${id}/session/{session}`, DENIED),
        withToken('kept', `DELETE /user/${id}/session/{session}`, { status: 204 }),
        withToken('kept', `DELETE /user/${id}/session/{session}`, UNAUTHORIZED),
      ]),
      // A created session reaches the sessions of others only where it may manage users.
      [
        step({ of: 'admin', actions: ['UpdateCurrentUser'] }, 'DELETE /user/{own}/session/{sid}', DENIED),
        step('client', 'GET /user/current', { status: 200 }),
      ],
    ],
  },
  {
    says: THEMSELVES,
    cases: [
      byClient('DELETE /user/{own}/session', { ...letIn, success: 204 }),
      byClient('DELETE /user/current/session', { ...letIn, success: 204 }),
      byClient('DELETE /user/{own}/session/{sid}', { ...letIn, success: 204 }),
      byClient('DELETE /user/current/session/{sid}', { ...letIn, success: 204 }),
      ...['{other}', '{admin}', '{missing}'].flatMap((id) => [
        byClient(`DELETE /user/${id}/session`, { ...refused, success: 204 }),
        byClient(`DELETE /user/${id}/session/{sid}`, { ...refused, success: 204 }),
      ]),
      ...['{own}', 'current'].flatMap((id) =>
        ['', '/{sid}'].map((session) => [
          step({ of: 'client', actions: ['GetCurrentUser'] }, `DELETE /user/${id}/session${session}`, DENIED),
          step('client', 'GET /user/current', { status: 200 }),
        ]),
      ),
      [step({ of: 'client', actions: ['UpdateCurrentUser'] }, 'DELETE /user/{own}/session', { status: 204 })],
    ],
  },
  {
    says: '| `GET /event` | ManageUser | administrators |',
    cases: [
      ...row('GET /event', ['ManageUser'], { ...refused, success: 200 }),
      [step({ of: 'admin', actions: ['GetCurrentUser', 'ManageToken'] }, 'GET /event', DENIED)],
    ],
  },
  {
    says: '| `GET /user/{id}/network/{networkId}` |',
    cases: row('GET /user/{own}/network/{network}', ['GetNetwork', 'ManageNetwork'], { success: 200 }),
  },
  {
    says: THEMSELVES,
    cases: [
      byClient('GET /user/{own}/network/{network}', { ...letIn, success: 200 }),
      byClient('GET /user/{other}/network/{network}', { ...refused, success: 200 }),
      byClient('GET /user/{missing}/network/{network}', { ...refused, success: 200 }),
    ],
  },
  {
    says: '| `PUT`, `DELETE /user/{id}/network/{networkId}` |',
    cases: [
      ...row('PUT /user/{own}/network/{foreignNetwork}', ['ManageNetwork'], { ...refused, success: 204 }),
      ...row('DELETE /user/{own}/network/{network}', ['ManageNetwork'], { ...refused, success: 204 }),
    ],
  },
  {
    says: '| `GET /user/{id}/devicetype/{deviceTypeId}` |',
    cases: row('GET /user/{own}/devicetype/{deviceType}', ['GetDeviceType', 'ManageDeviceType'], {
      success: 200,
    }),
  },
  {
    says: THEMSELVES,
    cases: [
      byClient('GET /user/{own}/devicetype/{deviceType}', { ...letIn, success: 200 }),
      byClient('GET /user/{other}/devicetype/{deviceType}', { ...refused, success: 200 }),
      byClient('GET /user/{missing}/devicetype/{deviceType}', { ...refused, success: 200 }),
    ],
  },
  {
    says: '| `GET /user/{id}/devicetype` · `PUT`, `DELETE',
    cases: [
      ...row('GET /user/{own}/devicetype', ['ManageDeviceType'], { ...refused, success: 200 }),
      ...row('PUT /user/{own}/devicetype/{foreignType}', ['ManageDeviceType'], { ...refused, success: 204 }),
      ...row('DELETE /user/{own}/devicetype/{deviceType}', ['ManageDeviceType'], {
        ...refused,
        success: 204,
      }),
      ...row('PUT /user/{own}/devicetype/all', ['ManageDeviceType'], { ...refused, success: 204 }),
      ...row('DELETE /user/{own}/devicetype/all', ['ManageDeviceType'], { ...refused, success: 204 }),
    ],
  },
  {
    says: '| `GET /network` · `GET /network/count` ·',
    cases: [
      ...row('GET /network', ['GetNetwork'], { ...letIn, success: 200 }),
      ...row('GET /network/count', ['GetNetwork'], { ...letIn, success: 200 }),
      ...row('GET /network/{network}', ['GetNetwork'], { ...letIn, success: 200 }),
    ],
  },
  {
    says: 'the response holds only the networks that the caller can reach |',
    cases: [
      [
        step('client', 'GET /network', {
          status: 200,
          body: [{ id: '{network}', name: expect.any(String), description: null }],
        }),
      ],
      [step('client', 'GET /network/count', { status: 200, body: { count: 1 } })],
      [step('client', 'GET /network/{foreignNetwork}', DENIED)],
      [
        step('admin', 'DELETE /user/{own}/network/{network}', { status: 204 }),
        step('client', 'GET /network', { status: 200, body: [] }),
      ],
    ],
    heldBy: ['test/e2e/effective-access.test.ts'],
  },
  {
    says: '| `POST /network` · `PUT`, `DELETE /network/{id}` |',
    cases: [
      ...row('POST /network', ['ManageNetwork'], { ...refused, success: 201, send: { name: '{fresh}' } }),
      ...row('PUT /network/{network}', ['ManageNetwork'], { ...refused, success: 204, send: {} }),
      ...row('DELETE /network/{network}', ['ManageNetwork'], { ...refused, success: 204 }),
    ],
  },
  {
    says: '| `/devicetype…`, the same five |',
    cases: [
      ...row('GET /devicetype', ['GetDeviceType'], { ...letIn, success: 200 }),
      ...row('GET /devicetype/count', ['GetDeviceType'], { ...letIn, success: 200 }),
      ...row('GET /devicetype/{deviceType}', ['GetDeviceType'], { ...letIn, success: 200 }),
      [
        step('client', 'GET /devicetype', {
          status: 200,
          body: [{ id: '{deviceType}', name: expect.any(String), description: null }],
        }),
      ],
      ...row('POST /devicetype', ['ManageDeviceType'], {
        ...refused,
        success: 201,
        send: { name: '{fresh}' },
      }),
      ...row('PUT /devicetype/{deviceType}', ['ManageDeviceType'], { ...refused, success: 204, send: {} }),
      ...row('DELETE /devicetype/{deviceType}', ['ManageDeviceType'], { ...refused, success: 204 }),
    ],
  },
  {
    says: '| `GET`, `PUT`, `DELETE /configuration/{name}` |',
    cases: [
      ...row('PUT /configuration/kept', ['ManageConfiguration'], {
        ...refused,
        success: 200,
        send: { value: '1' },
      }),
      [
        step('admin', 'PUT /configuration/gone', { send: { value: '1' }, status: 200 }),
        step('client', 'GET /configuration/gone', DENIED),
        step('client', 'DELETE /configuration/gone', DENIED),
        step({ of: 'admin', actions: ['ManageConfiguration'] }, 'GET /configuration/gone', { status: 200 }),
        step({ of: 'admin', actions: ['ManageConfiguration'] }, 'DELETE /configuration/gone', {
          status: 204,
        }),
      ],
    ],
  },
  {
    says: '| `POST /token` · `POST /token/refresh` · `POST /token/revoke` | none | anyone |',
    cases: [
      [step('anyone', 'POST /token', { send: { login: '{login}', password: '{password}' }, status: 201 })],
      [step('anyone', 'POST /token/refresh', { send: { refreshToken: '{refreshToken}' }, status: 201 })],
      [
        step('anyone', 'POST /token/revoke', { send: { token: '{refreshToken}' }, status: 200 }),
        refresh(UNAUTHORIZED),
      ],
      // Not even an access token that is refused is in the way.
      ...[
        ['/token', { login: '{login}', password: '{password}' }, 201],
        ['/token/refresh', { refreshToken: '{refreshToken}' }, 201],
        ['/token/revoke', { token: '{refreshToken}' }, 200],
      ].map(([path, send, status]) => [
        step('anyone', `POST ${path as string}`, {
          headers: { authorization: 'Bearer x' },
          send,
          status: status as number,
        }),
      ]),
    ],
  },
  {
    says: '| `POST /token/introspect` | none (any valid access token)',
    cases: [
      [
        step('anyone', 'POST /token/introspect', {
          send: { token: 'x' },
          ...UNAUTHORIZED,
          carries: CHALLENGE,
        }),
      ],
      ...['{accessToken}', '{refreshToken}'].map((token) => [
        step({ of: 'client', actions: [] }, 'POST /token/introspect', {
          send: { token },
          status: 200,
          body: { active: true },
        }),
      ]),
      [
        step('anyone', 'POST /token/introspect', {
          headers: { authorization: 'Bearer {refreshToken}' },
          send: { token: '{accessToken}' },
          ...UNAUTHORIZED,
        }),
      ],
    ],
    heldBy: ['test/e2e/tokens.introspect.test.ts', 'test/properties/access-matrix.test.ts'],
  },
  {
    says: 'an administrator with ManageToken or ManageUser: any token |',
    cases: [
      ...['ManageToken', 'ManageUser', 'GetCurrentUser'].map((action) => [
        step({ of: 'admin', actions: [action] }, 'POST /token/introspect', {
          send: { token: '{accessToken}' },
          status: 200,
          body: { active: action !== 'GetCurrentUser' },
        }),
      ]),
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{other}' },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        step({ of: 'client', actions: ['ManageToken'] }, 'POST /token/introspect', {
          send: { token: '{kept}' },
          status: 200,
          body: { active: false },
        }),
      ],
    ],
    heldBy: ['test/e2e/tokens.introspect.test.ts'],
  },
  {
    says: '| `POST /token/create` | ManageToken |',
    cases: ['{admin}', '{own}', '{other}'].flatMap((userId) =>
      row('POST /token/create', ['ManageToken'], { success: 201, send: { userId } }),
    ),
  },
  {
    says: 'clients: for themselves;',
    cases: [
      byClient('POST /token/create', { ...letIn, success: 201, send: { userId: '{own}' } }),
      byClient('POST /token/create', { ...refused, success: 201, send: { userId: '{other}' } }),
      byClient('POST /token/create', { ...refused, success: 201, send: { userId: '{admin}' } }),
      byClient('POST /token/create', { ...refused, success: 201, send: { userId: '{missing}' } }),
    ],
    heldBy: ['test/properties/tokens.test.ts'],
  },
  {
    says: "all of them within the calling token's rights |",
    cases: [
      ...(['client', 'admin'] as const).flatMap((of) => [
        [
          step({ of, actions: ['ManageToken'] }, 'POST /token/create', {
            send: { userId: '{own}', actions: ['ManageToken'] },
            status: 201,
          }),
          step({ of, actions: ['ManageToken'] }, 'POST /token/create', {
            send: { userId: '{own}', actions: ['GetNetwork'] },
            ...DENIED,
          }),
        ],
        // Scopes that the user has, but not the token.
        [
          step(of, 'POST /token/create', {
            send: { userId: of === 'admin' ? '{admin}' : '{own}', actions: ['ManageToken'] },
            status: 201,
            keep: { kept: 'accessToken' },
          }),
          ...[{ networkIds: ['{network}'] }, { deviceTypeIds: ['{deviceType}'] }].flatMap((rights) => [
            withToken('kept', 'POST /token/create', { send: { userId: '{own}', ...rights }, ...DENIED }),
            step(of, 'POST /token/create', { send: { userId: '{own}', ...rights }, status: 201 }),
          ]),
        ],
      ]),
      [
        step({ of: 'admin', actions: ['ManageToken'] }, 'POST /token/create', {
          send: { userId: '{admin}', actions: ['*'] },
          ...DENIED,
        }),
      ],
    ],
    heldBy: ['test/properties/tokens.test.ts'],
  },
  {
    says: '| with `COMPATIBILITY=devicehive` alone: `GET /device` ·',
    cases: ['/device', '/device/count'].map((path) => [step('client', `GET ${path}`, { status: 404 })]),
    configured: [
      {
        with: COMPATIBLE,
        cases: ['/device', '/device/count'].flatMap((path) => [
          [step('anyone', `GET ${path}`, UNAUTHORIZED)],
          ...(['client', 'admin'] as const).flatMap((of) => [
            [step(of, `GET ${path}`, { status: 200 })],
            [step({ of, actions: ['GetDevice'] }, `GET ${path}`, { status: 200 })],
            [step({ of, actions: ['GetNetwork', 'GetDeviceType'] }, `GET ${path}`, DENIED)],
          ]),
        ]),
      },
    ],
  },
  {
    says: '| with `COMPATIBILITY=devicehive` alone: `GET /info/config/cluster` |',
    cases: [[step('anyone', 'GET /info/config/cluster', { status: 404 })]],
    configured: [
      {
        with: COMPATIBLE,
        cases: [
          [step('anyone', 'GET /info/config/cluster', { status: 200 })],
          [step({ of: 'client', actions: [] }, 'GET /info/config/cluster', { status: 200 })],
        ],
      },
    ],
  },
  {
    says: '| `GET /info` · `GET /info/cache` · `/health…`',
    cases: [
      '/info',
      '/info/cache',
      '/health/live',
      '/health/ready',
      '/swagger.json',
      '/swagger.yaml',
      '/.well-known/jwks.json',
    ].map((path) => [step('anyone', `GET ${path}`, { status: 200 })]),
    heldBy: ['test/browser/swagger.test.ts'],
  },
  {
    says: '| `GET /metrics`, where `METRICS` is set',
    cases: [[step('anyone', 'GET /metrics', { status: 404 })]],
    configured: [
      { with: { METRICS: 'on' }, cases: [[step('anyone', 'GET /metrics', { status: 200 })]] },
      { with: { METRICS: '127.0.0.1:0' }, cases: [[step('admin', 'GET /metrics', { status: 404 })]] },
    ],
  },
];
