import { expect } from 'vitest';
import { DENIED, type Sentence, type Step, step, UNAUTHORIZED, WITH_KEPT } from './sentence.js';

const CHALLENGE = { 'www-authenticate': /^Bearer/ };
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
      ...[1, 2].map((status) => [
        step('admin', 'PUT /user/{own}', { send: { status }, status: 204 }),
        step('client', 'GET /user/current', { ...UNAUTHORIZED, carries: CHALLENGE }),
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
    says: '| `GET /user/{id}` | GetCurrentUser or ManageUser',
    cases: [
      ...row('GET /user/{own}', ['GetCurrentUser', 'ManageUser'], { success: 200 }),
      ...row('GET /user/{other}', ['GetCurrentUser', 'ManageUser'], { success: 200 }),
    ],
  },
  {
    says: THEMSELVES,
    cases: [
      byClient('GET /user/{own}', { ...letIn, success: 200 }),
      byClient('GET /user/{other}', { ...refused, success: 200 }),
      byClient('GET /user/{missing}', { ...refused, success: 200 }),
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
    says: '| `PUT /user/{id}` · `PUT /user/current` |',
    cases: ['{own}', 'current', '{other}'].flatMap((id) =>
      row(`PUT /user/${id}`, ['UpdateCurrentUser', 'ManageUser'], { success: 204, send: { data: { a: 1 } } }),
    ),
  },
  {
    says: THEMSELVES,
    cases: [
      byClient('PUT /user/{own}', { ...letIn, success: 204, send: { data: { a: 1 } } }),
      byClient('PUT /user/current', { ...letIn, success: 204, send: { data: { a: 1 } } }),
      byClient('PUT /user/{other}', { ...refused, success: 204, send: { data: { a: 1 } } }),
      byClient('PUT /user/{missing}', { ...refused, success: 204, send: { data: { a: 1 } } }),
      // ManageUser is for administrators: a client's token cannot even carry it.
      [step({ of: 'client', actions: ['ManageUser'] }, 'PUT /user/{own}', { send: { data: {} }, ...DENIED })],
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
    says: '| `POST /token` · `POST /token/refresh` |',
    cases: [
      [step('anyone', 'POST /token', { send: { login: '{login}', password: '{password}' }, status: 201 })],
      [step('anyone', 'POST /token/refresh', { send: { refreshToken: '{refreshToken}' }, status: 201 })],
    ],
  },
  {
    says: '| `POST /token/create` | ManageToken |',
    cases: ['{admin}', '{own}', '{other}'].flatMap((userId) =>
      row('POST /token/create', ['ManageToken'], { success: 201, send: { userId } }),
    ),
  },
  {
    says: "clients: for themselves, within their own token's rights |",
    cases: [
      byClient('POST /token/create', { ...letIn, success: 201, send: { userId: '{own}' } }),
      byClient('POST /token/create', { ...refused, success: 201, send: { userId: '{other}' } }),
      byClient('POST /token/create', { ...refused, success: 201, send: { userId: '{missing}' } }),
      [
        step({ of: 'client', actions: ['ManageToken'] }, 'POST /token/create', {
          send: { userId: '{own}', actions: ['ManageToken'] },
          status: 201,
        }),
        step({ of: 'client', actions: ['ManageToken'] }, 'POST /token/create', {
          send: { userId: '{own}', actions: ['GetNetwork'] },
          ...DENIED,
        }),
      ],
    ],
    heldBy: ['test/properties/tokens.test.ts'],
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
];
