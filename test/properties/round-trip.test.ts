import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { sequenceEvents } from '../../src/events/sequence-events.js';
import { HOME, PASSWORD, TestService, type TestUser } from '../support/service.js';
import { readTables, type Row } from '../support/tables.js';

/*
 * contract.md §3: a resource read with GET can be sent back whole. GET, change what the policy allows, PUT the whole or
 * PATCH it: 204, and nothing else has changed.
 */

/** The fields that a client may change, by the setting. */
const SETTINGS = ['password,data', 'password', 'data', 'introReviewed', 'data,introReviewed'] as const;
type Setting = (typeof SETTINGS)[number];

const services = new Map<Setting, TestService>();
/** Created once for each service and role; each run sets its row. */
const users = new Map<string, TestUser>();
beforeAll(async () => {
  for (const setting of SETTINGS) {
    const service = await TestService.start({ CLIENT_WRITABLE_FIELDS: setting });
    services.set(setting, service);
    for (const role of [0, 1]) {
      const user = await service.createUser({ role });
      users.set(`${setting} ${role}`, user);
      await service.client.signIn(user, HOME);
      await user.client.post('/token/create', { userId: user.id, actions: ['GetCurrentUser'] });
      await service.admin.put(`/user/${user.id}/network/1`);
    }
  }
}, 120_000);
afterAll(async () => {
  for (const service of services.values()) await service.stop();
});

const FAR = 900_000;
/** What a user may have been through, as columns. A lockout that has ended is told in users.unchanged.test.ts. */
const STATES = {
  active: {},
  'failed logins': { login_attempts: 4 },
  'full bucket': { login_attempts: 10, blocked_at: -1000, blocked_until: FAR },
  'locked out by failed logins': {
    status: 1,
    locked_by_failed_logins: 1,
    login_attempts: 10,
    blocked_at: -1000,
    blocked_until: FAR,
  },
  'locked out without an end': {
    status: 1,
    locked_by_failed_logins: 1,
    login_attempts: 10,
    blocked_at: -1000,
  },
} as const;
/** Only of one that is not the caller: it could not ask. */
const BARRED = { 'locked by an administrator': { status: 1 }, disabled: { status: 2 } } as const;

