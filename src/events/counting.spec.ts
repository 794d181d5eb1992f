import { describe, expect, it } from 'vitest';
import {
  countEventOf,
  type Counting,
  failedLoginsOfNobody,
  failedLoginsOfUser,
  OccurrenceCounter,
  OWN_DATA_UPDATES,
} from './counting.js';
import type { EventCount } from './event.entity.js';

const NOON = Date.UTC(2026, 0, 31, 12);
const occurrence = (counting: Counting | null, after = 0, subject = 'user/7') => ({
  at: new Date(NOON + after),
  type: 'signIn.failed' as const,
  subject,
  actorId: null,
  data: JSON.stringify({ requestId: `request ${after}` }),
  counting: counting && JSON.stringify(counting),
});

/** Counts occurrences in batches, as the sequencer does, and returns the events and the counts. */
function count(batches: readonly (readonly ReturnType<typeof occurrence>[])[]) {
  const stored = new Map<string, EventCount>();
  const events: ReturnType<typeof occurrence>[] = [];
  for (const batch of batches) {
    const counter = new OccurrenceCounter([...stored.values()]);
    events.push(...batch.filter((each) => counter.add(each)));
    for (const changed of counter.changedCounts) stored.set(changed.key, changed);
  }
  return { events, counts: [...stored.values()], counted: [...stored.values()].flatMap(countEventOf) };
}

describe('OccurrenceCounter', () => {
  it('leaves what is not counted alone', () => {
    const all = [occurrence(null), occurrence(null)];
    expect(count([all])).toEqual({ events: all, counts: [], counted: [] });
  });

  it.each([
    ['one batch', [[0, 1000, 59_999]]],
    ['many', [[0], [1000], [59_999]]],
  ])('makes the first of a minute an event and counts the others, in %s', (_, batches) => {
    const { events, counts, counted } = count(
      batches.map((batch) => batch.map((after) => occurrence(OWN_DATA_UPDATES, after))),
    );
    expect(events.map(({ at }) => at.getTime() - NOON)).toEqual([0]);
    expect(counts.map(({ endsAt }) => endsAt.getTime() - NOON)).toEqual([60_000]);
    expect(counted).toEqual([
      {
        at: new Date(NOON + 59_999),
        type: 'signIn.failed',
        subject: 'user/7',
        actorId: null,
        data: '{"requestId":"request 59999","count":2}',
      },
    ]);
  });

  it('begins anew with each minute, each hour and each subject', () => {
    const hour = { per: 'hour', by: 'a' } as const;
    const { events, counted } = count([
      [
        occurrence(OWN_DATA_UPDATES, 59_999),
        occurrence(OWN_DATA_UPDATES, 60_000),
        occurrence(OWN_DATA_UPDATES, 60_000, 'user/8'),
        occurrence(hour, 3_600_000),
        occurrence(hour, 7_199_999),
        occurrence(hour, 7_200_000),
      ],
    ]);
    expect(events).toHaveLength(5);
    expect(counted).toHaveLength(1);
  });

  it('tells apart by what it is told, also when batches overtake each other', () => {
    const { events, counted } = count([
      [occurrence(failedLoginsOfUser('a'), 5), occurrence(failedLoginsOfUser('b'), 6)],
      [occurrence(failedLoginsOfUser('a'), 9), occurrence(failedLoginsOfUser('a'), 7)],
    ]);
    expect(events).toHaveLength(2);
    // The later one, though it came first.
    expect(counted.map(({ at, data }) => [at.getTime() - NOON, data])).toEqual([
      [9, '{"requestId":"request 9","count":2}'],
    ]);
  });

  it.each([
    ['a user', failedLoginsOfUser, 20],
    ['a login that nobody has', failedLoginsOfNobody, 1000],
  ])('makes no more events of %s than the limit, and loses none', (_, counting, limit) => {
    const sources = Array.from({ length: 3000 }, (__, index) => `source ${index % 1500}`);
    const all = sources.map((source, index) => occurrence(counting(source), index));
    const { events, counted } = count([all.slice(0, 7), all.slice(7, 1600), all.slice(1600)]);
    expect(events.length + counted.length).toBe(limit);
    const numbers = counted.map(({ data }) => (JSON.parse(data) as { count: number }).count);
    expect(events.length + numbers.reduce((sum, number) => sum + number, 0)).toBe(all.length);
    // The first sources have counts of their own.
    expect(numbers.filter((number) => number === 1)).toHaveLength(limit / 2 - 1);
  });
});
