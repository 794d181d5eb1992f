import { requestErrors } from '../errors/request.errors.js';

/** Bodies of up to so many bytes take less than a millisecond, and are parsed at once. */
const AT_ONCE = 16 * 1024;
/** The time between two others, as a multiple of what the first of them took; at most so many milliseconds. */
const REST = 4;
const LONGEST_REST = 100;
/** Maximum size of all bodies that wait, in bytes. */
const MOST_WAITING = 64 * 1024 * 1024;

/**
 * Spreads the parsing of large bodies over time. JavaScript has one thread, and a body of hostile JSON takes it for
 * milliseconds: clients that send such bodies on many connections must leave most of it to all others.
 */
export class ParsingTurns {
  private readonly waiting: { readonly bytes: number; readonly parse: () => void }[] = [];
  private waitingBytes = 0;
  private isBusy = false;

  /** Calls `parse`, which parses a body of so many bytes: now, or when it is its turn. @throws {ApiError} 503 */
  take(bytes: number, parse: () => void): void {
    if (bytes <= AT_ONCE) {
      parse();
      return;
    }
    if (this.waitingBytes + bytes > MOST_WAITING) throw requestErrors.overloaded();
    this.waitingBytes += bytes;
    this.waiting.push({ bytes, parse });
    if (!this.isBusy) this.next();
  }

  private next(): void {
    const turn = this.waiting.shift();
    this.isBusy = turn !== undefined;
    if (!turn) return;
    this.waitingBytes -= turn.bytes;
    const began = performance.now();
    turn.parse();
    // What follows at once, such as the validation, counts as well.
    setImmediate(() => {
      const rest = Math.min((performance.now() - began) * REST, LONGEST_REST);
      setTimeout(() => {
        this.next();
      }, rest);
    });
  }
}
