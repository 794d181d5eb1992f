import { requestErrors } from '../errors/request.errors.js';
import { Turns } from '../turns/turns.js';
import { HashingRank, type HashingSlot, type HashingTurn } from './hashing-turn.js';

/** Milliseconds of rejections that may wait, but never fewer entries than so many for each that passes at once. */
const WAITING_WORK = 10_000;
const LEAST_WAITING = 16;
/** Longest wait in the line, in milliseconds: less than the time after which a final attempt counts as failed. */
const LONGEST_WAIT = 20_000;
/** Milliseconds after its arrival at which an attempt must leave the line. The target, of up to 10 s, follows. */
const LATEST_END = 20_000;

/** What a {@link SlowLine} needs. */
export interface SlowLineOptions {
  /** How many pass at once. */
  readonly slots: () => number;
  /** How long a rejected attempt takes, in milliseconds. */
  readonly target: () => number;
  /** How many attempts with the same keys may be under way: in a hashing slot, in the line, or passing. */
  readonly mostOfOne: number;
}

/**
 * The line of the sign-ins that bcrypt has not accepted: those that compute a slow hash, and those that wait as long. Nobody
 * in it holds a hashing slot, so it delays no sign-in that bcrypt accepts. Turns are as fair as before the hashing slots,
 * and the length is bounded. Nothing in it depends on the kind of hash.
 */
export class SlowLine {
  private readonly turns: Turns;
  /** How many attempts are under way, by keys. */
  private readonly underWay = new Map<string, number>();

  constructor(private readonly options: SlowLineOptions) {
    this.turns = new Turns({
      get slots() {
        return options.slots();
      },
      capacity: (held) =>
        Math.max(
          LEAST_WAITING * options.slots(),
          Math.floor((WAITING_WORK * options.slots()) / Math.max(held, options.target(), 1)),
        ),
      longestWait: LONGEST_WAIT,
      ranks: HashingRank.Failed + 1,
      refusal: requestErrors.overloaded,
    });
  }

  /** How many wait in the line. */
  get waiting(): number {
    return this.turns.waiting;
  }

  /**
   * Runs a whole attempt. Each is counted before its password is compared, so too many of one login and source must not be
   * under way: right passwords would lock their user out.
   *
   * @throws {ApiError} 503 when too many are
   */
  async attempt<T>({ keys }: HashingTurn, work: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(keys);
    const others = this.underWay.get(key) ?? 0;
    if (others >= this.options.mostOfOne) throw requestErrors.overloaded();
    this.underWay.set(key, others + 1);
    try {
      return await work();
    } finally {
      const left = (this.underWay.get(key) ?? 1) - 1;
      if (left > 0) this.underWay.set(key, left);
      else this.underWay.delete(key);
    }
  }

  /**
   * Gives the hashing slot back, waits in the line and runs `work`.
   *
   * @throws {ApiError} 503 when the line is full, or the attempt has waited for too long
   */
  pass<T>({ turn, arrived, giveBack }: HashingSlot, work: () => Promise<T>): Promise<T> {
    const rest = Math.max(0, arrived + LATEST_END - performance.now());
    const passed = this.turns.run(turn, work, Math.min(rest, LONGEST_WAIT));
    giveBack();
    return passed;
  }
}
