import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { claimsOf, type Client } from '../../support/client.js';
import { freshName } from '../../support/fresh-name.js';
import { PostgresProxy } from '../../support/postgres-proxy.js';
import { ServiceProcess } from '../../support/process.js';
import { until } from '../../support/until.js';
import { note, times, whole } from '../promise.js';
import { PASSWORD } from '../proven-service.js';
import { BOUND, type Refusal, watch } from '../sessions/processes.js';
import { answered, losses, makeWriters, total, WRITERS } from '../writers.js';
import { startCheck, startHaproxy, untilWritable } from './haproxy.js';
import { missing } from './programs.js';
import { TrialServer } from './server.js';
import { startService } from './service.js';
import { makeDatabase, seenThrough } from './trial-database.js';

/** Milliseconds until the service writes again after a promotion: more than a busy machine needs. */
const RECOVERY_LIMIT = 30_000;
/** Milliseconds until a service is ready again. */
const NOTICE_LIMIT = 20_000;
/** Milliseconds that a service on an old primary is watched. */
const WATCHED = 10_000;

/** A primary, and a standby that confirms each of its commits. */
async function startPair(): Promise<{ primary: TrialServer; standby: TrialServer }> {
  const primary = await TrialServer.create();
  return { primary, standby: await addStandby(primary) };
}

async function addStandby(primary: TrialServer): Promise<TrialServer> {
  const name = freshName('standby').replace('-', '_');
  const standby = await primary.makeStandby(name);
  await primary.set('synchronous_standby_names', name);
  await until(async () => {
    const [row] = await primary.query(
      'SELECT sync_state FROM pg_stat_replication WHERE application_name = $1',
      [name],
    );
    return row?.['sync_state'] === 'sync';
  });
  return standby;
}

/** Starts a process, and removes it at the end of the test. */
async function start(url: string): Promise<{ service: ServiceProcess; client: Client }> {
  const started = await ServiceProcess.start({ DATABASE_URL: url, RATE_LIMIT: 'off' });
  onTestFinished(() => started.service.remove());
  return started;
}

/** Milliseconds until `/health/ready` has a status. */
async function whenReadyIs(client: Client, status: number): Promise<number> {
  const began = performance.now();
  while ((await client.get('/health/ready')).status !== status) {
    if (performance.now() - began > NOTICE_LIMIT) return Infinity;
    await pause(20);
  }
  return performance.now() - began;
}

