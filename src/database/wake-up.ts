import type { Database } from './database.js';

/** A reader that waits for something newer than `after`. */
interface Waiter {
  readonly after: number;
  readonly wake: () => void;
}

/** How a {@link WakeUp} looks for what is new. */
export interface WakeUpOptions {
  /** Milliseconds between two looks while somebody waits. */
  readonly interval: number;
  /** Returns the number of the newest entry: one query for the whole process. */
  readonly look: () => Promise<number>;
  /** The subject that is announced when there is something new. Absent: none is. */
  readonly subject?: string;
}

/**
 * Wakes the readers of this process when there is something new. It looks each `interval` while somebody waits, whatever
 * the number of readers, and at once when a change of `subject` is announced.
 */
export class WakeUp {
  private readonly waiters = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private isAnnounced = false;
  private known = 0;

  constructor(
    database: Database,
    private readonly options: WakeUpOptions,
  ) {
    if (options.subject === undefined) return;
    database.subscribe((subject) => {
      if (subject === options.subject || subject === undefined) this.lookSoon();
    });
  }

  /** The number of the newest entry that was seen. */
  get newest(): number {
    return this.known;
  }

  /** Looks now. @throws when the database is unavailable */
  async look(): Promise<number> {
    const newest = await this.options.look();
    this.known = Math.max(this.known, newest);
    for (const waiter of this.waiters) if (waiter.after < this.known) this.release(waiter);
    return newest;
  }

  /** Resolves when there is an entry after `after`, when `signal` is aborted, or after `milliseconds`. */
  async wait(after: number, signal: AbortSignal, milliseconds?: number): Promise<void> {
    if (signal.aborted || after < this.known) return;
    await new Promise<void>((resolve) => {
      const waiter: Waiter = {
        after,
        wake: () => {
          clearTimeout(timeout);
          signal.removeEventListener('abort', end);
          resolve();
        },
      };
      const end = () => {
        this.release(waiter);
      };
      const timeout = milliseconds === undefined ? undefined : setTimeout(end, milliseconds).unref();
      signal.addEventListener('abort', end);
      this.waiters.add(waiter);
      this.timer ??= setTimeout(() => {
        this.tick();
      }, this.options.interval).unref();
    });
  }

  private release(waiter: Waiter): void {
    if (this.waiters.delete(waiter)) waiter.wake();
  }

  private lookSoon(): void {
    if (this.waiters.size === 0) return;
    if (this.looking) this.isAnnounced = true;
    else this.tick();
  }

  private tick(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiters.size === 0) return;
    // Errors: the next look tries again.
    this.looking ??= this.look()
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        this.looking = undefined;
        const isAnnounced = this.isAnnounced;
        this.isAnnounced = false;
        if (this.waiters.size === 0) return;
        if (isAnnounced) this.tick();
        else
          this.timer ??= setTimeout(() => {
            this.tick();
          }, this.options.interval).unref();
      });
  }
}
