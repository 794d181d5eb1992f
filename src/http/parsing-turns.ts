import { FairQueue } from '../turns/fair-queue.js';

/** Bodies of up to so many bytes take a tenth of a millisecond, and are parsed at once. */
const AT_ONCE = 4 * 1024;
/** The time between two others, as a multiple of what the first of them took; at most so many milliseconds. */
const REST = 4;
const LONGEST_REST = 100;
/** Maximum size of all bodies that wait, in bytes. */
const MOST_WAITING = 64 * 1024 * 1024;

/** A body that waits. */
export interface ReceivedBody {
  /** Who has sent it, for example `user/7`: those who wait get their turns round robin. */
  readonly party: string;
  /** Its size. */
  readonly bytes: number;
  readonly parse: () => void;
  /** Called instead of `parse` when too much waits, and nobody has more waiting than this one. */
  readonly refuse: () => void;
}

/**
 * Spreads the parsing of large bodies over time. JavaScript has one thread, and a body of hostile JSON takes it for
 * milliseconds: clients that send such bodies on many connections must leave most of it to all others.
 */
export class ParsingTurns {
  private readonly waiting = new FairQueue<ReceivedBody>();
  private waitingBytes = 0;
  private isBusy = false;

  /** Has a body parsed: now, or when it is its turn. */
  add(body: ReceivedBody): void {
    if (body.bytes <= AT_ONCE) {
      body.parse();
      return;
    }
    this.waitingBytes += body.bytes;
    this.waiting.add(body, [body.party]);
    while (this.waitingBytes > MOST_WAITING) this.shed();
    if (!this.isBusy) this.next();
  }

  private shed(): void {
    const body = this.waiting.shed();
    this.waitingBytes -= body?.bytes ?? this.waitingBytes;
    body?.refuse();
  }

  private next(): void {
    const body = this.waiting.take();
    this.isBusy = body !== undefined;
    if (!body) return;
    this.waitingBytes -= body.bytes;
    const began = performance.now();
    body.parse();
    // What follows at once, such as the validation, counts as well.
    setImmediate(() => {
      const rest = Math.min((performance.now() - began) * REST, LONGEST_REST);
      setTimeout(() => {
        this.next();
      }, rest);
    });
  }
}
