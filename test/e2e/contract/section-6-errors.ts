import { expect } from 'vitest';
import { Client } from '../../support/client.js';
import { sendRaw } from '../../support/raw.js';
import { TestService } from '../../support/service.js';
import {
  DENIED,
  LOGIN_ALPHABET,
  LOGIN_LENGTH,
  passwordLength,
  refresh,
  type Sentence,
  step,
  UNAUTHORIZED,
} from './sentence.js';

const DETAILS = {
  error: 400,
  message: expect.any(String),
  details: [{ field: expect.any(String), message: expect.any(String) }],
};
const INVALID = { status: 400, body: { ...DETAILS, message: 'Invalid request parameters' } } as const;
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const INVALID_TOKEN = { 'www-authenticate': /^Bearer error="invalid_token"$/ };
/** The limits of bodies in KiB, and routes that have them. */
const BODY_LIMITS: Readonly<Record<number, readonly string[]>> = {
  4: ['POST /token'],
  16: ['POST /token/refresh', 'POST /token/revoke'],
  128: ['POST /token/create', 'POST /network', 'PUT /devicetype/{deviceType}', 'PUT /configuration/any'],
  1024: ['POST /user', 'PUT /user/{own}', 'PUT /user/current'],
};
const members = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [index.toString(36), 0]));
const update = (send: object, message: string) =>
  step('admin', 'PUT /user/{own}', { send, status: 400, message, body: DETAILS });

/** Begins a request and never ends it. */
async function beginOnly(service: TestService, request: string): Promise<void> {
  const { status, headers, body } = await sendRaw(service.client.baseUrl, request);
  expect(status).toBe(408);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(body).toEqual({ error: 408, message: expect.any(String) });
}

/** A defect: a table that the service has made is gone. */
async function breakATable(): Promise<void> {
  const service = await TestService.start();
  try {
    await service.database.query('DROP TABLE configuration');
    // Not held to the API document, which promises no 500.
    const admin = new Client(service.client.baseUrl, service.admin.token);
    const { status, headers, text } = await admin.get('/configuration/any');
    expect({ status, text }).toEqual({
      status: 500,
      text: JSON.stringify({ error: 500, message: 'Internal server error' }),
    });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  } finally {
    await service.stop();
  }
}

