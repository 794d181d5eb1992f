import { describe, expect, it } from 'vitest';
import { type ForeignHash, parseForeignHash } from './foreign-hash.js';
import { type Clock, type Comparison, SlowComparisons, type ThreadComparison } from './slow-comparisons.js';

const DIGEST = 'A'.repeat(43);
const argon2id = (kibibytes: number) =>
  parseForeignHash(`$argon2id$v=19$m=${kibibytes},t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$${DIGEST}`);
const pbkdf2 = (rounds: number) => parseForeignHash(`$pbkdf2-sha256$${rounds}$AAAA$${DIGEST}`);
const LARGE = argon2id(65_536);
const SMALL = argon2id(16_384);

const formsOf = (hash: ForeignHash, count = 1): Comparison[] =>
  Array.from({ length: count }, () => ({ input: Buffer.from('typed'), hash }));

/** Time passes only when somebody computes or waits: whoever is first moves it. */
class World implements Clock {
  private time = 0;
  private readonly sleepers: { at: number; wake: () => void }[] = [];
  readonly computed: string[] = [];
  /** How many are computed now, and how many at most. */
  computing = 0;
  most = 0;
  isRight = false;
  waited = 0;

  /** `speed`: milliseconds for each KiB or round. */
  constructor(public speed = 0.001) {}

  now = () => this.time;

  wait(milliseconds: number): Promise<void> {
    this.waited += milliseconds;
    return this.sleep(milliseconds);
  }

  run = async (comparisons: readonly ThreadComparison[]): Promise<boolean> => {
    this.computing += 1;
    this.most = Math.max(this.most, this.computing);
    for (const { hash } of comparisons) {
      this.computed.push(hash.kind);
      await this.sleep(
        this.speed * (hash.kind === 'argon2id' ? hash.memory : hash.kind === 'pbkdf2' ? hash.rounds : 1),
      );
    }
    this.computing -= 1;
    return this.isRight;
  };

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.sleepers.push({ at: this.time + milliseconds, wake });
      // When all that can go on has done so.
      if (this.sleepers.length === 1)
        setImmediate(() => {
          this.next();
        });
    });
  }

  private next(): void {
    this.sleepers.sort((one, other) => one.at - other.at);
    const first = this.sleepers.shift();
    if (!first) return;
    this.time = first.at;
    first.wake();
    if (this.sleepers.length > 0)
      setImmediate(() => {
        this.next();
      });
  }
}

const slowOf = (world: World) => new SlowComparisons({ run: world.run, clock: world });
const durationOf = async (world: World, work: () => Promise<unknown>): Promise<number> => {
  const began = world.now();
  await work();
  return world.now() - began;
};

describe('a rejected sign-in', () => {
  it('waits for nothing where there is nothing slow', async () => {
    const world = new World();
    const slow = slowOf(world);
    await slow.know([]);
    await slow.wait(3);
    expect([world.now(), world.waited]).toEqual([0, 0]);
  });

  it('takes the same time whatever hash the user has, from the first one on, and only its own is computed', async () => {
    const world = new World();
    const slow = slowOf(world);
    const hashes = [LARGE, SMALL, pbkdf2(1000)];
    await slow.know(hashes);
    const measured = world.computed.length;
    expect(measured).toBe(3);
    for (const forms of [1, 2, 3]) {
      const durations = [];
      for (const hash of hashes)
        durations.push(await durationOf(world, () => slow.compare(formsOf(hash, forms))));
      durations.push(await durationOf(world, () => slow.wait(forms)));
      for (const each of durations) expect(each).toBeCloseTo(forms * slow.target, 6);
    }
    expect(world.computed).toHaveLength(measured + 3 * (1 + 2 + 3));
    // What computes has time to spare.
    expect(slow.target).toBeGreaterThan(world.speed * 65_536 * 1.4);
  });

  it('waits until the kinds that have appeared are measured', async () => {
    const world = new World();
    const slow = slowOf(world);
    const measured = slow.know([LARGE]);
    const waited = slow.wait(1).then(() => world.now());
    await measured;
    expect(await waited).toBeCloseTo(world.speed * 65_536 + slow.target, 6);
  });

  it('does not wait for a kind that is gone', async () => {
    const world = new World();
    const slow = slowOf(world);
    await slow.know([LARGE, pbkdf2(1000)]);
    const before = slow.target;
    await slow.know([pbkdf2(1000)]);
    expect(slow.target).toBeLessThan(before / 10);
    await slow.know([]);
    expect(slow.target).toBe(0);
  });

  it('still waits for a longer digest of PBKDF2 that was met, while a hash begins like it', async () => {
    const world = new World();
    const slow = slowOf(world);
    const long = parseForeignHash(`$pbkdf2-sha256$1000$AAAA$${'A'.repeat(86)}`);
    await slow.know([pbkdf2(1000)]);
    const short = slow.target;
    world.speed *= 2;
    await slow.compare(formsOf(long));
    world.speed /= 2;
    expect(slow.target).toBeGreaterThan(short * 1.5);
    const both = slow.target;
    for (let look = 0; look < 3; look += 1) await slow.know([pbkdf2(1000)]);
    expect(slow.target).toBe(both);
    await slow.know([pbkdf2(999)]);
    expect(slow.target).toBeLessThan(both);
  });

  it('is never computed again for a kind that is known', async () => {
    const world = new World();
    const slow = slowOf(world);
    for (let look = 0; look < 5; look += 1) await slow.know([LARGE, SMALL]);
    expect(world.computed).toHaveLength(2);
  });

  it('takes the same time when nobody had seen the kind before, from then on', async () => {
    const world = new World();
    const slow = slowOf(world);
    const first = await durationOf(world, () => slow.compare(formsOf(LARGE)));
    expect(await durationOf(world, () => slow.wait(1))).toBeCloseTo(first, 6);
  });

  it('follows a machine that has become slower, and not a single pause', async () => {
    const world = new World();
    const slow = slowOf(world);
    await slow.know([LARGE]);
    const quiet = slow.target;
    world.speed *= 1000;
    await slow.compare(formsOf(LARGE));
    expect(slow.target).toBe(quiet);
    world.speed /= 500;
    await slow.compare(formsOf(LARGE));
    await slow.compare(formsOf(LARGE));
    const loaded = await durationOf(world, () => slow.compare(formsOf(LARGE)));
    expect(loaded).toBeCloseTo(slow.target, 6);
    expect(slow.target).toBeGreaterThan(quiet * 1.5);
    expect(await durationOf(world, () => slow.wait(1))).toBeCloseTo(loaded, 6);
    // Ten seconds are the most: a response must be sent in time.
    world.speed = 1;
    await slow.compare(formsOf(LARGE));
    await slow.compare(formsOf(LARGE));
    expect(slow.target).toBe(10_000);
    expect(await durationOf(world, () => slow.wait(3))).toBeCloseTo(10_000, 6);
  });
});

