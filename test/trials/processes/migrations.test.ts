import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { SCHEMA } from '../../../src/app.schema.js';
import { createDatabase, type TestDatabase } from '../../support/database.js';
import type { ServiceProcess } from '../../support/process.js';
import { until } from '../../support/until.js';
import { isWhole, note } from '../promise.js';
import { ADMINISTRATOR } from '../proven-service.js';
import { NUMBERS_OF_PROCESSES, startAtOnce } from './several.js';

/** Statements of a database of version 0.1.0, with users, and who is in it (test/fixtures/README.md). */
const EARLIER = readFileSync(resolve('test/fixtures/v0.1.0.postgres.sql'), 'utf8');

/** The databases on which processes start at once. */
const BEGINNINGS = {
  'a new database': {
    users: 1,
    credentials: ADMINISTRATOR,
    create: () => createDatabase('postgres'),
  },
  'a database of version 0.1.0': {
    users: 9,
    credentials: { login: 'root', password: 'the old password of root' },
    create: async () => {
      const database = await createDatabase('postgres');
      await database.query(EARLIER);
      return database;
    },
  },
} as const;
type Beginning = (typeof BEGINNINGS)[keyof typeof BEGINNINGS];

/** What is wrong with a database and the processes that have started on it. */
async function faultsOf(
  database: TestDatabase,
  processes: readonly ServiceProcess[],
  { users, credentials }: Beginning,
): Promise<string[]> {
  const faults: string[] = [];
  const clients = await Promise.all(processes.map((each) => each.listening()));
  const names = (await database.query('SELECT name FROM migrations ORDER BY id')).map(({ name }) => name);
  const wanted = SCHEMA.migrations.map(({ name }) => name);
  if (names.join() !== wanted.join()) faults.push(`migrations: ${names.join()}`);
  // Whatever a process signs, each accepts.
  for (const [index, client] of clients.entries()) {
    const ready = await client.get('/health/ready');
    const { status, body } = await client.signIn(credentials);
    const counts = await Promise.all(
      clients.map((other) => other.as(body?.accessToken as string).get('/user/count')),
    );
    const refreshed = await Promise.all(clients.map((other) => other.refresh(body?.refreshToken)));
    const seen = [
      ready.status,
      status,
      ...counts.map((count) => count.body?.count as number),
      ...refreshed.map((refresh) => refresh.status),
    ];
    const right = [200, 201, ...clients.map(() => users), ...clients.map(() => 201)];
    if (seen.join() !== right.join()) faults.push(`process ${index}: ${seen.join()}`);
  }
  for (const each of processes) await each.stop();
  const errors = processes.flatMap(({ output }) =>
    output.split('\n').filter((line) => /"level":[56]0/.test(line)),
  );
  return [...faults, ...errors];
}

/** Keeps what creates a table waiting: another transaction creates it, and is not committed. */
async function keepFromCreating(database: TestDatabase, table: string) {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`BEGIN; CREATE TABLE "${table}" ("id" integer)`);
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND wait_event = 'transactionid' AND query LIKE '%CREATE TABLE "${table}"%'`;
  return {
    // By another connection: within a transaction the activity is that of its first look.
    whenWaitedFor: () => until(async () => (await database.query(waiting)).length === 1),
    release: async () => {
      await client.query('ROLLBACK');
      await client.end();
    },
  };
}

/** The processes that wait until another one has migrated. */
const WAITING = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** Tables of different migrations: where a process is killed. */
const TABLES = isWhole
  ? ['sign_in_decoys', 'events', 'sessions', 'known_sources', 'rate_limits']
  : ['sessions'];
const NUMBERS = isWhole ? NUMBERS_OF_PROCESSES : ([4] as const);

describe('Nothing is half-done', () => {
  it.for(Object.keys(BEGINNINGS) as (keyof typeof BEGINNINGS)[])(
    'when several processes start at once on %s',
    async (name, { task }) => {
      const beginning = BEGINNINGS[name];
      const faults: string[] = [];
      for (const count of NUMBERS) {
        const database = await beginning.create();
        const processes = await startAtOnce(count, database.url);
        faults.push(...(await faultsOf(database, processes, beginning)));
        for (const each of processes) await each.remove();
        await database.remove();
      }
      note(
        { task },
        {
          tried: `${NUMBERS.join(', ')} processes started at once on ${name}, postgres`,
          seen: `each migration ran once, all processes serve and accept each other's tokens; ${faults.length} faults`,
        },
      );
      expect(faults).toEqual([]);
    },
  );

  it.for(Object.keys(BEGINNINGS) as (keyof typeof BEGINNINGS)[])(
    'when the process that migrates is killed while others wait for it, on %s',
    async (name, { task }) => {
      const beginning = BEGINNINGS[name];
      const faults: string[] = [];
      let rounds = 0;
      for (const table of TABLES)
        for (const count of NUMBERS) {
          const database = await beginning.create();
          const held = await keepFromCreating(database, table);
          const [killed] = await startAtOnce(1, database.url);
          await held.whenWaitedFor();
          const others = await startAtOnce(count - 1, database.url);
          await until(async () => (await database.query(WAITING)).length === others.length);
          killed?.signal('SIGKILL');
          await killed?.ended;
          await held.release();
          faults.push(...(await faultsOf(database, others, beginning)));
          for (const each of [killed, ...others]) await each?.remove();
          await database.remove();
          rounds += 1;
        }
      note(
        { task },
        {
          tried: `${rounds} × \`kill -9\` of the process that migrates ${name}, in the middle of one of ${TABLES.length} migrations, while 1 to ${Math.max(...NUMBERS) - 1} others wait, postgres`,
          seen: `one of the others ran each migration once, all serve; ${faults.length} faults`,
        },
      );
      expect(faults).toEqual([]);
    },
  );
});
