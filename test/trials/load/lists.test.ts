import { describe, expect, it } from 'vitest';
import { insertUsers, nextOf } from '../../support/lists.js';
import { note, times, whole } from '../promise.js';
import { ProvenService } from '../proven-service.js';

const MEASURABLE = { NODE_OPTIONS: `--import=${new URL('holds.preload.mjs', import.meta.url).href}` };
/** Milliseconds for which a request may hold the process. */
const LONGEST_HOLD = 100;
const MIB = 1024 * 1024;

const wildcards = encodeURIComponent(`${'%x'.repeat(120)}%`);
/** Matches no login, and each `x` of a login could be its beginning. */
const costly = encodeURIComponent(`%${'x'.repeat(64)}y`);

/** Requests that read many rows, or all. */
const REQUESTS = [
  '/user?take=10000',
  '/user?take=10000&sortField=Login&sortOrder=DESC',
  `/user?loginPattern=${wildcards}`,
  `/user?loginPattern=${costly}&sortField=Login`,
  '/user?loginPattern=%25nobody%25',
  '/user?status=1&role=1&loginPattern=%25x',
  '/user?skip=9007199254740991',
  '/user?skip=90000&sortField=Login&role=1',
  '/user/count',
  `/user/count?loginPattern=${wildcards}`,
  `/user/count?loginPattern=${costly}`,
  '/user/count?role=1&status=0',
];

/** Asks the process for its longest hold since the last question. */
async function longestHold({ process }: ProvenService): Promise<number> {
  const heard = process.stderr.length;
  process.signal('SIGUSR2');
  for (;;) {
    const found = /held ([\d.]+) ms/.exec(process.stderr.slice(heard))?.[1];
    if (found !== undefined) return Number(found);
    await new Promise((next) => setTimeout(next, 10));
  }
}

describe('Load is shed, not suffered', () => {
  it('no list of many users holds the process on SQLite, whatever it looks for', async ({ task }) => {
    const service = await ProvenService.start({ kind: 'sqlite', environment: MEASURABLE });
    const count = times(1_000_000, 60_000);
    // Every other login is as long as it may be.
    const login = (index: number) => `${index % 2 ? 'x'.repeat(110) : 'x'}-${index}`;
    for (let from = 0; from < count; from += 10_000)
      await insertUsers(
        service.database,
        Array.from({ length: 10_000 }, (_, index) => ({
          login: login(from + index),
          status: index % 50 ? 0 : 2,
        })),
      );
    // Once, for what is compiled and cached.
    for (const path of REQUESTS) await service.admin.get(path);
    const holds: number[] = [];
    const durations: number[] = [];
    for (const path of REQUESTS) {
      await longestHold(service);
      const start = performance.now();
      expect((await service.admin.get(path)).status).toBe(200);
      durations.push(performance.now() - start);
      holds.push(await longestHold(service));
    }
    await longestHold(service);
    await Promise.all(REQUESTS.map((path) => service.admin.get(path)));
    const together = await longestHold(service);
    note(
      { task },
      {
        tried: `${REQUESTS.length} kinds of lists and counts over ${whole(count)} users: 120 wildcards, filters that nothing matches, deep \`skip\`, 10 000 rows`,
        seen: `each took ${whole(Math.max(...durations))} ms at the most and held the process for ${whole(Math.max(...holds))} ms; all at once: for ${whole(together)} ms`,
      },
    );
    await service.remove();
    // What is measured here depends on the machine, so the slice allows for one that does other work.
    expect(Math.max(...holds, together)).toBeLessThan(times(LONGEST_HOLD, LONGEST_HOLD * 5));
  });

  it('10 000 users of 64 KiB cost the memory of one page', async ({ task }) => {
    const service = await ProvenService.start({ kind: 'sqlite', environment: MEASURABLE });
    const data = JSON.stringify({ text: 'x'.repeat(65_000) });
    const count = times(10_000, 1000);
    for (let from = 0; from < count; from += 500)
      await insertUsers(
        service.database,
        Array.from({ length: 500 }, (_, index) => ({ login: `large-${from + index}`, data })),
      );
    await service.admin.get('/user?take=1');
    const before = service.process.memory();
    let memory = before;
    let pages = 0;
    let rows = 0;
    let largest = 0;
    await longestHold(service);
    for (let next: string | undefined = '/user?take=10000'; next !== undefined;) {
      const page = await service.admin.get(next);
      rows += (page.body as unknown[]).length;
      largest = Math.max(largest, Buffer.byteLength(page.text));
      memory = Math.max(memory, service.process.memory());
      pages += 1;
      next = nextOf(page);
    }
    const held = await longestHold(service);
    note(
      { task },
      {
        tried: `\`GET /user?take=10000\` of ${whole(count)} users with 64 KiB of data each, followed to the end`,
        seen: `${whole(pages)} pages of at most ${(largest / MIB).toFixed(1)} MiB; ${whole(memory - before)} MiB more in memory; the process was held for ${whole(held)} ms at the most`,
      },
    );
    await service.remove();
    expect(rows).toBe(count + 1);
    expect(largest).toBeLessThanOrEqual(8 * MIB);
    expect(memory - before).toBeLessThan(200);
  });
});
