import { refresh, type Sentence, signIn, step, UNAUTHORIZED, withToken } from './sentence.js';
import { expectUpgrade, hashOfAnotherCost } from './stored-hashes.js';

/** What each variable accepts, and its default. */
const spec = 'src/settings/settings.spec.ts';
/** Where their values come from, and what is told of those that are wrong. */
const reading = 'src/settings/read-settings.spec.ts';
/** What the variables of the compatible mode accept. */
const compatible = 'src/compatibility/service-settings.spec.ts';
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

export const settings: readonly Sentence[] = [
  { says: '| `HOST`, `PORT` |', heldBy: [spec, 'test/e2e/start.test.ts'] },
  {
    says: '| `API_PREFIX` |',
    cases: [[step('anyone', 'GET /dh/rest/info', { status: 404 })]],
    configured: [
      {
        with: { API_PREFIX: '/dh/rest' },
        // The client of the test adds the prefix.
        cases: [
          [step('anyone', 'GET /info', { status: 200 })],
          [step('client', 'PUT /user/current', { send: { data: { a: 1 } }, status: 204 })],
        ],
      },
    ],
    heldBy: [spec, 'test/e2e/info.test.ts', 'test/browser/swagger.test.ts'],
  },
  {
    says: '| `DATABASE_URL` |',
    heldBy: [spec, 'test/e2e/start.test.ts', 'test/e2e/postgres-address.test.ts'],
  },
  { says: '| `ADMIN_LOGIN`, `ADMIN_PASSWORD` |', heldBy: [spec, 'test/e2e/start.test.ts'] },
  { says: 'a generated password is shown once', heldBy: ['test/e2e/start.test.ts'] },
  {
    says: '| `JWT_SECRET`, `KEY_ENCRYPTION_SECRET`',
    cases: [[signIn('{password}', 201, { claims: { accessToken: { iss: 'hivegate' } } })]],
    configured: [
      {
        with: { JWT_ISSUER: 'https://gate.example.com' },
        cases: [
          [signIn('{password}', 201, { claims: { accessToken: { iss: 'https://gate.example.com' } } })],
        ],
      },
    ],
    heldBy: [spec, 'test/e2e/discovery.test.ts', 'test/e2e/keys.test.ts', 'test/e2e/tokens.verify.test.ts'],
  },
  {
    says: '| `COMPATIBILITY` | unset |',
    configured: [
      {
        with: { COMPATIBILITY: 'devicehive' },
        cases: [[step('anyone', 'GET /info/config/cluster', { status: 200 })]],
      },
    ],
    heldBy: [compatible, 'test/e2e/contract/section-9-compatibility.ts'],
  },
  { says: '| `ACCEPT_ORIGINAL_TOKENS_UNTIL` | unset | a date;', heldBy: [compatible] },
  { says: 'only with `COMPATIBILITY=devicehive` and `JWT_SECRET`: section 9 |', heldBy: [compatible] },
  { says: '| `ACCESS_TOKEN_TTL`, `REFRESH_TOKEN_TTL` |', heldBy: [spec, 'test/e2e/tokens.sign-in.test.ts'] },
  { says: '| `BCRYPT_COST` | 12 | 4–15;', heldBy: [spec] },
  {
    says: 'a stored hash of another cost is upgraded at sign-in |',
    checks: {
      'a hash of cost 6': async (service) => expectUpgrade(service, await hashOfAnotherCost()),
    },
  },
  {
    says: '| `PASSWORD_MIN_LENGTH`, `PASSWORD_BLOCKLIST` |',
    configured: [
      {
        with: { PASSWORD_MIN_LENGTH: '6', PASSWORD_BLOCKLIST: 'off' },
        cases: [
          [
            step('client', 'PUT /user/current', { send: { password: '123456' }, status: 204 }),
            step('client', 'PUT /user/current', { send: { password: '12345' }, status: 400 }),
          ],
        ],
      },
    ],
    heldBy: [spec, 'test/e2e/users.passwords.test.ts'],
  },
  {
    says: '| `CLIENT_WRITABLE_FIELDS` | `password,data` | may add `introReviewed`;',
    configured: [
      {
        with: { CLIENT_WRITABLE_FIELDS: 'password,data,introReviewed' },
        cases: [
          [
            step('client', 'PUT /user/current', {
              send: { password: 'another password', data: { a: 1 }, introReviewed: true },
              status: 204,
            }),
            step('admin', 'GET /user/{own}', { status: 200, body: { data: { a: 1 }, introReviewed: true } }),
          ],
        ],
      },
    ],
    heldBy: [spec, 'test/e2e/users.update.test.ts'],
  },
  { says: 'never login, role or status |', heldBy: [spec, 'test/e2e/start.test.ts'] },
  {
    says: '| `REQUIRE_OLD_PASSWORD`, `LOCKOUT_SECONDS` |',
    cases: [[step('client', 'PUT /user/current', { send: { password: 'another password' }, status: 204 })]],
    heldBy: [spec, 'test/e2e/users.passwords.test.ts', 'test/e2e/lockout.test.ts'],
  },
  {
    says: '| `REFRESH_ROTATION`, `CREATED_TOKEN_MAX_TTL`, `MAX_SESSIONS` |',
    cases: [
      [refresh({ status: 201, only: ['accessToken'] })],
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{own}', expiration: inDays(364) },
          status: 201,
        }),
        step('admin', 'POST /token/create', {
          send: { userId: '{own}', expiration: inDays(366) },
          status: 400,
        }),
      ],
    ],
    configured: [
      {
        with: { REFRESH_ROTATION: 'on', CREATED_TOKEN_MAX_TTL: '864000', MAX_SESSIONS: '2' },
        cases: [
          [refresh({ status: 201, only: ['accessToken', 'refreshToken'] })],
          [
            step('admin', 'POST /token/create', {
              send: { userId: '{own}', expiration: inDays(9) },
              status: 201,
            }),
            step('admin', 'POST /token/create', {
              send: { userId: '{own}', expiration: inDays(11) },
              status: 400,
            }),
          ],
          [
            signIn('{password}', 201, { keep: { first: 'accessToken' } }),
            step('client', 'GET /user/current', { status: 200 }),
            signIn('{password}', 201, { keep: { second: 'accessToken' } }),
            step('client', 'GET /user/current', UNAUTHORIZED),
            withToken('first', 'GET /user/current', { status: 200 }),
            withToken('second', 'GET /user/current', { status: 200 }),
          ],
        ],
      },
    ],
    heldBy: [spec],
  },
  { says: '| `EVENTS_KEPT_DAYS` | 365 | |', heldBy: [spec, 'test/e2e/events.test.ts'] },
  {
    says: '| `DRAIN_SECONDS`, `KEEP_ALIVE_SECONDS` | 0, 72 |',
    heldBy: [spec, 'test/e2e/drain.test.ts'],
  },
  { says: 'how long idle connections are kept |', heldBy: ['test/e2e/optional-parts.test.ts'] },
  {
    says: '| `SWAGGER` |',
    cases: [[step('anyone', 'GET /swagger.json', { status: 200 })]],
    configured: [
      {
        with: { SWAGGER: 'off' },
        cases: [
          ['/swagger', '/swagger/', '/swagger.json', '/swagger.yaml'].map((path) =>
            step('anyone', `GET ${path}`, { status: 404 }),
          ),
        ],
      },
    ],
    heldBy: [spec],
  },
  {
    says: '| `METRICS` | `off` | `on`:',
    cases: [[step('anyone', 'GET /metrics', { status: 404 })]],
    configured: [{ with: { METRICS: 'on' }, cases: [[step('anyone', 'GET /metrics', { status: 200 })]] }],
    heldBy: [spec, 'test/e2e/metrics.test.ts'],
  },
  {
    says: 'an address such as `127.0.0.1:9464`: there alone |',
    configured: [
      { with: { METRICS: '127.0.0.1:0' }, cases: [[step('anyone', 'GET /metrics', { status: 404 })]] },
    ],
    heldBy: ['test/e2e/metrics.test.ts'],
  },
  { says: '| `OTEL_EXPORTER_OTLP_ENDPOINT` |', heldBy: [spec, 'test/e2e/tracing.test.ts'] },
  {
    says: '| `WEBSOCKET_URL` |',
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
    heldBy: [spec, 'test/e2e/info.test.ts'],
  },
  { says: '| `RATE_LIMIT` |', heldBy: [spec, 'test/e2e/rate-limits.test.ts'] },
  {
    says: '| `TRUST_PROXY`, `CORS_ORIGINS`, `LOG_LEVEL` |',
    heldBy: [
      spec,
      'test/e2e/cors.test.ts',
      'test/e2e/http-addresses.test.ts',
      'test/e2e/rate-limits.test.ts',
      'test/e2e/operation.test.ts',
    ],
  },
  { says: '`true` is refused |', heldBy: [spec, 'test/e2e/start.test.ts'] },
  { says: '- Wrong values stop the start, one line for each,', heldBy: [reading, 'test/e2e/start.test.ts'] },
  { says: 'An empty value counts as unset.', heldBy: [spec, reading] },
  { says: '- Every variable can also be read from the file', heldBy: [reading, 'test/e2e/start.test.ts'] },
  { says: 'the environment takes precedence.', heldBy: [reading, 'test/e2e/start.test.ts'] },
];
