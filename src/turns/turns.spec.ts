import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Turns, type TurnsOptions } from './turns.js';

const REFUSED = new Error('refused');
const turnsOf = (options: Partial<TurnsOptions> = {}) =>
  new Turns({ slots: 1, capacity: () => 100, longestWait: 10_000, refusal: () => REFUSED, ...options });

/** Work that ends when told. */
function held() {
  let release = (): void => undefined;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  return { work: () => isReleased, release };
}

describe('work', () => {
  it('runs at once while a slot is free, and then in turns', async () => {
    const turns = turnsOf();
    const order: string[] = [];
    const { work, release } = held();
    const first = turns.run({ keys: ['a'] }, work);
    const others = ['a', 'a', 'b'].map((key) =>
      turns.run({ keys: [key] }, () => {
        order.push(key);
        return Promise.resolve();
      }),
    );
    expect([turns.waiting, order]).toEqual([3, []]);
    release();
    await Promise.all([first, ...others]);
    expect(order).toEqual(['a', 'b', 'a']);
  });

  it('may give its slot back before it ends, once', async () => {
    const turns = turnsOf();
    const { work, release } = held();
    const first = turns.run({ keys: ['a'] }, (giveBack) => {
      giveBack();
      giveBack();
      return work();
    });
    expect(turns.taken).toBe(0);
    expect(await turns.run({ keys: ['a'] }, () => Promise.resolve('second'))).toBe('second');
    release();
    await first;
    expect(turns.taken).toBe(0);
  });

  it('never runs on more than its slots', async () => {
    const turns = turnsOf({ slots: 3 });
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        turns.run({ keys: [String(index % 4)] }, async () => {
          most = Math.max(most, (running += 1));
          await pause(1);
          running -= 1;
        }),
      ),
    );
    expect(most).toBe(3);
  });

  it('that fails gives its slot to the next', async () => {
    const turns = turnsOf();
    const failing = Array.from({ length: 5 }, () =>
      turns.run({ keys: ['a'] }, () => Promise.reject(REFUSED)),
    );
    await Promise.allSettled(failing);
    await expect(turns.run({ keys: ['a'] }, () => Promise.resolve(7))).resolves.toBe(7);
  });

  it('beyond the capacity is refused to the party with the most', async () => {
    const turns = turnsOf({ capacity: () => 3 });
    const { work, release } = held();
    const all = ['a', 'a', 'a', 'a', 'b', 'c'].map((key) => turns.run({ keys: [key] }, work));
    release();
    const outcomes = (await Promise.allSettled(all)).map(({ status }) => status === 'fulfilled');
    // The first runs, and of the three that it has waiting two are lost to others.
    expect(outcomes).toEqual([true, true, false, false, true, true]);
  });

  it('is refused when it has waited for too long', async () => {
    const turns = turnsOf({ longestWait: 20 });
    const { work, release } = held();
    const first = turns.run({ keys: ['a'] }, work);
    await expect(turns.run({ keys: ['b'] }, () => Promise.resolve())).rejects.toBe(REFUSED);
    expect(turns.waiting).toBe(0);
    release();
    await first;
  });

  it('in which nobody is interested any more does not run', async () => {
    const turns = turnsOf();
    const { work, release } = held();
    const first = turns.run({ keys: ['a'] }, work);
    let ran = false;
    const gone = turns.run({ keys: ['b'], isGone: () => true }, () => {
      ran = true;
      return Promise.resolve();
    });
    const after = turns.run({ keys: ['b'] }, () => Promise.resolve('ran'));
    release();
    await first;
    await expect(gone).rejects.toBe(REFUSED);
    expect([ran, await after]).toEqual([false, 'ran']);
  });

  it('is measured: the capacity follows how long it takes', async () => {
    const seen: number[] = [];
    const capacity = (average: number) => {
      seen.push(average);
      return 100;
    };
    const turns = turnsOf({ expected: 500, capacity });
    const twenty = () =>
      Promise.all(Array.from({ length: 20 }, () => turns.run({ keys: ['a'] }, () => Promise.resolve())));
    await twenty();
    expect(seen[0]).toBe(500);
    await twenty();
    expect(seen.at(-1)).toBeLessThan(250);
  });
});
