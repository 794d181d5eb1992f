import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, FairQueue } from './fair-queue.js';

/** Adds entries that are told by their keys and a number. */
function filled(...keys: readonly string[]): FairQueue<string> {
  const queue = new FairQueue<string>();
  keys.forEach((each, index) => queue.add(`${each} ${index}`, each.split('/')));
  return queue;
}
function takeAll<T>(queue: FairQueue<T>): T[] {
  const taken: T[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take()) taken.push(item);
  return taken;
}

describe('turns', () => {
  it('go round robin over the outermost keys, whoever came first', () => {
    expect(takeAll(filled('a', 'a', 'a', 'b', 'c', 'c'))).toEqual(['a 0', 'b 3', 'c 4', 'a 1', 'c 5', 'a 2']);
  });

  it('go round robin over the next keys within the outermost', () => {
    const queue = filled('a/x', 'a/x', 'a/x', 'a/y', 'b/z', 'b/z');
    expect(takeAll(queue)).toEqual(['a/x 0', 'b/z 4', 'a/y 3', 'b/z 5', 'a/x 1', 'a/x 2']);
  });

  it('are first come, first served for the same keys', () => {
    expect(takeAll(filled('a/b/c', 'a/b/c', 'a/b/c'))).toEqual(['a/b/c 0', 'a/b/c 1', 'a/b/c 2']);
  });

  it('of a better rank come first, but every third goes to the others', () => {
    const queue = new FairQueue<string>(3);
    for (let index = 0; index < 40; index += 1) {
      queue.add('known', [`k${index}`], () => 0);
      queue.add('clean', [`c${index}`], () => 1);
      queue.add('failed', [`f${index}`], () => 2);
    }
    const order = Array.from({ length: 12 }, () => queue.take());
    expect(order.filter((item) => item === 'known')).toHaveLength(8);
    expect([2, 5, 8, 11].map((index) => order[index])).toEqual(['failed', 'clean', 'failed', 'clean']);
  });

  it('of an entry whose rank has become worse come later', () => {
    const failed = new Set<string>();
    const queue = new FairQueue<string>(2);
    for (const source of ['a', 'a', 'b', 'b'])
      queue.add(source, [source], () => (failed.has(source) ? 1 : 0));
    expect(queue.take()).toBe('a');
    failed.add('a');
    // The third turn is the exception.
    expect(takeAll(queue)).toEqual(['b', 'a', 'b']);
  });
});

describe('what has to go', () => {
  it.each([
    ['is the newest entry of the party with the most', ['a', 'a', 'a', 'b', 'b', 'c'], 'a 2'],
    [
      'is within that party found in the same way',
      ['a/x', 'a/x', 'a/y', 'b/z', 'b/z', 'a/y', 'a/y'],
      'a/y 6',
    ],
    ['is the newest arrival among equals', ['a', 'b', 'c'], 'c 2'],
  ])('%s', (_, keys, expected) => {
    expect(filled(...keys).shed()).toBe(expected);
  });

  it('is one of the worst rank among equals', () => {
    const queue = new FairQueue<string>(2);
    queue.add('failed', ['a'], () => 1);
    queue.add('clean', ['b'], () => 0);
    expect(queue.shed()).toBe('failed');
    expect(queue.shed()).toBe('clean');
    expect(queue.shed()).toBeUndefined();
  });

  it('never is the only entry of somebody while another has two', () => {
    const queue = filled('a', 'a', 'b');
    expect([queue.shed(), queue.size]).toEqual(['a 1', 2]);
  });
});

/* A queue of the same behaviour that looks at everything each time: too slow to use, short enough to believe. */

interface Slow {
  readonly number: number;
  readonly keys: readonly string[];
  rank: number;
}

const keyArbitrary = fc.constantFrom('a', 'b', 'c', 'd');
const commandArbitrary = fc.oneof(
  fc.record({
    do: fc.constant('add' as const),
    keys: fc.tuple(keyArbitrary, keyArbitrary),
    rank: fc.nat({ max: 2 }),
  }),
  fc.record({ do: fc.constant('take' as const) }),
  fc.record({ do: fc.constant('shed' as const) }),
  fc.record({ do: fc.constantFrom('remove' as const, 'fail' as const), index: fc.nat({ max: 30 }) }),
);