describe('the target', () => {
  it('is measured again each minute, so that a busy start does not last', async () => {
    const world = new World();
    const slow = slowOf(world);
    world.speed *= 100;
    await slow.know([LARGE]);
    const busy = slow.target;
    world.speed /= 100;
    for (let minute = 0; minute < 8; minute += 1) {
      await world.wait(60_000);
      await slow.know([LARGE]);
      await slow.know([LARGE]);
    }
    expect(world.computed).toHaveLength(9);
    expect(slow.target).toBeLessThan(busy / 50);
  });
});

describe('a right password', () => {
  it('does not wait, and passes the next one on', async () => {
    const world = new World();
    const slow = slowOf(world);
    await slow.know([LARGE, SMALL]);
    world.isRight = true;
    expect(await durationOf(world, () => slow.compare(formsOf(SMALL)))).toBeCloseTo(world.speed * 16_384, 6);
    expect(world.waited).toBe(0);
    world.isRight = false;
    expect(await durationOf(world, () => slow.wait(1))).toBeCloseTo(slow.target, 6);
  });
});

describe('hashes that need more than 16 MiB', () => {
  it('are computed one at a time, however many are asked for, and those that wait take turns with them', async () => {
    const world = new World();
    const slow = slowOf(world);
    await slow.know([LARGE]);
    const began = world.now();
    const ends: number[] = [];
    const note = (work: Promise<unknown>) => work.then(() => ends.push(world.now() - began));
    await Promise.all([
      note(slow.compare(formsOf(LARGE))),
      note(slow.wait(1)),
      note(slow.compare(formsOf(LARGE))),
      note(slow.wait(1)),
      note(slow.compare(formsOf(LARGE))),
    ]);
    expect(world.most).toBe(1);
    // Which of them computed does not show.
    for (const [index, end] of ends.entries()) expect(end).toBeCloseTo((index + 1) * slow.target, 6);
  });

  it('are computed one at a time before the kind is known, too', async () => {
    const world = new World();
    const slow = slowOf(world);
    await Promise.all(Array.from({ length: 4 }, () => slow.compare(formsOf(LARGE))));
    expect(world.most).toBe(1);
  });

  it('do not end the line when one fails', async () => {
    const world = new World();
    let isBroken = true;
    const slow = new SlowComparisons({
      run: (comparisons) => (isBroken ? Promise.reject(new Error('broken')) : world.run(comparisons)),
      clock: world,
    });
    await expect(slow.know([LARGE])).rejects.toThrow('broken');
    await expect(slow.compare(formsOf(LARGE))).rejects.toThrow('broken');
    isBroken = false;
    expect(await slow.compare(formsOf(LARGE))).toBe(false);
  });

  it('are others than those of 16 MiB, which run beside each other', async () => {
    const world = new World();
    const slow = slowOf(world);
    await slow.know([SMALL]);
    await Promise.all(Array.from({ length: 4 }, () => slow.compare(formsOf(SMALL))));
    expect(world.most).toBe(4);
  });
});
