import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { readServiceSettings } from '../../../src/compatibility/service-settings.js';
import { claimsOf, type Client } from '../../support/client.js';
import { runCommand } from '../../support/command.js';
import { originalToken, WITH_ORIGINAL_TOKENS } from '../../support/original-tokens.js';
import { HOME, PASSWORD, TestService } from '../../support/service.js';
import { CLIENT_ACTIONS, DENIED, type Sentence, step, type Story } from './sentence.js';

/* The rows of contract.md §9 on tokens: each constant is one row. */

const COMPATIBLE = { COMPATIBILITY: 'devicehive' };
const YEAR = 31_536_000_000;

/** A request for tokens, and what their claims are. */
const create = (send: object, payload: object, who: 'admin' | 'client' = 'admin'): Story => [
  step(who, 'POST /token/create', { send, status: 201, claims: { accessToken: { payload } } }),
];
/** A moment near to one so many milliseconds ahead. */
const near = (ahead: number): unknown =>
  expect.toSatisfy((moment: number) => Math.abs(moment - Date.now() - ahead) < 60_000);
const refused = (
  who: 'admin' | 'client',
  userId: unknown,
  rest: { status: number; message: string },
): Story => [step(who, 'POST /token/create', { send: { userId }, ...rest })];

/** `/token/create`. */
export const tokenRequests: readonly Sentence[] = [
  {
    says: '| `/token/create`: ids from 1, an `expiration` within the limit',
    configured: [
      {
        with: COMPATIBLE,
        cases: [
          create({ userId: 1, networkIds: ['0', 0, 5], deviceTypeIds: [0] }, { n: ['5'], dt: [] }),
          create({ userId: 1, actions: ['GetDevcie', 99], networkIds: ['0'] }, { a: [1], n: [] }),
          create({ userId: 1, actions: [] }, { a: CLIENT_ACTIONS }),
          create({ userId: 1, actions: ['getnetwork', 'GETDEVICE', 4, '5'] }, { a: [2, 3, 4] }),
          create({ userId: 1 }, { dt: ['*'] }),
          create({ userId: 1, deviceTypeIds: [1] }, { dt: ['1'] }),
          [
            step('admin', 'POST /token/create', {
              send: { userId: '{own}', actions: ['ManageUser', 'GetNetwork'], networkIds: '*' },
              status: 201,
              claims: { accessToken: { payload: { a: [2], n: ['{networkText}'] } } },
            }),
          ],
          create({ userId: '{own}', expiration: '2999-01-01T00:00:00Z' }, { e: near(YEAR) }),
          create(
            { userId: '{own}', expiration: '2999-01-01T00:00:00Z' },
            { e: near(15_724_800_000) },
            'client',
          ),
          [
            step('admin', 'POST /token/create', {
              send: { userId: '{own}', actions: [10], expiration: '2020-01-01T00:00:00Z' },
              status: 201,
              claims: { accessToken: { payload: { e: Date.UTC(2020, 0, 1) } } },
              keep: { kept: 'accessToken' },
            }),
            step('anyone', 'GET /user/current', {
              headers: { authorization: 'Bearer {kept}' },
              status: 401,
              message: 'Token expired',
            }),
          ],
          ...[0, -1, 987_654_321].map((id) =>
            refused('admin', id, { status: 404, message: `User with id = ${id} not found` }),
          ),
          ...[0, -1, 1, 987_654_321].map((id) => refused('client', id, DENIED)),
        ],
      },
    ],
    heldBy: ['test/e2e/compatibility.tokens.test.ts'],
  },
  {
    says: 'a moment without a zone is UTC, and a date alone or milliseconds as text are accepted',
    configured: [
      {
        with: COMPATIBLE,
        cases: ['2020-01-31T00:00:00', '2020-01-31', '1580428800000', 1_580_428_800_000].map((expiration) =>
          create({ userId: 1, expiration }, { e: Date.UTC(2020, 0, 31) }),
        ),
      },
    ],
    heldBy: ['test/e2e/compatibility.tokens.test.ts'],
  },
];

/** A secret that the original could have made: 18 bytes. */
const SHORT = 'fhovh8sb2jsd1lom167dtpcs1d';
const SHORT_KEY = Buffer.from('7e1a2f87cb1bda3b1dd65a26d7aeddb6972c', 'hex');