export const errors: readonly Sentence[] = [
  {
    says: '| 400 | malformed JSON, wrong type',
    cases: [
      [step('admin', 'PUT /user/{own}', { send: '{"data":', headers: JSON_TYPE, status: 400 })],
      ...[{ introReviewed: 'yes' }, { role: 9 }, { shoeSize: 9 }].map((send) => [
        step('admin', 'PUT /user/{own}', { send, status: 400, body: DETAILS }),
      ]),
      ...[
        '/user?shoeSize=9',
        '/user?sortField=x',
        '/network?sortField=x',
        '/user?take=0',
        '/event?shoeSize=9',
        '/event?type=x',
        '/user/current/session?take=1001',
        '/user/current/session?createdFor=me',
      ].map((path) => [step('admin', `GET ${path}`, INVALID)]),
      ...['/user/x', '/network/x', '/user/{own}/network/x', '/user/x/session'].map((path) => [
        step('admin', `GET ${path}`, { status: 400, body: DETAILS }),
      ]),
    ],
    heldBy: ['test/e2e/http.test.ts'],
  },
  {
    says: '| 401, 403, 404 | as above |',
    cases: [
      [step('anyone', 'GET /user/current', { ...UNAUTHORIZED, only: ['error', 'message'] })],
      [step('client', 'GET /user', { ...DENIED, only: ['error', 'message'] })],
      [step('admin', 'GET /user/{missing}', { status: 404, only: ['error', 'message'] })],
      [step('anyone', 'GET /nowhere', { status: 404, only: ['error', 'message'] })],
    ],
  },
  {
    says: '| 405 with `Allow` | a known path, another method |',
    cases: [
      [step('anyone', 'DELETE /user', { status: 405, carries: { allow: /GET.*POST/ } })],
      [step('admin', 'POST /user/{own}', { status: 405, carries: { allow: /GET.*PUT.*DELETE/ } })],
      [step('anyone', 'POST /info', { status: 405, carries: { allow: /GET/ } })],
      [step('admin', 'PUT /user/{own}/session', { status: 405, carries: { allow: /GET.*DELETE/ } })],
      [step('admin', 'GET /user/{own}/session/{sid}', { status: 405, carries: { allow: /DELETE/ } })],
      [step('admin', 'DELETE /event', { status: 405, carries: { allow: /GET/ } })],
      [step('anyone', 'GET /token/revoke', { status: 405, carries: { allow: /POST/ } })],
    ],
    heldBy: ['test/e2e/http.test.ts'],
  },
  {
    says: '| 408 · 431 | the request did not arrive in time · headers over the limit (16 KiB or more',
    cases: [[step('anyone', 'GET /info', { headers: { 'x-fill': 'x'.repeat(15_000) }, status: 200 })]],
    checks: {
      'headers that do not arrive in time': (service) =>
        beginOnly(service, 'GET /info HTTP/1.1\r\nHost: a\r\n'),
      'headers over the limit': async (service) => {
        const { status, body } = await sendRaw(
          service.client.baseUrl,
          `GET /info HTTP/1.1\r\nHost: a\r\nX-Fill: ${'x'.repeat(17_000)}\r\n\r\n`,
        );
        expect(status).toBe(431);
        expect(body).toEqual({ error: 431, message: expect.any(String) });
      },
    },
    heldBy: ['test/e2e/http-limits.test.ts'],
  },
  {
    says: '| 412 | an `If-Match` that does not match, an `If-None-Match` that does |',
    cases: [{ 'if-match': '"0"' }, { 'if-none-match': '*' }].flatMap((headers) => [
      ...['/user/{own}', '/network/{network}', '/devicetype/{deviceType}'].flatMap((path) => [
        [step('admin', `PUT ${path}`, { send: {}, headers, status: 412 })],
        [step('admin', `DELETE ${path}`, { headers, status: 412 })],
      ]),
      [step('client', 'PUT /user/current', { send: {}, headers, status: 412 })],
    ]),
  },
  {
    says: '| 410 | a cursor from before a restore |',
    cases: [[step('client', 'GET /revocation?after=AAAAAAAAAAAA.1', { status: 410 })]],
    heldBy: ['test/e2e/backup.test.ts'],
  },
  {
    says: '| 413 · 415 | a body over the limit of its route',
    cases: [
      ...Object.entries(BODY_LIMITS).flatMap(([kib, routes]) =>
        routes.map((route) => [
          step('admin', route, { send: ' '.repeat(Number(kib) * 1024 + 1), headers: JSON_TYPE, status: 413 }),
          step('admin', route, {
            send: `{${' '.repeat(Number(kib) * 1024 - 1)}`,
            headers: JSON_TYPE,
            status: 400,
          }),
        ]),
      ),
      [
        step('client', 'PUT /user/current', { send: members(16_385), status: 413 }),
        step('client', 'PUT /user/current', { send: { data: members(16_384) }, status: 413 }),
        step('client', 'PUT /user/current', { send: { data: members(8000) }, status: 204 }),
      ],
      ...['/token', '/token/refresh', '/token/revoke'].map((path) => [
        step('anyone', `POST ${path}`, { send: members(17), status: 413 }),
        step('anyone', `POST ${path}`, { send: members(16), status: 400 }),
      ]),
      ...['text/plain', 'application/x-www-form-urlencoded'].map((type) => [
        step('client', 'PUT /user/current', { send: '', headers: { 'content-type': type }, status: 204 }),
      ]),
      ...['text/plain', 'application/xml', 'application/x-www-form-urlencoded'].map((type) => [
        step('admin', 'PUT /user/{own}', {
          send: 'introReviewed=true',
          headers: { 'content-type': type },
          status: 415,
        }),
      ]),
      // §5 allows a form in one place, and nothing else there.
      [
        step('anyone', 'POST /token/revoke', { send: 'token={refreshToken}', headers: FORM, status: 200 }),
        refresh(UNAUTHORIZED),
      ],
      ...['text/plain', 'application/xml', 'multipart/form-data; boundary=x'].map((type) => [
        step('anyone', 'POST /token/revoke', {
          send: 'token={refreshToken}',
          headers: { 'content-type': type },
          status: 415,
        }),
        refresh({ status: 201 }),
      ]),
      [
        step('anyone', 'POST /token/revoke', {
          send: `token=${'x'.repeat(16 * 1024)}`,
          headers: FORM,
          status: 413,
        }),
      ],
      ...[
        ['/token', 'login={login}&password={password}'],
        ['/token/refresh', 'refreshToken={refreshToken}'],
        ['/token/create', 'userId={own}'],
      ].map(([path, send]) => [step('client', `POST ${path}`, { send, headers: FORM, status: 415 })]),
    ],
    heldBy: ['test/e2e/http.test.ts', 'test/e2e/http-bodies.test.ts'],
  },
  {
    says: '| 429 with `Retry-After` |',
    heldBy: ['test/e2e/rate-limits.test.ts'],
  },
  {
    says: 'limits are shared by all processes that use one database',
    heldBy: ['test/e2e/rate-limits.test.ts'],
  },
  {
    says: '| 503 with `Retry-After` |',
    // The hashing queue is saturated in the second.
    heldBy: [
      'test/e2e/operation.test.ts',
      'src/passwords/password-hasher.spec.ts',
      'test/trials/load/floods.test.ts',
    ],
  },
  { says: '| 500 | never by input;', heldBy: ['test/e2e/http.test.ts', 'test/trials/fuzz/fuzz.test.ts'] },
  {
    says: 'the message is `Internal server error`',
    checks: { 'a table that is gone': breakATable },
    heldBy: ['test/e2e/operation.test.ts'],
  },
  {
    says: '- Field messages that clients know: login length',
    cases: ['', 'ab', 'x'.repeat(129)].map((login) => [update({ login }, LOGIN_LENGTH)]),
    heldBy: ['test/e2e/users.fields.test.ts'],
  },
  {
    says: 'login alphabet `Login can contain only',
    cases: ['no spaces', 'ünïcode', 'a/b/c'].map((login) => [update({ login }, LOGIN_ALPHABET)]),
    heldBy: ['test/e2e/users.fields.test.ts'],
  },
  {
    says: 'password `Password can contain only from 8 to 128 symbols!`',
    cases: ['', '7 chars', 'x'.repeat(129)].map((password) => [update({ password }, passwordLength())]),
    configured: [
      {
        with: { PASSWORD_MIN_LENGTH: '10' },
        cases: [[update({ password: '9 of them' }, passwordLength(10))]],
      },
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: '`message` on a 400 is the first of them.',
    cases: [
      [
        step('admin', 'PUT /user/{own}', {
          send: { role: 9, login: 'ab' },
          status: 400,
          message: LOGIN_LENGTH,
          body: {
            details: [
              { field: 'login', message: LOGIN_LENGTH },
              { field: 'role', message: expect.any(String) },
            ],
          },
        }),
      ],
    ],
    heldBy: ['test/e2e/users.fields.test.ts'],
  },
  {
    says: '- Every response carries `X-Request-Id`',
    cases: [
      ...['GET /info', 'GET /user', 'GET /nowhere', 'POST /info'].map((ask) => {
        const status = { 'GET /info': 200, 'GET /user': 401, 'GET /nowhere': 404 }[ask] ?? 405;
        return [
          step('anyone', ask, { status, carries: { 'x-request-id': /^[0-9a-f-]{36}$/ } }),
          step('anyone', ask, {
            headers: { 'x-request-id': 'from-the-caller' },
            status,
            carries: { 'x-request-id': /^from-the-caller$/ },
          }),
          step('anyone', ask, {
            headers: { 'x-request-id': 'not <valid>' },
            status,
            carries: { 'x-request-id': /^[0-9a-f-]{36}$/ },
          }),
        ];
      }),
    ],
    heldBy: ['test/e2e/http.test.ts'],
  },
  {
    says: '- A 401 for a token that was sent says',
    cases: [
      [
        step('anyone', 'GET /user/current', { ...UNAUTHORIZED, carries: { 'www-authenticate': /^Bearer$/ } }),
        step('anyone', 'GET /user/current', {
          ...UNAUTHORIZED,
          headers: { authorization: 'Bearer nonsense' },
          carries: INVALID_TOKEN,
        }),
        step('anyone', 'GET /user/current', {
          ...UNAUTHORIZED,
          headers: { authorization: 'Bearer {refreshToken}' },
          carries: INVALID_TOKEN,
        }),
        refresh({ ...UNAUTHORIZED, carries: INVALID_TOKEN }, 'nonsense'),
        step('client', 'DELETE /user/current/session', { status: 204 }),
        step('client', 'GET /user/current', { ...UNAUTHORIZED, carries: INVALID_TOKEN }),
      ],
    ],
    heldBy: ['test/e2e/http-hosts.test.ts'],
  },
  {
    says: '- The token is verified before the body is read',
    cases: ['POST /user', 'PUT /user/current', 'POST /token/create', 'PUT /configuration/any'].map((ask) => [
      step('anyone', ask, { ...UNAUTHORIZED, send: '{', headers: JSON_TYPE }),
      step('anyone', ask, { ...UNAUTHORIZED, send: ' '.repeat(1024 * 1024 + 1), headers: JSON_TYPE }),
      step('anyone', ask, { ...UNAUTHORIZED, send: 'text', headers: { 'content-type': 'text/plain' } }),
    ]),
    heldBy: ['test/e2e/http-bodies.test.ts'],
  },
];
