import { expect } from 'vitest';
import { DENIED, failedLogins, type Sentence, signIn, step, WITH_KEPT } from './sentence.js';

const KINDS = [
  {
    path: 'network',
    label: 'Network',
    own: '{network}',
    foreign: '{foreignNetwork}',
    read: 'GetNetwork',
    rights: 'networkIds',
  },
  {
    path: 'devicetype',
    label: 'Device type',
    own: '{deviceType}',
    foreign: '{foreignType}',
    read: 'GetDeviceType',
    rights: 'deviceTypeIds',
  },
] as const;
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const MEMBERS = ['id', 'name', 'description'];

export const scopes: readonly Sentence[] = [
  {
    says: '- Network and device type: `{id, name, description}`;',
    cases: KINDS.map(({ path, own }) => [
      step('admin', `GET /${path}/${own}`, {
        status: 200,
        body: { id: own, name: expect.any(String), description: null },
        only: MEMBERS,
      }),
    ]),
  },
  {
    says: '`name` 1–128, unique;',
    cases: KINDS.flatMap(({ path, own }) => [
      [
        step('admin', `POST /${path}`, { send: {}, status: 400 }),
        step('admin', `POST /${path}`, { send: { name: '' }, status: 400 }),
        step('admin', `POST /${path}`, { send: { name: 'n'.repeat(129) }, status: 400 }),
        step('admin', `PUT /${path}/${own}`, { send: { name: null }, status: 400 }),
      ],
      [
        step('admin', `PUT /${path}/${own}`, { send: { name: 'n' }, status: 204 }),
        // `{fresh}` has 13 characters.
        step('admin', `PUT /${path}/${own}`, { send: { name: `{fresh}${'n'.repeat(115)}` }, status: 204 }),
      ],
      [
        step('admin', `POST /${path}`, { send: { name: '{fresh}' }, status: 201 }),
        step('admin', `PUT /${path}/${own}`, { send: { name: '{fresh}' }, status: 403 }),
      ],
    ]),
    heldBy: ['test/e2e/scopes.test.ts'],
  },
  {
    says: '`description` up to 128 or null.',
    cases: KINDS.flatMap(({ path, own }) => [
      ...['d'.repeat(128), '', null].map((description) => [
        step('admin', `PUT /${path}/${own}`, { send: { description }, status: 204 }),
        step('admin', `GET /${path}/${own}`, { status: 200, body: { description } }),
      ]),
      ...['d'.repeat(129), 5].map((description) => [
        step('admin', `PUT /${path}/${own}`, { send: { description }, status: 400 }),
        step('admin', `POST /${path}`, { send: { name: '{fresh}', description }, status: 400 }),
      ]),
    ]),
    heldBy: ['test/e2e/scopes.test.ts'],
  },
  {
    says: '`POST` → 201 `{id}`;',
    cases: KINDS.map(({ path }) => [
      step('admin', `POST /${path}`, {
        send: { name: '{fresh}', description: 'd' },
        status: 201,
        body: { id: expect.any(Number) },
        only: ['id'],
        keep: { id: 'id' },
      }),
      step('admin', `GET /${path}/{id}`, {
        status: 200,
        body: { id: '{id}', name: '{fresh}', description: 'd' },
      }),
    ]),
  },
  {
    says: 'duplicate name: 403',
    cases: KINDS.map(({ path, label }) => [
      step('admin', `POST /${path}`, { send: { name: '{fresh}' }, status: 201 }),
      step('admin', `POST /${path}`, {
        send: { name: '{fresh}' },
        status: 403,
        message: `${label} cannot be created. ${label} with such name already exists`,
      }),
    ]),
  },
  {
    says: '`PUT` → 204, partial;',
    cases: KINDS.map(({ path }) => [
      step('admin', `POST /${path}`, {
        send: { name: '{fresh}', description: 'd' },
        status: 201,
        keep: { id: 'id' },
      }),
      step('admin', `PUT /${path}/{id}`, { send: { name: 'new-{fresh}' }, status: 204 }),
      step('admin', `GET /${path}/{id}`, {
        status: 200,
        body: { id: '{id}', name: 'new-{fresh}', description: 'd' },
      }),
      step('admin', `PUT /${path}/{id}`, { send: { description: null }, status: 204 }),
      step('admin', `GET /${path}/{id}`, {
        status: 200,
        body: { id: '{id}', name: 'new-{fresh}', description: null },
      }),
    ]),
    heldBy: ['test/e2e/scopes.test.ts'],
  },
  {
    says: '`DELETE` → 204, assignments go with it.',
    cases: [
      ...KINDS.map(({ path, own }) => [
        step('admin', `DELETE /${path}/${own}`, { status: 204 }),
        step('admin', `GET /${path}/${own}`, { status: 404 }),
        step('admin', `GET /user/{own}/${path}/${own}`, { status: 404 }),
      ]),
      [
        step('admin', 'DELETE /network/{network}', { status: 204 }),
        step('admin', 'GET /user/{own}', { status: 200, body: { networks: [] } }),
      ],
      [
        step('admin', 'DELETE /devicetype/{deviceType}', { status: 204 }),
        step('admin', 'GET /user/{own}/devicetype', { status: 200, body: [] }),
      ],
    ],
    heldBy: ['test/e2e/assignments.test.ts'],
  },
  {
    says: '- `GET /network/{id}`: outside the scope of the token or of the user',
    cases: KINDS.flatMap(({ path, own, foreign, read, rights }) => [
      [step('client', `GET /${path}/${foreign}`, DENIED)],
      [step('client', `GET /${path}/{missing}`, DENIED)],
      // The user reaches both, the token one of them.
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{admin}', actions: [read], [rights]: [own] },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        step('anyone', `GET /${path}/${own}`, { headers: WITH_KEPT, status: 200 }),
        step('anyone', `GET /${path}/${foreign}`, { headers: WITH_KEPT, ...DENIED }),
        step('anyone', `GET /${path}/{missing}`, { headers: WITH_KEPT, ...DENIED }),
      ],
      // A token that names none reaches none, whoever has it.
      ...(['admin', 'client'] as const).map((as) => [
        step(as, 'POST /token/create', {
          send: { userId: as === 'admin' ? '{admin}' : '{own}', actions: [read] },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        ...[own, '{missing}'].map((id) =>
          step('anyone', `GET /${path}/${id}`, { headers: WITH_KEPT, ...DENIED }),
        ),
        step('anyone', `GET /${path}`, { headers: WITH_KEPT, status: 200, body: [] }),
      ]),
    ]),
    heldBy: ['test/e2e/effective-access.test.ts'],
  },
  {
    says: 'in scope but deleted: 404 `Network with id = 2 not found`.',
    cases: KINDS.flatMap(({ path, label, own }) => [
      [
        step('admin', `DELETE /${path}/${own}`, { status: 204 }),
        step('admin', `GET /${path}/${own}`, { status: 404, message: `${label} with id = ${own} not found` }),
      ],
      [
        step('admin', `GET /${path}/{missing}`, {
          status: 404,
          message: `${label} with id = {missing} not found`,
        }),
      ],
    ]),
    heldBy: ['test/e2e/effective-access.test.ts'],
  },
  {
    says: '- Lists: `name`, `namePattern`, `sortField`',
    cases: KINDS.flatMap(({ path, own }) => [
      ...[
        'sortField=Name&sortOrder=DESC&take=5&skip=0',
        'sortField=id&sortOrder=asc',
        'name={fresh}',
        'namePattern={fresh}%25',
        'name=nothing&namePattern={fresh}%25',
      ].map((query) => [
        step('admin', `PUT /${path}/${own}`, { send: { name: '{fresh}' }, status: 204 }),
        step('client', `GET /${path}?${query}`, {
          status: 200,
          body: [{ id: own, name: '{fresh}', description: null }],
        }),
      ]),
      // Names may have what logins may not: `%` and the backslash itself.
      ...['{fresh}%5C%25%5C_%5C%5C', '%25%5C%25%5C__', '{fresh}%5C%25%5C_%5C'].map((pattern) => [
        step('admin', `PUT /${path}/${own}`, { send: { name: '{fresh}%_\\' }, status: 204 }),
        step('client', `GET /${path}?namePattern=${pattern}`, { status: 200, list: [{ id: own }] }),
      ]),
      ...['name=nothing', 'namePattern=nothing%25', 'namePattern=%25%5C', 'skip=1'].map((query) => [
        step('client', `GET /${path}?${query}`, { status: 200, body: [] }),
      ]),
      ...['sortField=description', 'sortOrder=up', 'take=0', 'take=10001', 'skip=-1', 'x=1'].map((query) => [
        step('admin', `GET /${path}?${query}`, { status: 400 }),
      ]),
    ]),
    heldBy: ['test/e2e/scopes.test.ts'],
  },
  {
    says: '`…/count` → `{count}`.',
    cases: KINDS.map(({ path }) => [
      step('client', `GET /${path}/count`, { status: 200, body: { count: 1 }, only: ['count'] }),
      step('client', `GET /${path}/count?namePattern=%25`, { status: 200, body: { count: 1 } }),
      step('client', `GET /${path}/count?name=nothing`, { status: 200, body: { count: 0 } }),
    ]),
    heldBy: ['test/e2e/scopes.test.ts'],
  },
  {
    says: '- `DELETE` accepts `?force=true|false`, as the original does;',
    cases: KINDS.flatMap(({ path, own }) => [
      ...['true', 'false'].map((force) => [
        step('admin', `DELETE /${path}/${own}?force=${force}`, { status: 204 }),
      ]),
      ...['', '1', 'yes'].map((force) => [
        step('admin', `DELETE /${path}/${own}?force=${force}`, { status: 400 }),
        step('admin', `GET /${path}/${own}`, { status: 200 }),
      ]),
    ]),
    heldBy: ['test/e2e/scopes.test.ts'],
  },
  {
    says: 'here nothing can prevent a deletion, so both behave the same.',
    cases: KINDS.flatMap(({ path, own }) =>
      ['?force=true', '?force=false', ''].map((query) => [
        step('admin', `GET /user/{own}/${path}/${own}`, { status: 200 }),
        step('admin', `DELETE /${path}/${own}${query}`, { status: 204 }),
        step('admin', `GET /${path}/${own}`, { status: 404 }),
        step('admin', `GET /user/{own}/${path}/${own}`, { status: 404 }),
      ]),
    ),
  },
  {
    says: '- Fresh database: network 1 and device type 1 exist',
    cases: [
      [
        step('admin', 'GET /network/1', {
          status: 200,
          body: { id: 1, name: 'Default network', description: null },
        }),
      ],
      [
        step('admin', 'GET /devicetype/1', {
          status: 200,
          body: { id: 1, name: 'Default device type', description: null },
        }),
      ],
    ],
  },
  {
    says: '- Configuration: `PUT {value}` → 200',
    cases: [
      [
        step('admin', 'PUT /configuration/{fresh}', {
          send: { value: 'v' },
          status: 200,
          body: { name: '{fresh}', value: 'v', entityVersion: expect.any(Number) },
          only: ['name', 'value', 'entityVersion'],
        }),
        step('admin', 'GET /configuration/{fresh}', {
          status: 200,
          body: { name: '{fresh}', value: 'v' },
          only: ['name', 'value', 'entityVersion'],
        }),
      ],
    ],
    heldBy: ['test/e2e/configuration.test.ts'],
  },
  {
    says: 'name ≤ 32, value ≤ 128 characters;',
    cases: [
      [
        step('admin', `PUT /configuration/${'n'.repeat(32)}`, {
          send: { value: 'v'.repeat(128) },
          status: 200,
        }),
        step('admin', `DELETE /configuration/${'n'.repeat(32)}`, { status: 204 }),
      ],
      [step('admin', 'PUT /configuration/{fresh}', { send: { value: 'v'.repeat(129) }, status: 400 })],
      [step('admin', `PUT /configuration/${'n'.repeat(33)}`, { send: { value: 'v' }, status: 400 })],
    ],
    heldBy: ['test/e2e/configuration.test.ts'],
  },
  {
    says: 'unknown: 404 `Requested config with name = x',
    cases: [
      [
        step('admin', 'GET /configuration/unheard-of', {
          status: 404,
          message: 'Requested config with name = unheard-of not found in the database',
        }),
      ],
    ],
  },
  {
    says: '`user.login.maxAttempts` is read live by the lockout.',
    configured: [
      {
        // A service of its own: the setting is everybody's.
        with: {},
        cases: [
          [
            ...failedLogins(2),
            step('admin', 'PUT /configuration/user.login.maxAttempts', { send: { value: '3' }, status: 200 }),
            ...failedLogins(1),
            step('admin', 'GET /user/{own}', { status: 200, body: { status: 1 } }),
            signIn('{password}', 401),
            step('admin', 'DELETE /configuration/user.login.maxAttempts', { status: 204 }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/configuration.test.ts', 'test/e2e/lockout.test.ts'],
  },
  {
    says: 'No secret is ever stored or readable here.',
    cases: ['jwt.secret', 'JWT_SECRET', 'KEY_ENCRYPTION_SECRET', 'ADMIN_PASSWORD'].map((name) => [
      step('admin', `GET /configuration/${name}`, { status: 404 }),
      step('admin', `PUT /configuration/${name}`, {
        send: { value: 'hush' },
        status: 400,
        text: /^(?!.*hush)/,
      }),
      step('admin', `GET /configuration/${name}`, { status: 404 }),
    ]),
    heldBy: ['test/e2e/configuration.test.ts'],
  },
  {
    says: '- `GET /info` → `{apiVersion, serverTimestamp, webSocketServerUrl}`',
    cases: [
      [
        step('anyone', 'GET /info', {
          status: 200,
          body: {
            apiVersion: expect.any(String),
            serverTimestamp: TIME,
            webSocketServerUrl: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:/),
          },
          only: ['apiVersion', 'serverTimestamp', 'webSocketServerUrl'],
        }),
      ],
    ],
    configured: [
      {
        with: { WEBSOCKET_URL: 'wss://ws.example.com/dh' },
        cases: [
          [
            step('anyone', 'GET /info', {
              status: 200,
              body: { webSocketServerUrl: 'wss://ws.example.com/dh' },
            }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/info.test.ts'],
  },
  {
    says: '`GET /info/cache` → `{serverTimestamp, cacheStats}`.',
    cases: [
      [
        step('anyone', 'GET /info/cache', {
          status: 200,
          body: { serverTimestamp: TIME, cacheStats: expect.anything() },
          only: ['serverTimestamp', 'cacheStats'],
        }),
      ],
    ],
    heldBy: ['test/e2e/info.test.ts'],
  },
];
