import { expect } from 'vitest';
import { DENIED, type Sentence, type Step, step, UNAUTHORIZED } from './sentence.js';

const ADMINISTRATORS_ONLY = { status: 403, message: 'Admin permissions required for this action' } as const;
const create = (fields: object, rest: Omit<Step, 'as' | 'ask' | 'send'>) =>
  step('admin', 'POST /user', {
    send: { login: '{fresh}', role: 1, password: 'a password of tests', ...fields },
    ...rest,
  });
const update = (fields: object, rest: Omit<Step, 'as' | 'ask' | 'send'> = { status: 204 }) =>
  step('admin', 'PUT /user/{own}', { send: fields, ...rest });
const shows = (body: object) => step('admin', 'GET /user/{own}', { status: 200, body });
const signIn = (password: string, status: number) =>
  step('anyone', 'POST /token', { send: { login: '{login}', password }, status });

const LISTED = {
  id: expect.any(Number),
  login: expect.any(String),
  role: 1,
  status: 0,
  lastLogin: expect.any(String),
  data: null,
  introReviewed: false,
  allDeviceTypesAvailable: false,
};
const SCOPE = { id: expect.any(Number), name: expect.any(String), description: null };

export const users: readonly Sentence[] = [
  {
    says: '| `id` | integer | never needed',
    cases: [[update({ id: 4711 }), shows({ id: '{own}' })]],
  },
  {
    says: '| `login` | string | create: required',
    cases: [
      [create({ login: undefined }, { status: 400 })],
      [create({ login: '  {fresh}  ' }, { status: 201, keep: { id: 'id' } })],
      [
        create(
          { login: 'ab' },
          {
            status: 400,
            message: 'Field cannot be empty. The length of login should be from 3 to 128 symbols.',
          },
        ),
      ],
      [
        create(
          { login: 'no spaces' },
          {
            status: 400,
            message:
              'Login can contain only lowercase or uppercase letters, numbers, and some special symbols (_@.)',
          },
        ),
      ],
      [create({ login: 'A-z_0.9@{fresh}' }, { status: 201 })],
      [update({ login: 'UPPER-{fresh}' }), create({ login: 'upper-{fresh}' }, { status: 403 })],
    ],
    heldBy: ['test/e2e/users.fields.test.ts'],
  },
  {
    says: '| `role` | integer | create: required | 0, 1 |',
    cases: [
      [create({ role: undefined }, { status: 400 })],
      // Away with it again: elsewhere the first administrator is the last.
      [
        create({ role: 0 }, { status: 201, keep: { id: 'id' } }),
        step('admin', 'DELETE /user/{id}', { status: 204 }),
      ],
      ...[2, -1, '1', null, true].map((role) => [update({ role }, { status: 400 })]),
    ],
  },
  {
    says: '| `status` | integer | default 0',
    cases: [
      [
        create({}, { status: 201, keep: { id: 'id' } }),
        step('admin', 'GET /user/{id}', { status: 200, body: { status: 0 } }),
      ],
      ...[3, -1, '0', null].map((status) => [update({ status }, { status: 400 })]),
    ],
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: '| `password` | string | create: required',
    cases: [
      [create({ password: undefined }, { status: 400 })],
      [
        create(
          { password: '1234567' },
          { status: 400, message: 'Password can contain only from 8 to 128 symbols!' },
        ),
      ],
      [create({ password: 'x'.repeat(129) }, { status: 400 })],
      [create({ password: 'password123' }, { status: 400, message: 'Password is too common' })],
      [update({ password: '{login}' }, { status: 400 })],
      [
        update({ password: '  spaces count  ' }),
        signIn('spaces count', 401),
        signIn('  spaces count  ', 201),
      ],
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: '| `data` | object or null | default null',
    cases: [
      [update({ data: { b: 1, a: { c: [] } } }), shows({ data: { b: 1, a: { c: [] } } })],
      ...[[], 'text', 1, true].map((data) => [update({ data }, { status: 400 })]),
      [update({ data: { x: 'x'.repeat(70_000) } }, { status: 400 })],
    ],
    heldBy: ['test/e2e/users.data.test.ts'],
  },
  {
    says: '| `introReviewed` | boolean | default false',
    cases: [
      [shows({ introReviewed: false }), update({ introReviewed: true }), shows({ introReviewed: true })],
    ],
  },
  {
    says: '| `allDeviceTypesAvailable` | boolean | default true',
    cases: [[create({}, { status: 201, body: { allDeviceTypesAvailable: true } })]],
  },
  {
    says: '| `lastLogin` | timestamp or null | ignored',
    cases: [
      [update({ lastLogin: null }), shows({ lastLogin: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) })],
      [create({ lastLogin: '2001-01-01T00:00:00.000Z' }, { status: 201, body: { lastLogin: null } })],
    ],
  },
  {
    says: '| `networks` | array | ignored',
    cases: [[update({ networks: [] }), shows({ networks: [{ ...SCOPE, id: '{network}' }] })]],
  },
  {
    says: '| listed | `GET /user` |',
    cases: [[step('admin', 'GET /user?login={login}', { status: 200, body: [LISTED] })]],
  },
  {
    says: '| published | `GET /user/{id}`, `/user/current` |',
    cases: [
      [shows({ ...LISTED, networks: [SCOPE] })],
      [step('client', 'GET /user/current', { status: 200, body: { ...LISTED, networks: [SCOPE] } })],
    ],
    heldBy: ['test/e2e/users.read.test.ts'],
  },
  {
    says: '| submitted | `POST /user` (201) |',
    cases: [
      [
        create(
          {},
          {
            status: 201,
            body: {
              id: expect.any(Number),
              lastLogin: null,
              data: null,
              introReviewed: false,
              allDeviceTypesAvailable: true,
            },
          },
        ),
      ],
    ],
    heldBy: ['test/e2e/users.create.test.ts'],
  },
  {
    says: '| administrator | every writable field | every writable field |',
    cases: ['{own}', 'current'].map((id) => [
      step('admin', `PUT /user/${id}`, {
        send: {
          status: 0,
          data: { by: 'the administrator' },
          introReviewed: true,
          allDeviceTypesAvailable: true,
        },
        status: 204,
      }),
    ]),
    heldBy: ['test/properties/access-matrix.test.ts'],
  },
  {
    says: '| client | `password`, `data` (more by',
    cases: [
      [
        step('client', 'PUT /user/{own}', {
          send: { password: 'another password', data: { a: 1 } },
          status: 204,
        }),
      ],
      ...[
        { role: 1 },
        { status: 0 },
        { login: '{login}' },
        { introReviewed: false },
        { allDeviceTypesAvailable: false },
        { data: { a: 1 }, role: 0 },
        { role: 'nonsense' },
      ].map((send) => [
        step('client', 'PUT /user/current', { send, ...ADMINISTRATORS_ONLY }),
        shows({ role: 1, data: null }),
      ]),
      [step('client', 'PUT /user/{other}', { send: { data: {} }, ...DENIED })],
      [step('client', 'PUT /user/{missing}', { send: { data: {} }, ...DENIED })],
    ],
  },
  {
    says: '- `{id}` is an integer or the word `current`.',
    cases: [
      [step('admin', 'PUT /user/{own}', { send: {}, status: 204, body: undefined })],
      [step('admin', 'PUT /user/current', { send: {}, status: 204 })],
      ...['x', '0', '-1', '1.5', 'Current'].map((id) => [
        step('admin', `PUT /user/${id}`, { send: {}, status: 400 }),
      ]),
    ],
  },
  {
    says: '- Only the properties that are present change;',
    cases: [
      [
        update({ data: { a: 1 } }),
        update({ introReviewed: true }),
        shows({ data: { a: 1 }, introReviewed: true }),
      ],
      [update({ data: { a: 1 } }), update({ data: null }), shows({ data: null })],
      ...['login', 'role', 'status', 'password', 'introReviewed', 'allDeviceTypesAvailable'].map((field) => [
        update({ [field]: null }, { status: 400 }),
      ]),
      [update({}), shows(LISTED)],
      [
        step('admin', 'PUT /user/{own}', {
          send: '',
          headers: { 'content-type': 'application/json' },
          status: 204,
        }),
      ],
    ],
  },
  {
    says: '- All or nothing, and atomic',
    cases: [
      [update({ introReviewed: true, role: 7 }, { status: 400 }), shows({ introReviewed: false })],
      [update({ introReviewed: true, unknown: 1 }, { status: 400 }), shows({ introReviewed: false })],
    ],
    heldBy: ['test/e2e/users.concurrency.test.ts'],
  },
  {
    says: '- `oldPassword` may come with `password`',
    cases: [
      [
        step('client', 'PUT /user/current', {
          send: { password: 'another password', oldPassword: 'a wrong one' },
          status: 403,
          message: 'Invalid credentials',
        }),
        signIn('{password}', 201),
        step('client', 'PUT /user/current', {
          send: { password: 'another password', oldPassword: '{password}' },
          status: 204,
        }),
        signIn('another password', 201),
      ],
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: "- A new password ends the user's refresh tokens",
    cases: [
      [
        step('client', 'PUT /user/current', { send: { password: 'another password' }, status: 204 }),
        step('anyone', 'POST /token/refresh', { send: { refreshToken: '{refreshToken}' }, ...UNAUTHORIZED }),
        step('client', 'GET /user/current', { status: 200 }),
      ],
    ],
  },
  {
    says: '- A user who stops being active loses access at once',
    cases: [1, 2].map((status) => [update({ status }), step('client', 'GET /user/current', UNAUTHORIZED)]),
  },
  {
    says: '- `GET /user/{id}` and `/user/current` carry an `ETag`',
    cases: [
      [
        step('admin', 'GET /user/{own}', {
          status: 200,
          carries: { etag: /^"/ },
          keep: { tag: 'header etag' },
        }),
        step('client', 'GET /user/current', { status: 200, carries: { etag: /^"/ } }),
        update({ introReviewed: true }, { headers: { 'if-match': '{tag}' }, status: 204 }),
        update({ introReviewed: false }, { headers: { 'if-match': '{tag}' }, status: 412 }),
        step('admin', 'DELETE /user/{own}', { headers: { 'if-match': '{tag}' }, status: 412 }),
        shows({ introReviewed: true }),
      ],
    ],
    heldBy: ['test/e2e/users.update.test.ts'],
  },
  {
    says: '- An update that would leave no active administrator',
    cases: [{ role: 1 }, { status: 1 }, { status: 2 }].map((send) => [
      step('admin', 'PUT /user/current', {
        send,
        status: 403,
        message: 'The last active administrator cannot be removed',
      }),
    ]),
    heldBy: ['test/e2e/users.concurrency.test.ts'],
  },
  {
    says: '- Another user has that login',
    cases: [
      [
        step('admin', 'PUT /user/{other}', {
          send: { login: '{login}' },
          status: 403,
          message: 'User with such login already exists. Please, select another one',
        }),
      ],
    ],
  },
  {
    says: '- No such user (asked by an administrator)',
    cases: ['GET', 'PUT', 'DELETE'].map((method) => [
      step('admin', `${method} /user/{missing}`, {
        status: 404,
        message: 'User with id = {missing} not found',
      }),
    ]),
  },
  {
    says: '- `POST /user` → 201, view *submitted*, `Location',
    cases: [[create({}, { status: 201, carries: { location: /^\/user\/\d+$/ } })]],
    heldBy: ['test/e2e/users.create.test.ts'],
  },
  {
    says: '- `GET /user` → 200, array, view *listed*.',
    cases: [
      [
        step('admin', 'GET /user?login={login}&sortField=login&sortOrder=desc', {
          status: 200,
          body: [LISTED],
        }),
      ],
      [step('admin', 'GET /user?loginPattern={login}%25', { status: 200, body: [LISTED] })],
      [step('admin', 'GET /user?take=1', { status: 200, carries: { link: /^<.*after=1.*>; rel="next"$/ } })],
      ...[
        'take=0',
        'take=10001',
        'skip=-1',
        'after=x',
        'sortField=Role',
        'sortOrder=up',
        'x=1',
        'role=2',
      ].map((query) => [step('admin', `GET /user?${query}`, { status: 400 })]),
    ],
    heldBy: ['test/e2e/users.list.test.ts'],
  },
  {
    says: '- `GET /user/count` → 200',
    cases: [[step('admin', 'GET /user/count?login={login}', { status: 200, body: { count: 1 } })]],
  },
  {
    says: '- `DELETE /user/{id}` → 204; oneself',
    cases: [
      [
        step('admin', 'DELETE /user/{own}', { status: 204 }),
        step('admin', 'GET /user/{own}', { status: 404 }),
      ],
      [
        step('admin', 'DELETE /user/{admin}', {
          status: 403,
          message: 'You can not delete a user or access key that you use to authenticate this request',
        }),
      ],
    ],
    heldBy: ['test/e2e/users.delete.test.ts'],
  },
  {
    says: '- `GET /user/{id}/network/{networkId}` → 200',
    cases: [
      [
        step('client', 'GET /user/{own}/network/{network}', {
          status: 200,
          body: { network: { ...SCOPE, id: '{network}' } },
        }),
        step('client', 'GET /user/{own}/network/{foreignNetwork}', {
          status: 404,
          message: 'Network with id {foreignNetwork} for user with id {own} was not found',
        }),
      ],
    ],
  },
  {
    says: '- `PUT`/`DELETE` of an assignment → 204, idempotent',
    cases: [
      ...['PUT', 'DELETE'].map((method) => [
        step('admin', `${method} /user/{own}/network/{network}`, { status: 204 }),
        step('admin', `${method} /user/{own}/network/{network}`, { status: 204 }),
        step('admin', `${method} /user/{missing}/network/{network}`, {
          status: 404,
          message: 'User with id = {missing} not found',
        }),
        step('admin', `${method} /user/{own}/network/{missing}`, {
          status: 404,
          message: 'Network with id = {missing} not found',
        }),
      ]),
    ],
    heldBy: ['test/e2e/assignments.test.ts'],
  },
  {
    says: '- `GET /user/{id}/devicetype` → 200 array',
    cases: [
      [
        step('admin', 'GET /user/{own}/devicetype', {
          status: 200,
          body: [{ ...SCOPE, id: '{deviceType}' }],
        }),
      ],
      [
        update({ allDeviceTypesAvailable: true }),
        step('admin', 'GET /user/{own}/devicetype', {
          status: 200,
          body: expect.arrayContaining([SCOPE, SCOPE]),
        }),
      ],
    ],
  },
  {
    says: '- `GET /user/{id}/devicetype/{deviceTypeId}` → 200',
    cases: [
      [
        step('client', 'GET /user/{own}/devicetype/{deviceType}', {
          status: 200,
          body: { deviceType: { ...SCOPE, id: '{deviceType}' } },
        }),
        step('client', 'GET /user/{own}/devicetype/{foreignType}', {
          status: 404,
          message: 'Device type with id {foreignType} for user with id {own} not found',
        }),
      ],
    ],
  },
  {
    says: '- Assigning to a user who has all: 403',
    cases: [
      [
        update({ allDeviceTypesAvailable: true }),
        step('admin', 'PUT /user/{own}/devicetype/{foreignType}', {
          status: 403,
          message: 'Cannot assign device type to user with all device types allowed',
        }),
      ],
    ],
  },
  {
    says: '- `PUT`/`DELETE /user/{id}/devicetype/all` → 204',
    cases: [
      [
        step('admin', 'PUT /user/{own}/devicetype/all', { status: 204 }),
        shows({ allDeviceTypesAvailable: true }),
        step('admin', 'DELETE /user/{own}/devicetype/all', { status: 204 }),
        shows({ allDeviceTypesAvailable: false }),
      ],
    ],
  },
];