/** `JWT_SECRET`. */
export const jwtKey: readonly Sentence[] = [
  {
    says: '| `JWT_SECRET` is the key, of at least 32 characters',
    checks: {
      'the key that signs': async () => {
        const service = await TestService.start({ ...COMPATIBLE, JWT_SECRET: SHORT });
        try {
          const [header, claims, signature] = (service.admin.token ?? '').split('.');
          const expected = createHmac('sha256', SHORT_KEY).update(`${header}.${claims}`).digest('base64url');
          expect(signature).toBe(expected);
        } finally {
          await service.stop();
        }
      },
    },
    heldBy: ['src/compatibility/jwt-key.spec.ts'],
  },
  { says: 'A warning under 32 bytes;', heldBy: ['src/compatibility/jwt-key.spec.ts'] },
  {
    says: 'refused under 16 bytes, with a character outside ASCII',
    checks: {
      'the start': async () => {
        for (const secret of ['a'.repeat(21), `${'a'.repeat(44)}ü`, 'devicehive']) {
          const environment = { ...COMPATIBLE, JWT_SECRET: secret };
          expect(() => readServiceSettings(environment)).toThrow(/^JWT_SECRET is not valid: [^\n]+$/);
          const { code, stderr } = await runCommand('users', ['list'], environment);
          expect(code).not.toBe(0);
          expect(stderr).toMatch(/^JWT_SECRET is not valid: [^\n]+\n$/);
          expect(stderr.replace('COMPATIBILITY=devicehive', '')).not.toContain(secret);
        }
      },
    },
    heldBy: ['src/compatibility/jwt-key.spec.ts'],
  },
];

const statusOf = async (client: Client) => (await client.get('/user/current/session')).status;

/** Runs `check` on a service that accepts tokens of the original, for one of its clients. */
async function withOriginal(
  check: (world: {
    service: TestService;
    id: number;
    login: string;
    as: (more?: Record<string, unknown>) => Client;
  }) => Promise<void>,
): Promise<void> {
  const service = await TestService.start(WITH_ORIGINAL_TOKENS);
  try {
    const { id, login } = await service.createUser();
    await check({ service, id, login, as: (more) => service.client.as(originalToken(id, more)) });
  } finally {
    await service.stop();
  }
}

/** Tokens of the original. */
export const originalTokenRows: readonly Sentence[] = [
  {
    says: '| only tokens of this service |',
    checks: {
      'what is accepted': () =>
        withOriginal(async ({ service, as }) => {
          expect(await statusOf(as())).toBe(200);
          for (const more of [{ a: [] }, { n: null, dt: null }, { a: [0, 10, 99] }])
            expect([more, await statusOf(as(more))]).toEqual([more, 200]);
          for (const more of [{ t: undefined }, { t: 0 }, { e: undefined }, { e: 1 }, { x: 1 }])
            expect([more, await statusOf(as(more))]).toEqual([more, 401]);
          expect((await as({ a: [0, 12] }).get('/user/count')).status).toBe(403);
          expect(await statusOf(service.client.as(originalToken(1)))).toBe(401);
        }),
    },
    heldBy: ['test/e2e/compatibility.original-tokens.test.ts'],
  },
  {
    says: 'Any client of the original could mint one for any user',
    checks: {
      'a new password, and what is created': () =>
        withOriginal(async ({ id, as }) => {
          const e = Date.now() + 600_000;
          expect((await as({ e }).put('/user/current', { password: 'zq7!vhXe of cases' })).status).toBe(400);
          const { body } = await as({ e }).post('/token/create', { userId: id, expiration: '2999-01-01' });
          expect(claimsOf(body.accessToken).payload).toMatchObject({ e });
        }),
    },
    heldBy: ['test/e2e/compatibility.original-tokens.test.ts'],
  },
  {
    says: 'Whatever revokes all sessions of its user',
    checks: {
      'a new password': () =>
        withOriginal(async ({ service, login, as }) => {
          expect(await statusOf(as())).toBe(200);
          const { body } = await service.client.signIn({ login, password: PASSWORD }, HOME);
          const { status } = await service.client
            .as(body.accessToken)
            .put('/user/current', { password: 'zq7!vhXe of cases' });
          expect([status, await statusOf(as()), await statusOf(as({ a: [] }))]).toEqual([204, 401, 401]);
        }),
      'a status': () =>
        withOriginal(async ({ service, id, as }) => {
          for (const status of [1, 0]) await service.admin.put(`/user/${id}`, { status });
          expect(await statusOf(as())).toBe(401);
        }),
      'all sessions': () =>
        withOriginal(async ({ service, id, as }) => {
          expect((await service.admin.delete(`/user/${id}/session`)).status).toBe(204);
          expect(await statusOf(as())).toBe(401);
        }),
      'a revocation': () =>
        withOriginal(async ({ service, id, as }) => {
          await service.client.post('/token/revoke', { token: originalToken(id) });
          expect(await statusOf(as())).toBe(401);
        }),
    },
    heldBy: ['test/e2e/compatibility.original-tokens.test.ts'],
  },
  {
    says: 'Refresh tokens are not accepted.',
    checks: {
      'POST /token/refresh': () =>
        withOriginal(async ({ service, id }) => {
          for (const t of [0, 1])
            expect((await service.client.refresh(originalToken(id, { t }))).status).toBe(401);
        }),
    },
    heldBy: ['test/e2e/compatibility.original-tokens.test.ts'],
  },
  {
    says: 'Set it only where users kept their ids |',
    checks: {
      'the id alone says whose it is': () =>
        withOriginal(async ({ service, id, as }) => {
          const { body } = await as().get('/user/current/session');
          expect(body).toEqual([expect.objectContaining({ current: true })]);
          const { body: listed } = await service.admin.get(`/user/${id}/session`);
          expect(listed).toContainEqual(expect.objectContaining({ id: body[0].id }));
        }),
    },
  },
];
