import { expect } from 'vitest';
import type { Client } from '../../support/client.js';
import { freshName } from '../../support/fresh-name.js';
import { ServiceProcess } from '../../support/process.js';
import { failedLogins, type Sentence, signIn, type Step, step, UNAUTHORIZED } from './sentence.js';

interface ShownEvent {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const EVENTS = ['test/e2e/events.test.ts'];
const WEBHOOKS = ['test/e2e/webhooks.test.ts', 'test/trials/webhooks.test.ts'];
/** The suites of the program, whose commands are events too. */
const COMMANDS = ['test/e2e/users-command.test.ts', 'test/e2e/command-line.test.ts'];
const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

const list = (query: string, rest: Omit<Step, 'as' | 'ask' | 'status'>) =>
  step('admin', `GET /event?${query}`, { status: 200, ...rest });
const ofOwn = (type: string, rest: Omit<Step, 'as' | 'ask' | 'status'>) =>
  list(`subject=user/{own}&type=hivegate.${type}`, rest);
const without = (name: string) =>
  expect.toSatisfy((data: object) => !(name in data), `has no ${name}`) as object;

/** Every event there is, a page at a time. */
async function follow(admin: Client, take = 1000, after = '0'): Promise<ShownEvent[]> {
  const all: ShownEvent[] = [];
  for (;;) {
    const { status, body } = await admin.get(`/event?take=${take}&after=${all.at(-1)?.id ?? after}`);
    expect(status).toBe(200);
    all.push(...(body as ShownEvent[]));
    if (body.length < take) return all;
  }
}

/** Held by the suite of events too: much of it is about many requests, or none. */
export const events: readonly Sentence[] = [
  {
    says: '- **Events.** Every change, sign-in, failed sign-in,',
    cases: [
      [
        step('admin', 'PUT /user/{own}', { send: { introReviewed: true }, status: 204 }),
        ofOwn('user.updated', { list: [{ data: { actor: '{admin}', fields: ['introReviewed'] } }] }),
      ],
      ...['network', 'devicetype'].map((path) => [
        step('admin', `POST /${path}`, { send: { name: '{fresh}' }, status: 201, keep: { id: 'id' } }),
        step('admin', `PUT /${path}/{id}`, { send: { description: 'x' }, status: 204 }),
        step('admin', `DELETE /${path}/{id}`, { status: 204 }),
        list(`subject=${path}/{id}`, {
          list: ['created', 'updated', 'deleted'].map((what) => ({
            type: expect.stringMatching(new RegExp(`^hivegate\\.(?:network|deviceType)\\.${what}$`)),
            data: { actor: '{admin}' },
          })),
        }),
      ]),
      [
        step('admin', 'DELETE /user/{own}/network/{network}', { status: 204 }),
        ofOwn('assignment.deleted', { list: [{ data: { actor: '{admin}', networkId: '{network}' } }] }),
      ],
      [
        step('admin', 'PUT /configuration/{fresh}', { send: { value: 'x' }, status: 200 }),
        list('type=hivegate.configuration.set&subject=configuration/{fresh}', {
          list: [{ data: { actor: '{admin}' } }],
        }),
      ],
      // Each sign-in, with the session that it has started.
      [
        signIn('{password}', 201, { keep: { again: 'claim accessToken.sid' } }),
        ofOwn('signIn.succeeded', {
          list: [
            {},
            {},
            { data: { actor: '{own}', sessionId: '{sid}' } },
            { data: { sessionId: '{again}' } },
          ],
        }),
      ],
      [
        ...failedLogins(1),
        ofOwn('signIn.failed', { list: [{ data: { actor: null, session: null, address: '127.0.0.1' } }] }),
      ],
      [
        ...failedLogins(9),
        ofOwn('user.lockedOut', { body: [] }),
        ...failedLogins(1),
        ofOwn('user.lockedOut', { list: [{ data: { until: TIMESTAMP } }] }),
      ],
      [
        step('client', 'DELETE /user/current/session/{sid}', { status: 204 }),
        ofOwn('session.revoked', {
          list: [{ data: { actor: '{own}', session: '{sid}', sessionId: '{sid}', reason: 'request' } }],
        }),
      ],
      [
        step('admin', 'PUT /user/{own}', { send: { status: 2 }, status: 204 }),
        // Of `{own}`, who has signed in three times.
        ofOwn('session.revoked', {
          list: Array.from({ length: 3 }, () => ({ data: { actor: '{admin}', reason: 'disabled' } })),
        }),
      ],
      [
        step('client', 'POST /token/create', {
          send: { userId: '{own}' },
          status: 201,
          keep: { created: 'claim accessToken.sid' },
        }),
        ofOwn('session.created', {
          list: [{ data: { actor: '{own}', session: '{sid}', sessionId: '{created}' } }],
        }),
      ],
    ],
    configured: [
      {
        // Until an administrator ends it.
        with: { LOCKOUT_SECONDS: '0' },
        cases: [[...failedLogins(10), ofOwn('user.lockedOut', { list: [{ data: without('until') }] })]],
      },
    ],
    // All changes, those that are rolled back, and commands.
    heldBy: [...EVENTS, ...COMMANDS, 'test/e2e/keys.test.ts', 'test/trials/atomicity/statements.test.ts'],
  },
  {
    says: 'A request that changes nothing creates none;',
    cases: [
      [
        step('admin', 'PUT /user/{own}', { send: {}, status: 204 }),
        step('admin', 'PUT /user/{own}', { send: { introReviewed: false, data: null }, status: 204 }),
        step('admin', 'PUT /user/{own}', { send: { role: 7 }, status: 400 }),
        step('client', 'PUT /user/{own}', { send: { role: 0 }, status: 403 }),
        ofOwn('user.updated', { body: [] }),
      ],
      [
        step('admin', 'PUT /user/{own}/network/{network}', { status: 204 }),
        step('admin', 'DELETE /user/{own}/network/{foreignNetwork}', { status: 204 }),
        // That of the beginning alone.
        ofOwn('assignment.created', { list: [{ data: { networkId: '{network}' } }, { data: {} }] }),
        ofOwn('assignment.deleted', { body: [] }),
      ],
      [
        step('anyone', 'POST /token/revoke', { send: { token: 'nonsense' }, status: 200 }),
        step('admin', 'DELETE /user/{own}/session?createdFor=others', { status: 204 }),
        step('admin', 'DELETE /user/{own}/session/{fresh}', { status: 404 }),
        ofOwn('session.revoked', { body: [] }),
      ],
    ],
    heldBy: EVENTS,
  },
  {
    says: 'refreshes are none.',
    cases: [
      [
        step('anyone', 'POST /token/refresh', { send: { refreshToken: '{refreshToken}' }, status: 201 }),
        step('anyone', 'POST /token/refresh', { send: { refreshToken: '{accessToken}' }, status: 401 }),
        list('actor={own}', {
          list: Array.from({ length: 3 }, () => ({ type: 'hivegate.signIn.succeeded' })),
        }),
      ],
    ],
  },
  {
    says: "- Two kinds are counted instead: a user's own updates of `data`",
    checks: {
      "a user's own updates of data, and no others": async (service) => {
        const { admin } = service;
        const user = await service.createUser();
        const updates = async () =>
          (await admin.get(`/event?subject=user/${user.id}&type=hivegate.user.updated`)).body as ShownEvent[];
        for (let index = 0; index < 6; index += 1)
          await user.client.put('/user/current', { data: { index } });
        // The minute may end in between: two first ones, and the count of the others of the first minute.
        const counted = await updates();
        expect([1, 2, 3]).toContain(counted.length);
        for (let index = 0; index < 6; index += 1)
          await admin.put(`/user/${user.id}`, { data: { by: index } });
        const byAdmin = (await updates()).filter(({ data }) => data['actor'] === 1);
        expect(byAdmin.map(({ data }) => data['count'])).toEqual(Array(6).fill(undefined));
        for (const [index, password] of ['another password 1', 'another password 2'].entries())
          await user.client.put('/user/current', { password, data: { index } });
        const withPassword = (await updates()).filter(({ data }) =>
          (data['fields'] as string[]).includes('password'),
        );
        expect(withPassword).toHaveLength(2);
      },
      'failed sign-ins, and of a login that nobody has not the text': async (service) => {
        const user = await service.createUser();
        const typed = freshName('typed');
        for (let index = 0; index < 6; index += 1) {
          await service.client.signIn({ login: user.login, password: 'a wrong one' });
          await service.client.signIn({ login: typed, password: 'a wrong one' });
        }
        const failed = await service.admin.get(`/event?subject=user/${user.id}&type=hivegate.signIn.failed`);
        expect([1, 2, 3]).toContain(failed.body.length);
        const unknown = await service.admin.get('/event?subject=user/unknown&type=hivegate.signIn.failed');
        expect(unknown.body.length).toBeGreaterThanOrEqual(1);
        expect(unknown.body.length).toBeLessThanOrEqual(4);
        expect(unknown.body[0].data).toEqual({
          actor: null,
          session: null,
          address: '127.0.0.1',
          requestId: expect.any(String),
        });
        expect(JSON.stringify(await follow(service.admin))).not.toContain(typed);
      },
    },
    // The limits.
    heldBy: EVENTS,
  },
  {
    says: 'The first is an event at once, the others of the period',
    cases: [
      [
        step('client', 'PUT /user/current', { send: { data: { a: 1 } }, status: 204 }),
        ofOwn('user.updated', {
          list: [{ data: { actor: '{own}', session: '{sid}', fields: ['data'] } }],
        }),
      ],
    ],
    // The end of the period.
    heldBy: EVENTS,
  },
  {
    says: 'An event never changes after it can be read.',
    checks: {
      'what has been read is read again': async (service) => {
        const user = await service.createUser();
        await user.client.put('/user/current', { data: { a: 1 } });
        const before = await follow(service.admin);
        await user.client.put('/user/current', { data: { a: 2 } });
        await service.admin.put(`/user/${user.id}`, { role: 0, login: freshName('renamed') });
        await service.admin.delete(`/user/${user.id}`);
        const after = await follow(service.admin);
        expect(after.slice(0, before.length)).toEqual(before);
        expect(after.length).toBeGreaterThan(before.length);
      },
    },
    heldBy: EVENTS,
  },
  {
    says: '- `GET /event` (`after`, `take`, `type`, `subject`, `actor`, `since`,',
    cases: [
      [
        step('admin', 'PUT /user/{own}', {
          send: { role: 0, status: 2, allDeviceTypesAvailable: true, introReviewed: true },
          headers: { 'x-request-id': 'req-{fresh}' },
          status: 204,
        }),
        ofOwn('user.updated&actor=1', {
          body: [
            {
              specversion: '1.0',
              id: expect.stringMatching(/^\d+$/),
              source: 'hivegate',
              type: 'hivegate.user.updated',
              subject: 'user/{own}',
              time: TIMESTAMP,
              datacontenttype: 'application/json',
              data: {
                actor: '{admin}',
                session: expect.any(String),
                address: '127.0.0.1',
                requestId: 'req-{fresh}',
                fields: expect.toSatisfy(
                  (fields: string[]) =>
                    fields.toSorted().join() === 'allDeviceTypesAvailable,introReviewed,role,status',
                ),
                changes: {
                  role: { old: 1, new: 0 },
                  status: { old: 0, new: 2 },
                  allDeviceTypesAvailable: { old: false, new: true },
                },
              },
            },
          ],
          keep: { event: '0.id', time: '0.time' },
        }),
        // What is filtered out.
        ofOwn('user.updated&after={event}', { body: [] }),
        ofOwn('user.updated&until={time}', { body: [] }),
        ofOwn('user.updated&since={time}', { list: [{ id: '{event}' }] }),
        ofOwn('user.updated&actor={own}', { body: [] }),
        ofOwn('user.deleted', { body: [] }),
        list('subject=user/{missing}', { body: [] }),
        list('subject=user/{own}&take=1', { list: [{ type: 'hivegate.user.created' }] }),
      ],
      ...['take=0', 'after=x', 'type=user.updated', 'actor=x', 'since=now', 'until=2026', 'skip=1'].map(
        (query) => [
          step('admin', `GET /event?${query}`, {
            status: 400,
            body: { details: [{ field: query.split('=')[0], message: expect.any(String) }] },
          }),
        ],
      ),
      [step('client', 'GET /event', { status: 403, message: 'Access is denied' })],
      [step('anyone', 'GET /event', UNAUTHORIZED)],
    ],
    heldBy: EVENTS,
  },
  {
    says: 'never passwords, tokens or `data`.',
    checks: {
      'of whatever a user does': async (service) => {
        const secret = freshName('secret');
        const user = await service.createUser({ password: `${secret} 1`, data: { secret } });
        await user.client.put('/user/current', { password: `${secret} 2`, data: { secret: `${secret} 3` } });
        await service.client.signIn({ login: user.login, password: `${secret} wrong` });
        await service.client.signIn({ login: secret, password: secret });
        const { accessToken, refreshToken } = await service.createToken(user.id, {});
        await service.client.refresh(refreshToken);
        await service.client.post('/token/revoke', { token: accessToken });
        const text = JSON.stringify(await follow(service.admin));
        expect(text).toContain(`user/${user.id}`);
        expect(text).not.toContain(secret);
        for (const token of [user.accessToken, user.refreshToken, accessToken, refreshToken])
          expect(text).not.toContain(token.split('.')[2]);
      },
    },
    heldBy: EVENTS,
  },
  {
    says: 'A reader that follows `after` sees every event exactly once',
    checks: {
      'in pages of any size': async (service) => {
        const after = (await follow(service.admin)).at(-1)?.id;
        const user = await service.createUser();
        for (const status of [2, 0, 1, 0, 2])
          await service.admin.put(`/user/${user.id}`, { status, introReviewed: status === 2 });
        const all = await follow(service.admin, 1000, after);
        expect(all.length).toBeGreaterThan(5);
        // Counts of periods that have ended may have come meanwhile.
        for (const take of [1, 2, 3])
          expect((await follow(service.admin, take, after)).slice(0, all.length)).toEqual(all);
        const ids = all.map(({ id }) => Number(id));
        expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
      },
    },
    // While many write.
    heldBy: EVENTS,
  },
  { says: 'Kept for `EVENTS_KEPT_DAYS`.', heldBy: EVENTS },
  {
    says: '- `GET /event` with `Accept: text/event-stream` streams the same,',
    cases: [[step('client', 'GET /event', { headers: { accept: 'text/event-stream' }, status: 403 })]],
    heldBy: ['test/e2e/events.streams.test.ts'],
  },
  {
    says: 'the stream ends within a second when its token',
    heldBy: ['test/e2e/events.streams.test.ts', 'test/e2e/revocations.test.ts'],
  },
  {
    says: 'A cursor from before a restore: 410.',
    cases: [
      [
        step('admin', 'GET /event', {
          headers: { accept: 'text/event-stream', 'last-event-id': '1.AAAAAAAAAAAA' },
          status: 410,
        }),
      ],
      [step('client', 'GET /revocation?after=AAAAAAAAAAAA.1', { status: 410 })],
    ],
    heldBy: ['test/e2e/backup.test.ts', 'test/e2e/events.streams.test.ts', 'test/e2e/revocations.test.ts'],
  },
  { says: '- **Webhooks.** Where `WEBHOOK_URL` is set,', heldBy: WEBHOOKS },
  {
    says: 'redirects are not followed.',
    heldBy: ['test/e2e/webhooks.test.ts', 'src/events/webhooks/webhook-sender.spec.ts'],
  },
  {
    says: 'Without `WEBHOOK_SECRET`, or with plain http to a host',
    checks: {
      'the start is refused with a line that says what to write': async () => {
        const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
        for (const [settings, line] of [
          [{ WEBHOOK_URL: 'https://hooks.example.com/' }, /^WEBHOOK_SECRET is not valid: .+openssl rand/m],
          [
            { WEBHOOK_URL: 'http://hooks.example.com/', WEBHOOK_SECRET: secret },
            /^WEBHOOK_URL is not valid: /m,
          ],
        ] as const) {
          const process = await ServiceProcess.spawn(settings);
          expect(await process.ended).toBe(1);
          expect(process.output).toMatch(line);
          expect(process.output).not.toContain(secret);
          await process.remove();
        }
      },
    },
    heldBy: ['src/settings/settings.spec.ts'],
  },
];
