import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventView } from '../../src/events/event.view.js';
import { createDatabase, kindOfDatabase, type TestDatabase } from '../support/database.js';
import { TestService } from '../support/service.js';

/* Events whose times do not have the order of their ids: of clocks that differ, or were wrong for a while. */

/** The ids of a block (src/events/event-blocks.ts). */
const BLOCK = 20_000;
const DAY = 86_400_000;
/** The present is in the middle of the times. */
const START = Date.now() - 50 * DAY;

interface Row {
  readonly id: number;
  readonly at: number;
  readonly type: string;
  readonly actor: number;
}

/** The same numbers in each run. */
function* numbers(): Generator<number, never> {
  for (let seed = 7; ;) yield (seed = (seed * 48_271) % 2_147_483_647);
}

/** Around the ends of blocks, with blocks in between that are empty, and behind the gap that a restore leaves. */
const IDS = [1, 2, BLOCK, 2 * BLOCK, 3 * BLOCK, 7 * BLOCK, 8 * BLOCK, 2 ** 32, 2 ** 32 + 9 * BLOCK].flatMap(
  (id) => [-2, -1, 0, 1, 500].map((more) => 1000 + id + more),
);

let database: TestDatabase;
let service: TestService;
const rows: Row[] = [];
beforeAll(async () => {
  database = await createDatabase();
  service = await TestService.start({}, database);
  await service.admin.get('/event');
  await database.query('DELETE FROM events');
  const random = numbers();
  const ids = [...new Set(IDS)].sort((a, b) => a - b);
  for (const [index, id] of ids.entries()) {
    // Days in the order of ids, but for each third one, which has any day.
    const day = index % 3 ? (100 * index) / ids.length : random.next().value % 100;
    rows.push({
      id,
      at: START + Math.floor(day * DAY),
      type: index % 5 ? 'user.updated' : 'network.created',
      actor: 1 + (index % 2),
    });
  }
  for (const { id, at, type, actor } of rows)
    await database.query(
      "INSERT INTO events (id, at, type, subject, actor_id, data) VALUES (?, ?, ?, 'user/7', ?, '{}')",
      [id, at, type, actor],
    );
});
afterAll(async () => {
  await service.stop();
  await database.remove();
});

/** Reads all pages, by `after`. */
async function readAll(query: string, take: number): Promise<number[]> {
  const ids: number[] = [];
  for (;;) {
    const after = ids.at(-1);
    const page = after === undefined ? '' : `&after=${after}`;
    const { status, body } = await service.admin.get(`/event?take=${take}${query}${page}`);
    expect(status).toBe(200);
    const events = (body as EventView[])
      .map(({ id }) => Number(id))
      .filter((id) => rows.some((row) => row.id === id));
    ids.push(...events);
    if ((body as EventView[]).length < take) return ids;
  }
}

describe('GET /event by time', () => {
  it('finds exactly the events of the time, in the order of their ids, whatever the times are', async () => {
    const random = numbers();
    for (let round = 0; round < 60; round += 1) {
      const [one, other] = [random.next().value % 110, random.next().value % 110].map(
        (day) => START + (day - 5) * DAY,
      );
      const since = round % 3 === 0 ? undefined : one;
      const until = round % 3 === 1 ? undefined : other;
      const type = round % 4 === 0 ? 'network.created' : undefined;
      const actor = round % 5 === 0 ? 1 : undefined;
      const query = [
        since === undefined ? '' : `&since=${new Date(since).toISOString()}`,
        until === undefined ? '' : `&until=${new Date(until).toISOString()}`,
        type === undefined ? '' : `&type=hivegate.${type}`,
        actor === undefined ? '' : `&actor=${actor}`,
      ].join('');
      const wanted = rows.filter(
        (row) =>
          row.at >= (since ?? 0) &&
          row.at < (until ?? Infinity) &&
          row.type === (type ?? row.type) &&
          row.actor === (actor ?? row.actor),
      );
      expect(await readAll(query, 1 + (round % 7) * 5), query).toEqual(wanted.map(({ id }) => id));
    }
  });

  it('the index of blocks is used', async () => {
    const sql = `SELECT max("at") FROM "events" WHERE "id" / ${BLOCK} = 3`;
    const plan = await database.query(
      kindOfDatabase() === 'postgres' ? `EXPLAIN ${sql}` : `EXPLAIN QUERY PLAN ${sql}`,
    );
    expect(JSON.stringify(plan)).toContain('events_block');
  });
});
