import { setTimeout as pause } from 'node:timers/promises';
import { costOf, type ForeignHash, needsMuchMemory, scryptMemory, visibleCostOf } from './foreign-hash.js';

/** How many durations of comparisons of one cost are kept. */
const DURATIONS_KEPT = 8;
/** Milliseconds after which a cost is measured again: the machine may have been busy. */
const MEASURED_FOR = 60_000;
/**
 * The target is so many times the longest duration: bcrypt in all hashing slots may take half of the processor time of a
 * slow hash.
 */
const MARGIN = 2;
/** The target is rounded up to a power of this, so that it does not follow each duration. */
const STEP = 1.25;
/** The longest target for all forms of a password, in milliseconds. Less than the time in which a response must be sent. */
const LONGEST_TARGET = 10_000;

/** A form of a password, and what it is compared with. */
export interface Comparison {
  readonly input: Buffer;
  readonly hash: ForeignHash;
}

/** A comparison as a thread gets it. `maxmem`: the bytes that scrypt may use. */
export interface ThreadComparison extends Comparison {
  readonly maxmem: number;
}

/** What {@link SlowComparisons} needs: threads, and a clock in milliseconds. */
export interface SlowComparisonsOptions {
  readonly run: (comparisons: readonly ThreadComparison[]) => Promise<boolean>;
  readonly clock?: Clock;
}

/** The time, in milliseconds. */
export interface Clock {
  now(): number;
  wait(milliseconds: number): Promise<unknown>;
}

const SYSTEM_CLOCK: Clock = { now: () => performance.now(), wait: (milliseconds) => pause(milliseconds) };

/** A cost of hashes that are in the database, or have been seen there. */
interface Cost {
  readonly sample: ForeignHash;
  readonly durations: number[];
  measuredAt: number;
}

/**
 * The comparisons that take longer than bcrypt of the configured cost (contract.md §10): with hashes that other systems
 * have made.
 *
 * Each rejected sign-in spends the same time here, the target: comparing, or waiting. The target follows from the slowest
 * hash that is known. While a hash is known that needs much memory, all of them pass one by one, those that only wait too:
 * otherwise parallel attempts would tell which of them compute.
 */
export class SlowComparisons {
  private readonly clock: Clock;
  private costs = new Map<string, Cost>();
  /** Ends when all known costs have been measured. */
  private measured: Promise<unknown> = Promise.resolve();
  /** Ends when nothing is alone any more. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SlowComparisonsOptions) {
    this.clock = options.clock ?? SYSTEM_CLOCK;
  }

  /** Whether a slow hash is known: rejected sign-ins wait. */
  get isWanted(): boolean {
    return this.costs.size > 0;
  }

  /** Whether a known hash needs so much memory that they pass one by one. */
  get isOneByOne(): boolean {
    return [...this.costs.values()].some(({ sample }) => needsMuchMemory(sample));
  }

  /** How long a rejected sign-in takes here for each form of its password, in milliseconds. */
  get target(): number {
    const longest = Math.max(0, ...[...this.costs.values()].map(({ durations }) => secondLongest(durations)));
    if (longest === 0) return 0;
    const rounded = STEP ** Math.ceil(Math.log(longest * MARGIN) / Math.log(STEP));
    return Math.min(rounded, LONGEST_TARGET);
  }

  /**
   * Takes note of the hashes that there are, one of each cost. New ones are measured before the next sign-in is rejected;
   * those that are gone slow down nobody any more. Known ones are measured again from time to time. A cost that only
   * {@link compare} has met is kept while a hash is given that begins like it: the given ones may leave it out.
   *
   * @returns when they have been measured
   */
  async know(hashes: readonly ForeignHash[]): Promise<void> {
    const visible = new Set(hashes.map(visibleCostOf));
    // Those of this service are not among the given ones.
    const costs = new Map(
      [...this.costs].filter(([, { sample }]) => isOwn(sample) || visible.has(visibleCostOf(sample))),
    );
    const [unknown, due]: [ForeignHash[], ForeignHash[]] = [[], []];
    const now = this.clock.now();
    for (const sample of hashes) {
      const cost = this.costs.get(costOf(sample)) ?? costs.get(costOf(sample));
      costs.set(costOf(sample), cost ?? { sample, durations: [], measuredAt: now });
      if (!cost) {
        unknown.push(sample);
      } else if (now - cost.measuredAt >= MEASURED_FOR) {
        cost.measuredAt = now;
        due.push(sample);
      }
    }
    this.costs = costs;
    const measured = unknown.map((hash) => this.pass(() => this.measure(hash)));
    this.measured = Promise.allSettled([this.measured, ...measured]);
    await Promise.all([...measured, ...due.map((hash) => this.pass(() => this.measure(hash)))]);
  }

  /** Whether an input matches its hash. If none does, the result comes when the target has passed. */
  async compare(comparisons: readonly Comparison[]): Promise<boolean> {
    await this.measured;
    for (const { hash } of comparisons) this.learn(hash);
    return this.pass(async () => {
      const began = this.clock.now();
      const isRight = await this.verify(comparisons);
      if (!isRight) await this.waitFrom(began, comparisons.length);
      return isRight;
    });
  }

  /** Passes the time that a comparison takes. `forms`: how many forms the password has. */
  async wait(forms: number): Promise<void> {
    await this.measured;
    if (!this.isWanted) return;
    await this.pass(() => this.waitFrom(this.clock.now(), forms));
  }

  private async waitFrom(began: number, forms: number): Promise<void> {
    const rest = began + Math.min(forms * this.target, LONGEST_TARGET) - this.clock.now();
    if (rest > 0) await this.clock.wait(rest);
  }

  private async verify(comparisons: readonly Comparison[]): Promise<boolean> {
    const began = this.clock.now();
    const isRight = await this.options.run(
      comparisons.map((each) => ({ ...each, maxmem: memoryLimitOf(each.hash) })),
    );
    const [first] = comparisons;
    // A right password may have been the first of its forms.
    if (first && (!isRight || comparisons.length === 1)) {
      const duration = (this.clock.now() - began) / comparisons.length;
      this.learn(first.hash).durations.push(duration);
    }
    return isRight;
  }

  private async measure(hash: ForeignHash): Promise<void> {
    await this.verify([{ input: Buffer.from('no password'), hash }]);
  }

  private learn(sample: ForeignHash): Cost {
    let cost = this.costs.get(costOf(sample));
    if (!cost)
      this.costs.set(costOf(sample), (cost = { sample, durations: [], measuredAt: this.clock.now() }));
    if (cost.durations.length >= DURATIONS_KEPT) cost.durations.shift();
    return cost;
  }

  /** Runs `work`: alone, if a known hash needs much memory. */
  private pass<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isOneByOne) return work();
    const passed = this.last.then(work);
    this.last = passed.catch(() => undefined);
    return passed;
  }
}

/** A single duration that is out of line does not count: the machine may have been suspended. */
function secondLongest(durations: readonly number[]): number {
  const [longest = 0, second = longest] = [...durations].sort((one, other) => other - one);
  return second;
}

const isOwn = (hash: ForeignHash): boolean => hash.kind === 'bcrypt' && hash.of === 'own';

/** What scrypt needs, and some more for its own accounts. */
const memoryLimitOf = (hash: ForeignHash): number =>
  hash.kind === 'scrypt' ? scryptMemory(hash) + 2 ** 20 : 0;
