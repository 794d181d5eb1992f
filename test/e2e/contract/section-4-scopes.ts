import { expect } from 'vitest';
import { DENIED, type Sentence, step } from './sentence.js';

const KINDS = [
  { path: 'network', label: 'Network', own: '{network}', foreign: '{foreignNetwork}' },
  { path: 'devicetype', label: 'Device type', own: '{deviceType}', foreign: '{foreignType}' },
] as const;
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

export const scopes: readonly Sentence[] = [
  {
    says: '- Network and device type: `{id, name, description}`',
    cases: KINDS.flatMap(({ path, label, own }) => [
      [
        step('admin', `POST /${path}`, {
          send: { name: '{fresh}', description: 'd' },
          status: 201,
          body: { id: expect.any(Number) },
          keep: { id: 'id' },
        }),
        step('admin', `GET /${path}/{id}`, {
          status: 200,
          body: { id: '{id}', name: '{fresh}', description: 'd' },
        }),
        step('admin', `POST /${path}`, {
          send: { name: '{fresh}' },
          status: 403,
          message: `${label} cannot be created. ${label} with such name already exists`,
        }),
        step('admin', `PUT /${path}/{id}`, { send: { description: null }, status: 204 }),
        step('admin', `GET /${path}/{id}`, {
          status: 200,
          body: { id: '{id}', name: '{fresh}', description: null },
        }),
        step('admin', `DELETE /${path}/{id}`, { status: 204 }),
      ],
      [
        step('admin', `POST /${path}`, { send: { name: '' }, status: 400 }),
        step('admin', `POST /${path}`, { send: { name: 'n'.repeat(129) }, status: 400 }),
        step('admin', `POST /${path}`, {
          send: { name: '{fresh}', description: 'd'.repeat(129) },
          status: 400,
        }),
        step('admin', `PUT /${path}/${own}`, { send: { name: null }, status: 400 }),
      ],
    ]),
    heldBy: ['test/e2e/scopes.test.ts'],
  },
  {
    says: "- `GET /network/{id}`: one outside the token's or the user's reach",
    cases: KINDS.flatMap(({ path, label, foreign }) => [
      [step('client', `GET /${path}/${foreign}`, DENIED)],
      [step('client', `GET /${path}/{missing}`, DENIED)],
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
      [
        step('client', `GET /${path}?sortField=Name&sortOrder=DESC&take=5&skip=0`, {
          status: 200,
          body: [{ id: own, name: expect.any(String), description: null }],
        }),
        step('client', `GET /${path}/count?namePattern=%25`, { status: 200, body: { count: 1 } }),
      ],
      [step('admin', `GET /${path}?sortField=description`, { status: 400 })],
    ]),
    heldBy: ['test/e2e/scopes.test.ts'],
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
        }),
        step('admin', 'PUT /configuration/{fresh}', { send: { value: 'v'.repeat(129) }, status: 400 }),
        step('admin', `PUT /configuration/${'n'.repeat(33)}`, { send: { value: 'v' }, status: 400 }),
        step('admin', 'GET /configuration/unheard-of', {
          status: 404,
          message: 'Requested config with name = unheard-of not found in the database',
        }),
      ],
    ],
    heldBy: ['test/e2e/configuration.test.ts', 'test/e2e/lockout.test.ts'],
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
        }),
        step('anyone', 'GET /info/cache', {
          status: 200,
          body: { serverTimestamp: TIME, cacheStats: expect.anything() },
        }),
      ],
    ],
    heldBy: ['test/e2e/info.test.ts'],
  },
];
