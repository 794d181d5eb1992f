import { expect, it } from 'vitest';
import { sleep } from './waiting.js';

it.each([2 ** 31, 1e12, Infinity])(
  'a wait of %d ms, longer than a timer can be, is not over at once',
  async (wait) => {
    const controller = new AbortController();
    let isOver = false;
    const waiting = sleep(wait, controller.signal).then(() => (isOver = true));
    // A timer that took it for none would end before this one.
    await sleep(20, undefined);
    expect(isOver).toBe(false);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  },
);
