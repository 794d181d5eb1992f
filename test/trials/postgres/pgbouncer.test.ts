import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOCKS } from '../../../src/database/advisory-locks.js';
import { LOCK_SPACE } from '../../../src/database/postgres/postgres.adapter.js';
import { claimsOf } from '../../support/client.js';
import { runCommand } from '../../support/command.js';
import { freshName } from '../../support/fresh-name.js';
import { ServiceProcess } from '../../support/process.js';
import { until } from '../../support/until.js';
import { isWhole, note, times, whole } from '../promise.js';
import { PASSWORD } from '../proven-service.js';
import { BOUND, type Processes, type Refusal, useAtBoth, watch } from '../sessions/processes.js';
import { answered, losses, makeWriters, total, WRITERS } from '../writers.js';
import { newerPgbouncer } from './newer-pgbouncer.js';
import { POOL_MODES, Pooler, type PoolMode } from './pgbouncer.js';
import { missing } from './programs.js';
import { TrialServer } from './server.js';
import { makeCallers, startService } from './service.js';
import { makeDatabase, seenThrough, type TrialDatabase } from './trial-database.js';
import { WatchedLoad } from './watched-load.js';

/** Milliseconds until a start that is not held up serves, on a busy machine. */
const START_LIMIT = 60_000;
/**
 * Milliseconds until the service has recovered by itself. After KILL, PgBouncer itself connects again after 15 s
 * (`server_login_retry`).
 */
const RECOVERY_LIMIT = 45_000;
/** Milliseconds after which a service that hears no notifications has said so. */
const QUIET = 12_000;

const NEWER = newerPgbouncer();
/** What the trials run: a pool mode, with Debian's program or with a newer one that knows prepared statements. */
const POOLERS: readonly {
  readonly title: string;
  readonly mode: PoolMode;
  readonly command?: readonly string[] | undefined;
  readonly settings?: readonly string[];
  /** Why it cannot run. */
  readonly absent?: string | undefined;
}[] = [
  ...POOL_MODES.map((mode) => ({ title: `in ${mode} mode`, mode })),
  // Without prepared statements it is as Debian's in transaction mode.
  ...(isWhole ? ['0', '200'] : ['200']).map((statements) => ({
    title: `in transaction mode, a newer one with max_prepared_statements = ${statements}`,
    mode: 'transaction' as const,
    command: NEWER,
    settings: [`max_prepared_statements = ${statements}`],
    absent: NEWER ? undefined : 'NEWER_PGBOUNCER names no PgBouncer of 1.21 or later',
  })),
];

interface Setup {
  readonly server: TrialServer;
  readonly pooler: Pooler;
  readonly database: TrialDatabase;
}

async function setUp(poolerSetup: (typeof POOLERS)[number]): Promise<Setup> {
  const server = await TrialServer.create();
  const database = await makeDatabase(server);
  return { server, database, pooler: await Pooler.start(server, database, poolerSetup) };
}

const startBehind = ({ server, pooler, database }: Setup) =>
  startService(seenThrough(database, pooler.url, () => server));

