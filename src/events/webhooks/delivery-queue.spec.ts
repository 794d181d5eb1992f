import { describe, expect, it } from 'vitest';
import { DeliveryQueue, pauseAfter, type QueuedEvent } from './delivery-queue.js';
import { ReceiverState } from './receiver-state.js';

const event = (id: number, subject: string): QueuedEvent => ({ id, subject, at: new Date(id * 1000) });
function queueOf(...events: QueuedEvent[]) {
  const queue = new DeliveryQueue<QueuedEvent>();
  for (const each of events) queue.add(each, 0);
  return queue;
}
const idsOf = (events: readonly QueuedEvent[]) => events.map(({ id }) => id);

describe('DeliveryQueue', () => {
  it('sends the events of one subject one after the other, and those of others side by side', () => {
    const [a, b, c, d] = [event(1, 'a'), event(2, 'a'), event(3, 'b'), event(4, 'c')];
    const queue = queueOf(a, b, c, d);
    expect(queue.take(2, 0)).toEqual([a, c]);
    expect(queue.take(2, 0)).toEqual([d]);
    queue.delivered(a);
    expect(queue.take(2, 0)).toEqual([b]);
    queue.failed(b, 0);
    expect(queue.ids).toEqual([2, 3, 4]);
    expect(queue.take(2, 0)).toEqual([]);
    expect(queue.take(2, 1300)).toEqual([b]);
    expect([queue.size, queue.oldest]).toEqual([3, 0]);
  });

  it('gives each subject its turn', () => {
    const queue = queueOf(...[1, 2, 3].map((id) => event(id, 'a')), event(4, 'b'));
    const order: number[] = [];
    for (let [next] = queue.take(1, 0); next; [next] = queue.take(1, 0)) {
      order.push(next.id);
      queue.delivered(next);
    }
    expect(order).toEqual([1, 4, 2, 3]);
  });

  it('ends the pauses of those who failed only since a moment', () => {
    const [old, recent] = [event(1, 'a'), event(2, 'b')];
    const queue = queueOf(old, recent);
    queue.take(2, 0);
    queue.failed(old, 0);
    queue.failed(recent, 10);
    queue.retrySince(5);
    expect(queue.take(2, 10)).toEqual([recent]);
  });

  it('drops events that are too old, but none that is being sent', () => {
    const queue = queueOf(event(1, 'a'), event(2, 'b'), event(3, 'b'), event(9, 'b'));
    queue.take(1, 0);
    expect(queue.removeBefore(new Date(5000))).toBe(2);
    expect(queue.ids).toEqual([1, 9]);
    expect(idsOf(queue.take(2, 0))).toEqual([9]);
  });
});

it('pauses grow from a second to five minutes, give or take a quarter', () => {
  expect([1, 2, 3, 9, 10, 1000].map((failures) => pauseAfter(failures, 0.5))).toEqual([
    1000, 2000, 4000, 256_000, 300_000, 300_000,
  ]);
  expect([pauseAfter(1, 0), pauseAfter(1, 1)]).toEqual([750, 1250]);
});

describe('ReceiverState', () => {
  const make = () => {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    return { lines, state: new ReceiverState({ warn: write, log: write }, 'hooks.test') };
  };

  it('logs that the receiver fails, and that it is back, once each', () => {
    const { lines, state } = make();
    for (const now of [0, 1000, 9000, 11_000, 20_000]) state.failed('status 500', undefined, 7, now);
    expect(state.delivered(6, 30_000)).toBe(0);
    expect(state.delivered(5, 31_000)).toBeUndefined();
    expect(lines).toEqual([
      'The webhook receiver hooks.test takes no events (status 500): 7 wait, and are tried again',
      'The webhook receiver hooks.test takes events again, after 30 s: 6 wait',
    ]);
  });

  it('says nothing of single failures, and respects Retry-After for five minutes at most', () => {
    const { lines, state } = make();
    for (let now = 0; now < 60_000; now += 1000) {
      state.failed('status 500', undefined, 1, now);
      if (now % 5000 === 0) state.delivered(0, now);
    }
    expect(lines).toEqual([]);
    state.failed('status 429', 2000, 1, 60_000);
    expect(state.notBefore).toBe(62_000);
    state.failed('status 429', 10 ** 9, 1, 60_000);
    expect(state.notBefore).toBe(360_000);
  });
});
