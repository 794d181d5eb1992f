import { type Entry, FairQueue } from './fair-queue.js';

/** How fast the average duration of a work follows: by a sixteenth of the difference at each work. */
const AVERAGED_OVER = 16;

/** What a {@link Turns} consists of. */
export interface TurnsOptions {
  /** How much work runs at once. */
  readonly slots: number;
  /** Returns how many may wait. `held`: the average duration of a work, in milliseconds. */
  readonly capacity: (held: number) => number;
  /** The duration that is assumed before any work has been done, in milliseconds. */
  readonly expected?: number;
  /** The longest wait, in milliseconds. */
  readonly longestWait: number;
  /** The number of ranks. Default: 1. */
  readonly ranks?: number;
  /** Returns the error of a work that had to wait for too long, or had no room to wait. */
  readonly refusal: () => Error;
}

/** Whose turn it is. */
export interface Turn {
  /** Keys of {@link FairQueue.add}. */
  readonly keys: readonly string[];
  /** The rank; see {@link FairQueue.add}. */
  readonly rankOf?: () => number;
  /** Whether nobody is interested in the work any more. Asked when its turn comes: it is refused then. */
  readonly isGone?: () => boolean;
}

interface Waiter {
  readonly turn: Turn;
  start(): void;
  refuse(): void;
}

/**
 * Slots for work, and a fair queue before them. When too many wait, the party with the most waiting loses its newest
 * entry.
 */
export class Turns {
  private readonly queue: FairQueue<Waiter>;
  private running = 0;
  /** The average duration of a work, in milliseconds. */
  private average: number;

  constructor(private readonly options: TurnsOptions) {
    this.queue = new FairQueue(options.ranks);
    this.average = options.expected ?? 0;
  }

  /** How much work waits. */
  get waiting(): number {
    return this.queue.size;
  }

  /** How much work runs. */
  get taken(): number {
    return this.running;
  }

  /**
   * Waits for a turn and runs `work`. It may give its slot back before it ends.
   *
   * @param longestWait in milliseconds. Default: that of the options
   * @throws {Error} the refusal of the options, when the work has waited for too long or was shed
   */
  async run<T>(
    turn: Turn,
    work: (giveBack: () => void) => Promise<T>,
    longestWait = this.options.longestWait,
  ): Promise<T> {
    if (this.running < this.options.slots && this.queue.size === 0) this.running += 1;
    else await this.wait(turn, longestWait);
    const began = performance.now();
    let isHeld = true;
    const giveBack = (): void => {
      if (!isHeld) return;
      isHeld = false;
      this.average += (performance.now() - began - this.average) / AVERAGED_OVER;
      this.running -= 1;
      this.startNext();
    };
    try {
      return await work(giveBack);
    } finally {
      giveBack();
    }
  }

  /** Resolves with a slot that is counted as running. */
  private wait(turn: Turn, longestWait: number): Promise<void> {
    const { capacity, refusal } = this.options;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        turn,
        start: () => {
          clearTimeout(timer);
          resolve();
        },
        refuse: () => {
          clearTimeout(timer);
          reject(refusal());
        },
      };
      const entry: Entry<Waiter> = this.queue.add(waiter, turn.keys, turn.rankOf);
      const timer = setTimeout(() => {
        this.queue.remove(entry);
        waiter.refuse();
      }, longestWait);
      while (this.queue.size > capacity(this.average)) this.queue.shed()?.refuse();
    });
  }

  private startNext(): void {
    while (this.running < this.options.slots) {
      const next = this.queue.take();
      if (!next) return;
      if (next.turn.isGone?.() === true) {
        next.refuse();
        continue;
      }
      this.running += 1;
      next.start();
    }
  }
}
