/** Rows of the first slice: enough for a default page. */
const FIRST = 200;
/**
 * Maximum rows of a slice. The most expensive pattern takes 10 µs for a login of 128 characters, so rows that are
 * suddenly slow do not hold the process for long.
 */
const MOST = 2000;
const LEAST = 10;
/** What a slice should take, in milliseconds. */
const TARGET = 8;

let turn = Promise.resolve();

/**
 * Waits for a turn of the event loop that no other caller has. Work that holds the main thread is cut into slices, and
 * each waits for a turn, so that between two slices, of whichever requests, the process serves others.
 */
export function nextTurn(): Promise<void> {
  turn = turn.then(() => new Promise<void>((resume) => setImmediate(resume)));
  return turn;
}

/** The size of the next slice of a scan, which follows from the time that the last one took. */
export class SliceSize {
  private current = FIRST;

  /** In rows. */
  get rows(): number {
    return this.current;
  }

  /** Runs `work` on a slice of {@link rows}, and adapts them. */
  async timed<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    const factor = Math.min(TARGET / Math.max(performance.now() - start, 0.1), 4);
    this.current = Math.round(Math.min(Math.max(this.current * factor, LEAST), MOST));
    return result;
  }
}