/** Fails where a start hangs, with what the service has written until then. */
async function inTime<T>(service: ServiceProcess, work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const limit = pause(START_LIMIT, undefined, { signal: late.signal }).then(() => {
    throw new Error(`It does not serve after ${START_LIMIT} ms. It wrote: ${service.output}`);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    late.abort();
    await limit.catch(() => undefined);
  }
}

/** Starts a process, and removes it at the end of the test. */
async function spawn(url: string): Promise<ServiceProcess> {
  const service = await ServiceProcess.spawn({
    DATABASE_URL: url,
    ADMIN_LOGIN: 'root',
    ADMIN_PASSWORD: 'the administrator of proofs',
    RATE_LIMIT: 'off',
  });
  onTestFinished(() => service.remove());
  return service;
}

describe('It runs behind PgBouncer', () => {
  describe.for(POOLERS.map((pooler) => [pooler.title, pooler] as const))('%s', ([, setup]) => {
    const unable = missing('pgbouncer', 'postgresql-15') ?? setup.absent;

    it('two processes start at once on a new database, and again', async ({ task, skip }) => {
      if (unable !== undefined) return skip(unable);
      const { server, pooler, database } = await setUp(setup);
      const seconds: number[] = [];
      const rounds = times(5, 2);
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now();
        const services = [await spawn(pooler.url), await spawn(pooler.url)];
        const clients = await Promise.all(services.map((service) => inTime(service, service.listening())));
        seconds.push((performance.now() - began) / 1000);
        for (const client of clients) {
          const { status } = await client.signIn({ login: 'root', password: 'the administrator of proofs' });
          expect(status).toBe(201);
        }
        for (const service of services) expect(await service.stop()).toBe(0);
      }
      const locks = await server.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory'`);
      const migrations = await server.query('SELECT name FROM migrations', [], database.name);
      note(
        { task },
        {
          tried: `PgBouncer ${setup.title}: ${rounds} × two processes started at once, the first time on a new database`,
          seen: `all of them serve, after ${Math.max(...seconds).toFixed(1)} s at the most; ${migrations.length} migrations, each once; ${locks.length} locks left behind`,
        },
      );
      expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);
      expect(locks).toEqual([]);
    });

    it('a start that waits for a lock says so, and goes on', async ({ task, skip }) => {
      if (unable !== undefined) return skip(unable);
      const { server, pooler, database } = await setUp(setup);
      const holder = new pg.Client({
        connectionString: server.superuserUrl.replace(/postgres$/, database.name),
      });
      await holder.connect();
      onTestFinished(() => holder.end());
      await holder.query('BEGIN');
      await holder.query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, LOCKS.migrations]);
      const service = await spawn(pooler.url);
      const began = performance.now();
      const said = await inTime(service, service.written(/^.*\bwait(?:s|ing)?\b.*$/im));
      const after = performance.now() - began;
      await holder.query('COMMIT');
      await inTime(service, service.listening());
      note(
        { task },
        {
          tried: `PgBouncer ${setup.title}: a start while another process holds the lock of the migrations`,
          seen: `after ${whole(after)} ms it says what it waits for, and it serves once the lock is free`,
        },
      );
      expect(said[0]).toMatch(/migrat/i);
      expect(after).toBeLessThan(20_000);
    });

    it('a disabled user is refused by the other process within a second', async ({ task, skip }) => {
      if (unable !== undefined) return skip(unable);
      const set = await setUp(setup);
      const service = await startBehind(set);
      const other = await spawn(set.pooler.url);
      const processes: Processes = {
        service,
        other: await inTime(other, other.listening()),
        remove: async () => {
          await service.remove();
        },
      };
      const callers = await makeCallers(service, 4);
      const load = new WatchedLoad(service.admin, callers);
      const refusals: Refusal[] = [];
      const rounds = times(200, 20);
      for (let round = 0; round < rounds; round += 1) {
        const login = freshName('user');
        const userId = await service.createUser(login);
        const { body } = await service.client.signIn({ login, password: PASSWORD });
        const { accessToken, refreshToken } = body;
        const sessionId = String(claimsOf(accessToken)['sid']);
        const session = { userId, login, sessionId, accessToken, refreshToken };
        await useAtBoth(processes, session);
        // At another moment of the heartbeats each time.
        await pause((round * 97) % 400);
        await useAtBoth(processes, session);
        expect((await service.admin.put(`/user/${userId}`, { status: 2 })).status).toBe(204);
        const began = performance.now();
        refusals.push(await watch(processes, session, () => performance.now() - began));
      }
      await load.end();
      const latest = Math.max(...refusals.map(({ lastAccepted }) => lastAccepted));
      note(
        { task },
        {
          tried: `PgBouncer ${setup.title}: ${rounds} users disabled through one process, their tokens used at another, under load`,
          seen: `the last use that was accepted was sent ${whole(latest)} ms after the response`,
        },
      );
      expect(load.faults).toEqual([]);
      expect(refusals.filter(({ next }) => next !== 401)).toEqual([]);
      expect(latest).toBeLessThan(BOUND);
    });

    it('the log and the doctor tell where notifications do not arrive', async ({ skip }) => {
      if (unable !== undefined) return skip(unable);
      const { pooler } = await setUp(setup);
      const service = await spawn(pooler.url);
      const client = await inTime(service, service.listening());
      // In transaction mode, LISTEN cannot be relied on.
      if (setup.mode === 'session') await pause(QUIET);
      else await inTime(service, service.written(/notifications .*do not arrive/i));
      const { stdout, stderr } = await runCommand('doctor', [], { DATABASE_URL: pooler.url });
      const { body } = await client.signIn({ login: 'root', password: 'the administrator of proofs' });
      expect((await client.as(body.accessToken).get('/user/current')).status).toBe(200);
      const warnings = service.log.filter(
        ({ level, msg }) => Number(level) >= 40 && /notif/i.test(String(msg)),
      );
      if (setup.mode === 'session') expect(warnings).toEqual([]);
      else expect(stdout + stderr).toMatch(/notif|pooler|PgBouncer/i);
    });

    it('32 writers lose nothing while it is killed, paused and reconnected', async ({ task, skip }) => {
      if (unable !== undefined) return skip(unable);
      const set = await setUp(setup);
      const { pooler } = set;
      const service = await startBehind(set);
      const writers = await makeWriters(service);
      const load = new WatchedLoad(service.admin, await makeCallers(service, 2));
      let ended = false;
      const { admin } = service;
      const writing = writers.map((writer) => writer.write(admin, () => ended));
      const goOn = async (more: number) => {
        const target = answered(writers, 204) + more;
        await until(() => answered(writers, 204) >= target);
      };
      const recoveries: (readonly [string, number])[] = [];
      const recovered = async (from: string) => {
        const began = performance.now();
        while ((await admin.get('/health/ready')).status !== 200) await pause(10);
        await goOn(WRITERS);
        recoveries.push([from, performance.now() - began]);
      };
      const rounds = times(10, 1);
      for (let round = 0; round < rounds; round += 1) {
        await goOn(100);
        await pooler.kill();
        await load.seen(503);
        await pooler.begin();
        await recovered('kill');
        // In session mode, PAUSE waits until the service has left by itself.
        await pooler.console(`${setup.mode === 'session' ? 'KILL' : 'PAUSE'} ${set.database.name}`);
        await pause(2000);
        await pooler.console(`RESUME ${set.database.name}`);
        await recovered('pause');
        await pooler.console('RECONNECT');
        await recovered('RECONNECT');
      }
      ended = true;
      await Promise.all(writing);
      await load.end();
      const lost = await losses(service.database, writers);
      const statuses = new Set(writers.flatMap((writer) => [...writer.statuses.keys()]));
      note(
        { task },
        {
          tried: `PgBouncer ${setup.title}: ${rounds} × killed and started, ${setup.mode === 'session' ? 'KILL' : 'PAUSE'} and RESUME, RECONNECT, under ${WRITERS} writers`,
          seen: `${whole(total(writers, ({ count }) => count))} writes acknowledged, ${lost.length} lost; ${whole(answered(writers, 503))} answered 503; written again after (ms) ${recoveries.map(([from, after]) => `${from} ${whole(after)}`).join(', ')}`,
        },
      );
      expect(lost).toEqual([]);
      expect(load.faults).toEqual([]);
      expect([...statuses].sort()).toEqual([201, 204, 503]);
      expect(total(writers, ({ hasten }) => hasten)).toBe(0);
      expect(Math.max(...recoveries.map(([, after]) => after))).toBeLessThan(RECOVERY_LIMIT);
    });

    it('leaves no setting, lock or transaction on a connection that another client gets', async ({
      skip,
    }) => {
      if (unable !== undefined) return skip(unable);
      const set = await setUp(setup);
      const service = await startBehind(set);
      const load = new WatchedLoad(service.admin, await makeCallers(service, 8));
      await load.seen(204, 100);
      await load.end();
      // In session mode, the connections of the service are given back when it ends.
      if (setup.mode === 'session') await service.process.stop();
      const ours = await set.server.query(
        `SELECT pid FROM pg_stat_activity WHERE usename = $1 AND backend_type = 'client backend'`,
        [set.database.owner],
      );
      const seen = await settingsOfPooled(set.pooler.url, ours.length);
      expect(ours.length).toBeGreaterThan(0);
      expect(seen.filter(({ settings }) => settings !== '0 0 0 off read committed')).toEqual([]);
      const pids = new Set(seen.map(({ pid }) => pid));
      expect(ours.filter(({ pid }) => pids.has(Number(pid))).length).toBeGreaterThan(0);
    });
  });
});

/** What another client finds on the pooled connections: it holds as many at once in a transaction each. */
async function settingsOfPooled(url: string, count: number): Promise<{ pid: number; settings: string }[]> {
  const clients = Array.from({ length: count }, () => new pg.Client({ connectionString: url }));
  const seen: { pid: number; settings: string }[] = [];
  for (const client of clients) {
    await client.connect();
    onTestFinished(() => client.end());
    await client.query('BEGIN');
    const { rows } = await client.query<{ pid: number; settings: string }>(
      `SELECT pg_backend_pid() AS pid, concat_ws(' ', current_setting('statement_timeout'), current_setting('lock_timeout'),
         current_setting('idle_in_transaction_session_timeout'), current_setting('transaction_read_only'),
         current_setting('transaction_isolation')) AS settings`,
    );
    seen.push(...rows);
  }
  for (const client of clients) await client.query('COMMIT');
  return seen;
}
