import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createDatabase, type DatabaseKind, DATABASES, type TestDatabase } from '../../support/database.js';
import { ServiceProcess } from '../../support/process.js';
import { isWhole, note, times, whole } from '../promise.js';
import { ADMINISTRATOR, ProvenService } from '../proven-service.js';
import { callersOf, OPERATIONS } from './operations.js';
import { openTables, outline } from './tables.js';
import { Trial } from './trial.js';

const PRELOAD = resolve('test/trials/atomicity/kill-at-statement.mjs');
/** Of the operations: one of each kind, and those of the most statements. */
const KILLED = [
  'create a user',
  'update everything',
  'delete a user and its assignments',
  'assign a network',
  'sign in with a hash of another cost',
  'guess wrong, the last guess',
];

/** The one that the slice kills, at its commit. */
const SLICE = 'update everything';

/** What is set for a process that kills itself right before a statement. */
const dying = (at: number, more: Record<string, string> = {}) => ({
  NODE_OPTIONS: `--import=${PRELOAD}`,
  KILL_AT: String(at),
  ...more,
});

/** The operations to kill, each at all of its statements and after the last; of the slice: a few. */
function* placesOf(statements: ReadonlyMap<string, number>): Generator<[string, number]> {
  for (const [name, count] of statements)
    for (let at = 1; at <= count + 1; at += 1)
      if (isWhole || (name === SLICE && at === count)) yield [name, at];
}

/** Waits until what was killed has let go of the database. */
async function released(kind: DatabaseKind, database: TestDatabase): Promise<void> {
  if (kind === 'sqlite') return;
  const sessions = () =>
    database.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'hivegate%'`,
    );
  while ((await sessions()).length > 0) await pause(5);
}

describe('Nothing is half-done', () => {
  it.concurrent.for(DATABASES)(
    'ASVS 2.3.3: when the process is killed at any statement of an operation, on %s',
    async (kind, { task }) => {
      // The very database on which the operations were watched, with nothing in their way.
      const trial = await Trial.start(kind, { ADMIN_PASSWORD: ADMINISTRATOR.password });
      const courses = new Map<string, readonly string[]>();
      const statements = new Map<string, number>();
      for (const operation of OPERATIONS.filter(({ name }) => KILLED.includes(name))) {
        const course = await trial.observe(operation);
        courses.set(operation.name, course.states);
        statements.set(operation.name, course.statements.length);
      }
      await trial.reset();
      const { before, furniture, database } = trial;
      // Of a session that is there before each operation.
      const { token } = trial.service.admin;
      await trial.leave();

      const tables = await openTables(database);
      const environment: Record<string, string> = {};
      const service = await ProvenService.start({ database, environment, documented: false });
      await service.kill();
      const problems: string[] = [];
      let kills = 0;
      for (const [name, at] of placesOf(statements)) {
        const operation = OPERATIONS.find((one) => one.name === name);
        if (!operation) throw new Error(name);
        await tables.write(before);
        Object.assign(environment, dying(at, { KILL_ARMED: 'later' }));
        await service.begin();
        const { client, process } = service;
        process.signal('SIGUSR2');
        await process.written(/armed/);
        const callers = callersOf(client, client.as(token), furniture);
        const answer = await operation.ask(callers).catch(() => undefined);
        if (!answer) kills += 1;
        await service.kill();
        await released(kind, database);
        const state = outline(await tables.read(), before);
        const states = courses.get(name) ?? [];
        const allowed = answer ? [states.at(-1)] : states;
        if (!allowed.includes(state) || (answer && answer.status !== operation.status))
          problems.push(`${name}, ${at}: ${answer ? answer.text : 'killed'}, it is in between`);
      }
      const counted = [...statements.values()].reduce((sum, count) => sum + count, 0);
      // It goes on from what is left.
      Object.assign(environment, { NODE_OPTIONS: '', KILL_AT: '' });
      await service.begin();
      const { status } = await service.client.post('/token', ADMINISTRATOR);
      note(
        { task },
        {
          tried: `${KILLED.length} operations of the built service, \`kill -9\` at each of their ${counted} statements: ${kills} kills, ${kind}`,
          seen: `${problems.length} in between`,
        },
      );
      await tables.close();
      await service.remove();
      expect(problems).toEqual([]);
      expect(kills).toBeGreaterThan(0);
      expect(status).toBe(201);
    },
  );

  // The slice: half-done.start.test.ts tries both.
  it.concurrent.for(isWhole ? DATABASES : (['sqlite'] as const))(
    'when the process is killed at any statement of its first start, on %s',
    async (kind, { task }) => {
      const problems: string[] = [];
      let kills = 0;
      for (let at = times(5, 40); at < 100; at += times(10, 100)) {
        const database = await createDatabase(kind);
        const environment = { DATABASE_URL: database.url };
        const first = await ServiceProcess.spawn({ ...environment, ...dying(at) });
        const listening = await first.listening().catch(() => undefined);
        if (!listening) kills += 1;
        await first.remove();
        await released(kind, database);
        const second = await ServiceProcess.spawn(environment);
        const client = await second.listening();
        // The password that was shown last is the one that holds.
        const password = [...`${first.output}${second.output}`.matchAll(/Password: +(\S+)/g)].at(-1)?.[1];
        const { status } = await client.post('/token', { login: 'admin', password });
        const counts = await database.query(
          `SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM signing_keys) + (SELECT count(*) FROM networks) AS sum`,
        );
        if (status !== 201 || Number(counts[0]?.['sum']) !== 3)
          problems.push(`${at}: ${status}, ${JSON.stringify(counts)}`);
        await second.remove();
        await database.remove();
        if (listening) break;
      }
      note(
        { task },
        {
          tried: `the first start of the built service, \`kill -9\` at one statement of ten: ${whole(kills)} kills, ${kind}`,
          seen: `${problems.length} that the next start did not complete; the password that was shown last signs in`,
        },
      );
      expect(problems).toEqual([]);
      expect(kills).toBeGreaterThan(0);
    },
  );
});
