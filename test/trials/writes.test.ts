import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPostgres, DATABASES } from '../support/database.js';
import { startPostgresServer } from '../support/postgres.js';
import { until } from '../support/until.js';
import { note, times, whole } from './promise.js';
import { ProvenService } from './proven-service.js';
import { answered, losses, makeWriters, total, WRITERS } from './writers.js';

/** Writes that must be acknowledged before a kill: without any, it could lose none. */
const WRITES_BEFORE_KILL = 11;

describe('An acknowledged write is never lost', () => {
  it.for(DATABASES)('when the process is killed under load, on %s', async (kind, { task }) => {
    const service = await ProvenService.start({ kind, documented: false });
    const kills = times(100, 2);
    const writers = await makeWriters(service);
    const lost: string[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      let killed = false;
      const { admin } = service;
      const before = total(writers, ({ count }) => count);
      const writing = writers.map((writer) => writer.write(admin, () => killed));
      // At another moment each time.
      await pause(250 + ((kill * 37) % 350));
      await until(() => total(writers, ({ count }) => count) >= before + WRITES_BEFORE_KILL);
      killed = true;
      await service.kill();
      await Promise.all(writing);
      await service.begin();
      lost.push(...(await losses(service.database, writers)));
    }
    if (kind === 'sqlite') {
      expect(await service.database.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      expect(await service.database.query('PRAGMA foreign_key_check')).toEqual([]);
    }
    const acknowledged = total(writers, ({ count }) => count);
    note(
      { task },
      {
        tried: `${kills} × \`kill -9\` under ${WRITERS} writers, ${kind}`,
        seen: `${whole(acknowledged)} writes acknowledged, ${lost.length} lost`,
      },
    );
    await service.remove();
    expect(lost).toEqual([]);
    expect(acknowledged).toBeGreaterThan(kills * 10);
  });

  it('when PostgreSQL itself is stopped and started under load: 503 meanwhile', async ({ task }) => {
    const server = await startPostgresServer();
    onTestFinished(() => server.remove());
    const service = await ProvenService.start({
      database: await createPostgres(server.url),
      documented: false,
    });
    const writers = await makeWriters(service);
    const stops = times(10, 1);
    let ended = false;
    const { admin } = service;
    const writing = writers.map((writer) => writer.write(admin, () => ended));
    const away: number[] = [];
    /** Lets the writers run for a while, and until each of these statuses has been returned again. */
    const goOn = async (milliseconds: number, ...statuses: readonly number[]) => {
      const before = statuses.map((status) => answered(writers, status));
      await pause(milliseconds);
      await until(() => statuses.every((status, index) => answered(writers, status) > (before[index] ?? 0)));
    };
    for (let stop = 0; stop < stops; stop += 1) {
      await goOn(500, 201, 204);
      await server.halt();
      await goOn(700, 503);
      await server.start();
      const began = performance.now();
      while ((await admin.get('/health/ready')).status !== 200) await pause(10);
      while ((await admin.put(`/user/${writers[0]?.userId ?? 0}`, {})).status !== 204) await pause(10);
      away.push(performance.now() - began);
    }
    await goOn(300, 204);
    ended = true;
    await Promise.all(writing);
    const lost = await losses(service.database, writers);
    const statuses = new Set(writers.flatMap((writer) => [...writer.statuses.keys()]));
    const refused = answered(writers, 503);
    note(
      { task },
      {
        tried: `PostgreSQL stopped and started ${stops} × under ${WRITERS} writers`,
        seen: `${whole(total(writers, ({ count }) => count))} writes acknowledged, ${lost.length} lost; ${whole(refused)} answered 503; back by itself after ${whole(Math.max(...away))} ms at the most`,
      },
    );
    await service.remove();
    expect(lost).toEqual([]);
    expect([...statuses].sort()).toEqual([201, 204, 503]);
    expect(refused).toBeGreaterThan(0);
    expect(
      total(writers, ({ hasten }) => hasten),
      '503 without Retry-After',
    ).toBe(0);
    expect(Math.max(...away)).toBeLessThan(10_000);
  });
});