describe('whatever happens', () => {
  it('each entry leaves once, in order among its equals, and those with the most lose', () => {
    fc.assert(
      fc.property(fc.array(commandArbitrary, { maxLength: 200 }), (commands) => {
        const queue = new FairQueue<Slow>(3);
        const waiting = new Map<Slow, Entry<Slow>>();
        let number = 0;
        const under = (depth: number, keys: readonly string[]) =>
          [...waiting.keys()].filter((each) =>
            keys.slice(0, depth).every((key, at) => each.keys[at] === key),
          );
        for (const command of commands) {
          if (command.do === 'add') {
            const item: Slow = { number: (number += 1), keys: command.keys, rank: command.rank };
            waiting.set(
              item,
              queue.add(item, item.keys, () => item.rank),
            );
          } else if (command.do === 'take') {
            const item = queue.take();
            expect(item === undefined).toBe(waiting.size === 0);
            if (!item) continue;
            const equals = under(2, item.keys).filter(({ rank }) => rank === item.rank);
            // Those whose rank has become worse have been put at the end.
            const untouched = equals.filter((each) => waiting.get(each)?.rank === each.rank);
            if (waiting.get(item)?.rank === item.rank)
              expect(Math.min(...untouched.map((each) => each.number))).toBeLessThanOrEqual(item.number);
            waiting.delete(item);
          } else if (command.do === 'shed') {
            const most = Math.max(0, ...[...waiting.keys()].map(({ keys }) => under(1, keys).length));
            const item = queue.shed();
            expect(item === undefined).toBe(waiting.size === 0);
            if (!item) continue;
            expect(under(1, item.keys)).toHaveLength(most);
            const within = under(1, item.keys).map(({ keys }) => under(2, keys).length);
            expect(under(2, item.keys)).toHaveLength(Math.max(...within));
            waiting.delete(item);
          } else {
            const [item, entry] = [...waiting][command.index] ?? [];
            if (!item || !entry) continue;
            if (command.do === 'fail') {
              item.rank = 2;
            } else {
              queue.remove(entry);
              queue.remove(entry);
              waiting.delete(item);
            }
          }
          expect(queue.size).toBe(waiting.size);
        }
        const left = takeAll(queue);
        expect(new Set(left)).toEqual(new Set(waiting.keys()));
        expect(left).toHaveLength(waiting.size);
        expect(queue.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('a party waits for at most one turn of each other party', () => {
    const crowd = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(crowd, crowd, (before, after) => {
        const queue = filled(...before);
        queue.add('bystander', ['x']);
        after.forEach((each) => queue.add(each, [each]));
        const order = takeAll(queue);
        const ahead = order.slice(0, order.indexOf('bystander')).map((item) => item.split(' ')[0]);
        expect(new Set(ahead).size).toBe(ahead.length);
      }),
    );
  });

  it('no rank that waits goes without a turn for more than eight turns for each other rank', () => {
    const ranks = fc.array(fc.nat({ max: 2 }), { minLength: 50, maxLength: 300 });
    fc.assert(
      fc.property(ranks, (entries) => {
        const queue = new FairQueue<number>(3);
        const waiting = [0, 0, 0];
        const lastTurn = [0, 0, 0];
        entries.forEach((rank, index) => {
          queue.add(rank, [String(index)], () => rank);
          waiting[rank] = (waiting[rank] ?? 0) + 1;
        });
        entries.forEach((_, turn) => {
          const rank = queue.take() ?? 0;
          waiting[rank] = (waiting[rank] ?? 0) - 1;
          lastTurn[rank] = turn;
          for (const other of [0, 1, 2])
            if ((waiting[other] ?? 0) > 0) expect(turn - (lastTurn[other] ?? 0)).toBeLessThanOrEqual(16);
        });
      }),
    );
  });

  it('keys under which nothing waits take no memory', () => {
    const queue = new FairQueue<number>();
    for (let index = 0; index < 1000; index += 1) queue.add(index, [`site ${index}`, 'source', 'login']);
    takeAll(queue);
    // @ts-expect-error -- the inside of it
    expect(queue.root.parties.size).toBe(0);
  });

  it('an operation takes the same time with 20,000 entries as with few', () => {
    // Counted in visited parties rather than in time: a scan would visit all of them.
    const queue = new FairQueue<number>();
    let ranked = 0;
    for (let index = 0; index < 20_000; index += 1) {
      queue.add(index, [`site ${index}`], () => {
        ranked += 1;
        return 0;
      });
    }
    expect(ranked).toBe(20_000);
    for (let index = 0; index < 10_000; index += 1) {
      queue.take();
      queue.shed();
    }
    expect(ranked).toBe(30_000);
    expect(queue.size).toBe(0);
  });
});
