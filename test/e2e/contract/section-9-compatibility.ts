import { expect } from 'vitest';
import { jwtKey, originalTokenRows, tokenRequests } from './section-9-tokens.js';
import { LOGIN_LENGTH, type Sentence, signIn, step, type Story, UNAUTHORIZED } from './sentence.js';

const COMPATIBLE = { COMPATIBILITY: 'devicehive' } as const;
/** Cases of a service in the compatible mode. */
const compatible = (...cases: readonly Story[]): Pick<Sentence, 'configured'> => ({
  configured: [{ with: COMPATIBLE, cases }],
});

const clients = ['test/e2e/clients/javascript-sdk.test.ts', 'test/e2e/clients/python-sdk.test.ts'];
const bodies = 'test/e2e/compatibility.bodies.test.ts';
const paths = 'test/e2e/compatibility.paths.test.ts';
const queries = 'test/e2e/compatibility.queries.test.ts';
const responses = 'test/e2e/compatibility.responses.test.ts';
const settings = 'src/settings/settings.spec.ts';

const MOMENT = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}`;
const ADMIN_ONLY = { status: 403, message: 'Admin permissions required for this action' } as const;
const ALL_TYPES = 'Cannot assign device type to user with all device types allowed';
const notFound = (message?: string) => ({ status: 404, ...(message !== undefined && { message }) });
const inAnHour = Date.now() + 3_600_000;
const read = (body: object) => step('admin', 'GET /user/{own}', { status: 200, body });
const put = (send: unknown, status = 204) => step('admin', 'PUT /user/{own}', { send, status });
const create = (send: unknown, status = 201) => step('admin', 'POST /user', { send, status });
const NEW = { login: '{fresh}', password: 'a password of tests', role: 1 } as const;

export const compatibility: readonly Sentence[] = [
  {
    says: '- What the original accepts and the strict service does not.',
    cases: [
      [put({ role: '1' }, 400)],
      [put({ passwordConfirmation: 'x' }, 400)],
      [put({ password: '' }, 400)],
      [step('admin', 'GET /user?take=', { status: 400 })],
      [step('admin', 'GET /user?take=10001', { status: 400 })],
      [step('anyone', 'GET /info/config/cluster', { status: 404 })],
      [step('client', 'GET /device', { status: 404 })],
      [step('client', 'GET /user/current/', { status: 404 })],
      [
        step('anyone', 'GET /user/current', {
          headers: { authorization: 'Bearer{accessToken}' },
          ...UNAUTHORIZED,
        }),
      ],
    ],
    heldBy: clients,
  },
  {
    says: 'With this setting the service behaves as in the second column;',
    ...compatible(
      [
        put({ login: '{login}', role: '1', status: '0', password: '', data: null }),
        signIn('{password}', 201),
      ],
      [step('client', 'PUT /user/current', { send: { role: '0' }, ...ADMIN_ONLY }), read({ role: 1 })],
    ),
    heldBy: [...clients, bodies],
  },
  {
    says: 'everything else in sections 1 to 8 and 10 still applies.',
    ...compatible(
      [step('client', 'GET /user/{other}', { status: 403, message: 'Access is denied' })],
      [put({ login: 'a' }, 400), put({ role: 2 }, 400), put({ data: [] }, 400)],
      [step('admin', 'POST /user', { send: { ...NEW, login: 'a' }, status: 400, message: LOGIN_LENGTH })],
      [step('admin', 'DELETE /user/{admin}', { status: 403 })],
      [put({ password: 'another password' }), step('client', 'GET /user/current', UNAUTHORIZED)],
      [step('anyone', 'GET /user', UNAUTHORIZED)],
    ),
    heldBy: [bodies, queries, paths],
  },
  {
    says: '- One source folder decides all of it;',
    heldBy: ['test/architecture/source-rules.test.ts'],
  },
  {
    says: 'elsewhere there are named extension points, and no other code',
    heldBy: ['test/architecture/source-rules.test.ts'],
  },
  {
    says: '`API_PREFIX` is then `/dh/rest` unless it is set.',
    heldBy: [settings, paths],
  },
  {
    says: '| timestamps `2026-01-31T12:00:00.000Z` |',
    cases: [
      [step('client', 'GET /user/current', { status: 200, text: new RegExp(`"lastLogin":"${MOMENT}Z"`) })],
    ],
    ...compatible(
      [step('client', 'GET /user/current', { status: 200, text: new RegExp(`"lastLogin":"${MOMENT}"`) })],
      [step('admin', 'GET /user/{own}', { status: 200, text: new RegExp(`"lastLogin":"${MOMENT}"`) })],
      [
        step('admin', 'GET /user?login={login}', {
          status: 200,
          text: new RegExp(`"lastLogin":"${MOMENT}"`),
        }),
      ],
      ...['/info', '/info/cache'].map((path) => [
        step('anyone', `GET ${path}`, { status: 200, text: new RegExp(`"serverTimestamp":"${MOMENT}"`) }),
      ]),
    ),
    heldBy: [responses, ...clients],
  },
  {
    says: 'Requests may carry either, or milliseconds since 1970.',
    ...compatible(
      ...[new Date(inAnHour).toISOString(), new Date(inAnHour).toISOString().slice(0, -1), inAnHour].map(
        (expiration) => [
          step('client', 'POST /token/create', {
            send: { userId: '{own}', expiration },
            status: 201,
            claims: { accessToken: { payload: { e: inAnHour } } },
          }),
        ],
      ),
    ),
  },
  {
    says: 'Sessions and events keep `Z` |',
    ...compatible(
      [
        step('client', 'GET /user/current/session', {
          status: 200,
          text: new RegExp(`"createdAt":"${MOMENT}Z".*"expiresAt":"${MOMENT}Z"`),
        }),
      ],
      [step('admin', 'GET /event?take=1', { status: 200, text: new RegExp(`"time":"${MOMENT}Z"`) })],
    ),
    heldBy: [responses],
  },
  {
    says: '| an unknown property of a body, an unknown query parameter: 400 | ignored.',
    cases: [[put({ unknown: 1 }, 400)], [step('admin', 'GET /user?unknown=1', { status: 400 })]],
    ...compatible(
      [put({ unknown: 1, data: { a: 1 } }), read({ data: { a: 1 } })],
      [step('client', 'PUT /user/current', { send: { unknown: 1, networks: 'x' }, status: 204 })],
      [create({ ...NEW, passwordConfirmation: NEW.password })],
      [step('admin', 'POST /network', { send: { name: '{fresh}', devices: [] }, status: 201 })],
      [step('admin', 'PUT /devicetype/{deviceType}', { send: { unknown: null }, status: 204 })],
      [
        step('anyone', 'POST /token', {
          send: { login: '{login}', password: '{password}', unknown: 1 },
          status: 201,
        }),
      ],
      ...[
        'GET /user?unknown=1&login={login}',
        'GET /user/{own}?unknown=1',
        'GET /user/count?unknown',
        'GET /network?unknown=',
        'GET /info?unknown=1',
      ].map((ask) => [step('admin', ask, { status: 200 })]),
    ),
    heldBy: [bodies, queries],
  },
  {
    says: 'A *known* field that a client may not change is refused as ever |',
    ...compatible(
      ...[{ role: 0 }, { role: '0' }, { login: 'another' }, { status: '2' }].map((send) => [
        step('client', 'PUT /user/current', { send: { ...send, data: { a: 1 }, unknown: 1 }, ...ADMIN_ONLY }),
        read({ role: 1, status: 0, data: null }),
      ]),
    ),
    heldBy: [bodies],
  },
  {
    says: '| `null` for what is not `data` or `description`, an empty `password`',
    cases: [
      [put({ role: null }, 400)],
      [put({ password: '' }, 400)],
      [step('admin', 'GET /user?role=', { status: 400 })],
      [step('admin', 'POST /token/create', { send: { userId: '{own}', expiration: '' }, status: 400 })],
    ],
    ...compatible(
      [
        put({ login: null, role: null, status: null, password: null, introReviewed: null }),
        read({ login: '{login}', role: 1, status: 0, introReviewed: false }),
        signIn('{password}', 201),
      ],
      [put({ data: { a: 1 } }), put({ data: null }), read({ data: null })],
      [put({ password: '', data: { a: 1 } }), read({ data: { a: 1 } }), signIn('{password}', 201)],
      // Before the policy: a client may send what it may not change, as nothing.
      [
        step('client', 'PUT /user/current', {
          send: { id: 1, role: null, status: null, login: null, data: null, introReviewed: true },
          status: 204,
        }),
        read({ introReviewed: true }),
      ],
      [create({ ...NEW, status: null, introReviewed: null, allDeviceTypesAvailable: null, data: null })],
      [create({ ...NEW, login: null }, 400)],
      [step('admin', 'POST /network', { send: { name: null }, status: 400 })],
      ...[
        'GET /user?take=&skip=&role=&status=&login=&loginPattern=&sortField=&sortOrder=',
        'GET /user?take&skip&role&status',
        'GET /user/count?login=&role=',
        'GET /network?name=&namePattern=&sortField=&take=',
        'GET /devicetype?name=&take=&skip=',
      ].map((ask) => [step('admin', ask, { status: 200 })]),
      [step('admin', 'DELETE /network/{network}?force=', { status: 204 })],
      [step('client', 'POST /token/create', { send: { userId: '{own}', expiration: '' }, status: 201 })],
    ),
    heldBy: [bodies, queries],
  },
  {
    says: '`description: null` is as if absent too;',
    cases: [
      [
        step('admin', 'PUT /network/{network}', { send: { description: 'd' }, status: 204 }),
        step('admin', 'PUT /network/{network}', { send: { description: null }, status: 204 }),
        step('admin', 'GET /network/{network}', { status: 200, body: { description: null } }),
      ],
    ],
    ...compatible(
      ...['network/{network}', 'devicetype/{deviceType}'].map((scope) => [
        step('admin', `PUT /${scope}`, { send: { description: 'd' }, status: 204 }),
        step('admin', `PUT /${scope}`, { send: { description: null }, status: 204 }),
        step('admin', `GET /${scope}`, { status: 200, body: { description: 'd' } }),
      ]),
      [
        step('admin', 'POST /network', {
          send: { name: '{fresh}', description: null },
          status: 201,
          keep: { id: 'id' },
        }),
        step('admin', 'GET /network/{id}', { status: 200, body: { description: null } }),
      ],
    ),
    heldBy: clients,
  },
  {
    says: 'on `POST /user` an empty password is 400 |',
    ...compatible([create({ ...NEW, password: '' }, 400)], [create({ ...NEW, password: null }, 400)]),
  },
  {
    says: '| values of their own type | numbers as text (`role`, `status`, `userId`',
    cases: [
      [put({ role: '1' }, 400)],
      [step('client', 'POST /token/create', { send: { userId: '{ownText}' }, status: 400 })],
    ],
    ...compatible(
      [put({ role: '0', status: '2' }), read({ role: 0, status: 2 })],
      [
        put({ role: '3' }, 400),
        put({ status: '-1' }, 400),
        put({ role: 'a' }, 400),
        put({ role: '1.5' }, 400),
      ],
      [step('client', 'PUT /user/current', { send: { role: '1', status: '0' }, status: 204 })],
      [
        step('client', 'POST /token/create', {
          send: { userId: '{ownText}', actions: ['GetNetwork'] },
          status: 201,
          claims: { accessToken: { payload: { u: '{own}', a: [2] } } },
        }),
      ],
    ),
    heldBy: [bodies],
  },
  {
    says: 'text as a number or `true` (login, password, name, description, a configuration',
    cases: [[put({ login: 12_345 }, 400)]],
    ...compatible(
      [put('{"password":1234567890.50}'), signIn('1234567890.50', 201), signIn('1234567890.5', 401)],
      [
        step('admin', 'PUT /network/{network}', { send: '{"description":1.50}', status: 204 }),
        step('admin', 'GET /network/{network}', { status: 200, body: { description: '1.50' } }),
        step('admin', 'PUT /network/{network}', { send: '{"description":true}', status: 204 }),
        step('admin', 'GET /network/{network}', { status: 200, body: { description: 'true' } }),
      ],
      ...['12345678901234567890', '1e2', 'true', '-0'].map((value) => [
        step('admin', 'PUT /configuration/a.b', {
          send: `{"value":${value}}`,
          status: 200,
          body: { value },
        }),
      ]),
    ),
    heldBy: [bodies],
  },
  {
    says: '`introReviewed` as text',
    ...compatible(
      [put({ introReviewed: 'true' }), read({ introReviewed: true })],
      ...['false', '1', 'yes', ''].map((introReviewed) => [
        put({ introReviewed: true }),
        put({ introReviewed }),
        read({ introReviewed: false }),
      ]),
    ),
    heldBy: [bodies],
  },
  {
    says: '| `PUT /configuration/{name}` takes `{value}` |',
    ...compatible(
      [
        step('admin', 'PUT /configuration/{fresh}?value=1', { status: 200, body: { value: '1' } }),
        step('admin', 'GET /configuration/{fresh}', {
          status: 200,
          body: { value: '1' },
          keep: { version: 'entityVersion' },
        }),
        step('admin', 'PUT /configuration/{fresh}?value=2', {
          send: { name: '{fresh}', value: '2', entityVersion: '{version}' },
          status: 200,
          body: { name: '{fresh}', value: '2' },
        }),
        step('admin', 'PUT /configuration/{fresh}', {
          send: { name: '{fresh}', value: '3', entityVersion: 1 },
          status: 200,
          body: { value: '3' },
        }),
      ],
      [step('admin', `PUT /configuration/{fresh}?value=${'x'.repeat(129)}`, { status: 400 })],
      [step('admin', 'PUT /configuration/{fresh}', { status: 400 })],
      [step('client', 'PUT /configuration/{fresh}?value=1', { status: 403 })],
    ),
    heldBy: clients,
  },
  { says: '| a list without `take`: 100;', heldBy: ['test/e2e/users.list.test.ts'] },
  {
    says: '`take` up to 10000;',
    cases: [
      [step('admin', 'GET /user?take=10000', { status: 200 })],
      [step('admin', 'GET /user?take=10001', { status: 400 })],
      [step('admin', 'GET /user?take=0', { status: 400 })],
    ],
  },
  {
    says: 'pages of 8 MiB | all of them, any `take` up to 2147483647',
    ...compatible(
      ...['user', 'network', 'devicetype'].flatMap((list) => [
        [step('admin', `GET /${list}?take=2147483647`, { status: 200 })],
        [step('admin', `GET /${list}?take=0`, { status: 200, body: [] })],
        [step('admin', `GET /${list}?take=2147483648`, { status: 400 })],
        [step('admin', `GET /${list}?take=-1`, { status: 400 })],
      ]),
    ),
    heldBy: [queries, 'test/trials/load/whole-lists.test.ts'],
  },
  { says: 'not cut by size, with or without `take`;', heldBy: [queries] },
  { says: 'a failure breaks the connection off |', heldBy: [queries] },
  ...tokenRequests,
  {
    says: "| a client's own update with `introReviewed` |",
    cases: [[step('client', 'PUT /user/current', { send: { introReviewed: true }, status: 403 })]],
    configured: [
      {
        with: COMPATIBLE,
        cases: [
          [
            step('client', 'PUT /user/current', { send: { introReviewed: true }, status: 204 }),
            read({ introReviewed: true }),
          ],
        ],
      },
      {
        with: { ...COMPATIBLE, CLIENT_WRITABLE_FIELDS: 'password,data' },
        cases: [
          [
            step('client', 'PUT /user/current', { send: { introReviewed: true }, status: 403 }),
            read({ introReviewed: false }),
          ],
        ],
      },
    ],
  },
  {
    says: '| an id in a path that is no positive integer: 400 | 404 |',
    cases: [[step('admin', 'GET /user/abc', { status: 400 })]],
    ...compatible(
      ...['abc', '0', '-1', '1.5', '9007199254740992'].flatMap((id) =>
        [
          `GET /user/${id}`,
          `PUT /user/${id}`,
          `DELETE /user/${id}`,
          `GET /network/${id}`,
          `PUT /user/{own}/network/${id}`,
          `GET /devicetype/${id}`,
        ].map((ask) => [step('admin', ask, notFound())]),
      ),
    ),
    heldBy: [paths],
  },
  {
    says: '| `PUT …/devicetype/all` keeps the single assignments',
    cases: [
      [
        step('admin', 'PUT /user/{own}/devicetype/all', { status: 204 }),
        step('admin', 'DELETE /user/{own}/devicetype/all', { status: 204 }),
        step('admin', 'GET /user/{own}/devicetype/{deviceType}', { status: 200 }),
      ],
    ],
    ...compatible([
      step('admin', 'GET /user/{own}/devicetype/{deviceType}', { status: 200 }),
      step('admin', 'PUT /user/{own}/devicetype/all', { status: 204 }),
      step('admin', 'DELETE /user/{own}/devicetype/all', { status: 204 }),
      step('admin', 'GET /user/{own}/devicetype', { status: 200, body: [] }),
    ]),
    heldBy: clients,
  },
  {
    says: 'the 403 of a user who has all comes before the 404',
    ...compatible(
      ['PUT', 'DELETE'].map((method) =>
        step('admin', `${method} /user/{other}/devicetype/{missing}`, { status: 403, message: ALL_TYPES }),
      ),
      ['PUT', 'DELETE'].map((method) =>
        step('admin', `${method} /user/{own}/devicetype/{missing}`, {
          status: 404,
          message: 'Device type with id = {missing} not found',
        }),
      ),
      [step('admin', 'PUT /user/{missing}/devicetype/{deviceType}', notFound())],
    ),
  },
  {
    says: '| `PUT /user/{id}` with `allDeviceTypesAvailable` |',
    cases: [
      [put({ allDeviceTypesAvailable: true }), read({ allDeviceTypesAvailable: true })],
      [step('client', 'PUT /user/{own}', { send: { allDeviceTypesAvailable: true }, status: 403 })],
    ],
    ...compatible(
      ...[true, 'true', 'x', null].map((allDeviceTypesAvailable) => [
        put({ allDeviceTypesAvailable }),
        step('client', 'PUT /user/current', { send: { allDeviceTypesAvailable }, status: 204 }),
        step('client', 'PUT /user/{own}', { send: { allDeviceTypesAvailable }, status: 204 }),
        read({ allDeviceTypesAvailable: false }),
      ]),
    ),
  },
  {
    says: '| no `/info/config/cluster`, no `/device` |',
    cases: [
      [
        step('anyone', 'GET /info/config/cluster', { status: 404 }),
        step('client', 'GET /device', { status: 404 }),
        step('client', 'GET /device/count', { status: 404 }),
      ],
    ],
    ...compatible([
      step('anyone', 'GET /info/config/cluster', {
        status: 200,
        body: expect.toSatisfy(
          (body) => JSON.stringify(body) === '{"bootstrap.servers":"none","zookeeper.connect":"none"}',
        ),
      }),
    ]),
    heldBy: clients,
  },
  {
    says: '`GET /device` → `[]`, `GET /device/count`',
    ...compatible(
      ...(['client', 'admin'] as const).map((as) => [
        step(as, 'GET /device', { status: 200, body: [] }),
        step(as, 'GET /device?networkId=1&take=20&skip=&sortField=ID', { status: 200, body: [] }),
        step(as, 'GET /device/count', { status: 200, body: { count: 0 }, only: ['count'] }),
      ]),
      ...['/device', '/device/count'].flatMap((path) => [
        [step('anyone', `GET ${path}`, UNAUTHORIZED)],
        [
          step({ of: 'client', actions: ['GetNetwork'] }, `GET ${path}`, {
            status: 403,
            message: 'Access is denied',
          }),
        ],
        [step({ of: 'client', actions: ['GetDevice'] }, `GET ${path}`, { status: 200 })],
      ]),
    ),
    heldBy: clients,
  },
  {
    says: '`devices: []` as the first member',
    cases: [[step('admin', 'GET /network/{network}', { status: 200, only: ['id', 'name', 'description'] })]],
    ...compatible(
      ...(['client', 'admin'] as const).flatMap((as) =>
        ['network/{network}', 'devicetype/{deviceType}'].map((scope) => [
          step(as, `GET /${scope}`, { status: 200, text: /^\{"devices":\[\],"id":\d+,/ }),
        ]),
      ),
      ...[
        'GET /network',
        'GET /devicetype',
        'GET /user/{own}',
        'GET /user/{own}/network/{network}',
        'GET /user/{own}/devicetype/{deviceType}',
      ].map((ask) => [step('admin', ask, { status: 200, text: /^(?!.*"devices")/ })]),
    ),
  },
  {
    says: '| `apiVersion` of `GET /info`',
    cases: [
      [step('anyone', 'GET /info', { status: 200, body: { apiVersion: expect.not.stringMatching(/^4/) } })],
    ],
    ...compatible([step('anyone', 'GET /info', { status: 200, body: { apiVersion: '4.1.0' } })]),
  },
  { says: '| a path that ends in `/`: 404 |', heldBy: [paths] },
  { says: '| one `API_PREFIX` | requests under `/api/rest`', heldBy: [paths, ...clients] },
  {
    says: '| `Authorization: Bearer <token>` |',
    ...compatible(
      ...['Bearer', 'Bearer ', 'bearer'].map((scheme) => [
        step('anyone', 'GET /user/current', {
          headers: { authorization: `${scheme}{accessToken}` },
          status: 200,
          body: { id: '{own}' },
        }),
      ]),
      ...['', 'Basic', 'Bearerx', 'BearerBearer', 'Bearer{accessToken} '].map((scheme) => [
        step('anyone', 'GET /user/current', {
          headers: { authorization: `${scheme}{accessToken}` },
          ...UNAUTHORIZED,
        }),
      ]),
    ),
  },
  {
    says: '| the first administrator has no network |',
    cases: [[step('admin', 'GET /user/{admin}', { status: 200, body: { networks: [] } })]],
    ...compatible([
      step('admin', 'GET /user/{admin}', {
        status: 200,
        body: { networks: [expect.objectContaining({ id: 1, name: 'Default network' })] },
      }),
    ]),
  },
  {
    says: '| a password must not be the login |',
    cases: [[put({ password: '{login}' }, 400)]],
    configured: [
      { with: COMPATIBLE, cases: [[put({ password: '{login}' }, 400)]] },
      { with: { PASSWORD_BLOCKLIST: 'off' }, cases: [[put({ password: '{login}' }, 400)]] },
      {
        with: { ...COMPATIBLE, PASSWORD_BLOCKLIST: 'off' },
        cases: [
          [put({ password: '{login}' }), signIn('{login}', 201)],
          [create({ ...NEW, password: '{fresh}' })],
          [create({ ...NEW, password: '1234567' }, 400)],
        ],
      },
    ],
  },
  {
    says: '| `webSocketServerUrl` with the whole prefix |',
    ...compatible([
      step('anyone', 'GET /info', {
        status: 200,
        body: { webSocketServerUrl: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/dh\/websocket$/) },
      }),
    ]),
    heldBy: [responses],
  },
  ...jwtKey,
  ...originalTokenRows,
  {
    says: '- responses of 500 (here 400, 403 or 404)',
    ...compatible(
      [step('admin', 'GET /user?sortOrder=sideways', { status: 400 })],
      [step('admin', 'GET /user?take=-1', { status: 400 })],
      [step('admin', 'GET /user?sortField=password', { status: 400, message: 'Invalid request parameters' })],
      [step('admin', 'GET /user?role=abc', { status: 400 })],
      [step('admin', 'POST /user', { send: { login: '{fresh}' }, status: 400 })],
      [step('admin', 'POST /user', { send: '[]', status: 400 })],
      [step('anyone', 'GET /user/current', { headers: { authorization: 'Bearer x' }, ...UNAUTHORIZED })],
      [step('client', 'GET /user/current', { headers: { accept: 'image/png' }, status: 200 })],
    ),
    heldBy: [queries],
  },
  {
    says: 'the texts of its validators;',
    ...compatible([
      step('admin', 'POST /user', { send: { ...NEW, login: 'a' }, status: 400, message: LOGIN_LENGTH }),
    ]),
  },
  {
    says: '401 on open routes for a bad token that was sent along.',
    ...compatible([
      step('anyone', 'GET /info', { headers: { authorization: 'Bearer x' }, status: 200 }),
      step('anyone', 'POST /token', {
        headers: { authorization: 'Bearer x' },
        send: { login: '{login}', password: '{password}' },
        status: 201,
      }),
    ]),
  },
  {
    says: '- JSON that is not well-formed (single quotes)',
    ...compatible(
      [put("{'data':null}", 400), put('{data:null}', 400), put('{"data":{}} x', 400)],
      [
        step('client', 'PUT /user/current', {
          send: '{}',
          headers: { 'content-type': 'application/json; charset=iso-8859-1' },
          status: 415,
        }),
      ],
      [
        step('client', 'POST /user/current', {
          headers: { 'x-http-method-override': 'PUT' },
          send: {},
          status: 405,
        }),
      ],
    ),
    heldBy: [bodies],
  },
  {
    says: 'a parameter that comes twice.',
    ...compatible([step('admin', 'GET /user?take=1&take=2', { status: 400 })]),
    heldBy: [queries],
  },
  {
    says: '- logins, names and patterns that tell upper from lower case;',
    ...compatible(
      [
        create({ ...NEW, login: 'X{fresh}' }),
        create({ ...NEW, login: 'x{fresh}' }, 403),
        step('admin', 'GET /user?login=x{fresh}', { status: 200, list: [{ login: 'X{fresh}' }] }),
        step('admin', 'GET /user?loginPattern=x{fresh}%25', { status: 200, list: [{ login: 'X{fresh}' }] }),
      ],
      [
        step('admin', 'POST /network', { send: { name: 'X{fresh}' }, status: 201 }),
        step('admin', 'GET /network?name=x{fresh}', { status: 200, list: [{ name: 'X{fresh}' }] }),
        step('admin', 'GET /network?namePattern=x{fresh}%25', { status: 200, list: [{ name: 'X{fresh}' }] }),
      ],
    ),
  },
  {
    says: '`name` and `namePattern` together',
    ...compatible([
      step('admin', 'POST /network', { send: { name: 'a{fresh}' }, status: 201 }),
      step('admin', 'POST /network', { send: { name: 'b{fresh}' }, status: 201 }),
      step('admin', 'GET /network?name=a{fresh}&namePattern=b{fresh}', {
        status: 200,
        list: [{ name: 'b{fresh}' }],
      }),
    ]),
  },
  {
    says: 'blank or multi-line passwords;',
    ...compatible(
      // What the original takes for no password is one here.
      [put({ password: ' '.repeat(8) }), signIn(' '.repeat(8), 201)],
      [put({ password: 'one line\nand another' }), signIn('one line\nand another', 201)],
    ),
  },
  {
    says: '`data` over 64 KiB;',
    ...compatible([put({ data: { a: 'x'.repeat(65_536) } }, 400), read({ data: null })]),
  },
  {
    says: 'a wrong `oldPassword` that is ignored.',
    ...compatible([
      step('client', 'PUT /user/current', {
        send: { password: 'another password', oldPassword: 'wrong' },
        status: 403,
        message: 'Invalid credentials',
      }),
      signIn('{password}', 201),
    ]),
  },
  {
    says: '- `id` in configuration responses, and the old `entityVersion`',
    ...compatible([
      step('admin', 'PUT /configuration/{fresh}', {
        send: { value: '1' },
        status: 200,
        only: ['name', 'value', 'entityVersion'],
      }),
      step('admin', 'PUT /configuration/{fresh}', {
        send: { value: '2' },
        status: 200,
        keep: { version: 'entityVersion' },
      }),
      step('admin', 'GET /configuration/{fresh}', { status: 200, body: { entityVersion: '{version}' } }),
    ]),
  },
  {
    says: 'configuration names that contain `secret`, `password` or `private`;',
    ...compatible(
      ['jwt.secret', 'a.Password', 'private.key'].flatMap((name) => [
        step('admin', `PUT /configuration/${name}`, { send: { value: '1' }, status: 400 }),
        step('admin', `PUT /configuration/${name}?value=1`, { status: 400 }),
        step('admin', `GET /configuration/${name}`, { status: 404 }),
      ]),
    ),
    heldBy: ['test/e2e/configuration.test.ts'],
  },
  {
    says: 'the sample networks, device types and devices',
    configured: [
      {
        // A database of its own: stories make networks.
        with: { ...COMPATIBLE, LOCKOUT_SECONDS: '901' },
        cases: [
          [
            step('admin', 'GET /network?name=Default%20network', { status: 200, list: [{ id: 1 }] }),
            step('admin', 'GET /network?take=1&skip=2', { status: 200, body: [] }),
            step('admin', 'GET /device', { status: 200, body: [] }),
          ],
        ],
      },
    ],
  },
  {
    says: '`/token/plugin/…`.',
    ...compatible(
      ['create', 'authenticate'].map((name) =>
        step('admin', `POST /token/plugin/${name}`, { send: {}, status: 404 }),
      ),
    ),
  },
  {
    says: '- a token limited to networks that assigns others;',
    ...compatible([
      step('admin', 'POST /token/create', {
        send: { userId: '{admin}', actions: ['ManageNetwork'], networkIds: ['{network}'] },
        status: 201,
        keep: { kept: 'accessToken' },
      }),
      step('anyone', 'PUT /user/{other}/network/{foreignNetwork}', {
        headers: { authorization: 'Bearer {kept}' },
        status: 403,
        message: 'Access is denied',
      }),
    ]),
  },
  {
    says: 'assignments that are not seen for seconds',
    ...compatible([
      step('client', 'GET /network/{foreignNetwork}', { status: 403 }),
      step('admin', 'PUT /user/{own}/network/{foreignNetwork}', { status: 204 }),
      step('admin', 'GET /user/{own}/network/{foreignNetwork}', { status: 200 }),
      signIn('{password}', 201, { keep: { kept: 'accessToken' } }),
      step('anyone', 'GET /network/{foreignNetwork}', {
        headers: { authorization: 'Bearer {kept}' },
        status: 200,
      }),
    ]),
  },
];
