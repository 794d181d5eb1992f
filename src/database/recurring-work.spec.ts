import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecurringWork } from './recurring-work.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work of which each run lasts until it is told how it ends. */
function setUp() {
  const runs: { end(): void; fail(message: string): void }[] = [];
  const warnings: unknown[] = [];
  const recurring = new RecurringWork({
    interval: 1000,
    work: () =>
      new Promise<void>((end, reject) => {
        runs.push({
          end,
          fail: (message) => {
            reject(new Error(message));
          },
        });
      }),
    logger: { warn: (message: unknown) => void warnings.push(message) },
    problem: 'It does not work',
  });
  return { recurring, runs, warnings };
}

describe('RecurringWork', () => {
  it('repeats the work, and never runs it twice at once', async () => {
    const { recurring, runs } = setUp();
    recurring.start();
    await vi.advanceTimersByTimeAsync(999);
    expect(runs).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(runs).toHaveLength(2);
    recurring.stop();
  });

  it('logs an error once, until another one occurs or the work succeeds', async () => {
    const { recurring, runs, warnings } = setUp();
    recurring.start();
    for (const message of ['a', 'a', 'b', undefined, 'b']) {
      await vi.advanceTimersByTimeAsync(1000);
      if (message === undefined) runs.at(-1)?.end();
      else runs.at(-1)?.fail(message);
    }
    await vi.advanceTimersByTimeAsync(0);
    recurring.stop();
    expect(warnings).toEqual(['It does not work: a', 'It does not work: b', 'It does not work: b']);
  });

  it('stops at once, says nothing of what fails then, and does not start again', async () => {
    const { recurring, runs, warnings } = setUp();
    recurring.start();
    await vi.advanceTimersByTimeAsync(1000);
    recurring.stop();
    runs[0]?.fail('closed');
    await recurring.run();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([runs.length, warnings]).toEqual([1, []]);
  });
});
