import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../support/database.js';
import { until } from '../../support/until.js';
import { note, times, whole } from '../promise.js';
import { answered, losses, makeWriters, total, WRITERS } from '../writers.js';
import { startHaproxy, untilWritable } from './haproxy.js';
import { PatroniCluster } from './patroni.js';
import { missing } from './programs.js';
import { queryAt } from './server.js';
import { startService } from './service.js';

/** Seconds until the service writes again after the leader was killed: the lease of 20 s, and more for a busy machine. */
const RECOVERY_LIMIT = 60;

/** The database behind HAProxy, looked at on the same way. */
const databaseAt = (url: string): TestDatabase => ({
  url,
  query: (sql, parameters = []) => {
    let index = 0;
    return queryAt(
      url,
      sql.replaceAll('?', () => `$${(index += 1)}`),
      parameters,
    );
  },
  // Its servers are removed at the end of the test.
  remove: () => Promise.resolve(),
});

describe('A failover loses nothing', () => {
  it(
    'Patroni: the leader killed with -9, again and again',
    { timeout: times(1_200_000, 300_000) },
    async ({ task, skip }) => {
      const unable = missing('patroni', 'etcd-server', 'haproxy', 'postgresql-15');
      if (unable !== undefined) return skip(unable);
      const cluster = await PatroniCluster.start();
      const port = await startHaproxy(cluster.backends);
      const url = `postgres://hivegate:hivegate@127.0.0.1:${port}/hivegate`;
      const superuser = cluster.superuserUrlAt(port);
      await untilWritable(superuser);
      await queryAt(superuser, `CREATE ROLE hivegate LOGIN PASSWORD 'hivegate'`);
      await queryAt(superuser, 'CREATE DATABASE hivegate OWNER hivegate');
      await untilWritable(url);
      const service = await startService(databaseAt(url));
      const writers = await makeWriters(service);
      const { admin, client } = service;
      let ended = false;
      const writing = writers.map((writer) => writer.write(admin, () => ended));
      const kills = times(10, 2);
      const seconds: number[] = [];
      for (let kill = 0; kill < kills; kill += 1) {
        const leader = await cluster.settled();
        const settled = answered(writers, 204);
        await until(() => answered(writers, 204) > settled + 100);
        await cluster.kill(leader);
        const began = performance.now();
        const elapsed = () => (performance.now() - began) / 1000;
        // What was sent before the kill is refused first: only then, the next write is one after it.
        const refused = answered(writers, 503);
        await until(() => answered(writers, 503) > refused);
        const before = answered(writers, 204);
        while (answered(writers, 204) <= before) {
          expect(elapsed(), service.process.output.slice(-1000)).toBeLessThan(RECOVERY_LIMIT);
          await pause(10);
        }
        seconds.push(elapsed());
        while ((await client.get('/health/ready')).status !== 200) {
          expect(elapsed()).toBeLessThan(RECOVERY_LIMIT);
          await pause(50);
        }
        cluster.restart(leader);
      }
      await cluster.settled();
      ended = true;
      await Promise.all(writing);
      const lost = await losses(service.database, writers);
      const statuses = new Set(writers.flatMap((writer) => [...writer.statuses.keys()]));
      const sorted = seconds.toSorted((a, b) => a - b);
      note(
        { task },
        {
          tried: `${kills} × the leader of three nodes of Patroni killed with -9 under ${WRITERS} writers, behind HAProxy`,
          seen: `${whole(total(writers, ({ count }) => count))} writes acknowledged, ${lost.length} lost; ${whole(answered(writers, 503))} answered 503; written again ${sorted[0]?.toFixed(1) ?? ''} to ${sorted.at(-1)?.toFixed(1) ?? ''} s after the kill, of which the lease of the leader is up to 20 s`,
        },
      );
      await service.remove();
      expect(lost).toEqual([]);
      expect([...statuses].sort()).toEqual([201, 204, 503]);
      expect(
        total(writers, ({ hasten }) => hasten),
        '503 without Retry-After',
      ).toBe(0);
    },
  );
});
