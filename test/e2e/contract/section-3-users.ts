import { expect } from 'vitest';
import { freshName } from '../../support/fresh-name.js';
import { follow, insertUsers } from '../../support/lists.js';
import type { TestService } from '../../support/service.js';
import {
  DENIED,
  failedLogins,
  LOGIN_ALPHABET,
  LOGIN_LENGTH,
  passwordLength,
  refresh,
  type Sentence,
  signIn,
  type Step,
  step,
  UNAUTHORIZED,
  withToken,
} from './sentence.js';

const create = (fields: object, rest: Omit<Step, 'as' | 'ask' | 'send'>) =>
  step('admin', 'POST /user', {
    send: { login: '{fresh}', role: 1, password: 'a password of tests', ...fields },
    ...rest,
  });
const update = (fields: object, rest: Omit<Step, 'as' | 'ask' | 'send'> = { status: 204 }) =>
  step('admin', 'PUT /user/{own}', { send: fields, ...rest });
/** An update of its own record by a client. */
const updateOwn = (fields: object, rest: Omit<Step, 'as' | 'ask' | 'send'> = { status: 204 }) =>
  step('client', 'PUT /user/current', { send: fields, ...rest });
/** What has an entity tag, and a body that changes it. */
const TAGGED = [
  { as: 'admin', path: '/user/{own}', change: { introReviewed: true }, isDeletable: true },
  { as: 'client', path: '/user/current', change: { data: { a: 1 } }, isDeletable: false },
  { as: 'admin', path: '/network/{network}', change: { name: '{fresh}' }, isDeletable: true },
  { as: 'admin', path: '/devicetype/{deviceType}', change: { name: '{fresh}' }, isDeletable: true },
] as const;
/** Stores this text as the data of `{own}`. */
const storedData = (data: string) => [
  step('admin', 'PUT /user/{own}', { send: `{"data":${data}}`, status: 204 }),
];
/** A JSON merge patch of `{own}`. */
const patch = (
  send: string,
  rest: Omit<Step, 'as' | 'ask' | 'send'> = { status: 204 },
  {
    who = 'admin',
    id = '{own}',
    type = 'application/merge-patch+json',
  }: { who?: 'admin' | 'client'; id?: string; type?: string } = {},
) => step(who, `PATCH /user/${id}`, { send, headers: { 'content-type': type }, ...rest });
/** A 400 that names these fields. */
const invalid = (...fields: readonly string[]) => ({
  status: 400,
  body: { details: fields.map((field) => ({ field, message: expect.any(String) as string })) },
});
const shows = (body: object) => step('admin', 'GET /user/{own}', { status: 200, body });
/** Another sign-in of `{own}`. */
const signInElsewhere = signIn('{password}', 201, {
  keep: { elsewhere: 'accessToken', elsewhereRefresh: 'refreshToken' },
});
/** Creates a session from the one of a token: {@link withToken} as `name`. */
const createChild = (name: string, parent?: string) => {
  const rest = {
    send: { userId: '{own}', actions: ['GetCurrentUser', 'UpdateCurrentUser', 'ManageToken'] },
    status: 201,
    keep: { [name]: 'accessToken', [`${name}Refresh`]: 'refreshToken' },
  };
  return parent === undefined
    ? step('client', 'POST /token/create', rest)
    : withToken(parent, 'POST /token/create', rest);
};
/** The session of tokens that a step has kept has been revoked: both tokens are refused. */
const isRevoked = (name: string) => [
  withToken(name, 'GET /user/current', UNAUTHORIZED),
  refresh(UNAUTHORIZED, `{${name}Refresh}`),
];
const goesOn = (name: string) => [
  withToken(name, 'GET /user/current', { status: 200 }),
  refresh({ status: 201 }, `{${name}Refresh}`),
];
/** As {@link isRevoked}, of the session that a story begins with. */
const ownIsRevoked = [step('client', 'GET /user/current', UNAUTHORIZED), refresh(UNAUTHORIZED)];
const ownGoesOn = [step('client', 'GET /user/current', { status: 200 }), refresh({ status: 201 })];
/** Texts that do not hold this one. */
const without = (secret: string) => new RegExp(`^(?!.*${secret})`, 's');

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
const PUBLISHED = [...Object.keys(LISTED), 'networks'];
const SCOPE = { id: expect.any(Number), name: expect.any(String), description: null };
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const JSON_TYPE = { 'content-type': 'application/json' };
/** The end of two rows. */
const NEVER_SHOWN = 'never in any response or log |';
const INVALID_CREDENTIALS = { status: 403, message: 'Invalid credentials' } as const;
const BAD_LENGTH = { status: 400, message: LOGIN_LENGTH } as const;
const BAD_ALPHABET = { status: 400, message: LOGIN_ALPHABET } as const;
const PASSWORD_LENGTH = { status: 400, message: passwordLength() } as const;
const NOT_WELL_FORMED = { status: 400, message: 'password must be well-formed Unicode' } as const;
/** The response to a client that names a field which it may not change. */
const ADMINISTRATORS_ONLY = { status: 403, message: 'Admin permissions required for this action' } as const;

/** Another administrator: `{id}`, signed in. */
const createAdministrator: readonly Step[] = [
  create({ role: 0 }, { status: 201, keep: { id: 'id' } }),
  step('anyone', 'POST /token', {
    send: { login: '{fresh}', password: 'a password of tests' },
    status: 201,
    keep: { kept: 'accessToken', keptRefresh: 'refreshToken' },
  }),
];
/** The document that is served: read-only fields have the type of responses, and no field of an update has a default. */
async function describesRequests(service: TestService): Promise<void> {
  const { body } = await service.admin.get('/swagger.json');
  const { schemas } = body.components as {
    schemas: Record<string, { properties: Record<string, Record<string, unknown>> }>;
  };
  const typeOf = (schema: string, field: string) => {
    const { description: _, example: __, ...type } = schemas[schema]?.properties[field] ?? {};
    return type;
  };
  for (const schema of ['CreateUser', 'UpdateUser', 'PatchUser'])
    for (const field of ['id', 'lastLogin', 'networks'])
      expect(typeOf(schema, field)).toEqual(typeOf('User', field));
  for (const schema of ['CreateScope', 'UpdateScope'])
    expect(typeOf(schema, 'id')).toEqual(typeOf('Scope', 'id'));
  for (const schema of ['UpdateUser', 'PatchUser', 'UpdateScope', 'SetConfiguration'])
    for (const type of Object.values(schemas[schema]?.properties ?? {}))
      expect(type).not.toHaveProperty('default');
}

/** Makes two updates of different properties at once, many times: both must survive. */
async function patchAtOnce(service: TestService): Promise<void> {
  const { id } = await service.createUser({ data: { kept: true } });
  const names = ['a', 'b', 'c', 'd'];
  const answers = await Promise.all(
    names.map((name) => service.admin.patch(`/user/${id}`, { data: { [name]: 1 } })),
  );
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
  const { body } = await service.admin.get(`/user/${id}`);
  expect(body.data).toEqual({ kept: true, a: 1, b: 1, c: 1, d: 1 });
}

