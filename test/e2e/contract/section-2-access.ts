import { DENIED, type Sentence, type Step, step, UNAUTHORIZED } from './sentence.js';

const CHALLENGE = { 'www-authenticate': /^Bearer/ };

/** A row of the table: nobody without a token, nobody without the action, and only whom the row names. */
const row = (
  ask: string,
  actions: readonly string[],
  { client, success, send }: { client: 'let in' | 'refused'; success: number; send?: unknown },
): Step[][] => [
  [step('anyone', ask, { send, ...UNAUTHORIZED, carries: CHALLENGE })],
  [step({ of: 'admin', actions: ['CreateDeviceCommand'] }, ask, { send, ...DENIED })],
  ...actions.map((action) => [step({ of: 'admin', actions: [action] }, ask, { send, status: success })]),
  [
    client === 'let in'
      ? step('client', ask, { send, status: success })
      : step('client', ask, { send, ...DENIED }),
  ],
];
const refused = { client: 'refused' } as const;
const letIn = { client: 'let in' } as const;

export const access: readonly Sentence[] = [
  {
    says: '1. **Token** (401)',
    cases: [
      [step('anyone', 'GET /user/current', { ...UNAUTHORIZED, carries: CHALLENGE })],
      ...['Bearer x', 'Bearer {refreshToken}', 'Basic YTpi', 'Bearer', 'Bearer {accessToken}x'].map(
        (authorization) => [
          step('anyone', 'GET /user/current', {
            headers: { authorization },
            ...UNAUTHORIZED,
            carries: CHALLENGE,
          }),
        ],
      ),
      [
        step('admin', 'DELETE /user/{own}', { status: 204 }),
        step('client', 'GET /user/current', { ...UNAUTHORIZED, carries: CHALLENGE }),
      ],
    ],
    heldBy: ['test/e2e/tokens.verify.test.ts'],
  },
  {
    says: '2. **Action** (403 `Access is denied`)',
    cases: [
      [step({ of: 'client', actions: ['GetNetwork'] }, 'GET /user/current', DENIED)],
      [step({ of: 'client', actions: ['GetCurrentUser'] }, 'GET /user/current', { status: 200 })],
      [step({ of: 'client', actions: ['*'] }, 'GET /user/current', { status: 200 })],
      [step({ of: 'client', actions: ['*'] }, 'GET /user', DENIED)],
    ],
    heldBy: ['test/properties/access-matrix.test.ts'],
  },
  {
    says: '3. **Role and ownership** (403 `Access is denied`)',
    cases: [
      [step('client', 'GET /user', DENIED)],
      [step('client', 'GET /user/{other}', DENIED)],
      [step('client', 'GET /user/{missing}', DENIED)],
    ],
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
      ...row('GET /user/{own}', ['GetCurrentUser', 'ManageUser'], { ...letIn, success: 200 }),
      ...row('GET /user/{other}', ['GetCurrentUser', 'ManageUser'], { ...refused, success: 200 }),
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
    cases: [
      ...row('PUT /user/{own}', ['UpdateCurrentUser', 'ManageUser'], {
        ...letIn,
        success: 204,
        send: { data: { a: 1 } },
      }),
      ...row('PUT /user/current', ['UpdateCurrentUser', 'ManageUser'], { ...letIn, success: 204, send: {} }),
      ...row('PUT /user/{other}', ['UpdateCurrentUser', 'ManageUser'], {
        ...refused,
        success: 204,
        send: { data: {} },
      }),
    ],
  },
  {
    says: '| `GET /user/{id}/network/{networkId}` |',
    cases: row('GET /user/{own}/network/{network}', ['GetNetwork', 'ManageNetwork'], {
      ...letIn,
      success: 200,
    }),
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
      ...letIn,
      success: 200,
    }),
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
    cases: [
      ...row('POST /token/create', ['ManageToken'], { ...letIn, success: 201, send: { userId: '{own}' } }),
      ...row('POST /token/create', ['ManageToken'], {
        ...refused,
        success: 201,
        send: { userId: '{other}' },
      }),
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
