import { expect } from 'vitest';
import { DENIED, type Sentence, step, UNAUTHORIZED } from './sentence.js';

const PAIR = { accessToken: expect.any(String), refreshToken: expect.any(String) };
const EMPTY = { status: 400, message: 'Invalid or empty authorization request parameters' } as const;
const REFUSED = { status: 401, message: 'Invalid credentials' } as const;

export const tokens: readonly Sentence[] = [
  {
    says: '- `POST /token {login, password}` → 201',
    cases: [
      [
        step('anyone', 'POST /token', {
          send: { login: '{login}', password: '{password}' },
          status: 201,
          body: PAIR,
        }),
      ],
      ...[
        {},
        { login: '{login}' },
        { password: 'p' },
        { login: ' ', password: 'p' },
        { login: '{login}', password: '' },
      ].map((send) => [step('anyone', 'POST /token', { send, ...EMPTY })]),
      [step('anyone', 'POST /token', { send: { login: 'nobody', password: '{password}' }, ...REFUSED })],
      [step('anyone', 'POST /token', { send: { login: '{login}', password: 'wrong' }, ...REFUSED })],
    ],
    heldBy: ['test/e2e/tokens.sign-in.test.ts'],
  },
  {
    says: '- `POST /token/refresh {refreshToken}` → 201',
    cases: [
      [
        step('anyone', 'POST /token/refresh', {
          send: { refreshToken: '{refreshToken}' },
          status: 201,
          body: { accessToken: expect.any(String) },
        }),
      ],
      [
        step('anyone', 'POST /token/refresh', {
          send: { refreshToken: '{accessToken}' },
          status: 401,
          message: 'Invalid token type',
        }),
      ],
      [step('anyone', 'POST /token/refresh', { send: { refreshToken: 'nonsense' }, ...UNAUTHORIZED })],
    ],
    heldBy: ['test/e2e/tokens.refresh.test.ts'],
  },
  {
    says: '- `POST /token/create {userId, actions,',
    cases: [
      [step('admin', 'POST /token/create', { send: { userId: '{own}' }, status: 201, body: PAIR })],
      [step('admin', 'POST /token/create', { send: {}, status: 400 })],
      [
        step('admin', 'POST /token/create', {
          send: { userId: '{missing}' },
          status: 404,
          message: 'User with id = {missing} not found',
        }),
      ],
      [
        step('admin', 'PUT /user/{own}', { send: { status: 2 }, status: 204 }),
        step('admin', 'POST /token/create', {
          send: { userId: '{own}' },
          status: 403,
          message: 'User is locked or disabled',
        }),
      ],
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', networkIds: ['{network}'] },
          status: 201,
        }),
      ],
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', networkIds: ['{foreignNetwork}'] },
          ...DENIED,
        }),
      ],
      [step('client', 'POST /token/create', { send: { userId: '{own}', networkIds: '*' }, ...DENIED })],
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}', actions: ['ManageUser'] },
          ...DENIED,
        }),
      ],
      [step('client', 'POST /token/create', { send: { userId: '{admin}' }, ...DENIED })],
    ],
    heldBy: ['test/e2e/tokens.create.test.ts', 'test/properties/tokens.test.ts'],
  },
  { says: "- A signed-in administrator's token:", heldBy: ['test/e2e/tokens.sign-in.test.ts'] },
  {
    says: '- Claims: `payload: {u: user id',
    heldBy: ['test/e2e/tokens.sign-in.test.ts', 'src/authentication/tokens/claims.ts'],
  },
  {
    says: '- Signing: ES256 by default',
    heldBy: ['test/e2e/keys.test.ts', 'test/e2e/tokens.verify.test.ts'],
  },
  { says: '- Lockout: the attempt is counted *before*', heldBy: ['test/e2e/lockout.test.ts'] },
];