/** JSON that is easily changed when it is read and written. */
const oddData = fc.oneof(
  fc.constantFrom(
    '{"a":1.0,"b":1,"c":1e400,"d":-0,"e":12345678901234567890.10}',
    '{"a":1,"a":2,"\\u0061":{"a":1,"a":[]}}',
    '{"\\u0061":"\\u0000\\/\\ud800\\u2028\\"","é":"é🐝"}',
    '{"__proto__":{"role":0},"constructor":{"prototype":1},"toString":null}',
    '{ "z" : [ 1 , 2 ] ,\t"10":1,\r\n"9":{ } }',
    `${'{"a":'.repeat(10_000)}{}${'}'.repeat(10_000)}`,
    `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    `{"a":"${'x'.repeat(64 * 1024 - 8)}"}`,
    `{${Array.from({ length: 6000 }, (_, index) => `"${index.toString(36)}":0`).join()}}`,
    '{}',
    'null',
  ),
  fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()).map((value) => JSON.stringify(value)),
);

const runs = fc.record({
  setting: fc.constantFrom(...SETTINGS),
  role: fc.constantFrom(0, 1),
  byAnother: fc.boolean(),
  state: fc.constantFrom(...(Object.keys(STATES) as (keyof typeof STATES)[])),
  barred: fc.option(fc.constantFrom(...(Object.keys(BARRED) as (keyof typeof BARRED)[])), { freq: 3 }),
  data: oddData,
  introReviewed: fc.boolean(),
  allDeviceTypesAvailable: fc.boolean(),
  method: fc.constantFrom('PUT', 'PATCH'),
  isCurrent: fc.boolean(),
  /** Whether `data`, and whether `introReviewed`, is changed where the caller may. */
  changesData: fc.boolean(),
  changesIntro: fc.boolean(),
});

async function stateOf(service: TestService): Promise<Record<string, Row[]>> {
  await sequenceEvents(service.app.get(Database));
  const [tables, sessions, sources, events] = await Promise.all([
    readTables(service.database),
    service.database.query('SELECT * FROM sessions ORDER BY id'),
    service.database.query('SELECT * FROM known_sources ORDER BY user_id, source'),
    service.database.query('SELECT id, type, subject, data FROM events ORDER BY id'),
  ]);
  return { ...tables, sessions, sources, events };
}

it('GET, change what the policy allows, and send the whole: nothing else changes', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(runs, async (run) => {
      const { setting, role, method, data } = run;
      const service = services.get(setting);
      const user = users.get(`${setting} ${role}`);
      if (!service || !user) throw new Error('There is no such user');
      const now = Date.now();
      const isBarred = run.byAnother && run.barred !== null;
      const columns: Record<string, unknown> = {
        status: 0,
        locked_by_failed_logins: 0,
        login_attempts: 0,
        blocked_at: null,
        blocked_until: null,
        ...STATES[isBarred ? 'active' : run.state],
        ...(isBarred && run.barred !== null && BARRED[run.barred]),
        intro_reviewed: Number(run.introReviewed),
        all_device_types_available: Number(run.allDeviceTypesAvailable),
        data: data === 'null' ? null : data,
      };
      for (const name of ['blocked_at', 'blocked_until'])
        if (typeof columns[name] === 'number') columns[name] = now + columns[name];
      const isFlag = (name: string) => /^(?:locked|intro|all)_/.test(name);
      const sets = Object.entries(columns).map(
        ([name, value]) => `${name} = ${isFlag(name) ? String(value === 1) : '?'}`,
      );
      const values = Object.entries(columns).filter(([name]) => !isFlag(name));
      await service.database.query(`UPDATE users SET ${sets.join()} WHERE id = ?`, [
        ...values.map(([, value]) => value as string | number | null),
        user.id,
      ]);
      await service.app.get(Database).transaction(({ announce }) => announce(`user/${user.id}`));

      const caller = run.byAnother ? service.admin : user.client;
      const path = run.isCurrent && !run.byAnother ? '/user/current' : `/user/${user.id}`;
      const before = await stateOf(service);
      const got = await caller.get(path);
      expect(got.status).toBe(200);
      const isAdministrator = run.byAnother || role === 0;
      const may = (field: string) => isAdministrator || setting.split(',').includes(field);
      let sent = got.text;
      const expected: Row = {};
      if (run.changesIntro && may('introReviewed')) {
        sent = sent.replace(
          /"introReviewed":(true|false)/,
          (_, was) => `"introReviewed":${String(was !== 'true')}`,
        );
        expected['intro_reviewed'] = !run.introReviewed;
      }
      if (run.changesData && may('data')) {
        // To what PATCH merges, too: a new member, at the end.
        const added =
          data === 'null' || data === '{}' ? '{"new":1.0}' : `${data.slice(0, 1)}"new":1.0,${data.slice(1)}`;
        const position = sent.indexOf('"data":') + '"data":'.length;
        if (Buffer.byteLength(added) <= 64 * 1024) {
          const isWhole = method === 'PUT' || data === 'null' || data === '{}';
          sent =
            sent.slice(0, position) + (isWhole ? added : '{"new":1.0}') + sent.slice(position + data.length);
          expected['data'] = isWhole ? added : `${data.slice(0, -1)},"new":1.0}`;
        }
      } else if (method === 'PATCH' && data !== 'null') {
        // Merged into itself, it would lose the members that are null. {} merges nothing.
        const position = sent.indexOf('"data":') + '"data":'.length;
        sent = sent.slice(0, position) + '{}' + sent.slice(position + data.length);
      }
      // Of an administrator's update alone (contract.md §3).
      const clears = isAdministrator && columns['status'] === 0;
      if (clears) Object.assign(expected, { login_attempts: 0, blocked_at: null, blocked_until: null });

      const answer = await caller.send(method, path, { body: sent });
      expect([answer.status, answer.text]).toEqual([204, '']);

      const after = await stateOf(service);
      const isPublished = 'intro_reviewed' in expected || 'data' in expected;
      const row = before['users']?.find(({ id }) => id === user.id) ?? {};
      for (const [name, value] of Object.entries(expected))
        if (typeof value === 'boolean' && typeof row[name] === 'number') expected[name] = Number(value);
      expect(after['users']).toEqual(
        before['users']?.map((other) =>
          other === row
            ? { ...row, ...expected, version: Number(row['version']) + (isPublished ? 1 : 0) }
            : other,
        ),
      );
      expect({ ...after, users: [], events: [] }).toEqual({ ...before, users: [], events: [] });
      const cleared = clears && (row['login_attempts'] !== 0 || row['blocked_at'] !== null);
      // A user's own updates of data are counted (contract.md §10), so their event may come later.
      if (!isPublished && !cleared) expect(after['events']).toEqual(before['events']);
      const again = await caller.get(path);
      if (!isPublished)
        expect([again.text, again.headers.get('etag')]).toEqual([got.text, got.headers.get('etag')]);
      seen.add(`${role} ${run.byAnother ? 'another' : 'own'} ${isBarred ? String(run.barred) : run.state}`);
    }),
    { numRuns: 250 },
  );
  expect(seen.size).toBeGreaterThan(15);
}, 600_000);

it('names no password in what GET gives', async () => {
  for (const [key, { client }] of users) {
    const { text } = await client.get('/user/current');
    expect([key, text.includes(PASSWORD), /password/i.test(text)]).toEqual([key, false, false]);
  }
});
