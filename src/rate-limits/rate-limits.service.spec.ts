import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SCHEMA } from '../app.schema.js';
import { Database } from '../database/database.js';
import { readSettings } from '../settings/read-settings.js';
import { RateLimits } from './rate-limits.service.js';

let directory: string;
let database: Database;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hivegate-limits-'));
  database = await Database.open({ kind: 'sqlite', path: join(directory, 'a.sqlite') }, SCHEMA);
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true });
});

const limitsOf = (setting = 'on') => new RateLimits(database, readSettings({ RATE_LIMIT: setting }));
const THREE = { name: 'three a minute', points: 3, seconds: 60 };
const rows = () =>
  database.read((manager) =>
    manager.query<{ key: string; points: number }[]>('SELECT key, points FROM rate_limits ORDER BY key'),
  );
/** The statuses of so many calls, in order; 0 for those that pass. */
async function statusesOf(calls: readonly (() => Promise<void>)[]): Promise<number[]> {
  const outcomes = await Promise.allSettled(calls.map((call) => call()));
  return outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? 0 : (outcome.reason as { status: number }).status,
  );
}

describe('a limit', () => {
  it('refuses what is beyond it, with 429 and a Retry-After within the window', async () => {
    const limit = limitsOf().limit(THREE);
    expect(await statusesOf(Array.from({ length: 5 }, () => () => limit.take('a')))).toEqual([
      0, 0, 0, 429, 429,
    ]);
    await expect(limit.take('a')).rejects.toMatchObject({
      status: 429,
      headers: { 'Retry-After': expect.stringMatching(/^[1-5]?\d$|^60$/) },
    });
    expect(await statusesOf([() => limit.take('b')])).toEqual([0]);
  });

  it('is shared by all who use the database, even for calls at the same time', async () => {
    const both = [limitsOf().limit(THREE), limitsOf().limit(THREE)];
    const calls = both.flatMap((limit) => Array.from({ length: 3 }, () => () => limit.take('a')));
    const statuses = await statusesOf(calls);
    expect(statuses.filter((status) => status === 0)).toHaveLength(3);
    // Both know by now, and write nothing more.
    const before = await rows();
    expect(await statusesOf(both.map((limit) => () => limit.take('a')))).toEqual([429, 429]);
    expect(await rows()).toEqual(before);
  });

  it('takes nothing from the others of a call that is refused', async () => {
    const limits = limitsOf();
    const [narrow, wide] = [limits.limit(THREE), limits.limit({ ...THREE, name: 'wide', points: 100 })];
    const both = [
      { limit: wide, key: 'a' },
      { limit: narrow, key: 'a' },
    ];
    for (let call = 0; call < 10; call += 1) await limits.take(both).catch(() => undefined);
    expect(await rows()).toEqual([
      { key: 'three a minute a', points: 3 },
      { key: 'wide a', points: 3 },
    ]);
  });

  it('keeps keys of bounded length, and tells long ones apart', async () => {
    const limit = limitsOf().limit(THREE);
    for (const end of ['x', 'y']) await limit.take('a'.repeat(12_000) + end);
    const keys = (await rows()).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect(Math.max(...keys.map(({ length }) => length))).toBeLessThan(100);
  });

  it('refuses with 503 what cannot be counted', async () => {
    const limit = limitsOf().limit(THREE);
    await database.transaction(({ manager }) => manager.query('ALTER TABLE rate_limits RENAME TO away'));
    expect(await statusesOf([() => limit.take('a'), () => limit.take('b')])).toEqual([503, 503]);
    await database.transaction(({ manager }) => manager.query('ALTER TABLE away RENAME TO rate_limits'));
    expect(await statusesOf([() => limit.take('a')])).toEqual([0]);
  });

  it('is none with RATE_LIMIT=off', async () => {
    const limit = limitsOf('off').limit(THREE);
    const calls = Array.from({ length: 10 }, () => () => limit.take('a'));
    expect(new Set(await statusesOf(calls))).toEqual(new Set([0]));
    expect(await rows()).toEqual([]);
  });
});