describe('A failover loses nothing', () => {
  const unable = missing('postgresql-15');

  it('a synchronous standby promoted under load, behind HAProxy', async ({ task, skip }) => {
    const absent = unable ?? missing('haproxy');
    if (absent !== undefined) return skip(absent);
    let { primary, standby } = await startPair();
    const database = await makeDatabase(primary);
    const rounds = times(5, 1);
    const seconds: number[] = [];
    const lost: string[] = [];
    const statuses = new Set<number>();
    let [acknowledged, refused, mute] = [0, 0, 0];
    for (let round = 0; round < rounds; round += 1) {
      const [old, next] = [primary, standby];
      let current = old;
      const backends = [];
      for (const server of [old, next])
        backends.push({ port: server.port, checkPort: await startCheck(server, () => server !== current) });
      const port = await startHaproxy(backends);
      const url = old
        .urlOf(database.name, database.owner, database.password)
        .replace(`:${old.port}/`, `:${port}/`);
      await untilWritable(url);
      const service = await startService(seenThrough(database, url, () => current));
      const writers = await makeWriters(service, WRITERS, `round-${round}`);
      const { admin } = service;
      let ended = false;
      const writing = writers.map((writer) => writer.write(admin, () => ended));
      await until(() => answered(writers, 204) > 100);
      await old.kill();
      const began = performance.now();
      current = next;
      await next.promote();
      const before = answered(writers, 204);
      while (answered(writers, 204) < before + 1) {
        expect(performance.now() - began, service.process.output.slice(-2000)).toBeLessThan(RECOVERY_LIMIT);
        await pause(5);
      }
      seconds.push((performance.now() - began) / 1000);
      expect(await whenReadyIs(service.client, 200)).toBeLessThan(NOTICE_LIMIT);
      await until(() => answered(writers, 204) > before + 100);
      ended = true;
      await Promise.all(writing);
      lost.push(...(await losses(service.database, writers)));
      for (const writer of writers) for (const status of writer.statuses.keys()) statuses.add(status);
      acknowledged += total(writers, ({ count }) => count);
      refused += answered(writers, 503);
      mute += total(writers, ({ hasten }) => hasten);
      await service.remove();
      primary = next;
      if (round + 1 < rounds) standby = await addStandby(primary);
    }
    note(
      { task },
      {
        tried: `${rounds} × the primary killed with -9 under ${WRITERS} writers, its synchronous standby promoted, behind HAProxy`,
        seen: `${whole(acknowledged)} writes acknowledged, ${lost.length} lost; ${whole(refused)} answered 503; written again ${Math.max(...seconds).toFixed(1)} s after the kill at the most`,
      },
    );
    expect(lost).toEqual([]);
    expect([...statuses].sort()).toEqual([201, 204, 503]);
    expect(mute, '503 without Retry-After').toBe(0);
  });

  it.for(['as it was', 'read-only', 'as a standby'] as const)(
    'the old primary comes back %s: not ready',
    async (how, { task, skip }) => {
      if (unable !== undefined) return skip(unable);
      const { primary, standby } = await startPair();
      const database = await makeDatabase(primary);
      const url = primary.urlOf(database.name, database.owner, database.password);
      // The database is complete before the failover.
      const { service } = await start(url);
      await service.stop();
      await primary.kill();
      await standby.promote();
      if (how === 'read-only') primary.setBeforeStart('default_transaction_read_only', 'on');
      if (how === 'as a standby') primary.becomeStandby();
      await primary.start();
      const again = await ServiceProcess.spawn({ DATABASE_URL: url, RATE_LIMIT: 'off' });
      onTestFinished(() => again.remove());
      const began = performance.now();
      const client = await Promise.race([again.listening(), pause(WATCHED).then(() => undefined)]).catch(
        () => undefined,
      );
      const statuses = new Set<number>();
      const writes = new Set<number>();
      while (client && performance.now() - began < WATCHED) {
        const [ready, write] = await Promise.all([
          client.get('/health/ready'),
          client.signIn({ login: 'nobody', password: 'a wrong password' }),
        ]);
        statuses.add(ready.status);
        writes.add(write.status);
        await pause(500);
      }
      note(
        { task },
        {
          tried: `the old primary back ${how} after a failover, and a service started on it`,
          seen: client
            ? `/health/ready ${[...statuses].join(', ')}, sign-ins ${[...writes].join(', ')}`
            : `it does not serve: ${again.output.trim().split('\n').at(-1)?.slice(0, 200) ?? ''}`,
        },
      );
      expect(statuses, again.output).not.toContain(200);
      expect(writes).not.toContain(500);
    },
  );

  it('the address moved to the promoted standby, while the old primary lives', async ({ task, skip }) => {
    if (unable !== undefined) return skip(unable);
    const rounds = times(5, 1);
    const refusals: Refusal[] = [];
    const recoveries: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { primary, standby } = await startPair();
      const database = await makeDatabase(primary);
      const urlAt = (server: TrialServer) => server.urlOf(database.name, database.owner, database.password);
      const proxy = await PostgresProxy.to(urlAt(primary));
      onTestFinished(() => proxy.close());
      const direct = seenThrough(database, urlAt(primary), () => standby);
      const service = await startService(direct);
      const login = freshName('administrator');
      const userId = await service.createUser(login, { role: 0 });
      const { body } = await service.client.signIn({ login, password: PASSWORD });
      const { accessToken, refreshToken } = body;
      await service.process.stop();
      const { client: other } = await start(proxy.url);
      // Its connections are busy: none of them is idle for long enough to be closed.
      let used = true;
      const using = Array.from({ length: 8 }, async () => {
        while (used) {
          await other
            .as(accessToken)
            .get('/user?take=3')
            .catch(() => undefined);
          await pause(20);
        }
      });
      await pause(1500);
      await standby.promote();
      proxy.moveTo(urlAt(standby));
      const { client: atNew } = await start(urlAt(standby));
      const signedIn = await atNew.signIn({ login: 'root', password: 'the administrator of proofs' });
      const root = atNew.as(signedIn.body.accessToken);
      expect((await root.put(`/user/${userId}`, { status: 2 })).status).toBe(204);
      const began = performance.now();
      const sessionId = String(claimsOf(accessToken)['sid']);
      const session = { userId, login, sessionId, accessToken, refreshToken };
      const since = () => performance.now() - began;
      // The process of the proofs has ended: the new one is in its place.
      refusals.push(await watch({ service: { client: atNew }, other }, session, since));
      while ((await other.as(signedIn.body.accessToken).put(`/user/${userId}`, {})).status !== 204) {
        expect(since()).toBeLessThan(RECOVERY_LIMIT);
        await pause(20);
      }
      recoveries.push(since());
      used = false;
      await Promise.all(using);
    }
    const latest = Math.max(...refusals.map(({ lastAccepted }) => lastAccepted));
    note(
      { task },
      {
        tried: `${rounds} × an address moved to the promoted standby while the old primary lives and keeps its connections, and an administrator disabled at the new server`,
        seen: `the last request that a process with old connections let in was sent ${whole(latest)} ms later; it writes to the new server after ${whole(Math.max(...recoveries))} ms at the most`,
      },
    );
    expect(latest).toBeLessThan(BOUND);
  });
});