async function updateAtOnce(service: TestService): Promise<void> {
  const { id } = await service.createUser();
  for (let round = 0; round < 20; round += 1) {
    const data = { round };
    const introReviewed = round % 2 === 0;
    const answers = await Promise.all([
      service.admin.put(`/user/${id}`, { data }),
      service.admin.put(`/user/${id}`, { introReviewed }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect((await service.admin.get(`/user/${id}`)).body).toMatchObject({ data, introReviewed });
  }
}

export const users: readonly Sentence[] = [
  {
    says: '| `id` | integer | never needed',
    cases: [
      [update({ id: 4711 }), shows({ id: '{own}' })],
      [create({ id: '{own}' }, { status: 201, body: { id: expect.any(Number) } }), shows({ id: '{own}' })],
    ],
  },
  {
    says: '| `login` | string | create: required | trimmed;',
    cases: [
      [create({ login: undefined }, { status: 400 })],
      ...[5, null, ['{fresh}']].map((login) => [create({ login }, { status: 400 })]),
      [
        create({ login: '  {fresh}  ' }, { status: 201, keep: { id: 'id' } }),
        step('admin', 'GET /user/{id}', { status: 200, body: { login: '{fresh}' } }),
      ],
      [update({ login: ' {fresh}\t' }), shows({ login: '{fresh}' })],
    ],
    heldBy: ['test/e2e/users.fields.test.ts'],
  },
  {
    says: '3–128 characters of',
    cases: [
      ...['', 'ab', ' ab '].map((login) => [create({ login }, BAD_LENGTH)]),
      [create({ login: 'a-3' }, { status: 201 })],
      // `{fresh}` has 13 characters.
      [create({ login: `{fresh}${'x'.repeat(115)}` }, { status: 201 })],
      [create({ login: `{fresh}${'x'.repeat(116)}` }, BAD_LENGTH)],
      [create({ login: 'A-z_0.9@{fresh}' }, { status: 201 })],
      ...['no spaces', 'ünïcode', 'a+b@c', 'a/b', 'a%b'].map((login) => [create({ login }, BAD_ALPHABET)]),
    ],
    heldBy: ['test/e2e/users.fields.test.ts'],
  },
  {
    says: 'unique, ignoring case |',
    cases: [
      [update({ login: 'UPPER-{fresh}' }), create({ login: 'upper-{fresh}' }, { status: 403 })],
      [
        update({ login: 'UPPER-{fresh}' }),
        step('admin', 'PUT /user/{other}', { send: { login: 'upper-{fresh}' }, status: 403 }),
      ],
    ],
    heldBy: ['test/e2e/users.fields.test.ts'],
  },
  {
    says: '| `role` | integer | create: required | 0, 1 |',
    cases: [
      [create({ role: undefined }, { status: 400 })],
      // Deleted again: elsewhere the first administrator is the last.
      [
        create({ role: 0 }, { status: 201, keep: { id: 'id' } }),
        step('admin', 'GET /user/{id}', { status: 200, body: { role: 0 } }),
        step('admin', 'DELETE /user/{id}', { status: 204 }),
      ],
      [
        create({ role: 1 }, { status: 201, keep: { id: 'id' } }),
        step('admin', 'GET /user/{id}', { status: 200, body: { role: 1 } }),
      ],
      ...[2, -1, '1', null, true].map((role) => [update({ role }, { status: 400 })]),
    ],
  },
  {
    says: '| `status` | integer | default 0 | 0, 1, 2;',
    cases: [
      [
        create({}, { status: 201, keep: { id: 'id' } }),
        step('admin', 'GET /user/{id}', { status: 200, body: { status: 0 } }),
      ],
      ...[0, 1, 2].map((status) => [update({ status }), shows({ status })]),
      ...[3, -1, '0', null].map((status) => [update({ status }, { status: 400 })]),
    ],
  },
  {
    says: 'an administrator who sends 0, even where it is 0',
    cases: [
      // Nine failed logins of ten, twice: without the update the tenth would lock the user out.
      [
        ...failedLogins(9),
        shows({ status: 0 }),
        update({ status: 0 }),
        ...failedLogins(9),
        shows({ status: 0 }),
        signIn('{password}', 201),
      ],
      // Any other update leaves the count as it is.
      [...failedLogins(9), update({ introReviewed: true }), ...failedLogins(1), shows({ status: 1 })],
      [
        ...failedLogins(10),
        shows({ status: 1 }),
        update({ status: 0 }),
        ...failedLogins(9),
        shows({ status: 0 }),
        signIn('{password}', 201),
      ],
    ],
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: '| `password` | string | create: required',
    cases: [
      [create({ password: undefined }, { status: 400 })],
      [create({ password: '1234567' }, PASSWORD_LENGTH)],
      [create({ password: 'x'.repeat(129) }, PASSWORD_LENGTH)],
      ...['8 chars!', 'y'.repeat(128), 'ключ 密码 🔑🔑', 'tab\tand "quotes"'].map((password) => [
        update({ password }),
        signIn(password, 201),
      ]),
      [
        update({ password: '  spaces count  ' }),
        signIn('spaces count', 401),
        signIn('  spaces count  ', 201),
      ],
      // NFC and NFD of one text; eight letters, which are sixteen as they were typed.
      [
        update({ password: 'e\u0301'.repeat(8) }),
        signIn('é'.repeat(8), 201),
        signIn('e\u0301'.repeat(8), 201),
      ],
      [create({ password: 'e\u0301'.repeat(7) }, PASSWORD_LENGTH)],
      [create({ password: 'half a pair \ud83d' }, NOT_WELL_FORMED)],
      [update({ password: '\udc1d of the other' }, NOT_WELL_FORMED), signIn('{password}', 201)],
      [signIn('half a pair \ud83d', 400, { message: NOT_WELL_FORMED.message })],
    ],
    configured: [
      {
        with: { PASSWORD_MIN_LENGTH: '10' },
        cases: [
          [
            update({ password: '9 of them' }, { status: 400, message: passwordLength(10) }),
            update({ password: '10 of them' }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: 'not a well-known password',
    cases: [
      [create({ password: 'password123' }, { status: 400, message: 'Password is too common' })],
      [update({ password: 'password123' }, { status: 400, message: 'Password is too common' })],
      [create({ login: 'login-{fresh}', password: 'login-{fresh}' }, { status: 400 })],
      [update({ password: '{login}' }, { status: 400 })],
    ],
    configured: [
      {
        with: { PASSWORD_BLOCKLIST: 'off' },
        cases: [[update({ password: 'password123' }), update({ password: '{login}' }, { status: 400 })]],
      },
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: NEVER_SHOWN,
    cases: [
      [
        create(
          { password: 'kept to ourselves' },
          { status: 201, text: without('kept to ourselves'), keep: { id: 'id' } },
        ),
        step('admin', 'GET /user/{id}', {
          status: 200,
          text: without('kept to ourselves|[Pp]assword|\\$2b'),
        }),
        step('admin', 'GET /user', { status: 200, text: without('kept to ourselves|[Pp]assword|\\$2b') }),
      ],
      [update({ password: 'hush!' }, { ...PASSWORD_LENGTH, text: without('hush') })],
      [updateOwn({ password: 'kept to ourselves', role: 0 }, { status: 403, text: without('kept') })],
    ],
    heldBy: ['test/e2e/operation.test.ts'],
  },
  {
    says: '| `oldPassword` | string | updates only',
    cases: [
      [create({ oldPassword: 'a password of tests' }, { status: 400 })],
      [
        updateOwn({ password: 'another password', oldPassword: '{password}' }),
        signIn('another password', 201),
      ],
      ...[null, 1, ['{password}']].map((oldPassword) => [
        updateOwn({ password: 'another password', oldPassword }, { status: 400 }),
        signIn('{password}', 201),
      ]),
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: NEVER_SHOWN,
    cases: [
      [
        updateOwn(
          { password: 'another password', oldPassword: 'kept to ourselves' },
          { ...INVALID_CREDENTIALS, text: without('kept') },
        ),
      ],
      [
        updateOwn(
          { password: 'hush!', oldPassword: '{password}' },
          { ...PASSWORD_LENGTH, text: without('hush|a password of tests') },
        ),
      ],
      [create({ oldPassword: 'kept to ourselves' }, { status: 400, text: without('kept') })],
    ],
    heldBy: ['test/e2e/operation.test.ts'],
  },
  {
    says: '| `data` | object or null | default null',
    cases: [
      [create({}, { status: 201, body: { data: null } })],
      [create({ data: { a: [1, { b: null }] } }, { status: 201, body: { data: { a: [1, { b: null }] } } })],
      ...[[], 'text', 1, true].map((data) => [update({ data }, { status: 400 })]),
      // `{"x":""}` has 8 characters.
      [update({ data: { x: 'x'.repeat(64 * 1024 - 8) } })],
      [update({ data: { x: 'x'.repeat(64 * 1024 - 7) } }, { status: 400 })],
    ],
    heldBy: ['test/e2e/users.data.test.ts'],
  },
  {
    says: 'stored and returned exactly as sent',
    cases: [
      [
        step('admin', 'PUT /user/{own}', {
          send: '{"data":{"b":1.0,"a":[],"10":{"y":1,"x":2},"9":1e2}}',
          status: 204,
        }),
        step('admin', 'GET /user/{own}', {
          status: 200,
          text: /"data":\{"b":1\.0,"a":\[\],"10":\{"y":1,"x":2\},"9":1e2\}[,}]/,
        }),
        step('admin', 'GET /user?login={login}', {
          status: 200,
          text: /"data":\{"b":1\.0,"a":\[\],"10":\{"y":1,"x":2\},"9":1e2\}[,}]/,
        }),
      ],
    ],
    heldBy: ['test/e2e/users.data.test.ts'],
  },
  {
    says: '| `introReviewed` | boolean | default false',
    cases: [
      [create({}, { status: 201, body: { introReviewed: false } })],
      [shows({ introReviewed: false }), update({ introReviewed: true }), shows({ introReviewed: true })],
      ...['true', 1, null].map((introReviewed) => [update({ introReviewed }, { status: 400 })]),
    ],
  },
  {
    says: '| `allDeviceTypesAvailable` | boolean | default true',
    cases: [
      [create({}, { status: 201, body: { allDeviceTypesAvailable: true } })],
      [update({ allDeviceTypesAvailable: true }), shows({ allDeviceTypesAvailable: true })],
      ...['true', 1, null].map((allDeviceTypesAvailable) => [
        update({ allDeviceTypesAvailable }, { status: 400 }),
      ]),
    ],
  },
  {
    says: '| `lastLogin` | timestamp or null | ignored | read-only;',
    cases: [
      [update({ lastLogin: null }), shows({ lastLogin: TIME })],
      [create({ lastLogin: '2001-01-01T00:00:00.000Z' }, { status: 201, body: { lastLogin: null } })],
    ],
  },
  {
    says: 'set at sign-in and at refresh |',
    cases: [
      [
        create({}, { status: 201, keep: { id: 'id' } }),
        step('anyone', 'POST /token', {
          send: { login: '{fresh}', password: 'a password of tests' },
          status: 201,
        }),
        step('admin', 'GET /user/{id}', { status: 200, body: { lastLogin: TIME } }),
      ],
      // A token that an administrator creates is no sign-in; its refresh is.
      [
        create({}, { status: 201, keep: { id: 'id' } }),
        step('admin', 'POST /token/create', {
          send: { userId: '{id}' },
          status: 201,
          keep: { refreshToken: 'refreshToken' },
        }),
        step('admin', 'GET /user/{id}', { status: 200, body: { lastLogin: null } }),
        refresh({ status: 201 }),
        step('admin', 'GET /user/{id}', { status: 200, body: { lastLogin: TIME } }),
      ],
    ],
    heldBy: ['test/e2e/users.read.test.ts'],
  },
  {
    says: '| `networks` | array | ignored',
    cases: [
      [update({ networks: [] }), shows({ networks: [{ ...SCOPE, id: '{network}' }] })],
      [
        create(
          { networks: [{ id: '{network}', name: 'n', description: null }] },
          { status: 201, keep: { id: 'id' } },
        ),
        step('admin', 'GET /user/{id}', { status: 200, body: { networks: [] } }),
      ],
    ],
  },
  {
    says: '- The OpenAPI document describes each request field as requests use it:',
    cases: [[update({ introReviewed: true }), update({ data: null }), shows({ introReviewed: true })]],
    checks: { 'the document that is served': describesRequests },
    heldBy: ['test/architecture/document.test.ts', 'test/clients/openapi-fetch.test.ts'],
  },
  {
    says: '- What the document allows, the service accepts, and nothing else.',
    cases: [
      // Read-only fields are accepted as responses have them, and ignored.
      [update({ id: 1, lastLogin: null, networks: [] })],
      ...[
        { id: 'x' },
        { id: null },
        { id: 0 },
        { lastLogin: 0 },
        { lastLogin: 'yesterday' },
        { networks: null },
        { networks: [1] },
        { networks: [{ id: 1 }] },
      ].map((field) => [
        update(field, invalid(...Object.keys(field))),
        create(field, invalid(...Object.keys(field))),
      ]),
    ],
    heldBy: ['test/support/conformance/conformance.test.ts'],
  },
  {
    says: 'A fuzzer that generates valid requests from it gets a 400 only for what a schema cannot say:',
    cases: [
      [create({ password: 'password1' }, { status: 400, message: 'Password is too common' })],
      [create({ login: 'equal-to-it', password: 'equal-to-it' }, invalid('password'))],
      [update({ data: { a: 'x'.repeat(65_536) } }, invalid('data'))],
      [step('admin', 'GET /user?sortField=Login&after=x', invalid('after'))],
      [step('admin', 'GET /user/{own}/session?after=x', invalid('after'))],
      [step('admin', 'GET /user?after=1&skip=1', invalid('after'))],
    ],
  },
  {
    says: '| listed | `GET /user` |',
    cases: [[step('admin', 'GET /user?login={login}', { status: 200, body: [LISTED] })]],
    heldBy: ['test/e2e/users.list.test.ts'],
  },
  {
    says: '| published | `GET /user/{id}`, `/user/current` |',
    cases: [
      [
        step('admin', 'GET /user/{own}', {
          status: 200,
          body: { ...LISTED, networks: [SCOPE] },
          only: PUBLISHED,
        }),
      ],
      [
        step('client', 'GET /user/current', {
          status: 200,
          body: { ...LISTED, networks: [SCOPE] },
          only: PUBLISHED,
        }),
      ],
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
            only: ['id', 'lastLogin', 'data', 'introReviewed', 'allDeviceTypesAvailable'],
          },
        ),
      ],
    ],
    heldBy: ['test/e2e/users.create.test.ts'],
  },
  {
    says: '| administrator | every writable field | every writable field |',
    cases: [
      ...['{own}', 'current'].map((id) => [
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
      [
        update({ login: 'new-{fresh}', role: 1, password: 'another password', oldPassword: '{password}' }),
        step('anyone', 'POST /token', {
          send: { login: 'new-{fresh}', password: 'another password' },
          status: 201,
        }),
      ],
    ],
    heldBy: ['test/properties/access-matrix.test.ts'],
  },
  {
    says: '| client | `password`, `data` (more by',
    cases: [
      [updateOwn({ password: 'another password', data: { a: 1 } }), shows({ data: { a: 1 } })],
      ...['{other}', '{admin}', '{missing}'].flatMap((id) =>
        [{ data: {} }, { password: 'another password' }, { role: 1 }, {}].map((send) => [
          step('client', `PUT /user/${id}`, { send, ...DENIED }),
        ]),
      ),
    ],
    configured: [
      {
        with: { CLIENT_WRITABLE_FIELDS: 'password,data,introReviewed' },
        cases: [
          [
            updateOwn({ introReviewed: true, data: { a: 1 } }),
            shows({ introReviewed: true, data: { a: 1 } }),
          ],
          [step('client', 'PUT /user/{other}', { send: { introReviewed: true }, ...DENIED })],
        ],
      },
    ],
  },
  {
    says: '- A client that would *change* a field outside its list gets 403',
    cases: [
      ...[
        { role: 0 },
        { status: 1 },
        { login: 'another-{fresh}' },
        { introReviewed: true },
        { allDeviceTypesAvailable: true },
        { introReviewed: null },
        { data: { a: 1 }, role: 0 },
        { data: { a: 1 }, role: 1, status: 2 },
      ].flatMap((send) =>
        ['PUT', 'PATCH'].map((method) => [
          step('client', `${method} /user/current`, { send, ...ADMINISTRATORS_ONLY }),
          shows({ ...LISTED, login: '{login}' }),
        ]),
      ),
      [
        updateOwn({ password: 'another password', introReviewed: true }, ADMINISTRATORS_ONLY),
        signIn('{password}', 201),
      ],
    ],
    heldBy: ['test/e2e/users.unchanged.test.ts'],
  },
  {
    says: 'Sending such a field with its current value',
    cases: [
      ...[
        { role: 1 },
        { status: 0 },
        { login: '{login}' },
        { login: ' {login} ' },
        { introReviewed: false },
        { allDeviceTypesAvailable: false },
        { role: 1, status: 0, id: 1, lastLogin: null, networks: [] },
      ].flatMap((send) =>
        ['PUT', 'PATCH'].map((method) => [
          step('client', 'GET /user/current', { status: 200, keep: { tag: 'header etag' } }),
          step('client', `${method} /user/current`, { send, status: 204 }),
          step('client', `${method} /user/current`, {
            send: {},
            headers: { 'if-match': '{tag}' },
            status: 204,
          }),
          shows({ ...LISTED, login: '{login}', id: '{own}', networks: [SCOPE] }),
        ]),
      ),
      ...[
        { id: 1, lastLogin: null, networks: [] },
        { id: 999_999, lastLogin: null, networks: [] },
      ].flatMap((send) => [
        [update(send), shows({ ...LISTED, id: '{own}', networks: [SCOPE] })],
        [updateOwn(send), shows({ ...LISTED, id: '{own}', networks: [SCOPE] })],
        [create(send, { status: 201, body: { id: expect.any(Number), lastLogin: null } })],
      ]),
      [updateOwn({ role: 1, data: { a: 1 } }), shows({ ...LISTED, login: '{login}', data: { a: 1 } })],
    ],
    heldBy: ['test/e2e/users.unchanged.test.ts', 'test/e2e/second-check.test.ts'],
  },
  {
    says: 'So a resource read with GET, including one',
    cases: (
      [
        ['admin', '{own}'],
        ['client', 'current'],
        ['client', '{own}'],
        ['admin', 'current'],
      ] as const
    ).map(([who, id]) => [
      step(who, `GET /user/${id}`, {
        status: 200,
        keep: { ...Object.fromEntries(PUBLISHED.map((field) => [field, field])), tag: 'header etag' },
      }),
      step(who, `PUT /user/${id}`, {
        send: Object.fromEntries(PUBLISHED.map((field) => [field, `{${field}}`])),
        status: 204,
      }),
      step(who, `GET /user/${id}`, {
        status: 200,
        body: Object.fromEntries(PUBLISHED.map((field) => [field, `{${field}}`])),
      }),
      step(who, `PUT /user/${id}`, { send: {}, headers: { 'if-match': '{tag}' }, status: 204 }),
    ]),
    heldBy: ['test/properties/round-trip.test.ts'],
  },
  {
    says: '- Where `password` is not in a client',
    configured: [
      {
        with: { CLIENT_WRITABLE_FIELDS: 'introReviewed' },
        cases: ['password', 'oldPassword'].flatMap((field) =>
          ['{password}', 'another password', '', null, 5].map((value) => [
            updateOwn({ [field]: value }, ADMINISTRATORS_ONLY),
            step('client', 'PATCH /user/current', {
              send: { role: 1, [field]: value },
              ...ADMINISTRATORS_ONLY,
            }),
            signIn('{password}', 201),
          ]),
        ),
      },
    ],
    heldBy: ['test/e2e/users.unchanged.test.ts'],
  },
  {
    says: '`data` is compared as a JSON value',
    configured: [
      {
        with: { CLIENT_WRITABLE_FIELDS: 'introReviewed' },
        cases: [
          ...[
            '{"b":[1.0,"é"],"a":1}',
            '{ "a": 1, "b": [1.0, "\\u00e9"] }',
            '{"a":2,"b":[1.0,"é"],"a":1}',
          ].map((data) => [
            ...storedData('{"a":1,"b":[1.0,"é"]}'),
            step('client', 'PUT /user/current', { send: `{"data":${data}}`, status: 204 }),
            step('client', 'GET /user/current', { status: 200, text: /"data":\{"a":1,"b":\[1\.0,"é"\]\},/ }),
          ]),
          ...[
            '{"a":1,"b":[1,"é"]}',
            '{"a":1.0,"b":[1.0,"é"]}',
            '{"a":1,"b":["é",1.0]}',
            '{"a":1}',
            'null',
          ].map((data) => [
            ...storedData('{"a":1,"b":[1.0,"é"]}'),
            step('client', 'PUT /user/current', { send: `{"data":${data}}`, ...ADMINISTRATORS_ONLY }),
          ]),
        ],
      },
    ],
    heldBy: ['src/text/json-tree.spec.ts'],
  },
  {
    says: '- The same holds for administrators',
    cases: [
      ...[
        { login: '{login}' },
        { role: 1, introReviewed: false, allDeviceTypesAvailable: false, data: null },
        { status: 0 },
      ].map((send) => [
        step('admin', 'GET /user/{own}', { status: 200, keep: { tag: 'header etag' } }),
        update(send),
        update({}, { headers: { 'if-match': '{tag}' }, status: 204 }),
        step('admin', 'GET /event?subject=user/{own}&type=hivegate.user.updated', { status: 200, list: [] }),
        ...ownGoesOn,
      ]),
      [
        ...failedLogins(10).map((failed) => ({ ...failed, headers: { 'x-forwarded-for': '203.0.113.9' } })),
        update({ status: 1, role: 1 }),
        shows({ status: 1 }),
        ...ownGoesOn,
      ],
    ],
    heldBy: ['test/e2e/users.unchanged.test.ts'],
  },
  {
    says: 'Two exceptions, for administrators alone:',
    cases: [
      // Nine failed logins, and nine again.
      [
        ...failedLogins(9),
        update({ status: 0, role: 1 }),
        ...failedLogins(9),
        shows({ status: 0 }),
        // Not by the user itself.
        updateOwn({ status: 0 }),
        ...failedLogins(1),
        shows({ status: 1 }),
      ],
      [
        ...failedLogins(10).map((failed) => ({ ...failed, headers: { 'x-forwarded-for': '203.0.113.9' } })),
        updateOwn({ status: 1 }),
        ...ownGoesOn,
        update({ status: 1 }),
        ...ownIsRevoked,
        shows({ status: 1 }),
      ],
    ],
    heldBy: ['test/e2e/users.unchanged.test.ts'],
  },
  {
    says: '- A property that is not in the table of fields is a 400.',
    cases: ['shoeSize', 'Login', 'entityVersion', 'passwordHash', 'passwordVersion'].flatMap((name) => [
      [update({ [name]: 9, data: { a: 1 } }, { status: 400 }), shows({ data: null })],
      [updateOwn({ [name]: 9, data: { a: 1 } }, { status: 400 }), shows({ data: null })],
      [create({ [name]: 9 }, { status: 400 })],
    ]),
  },
  {
    says: 'The policy is checked before validation: a value of another type counts as a different value.',
    cases: [
      ...[
        { role: 'nonsense' },
        { role: '1' },
        { status: 9 },
        { status: false },
        { login: '' },
        { introReviewed: 0 },
        { data: 5, introReviewed: 'yes' },
        { password: 'short', role: 0 },
        { shoeSize: 9, role: 0 },
      ].map((send) => [updateOwn(send, ADMINISTRATORS_ONLY)]),
      [updateOwn({ shoeSize: 9, role: 1 }, { status: 400 })],
      ...[{ role: 'nonsense' }, { data: 5 }, { shoeSize: 9 }].map((send) => [
        step('client', 'PUT /user/{other}', { send, ...DENIED }),
      ]),
      [step('client', 'POST /user', { send: { shoeSize: 9 }, ...DENIED })],
    ],
    heldBy: ['test/e2e/users.update.test.ts'],
  },
  {
    says: '- A field that the policy does not list is denied to clients',
    cases: ['role', 'status', 'login', 'introReviewed', 'allDeviceTypesAvailable'].map((field) => [
      updateOwn({ [field]: 7 }, ADMINISTRATORS_ONLY),
    ]),
    configured: [
      {
        // Less than by default: nothing is allowed because it was once.
        with: { CLIENT_WRITABLE_FIELDS: 'data' },
        cases: [
          [updateOwn({ data: { a: 1 } })],
          [updateOwn({ password: 'another password' }, ADMINISTRATORS_ONLY), signIn('{password}', 201)],
          [updateOwn({ oldPassword: '{password}' }, ADMINISTRATORS_ONLY)],
        ],
      },
    ],
  },
  {
    says: '- `{id}` is an integer or the word `current`.',
    cases: [
      [step('admin', 'PUT /user/{own}', { send: {}, status: 204 })],
      [step('admin', 'PUT /user/current', { send: {}, status: 204 })],
      [
        step('client', 'PUT /user/current', { send: { data: { self: true } }, status: 204 }),
        shows({ data: { self: true } }),
      ],
    ],
  },
  {
    says: 'Anything else: 400.',
    cases: ['x', '0', '-1', '1.5', '1e1', 'Current', '%20', '{own}x'].map((id) => [
      step('admin', `PUT /user/${id}`, { send: {}, status: 400 }),
    ]),
    heldBy: ['test/e2e/users.update.test.ts'],
  },
  {
    says: '- Only the properties that are present are changed;',
    cases: [
      [
        update({ data: { a: 1 } }),
        update({ introReviewed: true }),
        shows({ ...LISTED, login: '{login}', data: { a: 1 }, introReviewed: true }),
      ],
      [update({ password: 'another password' }), shows({ ...LISTED, login: '{login}' })],
    ],
  },
  {
    says: '`null` clears `data` and is a 400',
    cases: [
      [update({ data: { a: 1 } }), update({ data: null }), shows({ data: null })],
      ...[
        'login',
        'role',
        'status',
        'password',
        'oldPassword',
        'introReviewed',
        'allDeviceTypesAvailable',
      ].map((field) => [update({ [field]: null }, { status: 400 })]),
    ],
  },
  {
    says: '`{}` changes nothing, 204.',
    cases: [
      [update({}), shows({ ...LISTED, login: '{login}' })],
      [
        step('admin', 'PUT /user/{own}', { send: '', headers: JSON_TYPE, status: 204 }),
        shows({ ...LISTED, login: '{login}' }),
      ],
    ],
  },
  {
    says: '- All or nothing, and atomic',
    cases: [
      [update({ introReviewed: true, role: 7 }, { status: 400 }), shows({ introReviewed: false })],
      [update({ introReviewed: true, unknown: 1 }, { status: 400 }), shows({ introReviewed: false })],
      [
        update({ introReviewed: true, password: 'another password', oldPassword: 'no' }, INVALID_CREDENTIALS),
        shows({ introReviewed: false }),
      ],
    ],
    checks: { 'two concurrent updates of different properties both survive': updateAtOnce },
    heldBy: ['test/e2e/users.concurrency.test.ts'],
  },
  {
    says: '- `oldPassword` may come with `password`;',
    cases: [
      [updateOwn({ password: 'another password' }), signIn('another password', 201)],
      [
        updateOwn({ password: 'another password', oldPassword: '{password}' }),
        signIn('another password', 201),
      ],
    ],
  },
  {
    says: 'when present it must be correct (403 `Invalid credentials`).',
    cases: [
      ...['a wrong one', '', '{password} '].map((oldPassword) => [
        updateOwn({ password: 'another password', oldPassword }, INVALID_CREDENTIALS),
        signIn('{password}', 201),
      ]),
      [update({ password: 'another password', oldPassword: '{adminPassword}' }, INVALID_CREDENTIALS)],
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: 'With `REQUIRE_OLD_PASSWORD=true` every user, administrators included',
    configured: [
      {
        with: { REQUIRE_OLD_PASSWORD: 'true' },
        cases: [
          [
            updateOwn({ password: 'another password', oldPassword: '{password}' }),
            signIn('another password', 201),
          ],
          [updateOwn({ data: { a: 1 } })],
          // Another user's password is no matter of this.
          [update({ password: 'another password' }), signIn('another password', 201)],
          ...['current', '{id}'].map((id) => [
            ...createAdministrator,
            withToken('kept', `PUT /user/${id}`, {
              send: { password: 'another password', oldPassword: 'a password of tests' },
              status: 204,
            }),
            step('anyone', 'POST /token', {
              send: { login: '{fresh}', password: 'another password' },
              status: 201,
            }),
          ]),
        ],
      },
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: 'Where it must be sent and is not: 400.',
    configured: [
      {
        with: { REQUIRE_OLD_PASSWORD: 'true' },
        cases: [
          ...['current', '{own}'].map((id) => [
            step('client', `PUT /user/${id}`, { send: { password: 'another password' }, status: 400 }),
            signIn('{password}', 201),
          ]),
          ...['current', '{id}'].map((id) => [
            ...createAdministrator,
            withToken('kept', `PUT /user/${id}`, { send: { password: 'another password' }, status: 400 }),
            step('anyone', 'POST /token', {
              send: { login: '{fresh}', password: 'a password of tests' },
              status: 201,
            }),
          ]),
        ],
      },
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: '- A new password revokes sessions at once, access tokens included',
    cases: [
      [
        signInElsewhere,
        ...goesOn('elsewhere'),
        updateOwn({ password: 'another password' }),
        ...isRevoked('elsewhere'),
        ...ownGoesOn,
      ],
      // What descends from the calling session is revoked.
      [
        createChild('child'),
        createChild('grandchild', 'child'),
        updateOwn({ password: 'another password' }),
        ...isRevoked('child'),
        ...isRevoked('grandchild'),
        ...ownGoesOn,
      ],
      // What the calling session descends from is not.
      [
        signInElsewhere,
        createChild('child'),
        createChild('sibling'),
        createChild('grandchild', 'child'),
        withToken('grandchild', 'PUT /user/current', { send: { password: 'another password' }, status: 204 }),
        ...goesOn('grandchild'),
        ...goesOn('child'),
        ...ownGoesOn,
        ...isRevoked('sibling'),
        ...isRevoked('elsewhere'),
      ],
      // The same password is a new one; another field is none.
      [signInElsewhere, updateOwn({ password: '{password}' }), ...isRevoked('elsewhere'), ...ownGoesOn],
      [signInElsewhere, updateOwn({ data: { a: 1 } }), ...goesOn('elsewhere')],
      // A password that is refused revokes nothing.
      [signInElsewhere, updateOwn({ password: 'short' }, PASSWORD_LENGTH), ...goesOn('elsewhere')],
      [
        signInElsewhere,
        updateOwn({ password: 'another password', oldPassword: 'wrong' }, INVALID_CREDENTIALS),
        ...goesOn('elsewhere'),
      ],
      // An administrator's own password.
      [
        ...createAdministrator,
        step('anyone', 'POST /token', {
          send: { login: '{fresh}', password: 'a password of tests' },
          status: 201,
          keep: { elsewhere: 'accessToken', elsewhereRefresh: 'refreshToken' },
        }),
        withToken('kept', 'PUT /user/{id}', { send: { password: 'another password' }, status: 204 }),
        ...goesOn('kept'),
        ...isRevoked('elsewhere'),
        step('admin', 'DELETE /user/{id}', { status: 204 }),
      ],
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: 'all of them if an administrator sets it for another user.',
    cases: [
      [
        signInElsewhere,
        createChild('child'),
        update({ password: 'another password' }),
        ...ownIsRevoked,
        ...isRevoked('elsewhere'),
        ...isRevoked('child'),
        step('admin', 'GET /user/{own}/session', { status: 200, body: [] }),
        // The administrator's own session goes on, and so does what starts after.
        signIn('another password', 201, { keep: { kept: 'accessToken', keptRefresh: 'refreshToken' } }),
        ...goesOn('kept'),
      ],
      [update({ introReviewed: true, login: 'new-{fresh}' }), ...ownGoesOn],
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: 'It clears the failed-attempt counts.',
    cases: [
      [
        ...failedLogins(9),
        update({ password: 'another password' }),
        ...failedLogins(9),
        shows({ status: 0 }),
        ...failedLogins(1),
        shows({ status: 1 }),
      ],
      [
        ...failedLogins(9),
        updateOwn({ password: 'another password' }),
        ...failedLogins(9),
        shows({ status: 0 }),
        signIn('another password', 201),
      ],
      // A password that is refused clears nothing.
      [
        ...failedLogins(9),
        updateOwn({ password: 'short' }, PASSWORD_LENGTH),
        ...failedLogins(1),
        shows({ status: 1 }),
      ],
      // A lockout by failed logins ends, too.
      [
        ...failedLogins(10),
        update({ password: 'another password' }),
        shows({ status: 0 }),
        signIn('another password', 201),
      ],
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: '- Disabling or deleting a user revokes all of its sessions at once',
    cases: [
      [
        signInElsewhere,
        createChild('child'),
        update({ status: 2 }),
        ...ownIsRevoked,
        ...isRevoked('elsewhere'),
        ...isRevoked('child'),
        update({ status: 0 }),
        ...ownIsRevoked,
        ...isRevoked('elsewhere'),
        ...isRevoked('child'),
        step('admin', 'GET /user/{own}/session', { status: 200, body: [] }),
        signIn('{password}', 201),
      ],
      // A session that an administrator has created for it, too.
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{own}', actions: ['GetCurrentUser'] },
          status: 201,
          keep: { kept: 'accessToken', keptRefresh: 'refreshToken' },
        }),
        ...goesOn('kept'),
        update({ status: 2 }),
        update({ status: 0 }),
        ...isRevoked('kept'),
      ],
      [
        signInElsewhere,
        createChild('child'),
        step('admin', 'DELETE /user/{own}', { status: 204 }),
        ...ownIsRevoked,
        ...isRevoked('elsewhere'),
        ...isRevoked('child'),
      ],
      // What is refused revokes nothing, and a status that is no change neither.
      [update({ status: 2, role: 7 }, { status: 400 }), ...ownGoesOn],
      [update({ status: 0 }), ...ownGoesOn],
    ],
    heldBy: ['test/e2e/principal-cache.test.ts', 'test/e2e/users.delete.test.ts'],
  },
  {
    says: 'The same applies when an administrator sets the status to 1.',
    cases: [
      [
        signInElsewhere,
        createChild('child'),
        update({ status: 1 }),
        ...ownIsRevoked,
        ...isRevoked('elsewhere'),
        ...isRevoked('child'),
        update({ status: 0 }),
        ...ownIsRevoked,
        ...isRevoked('elsewhere'),
        ...isRevoked('child'),
        signIn('{password}', 201),
      ],
      // Where it is 1 already, by failed logins.
      [...failedLogins(10), ...ownGoesOn, update({ status: 1 }), ...ownIsRevoked],
    ],
    heldBy: ['test/e2e/principal-cache.test.ts', 'test/e2e/lockout.test.ts'],
  },
  {
    says: '(A user whom failed logins have locked out keeps its sessions.)',
    cases: [
      [
        signInElsewhere,
        createChild('child'),
        ...failedLogins(10).map((failed) => ({ ...failed, headers: { 'x-forwarded-for': '203.0.113.9' } })),
        shows({ status: 1 }),
        ...ownGoesOn,
        ...goesOn('elsewhere'),
        ...goesOn('child'),
        // Nor does the end of the lockout end them.
        update({ status: 0 }),
        ...ownGoesOn,
        ...goesOn('elsewhere'),
      ],
    ],
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: '- `GET /user/{id}`, `/user/current`, `/network/{id}` and `/devicetype/{id}` carry an `ETag`',
    cases: [
      ...TAGGED.flatMap(({ as, path, change }) => [
        [
          step(as, `GET ${path}`, { status: 200, carries: { etag: /^"/ }, keep: { tag: 'header etag' } }),
          ...['{tag}', 'W/{tag}', '"a,b", W/{tag}', '*'].map((sent) =>
            step(as, `GET ${path}`, {
              headers: { 'if-none-match': sent },
              status: 304,
              text: /^$/,
              carries: { etag: /^"/ },
            }),
          ),
          ...['"1"', '{tag} {tag}', '"*"'].map((sent) =>
            step(as, `GET ${path}`, { headers: { 'if-none-match': sent }, status: 200 }),
          ),
          step(as, `PUT ${path}`, { send: change, status: 204 }),
          step(as, `GET ${path}`, { headers: { 'if-none-match': '{tag}' }, status: 200 }),
        ],
      ]),
      ...['GET /user/{own}', 'GET /user/current'].flatMap((ask) =>
        [
          signIn('{password}', 201),
          step('admin', 'PUT /network/{network}', { send: { name: '{fresh}' }, status: 204 }),
          step('admin', 'DELETE /network/{network}', { status: 204 }),
        ].map((shown) => [
          step('client', ask, { status: 200, keep: { tag: 'header etag' } }),
          shown,
          step('client', ask, { headers: { 'if-none-match': '{tag}' }, status: 200 }),
        ]),
      ),
    ],
    heldBy: ['test/e2e/conditional-requests.test.ts', 'test/e2e/users.read.test.ts'],
  },
  {
    says: '`PUT`, `PATCH` and `DELETE` return 412 and change nothing',
    cases: [
      ...TAGGED.map(({ as, path, change, isDeletable }) => [
        step(as, `GET ${path}`, { status: 200, keep: { old: 'header etag' } }),
        step(as, `PUT ${path}`, { send: change, headers: { 'if-match': '{old}' }, status: 204 }),
        step(as, `GET ${path}`, { status: 200, keep: { tag: 'header etag' } }),
        ...[
          { 'if-match': '{old}' },
          { 'if-match': 'W/{tag}' },
          { 'if-none-match': '{tag}' },
          { 'if-none-match': 'W/{tag}' },
          { 'if-none-match': '*' },
        ].flatMap((headers) => [
          step(as, `PUT ${path}`, { send: change, headers, status: 412 }),
          ...(isDeletable ? [step(as, `DELETE ${path}`, { headers, status: 412 })] : []),
        ]),
        step(as, `GET ${path}`, { headers: { 'if-none-match': '{tag}' }, status: 304 }),
        isDeletable
          ? step(as, `DELETE ${path}`, {
              headers: { 'if-match': '{tag}', 'if-none-match': '{old}' },
              status: 204,
            })
          : step(as, `PUT ${path}`, { send: {}, headers: { 'if-match': '*' }, status: 204 }),
      ]),
      [
        update({ introReviewed: true }, { headers: { 'if-match': '"0"' }, status: 412 }),
        shows({ introReviewed: false }),
      ],
    ],
    heldBy: ['test/e2e/conditional-requests.test.ts', 'test/e2e/users.update.test.ts'],
  },
  {
    says: '`If-Match` compares only the part of the tag',
    cases: [
      signIn('{password}', 201),
      refresh({ status: 201 }),
      step('admin', 'PUT /network/{network}', { send: { name: '{fresh}' }, status: 204 }),
    ].map((between) => [
      step('client', 'GET /user/current', { status: 200, keep: { tag: 'header etag' } }),
      between,
      updateOwn({ data: { a: 1 } }, { headers: { 'if-match': '{tag}' }, status: 204 }),
      updateOwn({ data: { a: 2 } }, { headers: { 'if-match': '{tag}' }, status: 412 }),
    ]),
    heldBy: ['test/e2e/conditional-requests.test.ts'],
  },
  {
    says: 'On other routes `If-Match` other than `*` is 412.',
    cases: (
      [
        ['admin', 'GET /user', 200],
        ['admin', 'GET /user/{own}/network/{network}', 200],
        ['admin', 'PUT /user/{own}/network/{network}', 204],
        ['client', 'GET /network', 200],
        ['client', 'GET /user/current/session', 200],
        ['anyone', 'GET /info', 200],
      ] as const
    ).map(([as, ask, status]) => [
      step(as, ask, { headers: { 'if-match': '"1"' }, status: 412 }),
      step(as, ask, { headers: { 'if-match': '*' }, status }),
    ]),
    heldBy: ['test/e2e/conditional-requests.test.ts'],
  },
  {
    says: 'Without these headers the last writer of a property wins.',
    cases: [
      [
        step('client', 'GET /user/current', { status: 200 }),
        update({ data: { by: 'the administrator' } }),
        updateOwn({ data: { by: 'the client' } }),
        shows({ data: { by: 'the client' } }),
      ],
    ],
  },
  {
    says: '- `PATCH` is the same update as a JSON merge patch',
    cases: [
      ...['application/merge-patch+json', 'application/json'].flatMap((type) =>
        (['admin', 'client'] as const).flatMap((who) =>
          ['{own}', 'current']
            .slice(0, who === 'admin' ? 1 : 2)
            .map((id) => [
              ...storedData('{"a":1,"b":{"c":2,"d":3}}'),
              patch('{"data":{"a":null,"b":{"c":4},"e":5}}', { status: 204 }, { who, id, type }),
              shows({ data: { b: { c: 4, d: 3 }, e: 5 } }),
            ]),
        ),
      ),
      [patch('{"data":{"a":1,"b":null}}'), shows({ data: { a: 1 } })],
      [...storedData('{"a":1}'), patch('{"data":null}'), shows({ data: null })],
      [patch('{"introReviewed":true,"role":1}'), shows({ introReviewed: true, data: null })],
      ...['login', 'role', 'status', 'password'].map((field) => [
        patch(`{"${field}":null}`, { status: 400 }),
      ]),
      [
        step('admin', 'PATCH /user/{own}', {
          send: '{"data":{"a":1}}',
          headers: { 'content-type': 'application/json-patch+json' },
          status: 415,
          carries: { 'accept-patch': /^application\/merge-patch\+json, application\/json$/ },
        }),
        step('admin', 'PUT /user/{own}', {
          send: '{"data":{"a":1}}',
          headers: { 'content-type': 'application/merge-patch+json' },
          status: 415,
          carries: { 'accept-patch': null },
        }),
        shows({ data: null }),
      ],
    ],
    checks: { 'two concurrent patches of different members both survive': patchAtOnce },
    heldBy: ['test/e2e/users.patch.test.ts', 'test/properties/access-matrix.test.ts'],
  },
  {
    says: 'Merged members are stored as sent;',
    cases: [
      [
        ...storedData('{"a":1,"b":2}'),
        patch('{"data":{"a" : [ 1.0 ],"c":1e400}}'),
        step('admin', 'GET /user/{own}', {
          status: 200,
          text: /"data":\{"a" : \[ 1\.0 \],"b":2,"c":1e400\},/,
        }),
      ],
    ],
    heldBy: ['test/e2e/users.patch.test.ts'],
  },
  {
    says: 'members that the patch does not name keep their stored text',
    cases: [
      [
        ...storedData('{"a":1,"b" : [ 1.0, {"x":1,"x":2} ] }'),
        patch('{"data":{"a":2}}'),
        step('admin', 'GET /user/{own}', {
          status: 200,
          text: /"data":\{"a":2,"b" : \[ 1\.0, \{"x":1,"x":2\} \] \},/,
        }),
      ],
    ],
    heldBy: ['test/e2e/users.patch.test.ts'],
  },
  {
    says: 'Names are compared decoded;',
    cases: [
      [
        ...storedData('{"\\u0061":1,"b":2}'),
        patch('{"data":{"a":null,"\\u0062":3}}'),
        shows({ data: { b: 3 } }),
      ],
    ],
  },
  {
    says: 'of a name that occurs twice the last counts',
    cases: [
      [
        ...storedData('{"a":1,"b":0,"a":{"x":1}}'),
        patch('{"data":{"a":5,"a":{"y":2}}}'),
        step('admin', 'GET /user/{own}', { status: 200, text: /"data":\{"b":0,"a":\{"x":1,"y":2\}\},/ }),
        patch('{"data":{"a":null}}'),
        step('admin', 'GET /user/{own}', { status: 200, text: /"data":\{"b":0\},/ }),
      ],
    ],
    heldBy: ['test/e2e/users.patch.test.ts'],
  },
  {
    says: 'A result over 64 KiB, or a patch deeper than 64 levels: 400.',
    cases: [
      [
        ...storedData(`{"a":"${'x'.repeat(40_000)}"}`),
        patch(`{"data":{"b":"${'x'.repeat(40_000)}"}}`, { status: 400 }),
        patch(`{"data":{"a":"${'x'.repeat(60_000)}"}}`),
      ],
      [patch(`{"data":${'{"a":'.repeat(65)}1${'}'.repeat(65)}}`, { status: 400 }), shows({ data: null })],
      [patch(`{"data":${'{"a":'.repeat(64)}1${'}'.repeat(64)}}`)],
    ],
    heldBy: ['test/e2e/users.patch.test.ts'],
  },
  {
    says: '- An update that would leave no active administrator',
    configured: [
      {
        // A service of its own: it may have no other administrator.
        with: {},
        cases: ['current', '{admin}'].flatMap((id) =>
          [{ role: 1 }, { status: 1 }, { status: 2 }].map((send) => [
            step('admin', `PUT /user/${id}`, {
              send,
              status: 403,
              message: 'The last active administrator cannot be removed',
            }),
            step('admin', 'GET /user/current', { status: 200, body: { role: 0, status: 0 } }),
          ]),
        ),
      },
    ],
    heldBy: ['test/e2e/users.concurrency.test.ts'],
  },
  {
    says: '- For that rule an administrator whom failed logins have locked out',
    configured: [
      {
        // A service of its own: it may have no other administrator.
        with: { ADMIN_LOGIN: 'locked' },
        cases: [
          [
            create({ role: 0 }, { status: 201, keep: { id: 'id' } }),
            ...Array.from({ length: 10 }, () =>
              step('anyone', 'POST /token', { send: { login: 'locked', password: 'wrong' }, status: 401 }),
            ),
            step('admin', 'GET /user/{admin}', { status: 200, body: { status: 1 } }),
            // The other one is not the last, and the locked one is then.
            step('admin', 'PUT /user/{id}', { send: { role: 1 }, status: 204 }),
            step('admin', 'PUT /user/current', {
              send: { role: 1 },
              status: 403,
              message: 'The last active administrator cannot be removed',
            }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/lockout.test.ts'],
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
      [
        create(
          { login: '{login}' },
          { status: 403, message: 'User with such login already exists. Please, select another one' },
        ),
      ],
    ],
  },
  {
    says: '- No such user (asked by an administrator)',
    cases: ['GET', 'PUT', 'PATCH', 'DELETE'].map((method) => [
      step('admin', `${method} /user/{missing}`, {
        status: 404,
        message: 'User with id = {missing} not found',
      }),
    ]),
  },
  {
    says: '- `POST /user` → 201, view *submitted*, `Location',
    cases: [[create({}, { status: 201, carries: { location: /^\/user\/\d+$/ } })]],
    configured: [
      {
        with: { API_PREFIX: '/dh/rest' },
        cases: [[create({}, { status: 201, carries: { location: /^\/dh\/rest\/user\/\d+$/ } })]],
      },
    ],
    heldBy: ['test/e2e/users.create.test.ts'],
  },
  {
    says: '- `GET /user` → 200, array, view *listed*.',
    cases: [
      [
        step('admin', 'GET /user', { status: 200, body: expect.any(Array) }),
        step('admin', 'GET /user?login={login}', { status: 200, body: [LISTED] }),
      ],
    ],
    heldBy: ['test/e2e/users.list.test.ts'],
  },
  {
    says: 'Query: `login` (exact, ignoring case)',
    cases: [
      // What a query finds.
      ...[
        'login=mIXED-{fresh}',
        'loginPattern=%25{fresh}',
        'loginPattern=Mixe_-{fresh}',
        'loginPattern=%25{fresh}&login=nobody',
        'loginPattern=%25{fresh}&role=1',
        'loginPattern=%25{fresh}&status=0',
        'loginPattern=%25{fresh}&sortField=LOGIN&sortOrder=desc',
        'loginPattern=%25{fresh}&sortField=id&sortOrder=AsC',
        'loginPattern=%25{fresh}&take=10000&skip=0',
        'loginPattern=%25{fresh}&after={admin}',
        'loginPattern=%25{fresh}&after={admin}&sortField=ID',
      ].map((query) => [
        update({ login: 'Mixed-{fresh}' }),
        step('admin', `GET /user?${query}`, { status: 200, body: [{ ...LISTED, id: '{own}' }] }),
      ]),
      ...['under%5C_{fresh}', '%25%5C_{fresh}', 'Under_{fresh}'].map((pattern) => [
        update({ login: 'under_{fresh}' }),
        step('admin', `GET /user?loginPattern=${pattern}`, {
          status: 200,
          body: [{ ...LISTED, id: '{own}' }],
        }),
      ]),
      // What it does not find.
      ...[
        'loginPattern=Mixed%5C_{fresh}',
        'loginPattern=Mi%5Cxed-{fresh}',
        'loginPattern=Mixed-{fresh}%5C',
        'loginPattern=Mixed-{fresh}%5C%5C',
        'loginPattern=Mixed-%5C%25',
        'login={fresh}',
        'loginPattern={fresh}',
        'login=Mixed-{fresh}&loginPattern=nobody%25',
        'login=Mixed-{fresh}&role=0',
        'login=Mixed-{fresh}&status=2',
        'login=Mixed-{fresh}&skip=1',
        'login=Mixed-{fresh}&after={own}',
      ].map((query) => [
        update({ login: 'Mixed-{fresh}' }),
        step('admin', `GET /user?${query}`, { status: 200, body: [] }),
      ]),
      ...[
        'take=0',
        'take=10001',
        'skip=-1',
        'after=x',
        'after=1&skip=1',
        'after=1&sortField=Login',
        'sortField=Role',
        'sortOrder=up',
        'x=1',
        'role=2',
        'status=3',
      ].map((query) => [step('admin', `GET /user?${query}`, { status: 400 })]),
    ],
    // The defaults, the order, and rows that are deleted or renamed.
    heldBy: ['test/e2e/users.list.test.ts', 'test/e2e/lists.test.ts'],
  },
  {
    says: 'A page also ends before the response body exceeds 8 MiB.',
    checks: {
      'the pages of 140 users with 64 KiB of data each': async (service) => {
        const prefix = freshName('sized');
        const data = JSON.stringify({ text: 'x'.repeat(65_000) });
        const logins = Array.from({ length: 140 }, (_, index) => ({ login: `${prefix}-${index}`, data }));
        await insertUsers(service.database, logins);
        const pages = await follow(service.admin, `/user?take=10000&loginPattern=${prefix}%25`);
        expect(pages.map(({ body }) => body.length)).toEqual([128, 12]);
        for (const { text } of pages) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8 * 1024 * 1024);
        await service.database.query('DELETE FROM users WHERE login LIKE ?', [`${prefix}%`]);
      },
    },
    heldBy: ['test/e2e/lists.test.ts', 'test/e2e/lists.streamed.test.ts'],
  },
  {
    says: 'When `take` or the size has cut a page short, the next page is announced by',
    cases: [
      [step('admin', 'GET /user?take=1', { status: 200, carries: { link: /^<.*after=1>; rel="next"$/ } })],
      [
        step('admin', 'GET /user?take=1&skip=0&sortField=Login', {
          status: 200,
          carries: { link: /^<(?!.*skip=).*after=[\w-]{20,}>; rel="next"$/ },
        }),
      ],
      // A full page that is the last, and one that is not full.
      [step('admin', 'GET /user?login={login}&take=1', { status: 200, carries: { link: null } })],
      [step('admin', 'GET /user?login={login}', { status: 200, carries: { link: null } })],
    ],
    heldBy: ['test/e2e/users.list.test.ts', 'test/e2e/lists.test.ts'],
  },
  {
    says: 'Networks and device types page alike.',
    cases: (['network', 'devicetype'] as const).map((path) => [
      step('admin', `POST /${path}`, { send: { name: '{fresh}-b' }, status: 201, keep: { b: 'id' } }),
      step('admin', `POST /${path}`, { send: { name: '{fresh}-a' }, status: 201, keep: { a: 'id' } }),
      step('admin', `GET /${path}?namePattern={fresh}%25&take=1`, {
        status: 200,
        list: [{ id: '{b}' }],
        carries: { link: /^<.*after=\d+>; rel="next"$/ },
      }),
      step('admin', `GET /${path}?namePattern={fresh}%25&after={b}`, { status: 200, list: [{ id: '{a}' }] }),
      step('admin', `GET /${path}?namePattern={fresh}%25&take=1&sortField=Name`, {
        status: 200,
        list: [{ id: '{a}' }],
        carries: { link: /^<.*after=[\w-]{20,}>; rel="next"$/ },
      }),
      step('admin', `GET /${path}?namePattern={fresh}%25&take=2&sortField=Name`, {
        status: 200,
        list: [{ id: '{a}' }, { id: '{b}' }],
        carries: { link: null },
      }),
      step('admin', `GET /${path}?after={b}&sortField=Name`, { status: 400 }),
    ]),
    heldBy: ['test/e2e/lists.test.ts'],
  },
  {
    says: '- `GET /user/count` → 200 `{"count": n}`;',
    cases: [
      [
        step('admin', 'GET /user/count', {
          status: 200,
          body: { count: expect.any(Number) },
          only: ['count'],
        }),
      ],
    ],
  },
  {
    says: 'same filters.',
    cases: [
      ...[
        ['login={login}', 1],
        ['loginPattern={login}%25', 1],
        ['login={login}&role=1&status=0', 1],
        ['login={login}&role=0', 0],
        ['login={login}&status=1', 0],
      ].map(([query, count]) => [
        step('admin', `GET /user/count?${query}`, { status: 200, body: { count } }),
      ]),
      [step('admin', 'GET /user/count?take=1', { status: 400 })],
    ],
    heldBy: ['test/e2e/users.list.test.ts'],
  },
  {
    says: '- `DELETE /user/{id}` → 204;',
    cases: [
      [
        step('admin', 'DELETE /user/{own}', { status: 204 }),
        step('admin', 'GET /user/{own}', { status: 404 }),
      ],
    ],
    heldBy: ['test/e2e/users.delete.test.ts'],
  },
  {
    says: 'oneself: 403 `You can not delete a user',
    cases: [
      [
        step('admin', 'DELETE /user/{admin}', {
          status: 403,
          message: 'You can not delete a user or access key that you use to authenticate this request',
        }),
      ],
    ],
    heldBy: ['test/e2e/users.delete.test.ts'],
  },
  // Only an active administrator may delete, so the last one is always the caller, except in a race.
  { says: 'the last active administrator: as above;', heldBy: ['test/e2e/users.concurrency.test.ts'] },
  {
    says: 'assignments go with the user.',
    cases: [
      [
        step('admin', 'DELETE /user/{own}', { status: 204 }),
        step('admin', 'GET /user/{own}/network/{network}', { status: 404 }),
        step('admin', 'GET /network/{network}', { status: 200 }),
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
          only: ['network'],
        }),
      ],
    ],
  },
  {
    says: 'not assigned: 404 `Network with id 2',
    cases: [
      [
        step('client', 'GET /user/{own}/network/{foreignNetwork}', {
          status: 404,
          message: 'Network with id {foreignNetwork} for user with id {own} was not found',
        }),
      ],
    ],
    heldBy: ['test/e2e/assignments.test.ts'],
  },
  {
    says: '- `PUT`/`DELETE` of an assignment → 204, idempotent;',
    cases: [['PUT', 200] as const, ['DELETE', 404] as const].map(([method, status]) => [
      step('admin', `${method} /user/{own}/network/{network}`, { status: 204 }),
      step('admin', `${method} /user/{own}/network/{network}`, { status: 204 }),
      step('admin', 'GET /user/{own}/network/{network}', { status }),
    ]),
    heldBy: ['test/e2e/assignments.test.ts'],
  },
  {
    says: 'unknown user or network: 404',
    cases: ['PUT', 'DELETE'].map((method) => [
      step('admin', `${method} /user/{missing}/network/{network}`, {
        status: 404,
        message: 'User with id = {missing} not found',
      }),
      step('admin', `${method} /user/{own}/network/{missing}`, {
        status: 404,
        message: 'Network with id = {missing} not found',
      }),
    ]),
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
          only: ['deviceType'],
        }),
      ],
    ],
  },
  {
    says: '404 `Device type with id 2 for user',
    cases: [
      [
        step('client', 'GET /user/{own}/devicetype/{foreignType}', {
          status: 404,
          message: 'Device type with id {foreignType} for user with id {own} not found',
        }),
      ],
    ],
  },
  {
    says: '- Assigning a device type to a user who has all, or taking one away',
    cases: [
      ['PUT', '{foreignType}'],
      ['PUT', '{deviceType}'],
      ['DELETE', '{foreignType}'],
      ['DELETE', '{deviceType}'],
    ].map(([method = '', id = '']) => [
      update({ allDeviceTypesAvailable: true }),
      step('admin', `${method} /user/{own}/devicetype/${id}`, {
        status: 403,
        message: 'Cannot assign device type to user with all device types allowed',
      }),
      update({ allDeviceTypesAvailable: false }),
      step('admin', `${method} /user/{own}/devicetype/${id}`, { status: 204 }),
    ]),
    heldBy: ['test/e2e/assignments.test.ts'],
  },
  {
    says: '- `PUT`/`DELETE /user/{id}/devicetype/all` → 204;',
    cases: ['PUT', 'DELETE'].map((method) => [
      step('admin', `${method} /user/{own}/devicetype/all`, { status: 204 }),
      step('admin', `${method} /user/{own}/devicetype/all`, { status: 204 }),
    ]),
    heldBy: ['test/e2e/assignments.test.ts'],
  },
  {
    says: 'sets or clears `allDeviceTypesAvailable`.',
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
