import type { Logger } from '@nestjs/common';

/** What a {@link RecurringWork} consists of. */
export interface RecurringWorkOptions {
  /** Milliseconds between the end of the work and its next start. */
  readonly interval: number;
  readonly work: () => Promise<unknown>;
  readonly logger: Pick<Logger, 'warn'>;
  /** What is logged, with the error, when the work fails: `The signing keys cannot be read`. */
  readonly problem: string;
}

/**
 * Work on the database that every process repeats. It does not keep the process alive, and while the database does not
 * respond it tries again; an error is logged once, until another one occurs or the work succeeds.
 */
export class RecurringWork {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** The last logged error, so that a repeated one is not logged again. */
  private logged: string | undefined;

  constructor(private readonly options: RecurringWorkOptions) {}

  /** Starts to repeat the work. A repetition starts when the one before has ended. */
  start(): void {
    this.timer = setTimeout(() => {
      void this.run().then(() => {
        if (!this.stopped) this.start();
      });
    }, this.options.interval).unref();
  }

  /** Does the work now, perhaps while a repetition is running. Never rejects. */
  async run(): Promise<void> {
    if (this.stopped) return;
    try {
      await this.options.work();
      this.logged = undefined;
    } catch (error) {
      this.warnOnce(error as Error);
    }
  }

  /** Does not wait for work in progress: a database that hangs would delay the shutdown. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private warnOnce({ message }: Error): void {
    const { logger, problem } = this.options;
    if (!this.stopped && message !== this.logged) logger.warn(`${problem}: ${message}`);
    this.logged = message;
  }
}
