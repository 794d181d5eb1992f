import { DENIED, type Sentence, step } from './sentence.js';

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
    says: "| a client with ManageToken can mint an administrator's token |",
    cases: [
      [step('client', 'POST /token/create', { send: { userId: '{admin}', actions: ['*'] }, ...DENIED })],
      [step('client', 'POST /token/create', { send: { userId: '{own}', actions: [0] }, ...DENIED })],
    ],
    heldBy: ['test/properties/tokens.test.ts'],
  },
  {
    says: '| passwords kept as one SHA-256 round with salt |',
    heldBy: ['test/e2e/users.passwords.test.ts', 'test/e2e/tokens.sign-in.test.ts'],
  },
  {
    says: '| `dhadmin` / a known password in every installation |',
    cases: [
      [step('anyone', 'POST /token', { send: { login: 'dhadmin', password: 'dhadmin_#911' }, status: 401 })],
    ],
    heldBy: ['test/e2e/start.test.ts'],
  },
  { says: '| unknown login, wrong password and locked user', heldBy: ['test/e2e/tokens.sign-in.test.ts'] },
  { says: '| parallel guesses slip past the attempt limit |', heldBy: ['test/e2e/lockout.test.ts'] },
  {
    says: '| `jwt.secret` readable through `/configuration` |',
    cases: [[step('admin', 'GET /configuration/jwt.secret', { status: 404 })]],
    heldBy: ['test/e2e/configuration.test.ts'],
  },
  { says: '| a wrong login writes the password to the log |', heldBy: ['test/e2e/operation.test.ts'] },
  {
    says: '| the last administrator can be deleted, disabled or demoted |',
    cases: [{ role: 1 }, { status: 2 }].map((send) => [
      step('admin', 'PUT /user/{admin}', { send, status: 403 }),
    ]),
  },
  {
    says: '| `PUT /user/{id}` needs ManageUser |',
    cases: [[step('client', 'PUT /user/{own}', { send: { data: {} }, status: 204 })]],
  },
  {
    says: '| a client may set `introReviewed` |',
    cases: [[step('client', 'PUT /user/{own}', { send: { introReviewed: true }, status: 403 })]],
    heldBy: ['test/e2e/users.update.test.ts'],
  },
  { says: '| CORS open to every origin with credentials |', heldBy: ['test/e2e/cors.test.ts'] },
];
