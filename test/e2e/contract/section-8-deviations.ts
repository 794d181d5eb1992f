import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import {
  AT_HOME,
  CLIENT_ACTIONS,
  DENIED,
  failedLogins,
  refresh,
  type Sentence,
  signIn,
  step,
  UNAUTHORIZED,
  withToken,
} from './sentence.js';
import { earlierHash, expectUpgrade, importedHash } from './stored-hashes.js';

const CORS = 'access-control-allow-origin';
const ORIGIN = { origin: 'https://console.example.com' };
const UNKNOWN = { send: { login: 'nobody', password: '{password}' }, status: 401 } as const;
const REFUSED = { message: 'Invalid credentials', only: ['error', 'message'] } as const;
const setStatus = (status: number) => step('admin', 'PUT /user/{own}', { send: { status }, status: 204 });
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');
const SESSION = expect.objectContaining({ kind: 'signIn' });
/** The session that a story begins with has been revoked. */
const revoked = [step('client', 'GET /user/current', UNAUTHORIZED), refresh(UNAUTHORIZED)];

export const deviations: readonly Sentence[] = [
  {
    says: "| an update without `data` erases the user's data |",
    cases: [
      [
        step('client', 'PUT /user/current', { send: { data: { kept: true } }, status: 204 }),
        step('client', 'PUT /user/current', { send: { password: 'another password' }, status: 204 }),
        step('client', 'GET /user/current', { status: 200, body: { data: { kept: true } } }),
      ],
    ],
  },
  {
    says: "| a client with ManageToken can mint an administrator's token;",
    cases: [
      [step('client', 'POST /token/create', { send: { userId: '{admin}', actions: ['*'] }, ...DENIED })],
      // `*` is what a client has, and a token that has less cannot give it.
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', actions: [0] },
          status: 201,
          claims: { accessToken: { payload: { a: CLIENT_ACTIONS } } },
        }),
        step({ of: 'client', actions: ['ManageToken', 'GetNetwork'] }, 'POST /token/create', {
          send: { userId: '{own}', actions: ['*'] },
          ...DENIED,
        }),
      ],
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', actions: ['ManageUser'] },
          ...DENIED,
        }),
      ],
    ],
    heldBy: ['test/properties/tokens.test.ts'],
  },
  {
    says: 'anyone with it a token for ever | a token can only be narrowed',
    cases: [
      ...(['client', 'admin'] as const).flatMap((as) =>
        ['expiration', 'refreshExpiration'].map((field) => [
          step(as, 'POST /token/create', {
            send: { userId: '{own}', [field]: '9999-12-31T00:00:00Z' },
            status: 400,
          }),
        ]),
      ),
      // In rights: a token that is created from another has no more than that one.
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', actions: ['ManageToken', 'GetNetwork'], networkIds: ['{network}'] },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        withToken('kept', 'POST /token/create', {
          send: { userId: '{own}', actions: ['GetNetwork'], networkIds: ['{network}'] },
          status: 201,
        }),
        withToken('kept', 'POST /token/create', {
          send: { userId: '{own}', actions: ['GetDevice'] },
          ...DENIED,
        }),
      ],
      // In time: none of its own outlives the session that creates it.
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', actions: ['ManageToken'], expiration: inHours(1) },
          status: 201,
          keep: { kept: 'accessToken' },
        }),
        withToken('kept', 'POST /token/create', {
          send: { userId: '{own}', expiration: inHours(0.5) },
          status: 201,
        }),
        withToken('kept', 'POST /token/create', {
          send: { userId: '{own}', expiration: inHours(2) },
          status: 400,
        }),
      ],
    ],
    heldBy: ['test/properties/tokens.test.ts', 'test/e2e/tokens.create.test.ts'],
  },
  {
    says: '| passwords kept as one SHA-256 round with salt | bcrypt;',
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: 'passwords over 72 bytes, or with NUL, are not truncated but hashed as the byte 0xFF',
    cases: [
      ...['a'.repeat(72), 'before\0'].map((beginning) => [
        step('client', 'PUT /user/current', { send: { password: `${beginning}one` }, status: 204 }),
        signIn(`${beginning}two`, 401),
        signIn(beginning, 401),
        signIn(`${beginning}one`, 201),
        // Nor is the SHA-256 of a password a password.
        signIn(sha256(`${beginning}one`), 401),
        signIn(`\u00ff${sha256(`${beginning}one`)}`, 401),
      ]),
    ],
    heldBy: ['test/e2e/users.passwords.test.ts', 'src/passwords/password-hasher.spec.ts'],
  },
  {
    says: 'hashes of earlier kinds say so by a prefix, and are replaced at sign-in |',
    checks: {
      'a hash of the original': (service) => expectUpgrade(service, importedHash()),
      'a hash of version 0.1': async (service) => expectUpgrade(service, await earlierHash()),
    },
    heldBy: ['test/e2e/upgrade.test.ts', 'src/passwords/password-hasher.spec.ts'],
  },
  {
    says: '| `dhadmin` / a known password in every installation |',
    cases: [
      [step('anyone', 'POST /token', { send: { login: 'dhadmin', password: 'dhadmin_#911' }, status: 401 })],
    ],
    heldBy: ['test/e2e/start.test.ts'],
  },
  {
    says: '| unknown login, wrong password and locked user',
    cases: [
      [step('anyone', 'POST /token', { ...UNKNOWN, ...REFUSED })],
      [signIn('wrong', 401, REFUSED)],
      ...[1, 2].map((status) => [setStatus(status), signIn('{password}', 401, REFUSED)]),
    ],
    // The time is measured there.
    heldBy: ['test/e2e/tokens.sign-in.test.ts', 'test/trials/sign-in/enumeration.test.ts'],
  },
  { says: '| parallel attempts slip past the attempt limit |', heldBy: ['test/e2e/lockout.test.ts'] },
  {
    says: '| `jwt.secret` readable through `/configuration` |',
    cases: [[step('admin', 'GET /configuration/jwt.secret', { status: 404 })]],
    heldBy: ['test/e2e/configuration.test.ts'],
  },
  { says: '| a wrong login writes the password to the log |', heldBy: ['test/e2e/operation.test.ts'] },
  {
    says: '| the last administrator can be deleted, disabled or demoted |',
    configured: [
      {
        // A service of its own: on the shared one, stories have made other administrators.
        with: {},
        cases: [
          ...[{ role: 1 }, { status: 1 }, { status: 2 }].map((send) => [
            step('admin', 'PUT /user/{admin}', { send, status: 403 }),
            step('admin', 'GET /user/current', { status: 200 }),
          ]),
          [
            step('admin', 'DELETE /user/{admin}', { status: 403 }),
            step('admin', 'GET /user/current', { status: 200 }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/users.concurrency.test.ts'],
  },
  {
    says: '| `PUT /user/{id}` needs ManageUser |',
    cases: [
      [step('client', 'PUT /user/{own}', { send: { data: {} }, status: 204 })],
      [
        step({ of: 'client', actions: ['UpdateCurrentUser'] }, 'PUT /user/{own}', {
          send: { data: {} },
          status: 204,
        }),
      ],
    ],
  },
  {
    says: '| a client may set `introReviewed` | by the page only',
    cases: [[step('client', 'PUT /user/{own}', { send: { introReviewed: true }, status: 403 })]],
    heldBy: ['test/e2e/users.update.test.ts'],
  },
  {
    says: '`CLIENT_WRITABLE_FIELDS` opens it |',
    configured: [
      {
        with: { CLIENT_WRITABLE_FIELDS: 'password,data,introReviewed' },
        cases: [[step('client', 'PUT /user/{own}', { send: { introReviewed: true }, status: 204 })]],
      },
    ],
    heldBy: ['test/e2e/users.update.test.ts'],
  },
  {
    says: '| disabling and enabling a user, or a new password, leaves its tokens valid |',
    cases: [
      ...[
        [setStatus(2), setStatus(0)],
        [setStatus(1), setStatus(0)],
        [step('admin', 'PUT /user/{own}', { send: { password: 'another password' }, status: 204 })],
      ].map((changes) => [
        step('client', 'GET /user/current', { status: 200 }),
        ...changes,
        step('client', 'GET /user/current', UNAUTHORIZED),
        refresh(UNAUTHORIZED),
        step('admin', 'GET /user/{own}', { status: 200, body: { status: 0 } }),
        step('admin', 'GET /user/{own}/session', { status: 200, body: [] }),
      ]),
    ],
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: '| a password of 6 characters, or `password` |',
    cases: ['qx7!zk', 'qx7!zk9', 'password', 'Password'].map((password) => [
      step('client', 'PUT /user/current', { send: { password }, status: 400 }),
    ]),
    heldBy: ['test/e2e/users.passwords.test.ts'],
  },
  {
    says: '| CORS open to every origin with credentials |',
    cases: [
      [step('client', 'GET /user/current', { headers: ORIGIN, status: 200, carries: { [CORS]: null } })],
    ],
    configured: [
      {
        with: { CORS_ORIGINS: ORIGIN.origin },
        cases: [
          [
            step('client', 'GET /user/current', {
              headers: ORIGIN,
              status: 200,
              carries: {
                [CORS]: /^https:\/\/console\.example\.com$/,
                'access-control-allow-credentials': null,
              },
            }),
            step('client', 'GET /user/current', {
              headers: { origin: 'https://evil.example.com' },
              status: 200,
              carries: { [CORS]: null },
            }),
          ],
        ],
      },
    ],
    heldBy: ['test/e2e/cors.test.ts'],
  },
  {
    says: '| any number of tokens, which nothing can revoke | `MAX_SESSIONS`',
    configured: [
      {
        with: { MAX_SESSIONS: '3' },
        cases: [
          // The story has begun with three sign-ins.
          [
            ...Array.from({ length: 2 }, () => signIn('{password}', 201)),
            step('client', 'GET /user/current', { status: 200 }),
            signIn('{password}', 201),
            step('client', 'GET /user/current', UNAUTHORIZED),
            step('admin', 'GET /user/{own}/session', { status: 200, body: [SESSION, SESSION, SESSION] }),
          ],
        ],
      },
    ],
  },
  {
    says: 'sessions can be revoked |',
    cases: [
      [step('client', 'DELETE /user/current/session/{sid}', { status: 204 }), ...revoked],
      [step('client', 'DELETE /user/current/session', { status: 204 }), ...revoked],
      [step('admin', 'DELETE /user/{own}/session/{sid}', { status: 204 }), ...revoked],
      [step('anyone', 'POST /token/revoke', { send: { token: '{refreshToken}' }, status: 200 }), ...revoked],
    ],
  },
  {
    says: '| failed logins lock a user until an administrator unlocks it, and end its tokens |',
    cases: [[...failedLogins(10), step('admin', 'GET /user/{own}', { status: 200, body: { status: 1 } })]],
    // The time passes there.
    heldBy: ['test/e2e/lockout.test.ts'],
  },
  {
    says: 'open sessions and known sources go on |',
    cases: [
      [
        ...failedLogins(10),
        step('client', 'GET /user/current', { status: 200 }),
        signIn('{password}', 201, AT_HOME),
      ],
    ],
    heldBy: ['test/e2e/known-sources.test.ts'],
  },
];
