/** A receiver is reported as failing when nothing was delivered for so many milliseconds, in so many attempts. */
const FAILING_TIME = 10_000;
const FAILING_ATTEMPTS = 3;
/** The longest time, in milliseconds, for which a `Retry-After` is respected: the longest pause between attempts. */
const LONGEST_RETRY_AFTER = 300_000;

/** Receives what an operator should know. */
export interface ReceiverLog {
  warn(line: string): void;
  log(line: string): void;
}

/**
 * Whether the receiver takes events: a line when it begins to fail, and one when it is back, not one for each attempt.
 * Times are in milliseconds of the caller's clock.
 */
export class ReceiverState {
  /** Begin and number of the failures since the last delivery. */
  private failingSince: number | undefined;
  private failures = 0;
  private isReported = false;
  /** The receiver asked for no attempts before this time. */
  notBefore = 0;

  constructor(
    private readonly logger: ReceiverLog,
    /** Host and port: the rest of the URL may hold a secret. */
    private readonly host: string,
  ) {}

  /** An attempt has failed. */
  failed(reason: string, retryAfter: number | undefined, waiting: number, now: number): void {
    this.failingSince ??= now;
    this.failures += 1;
    if (retryAfter !== undefined)
      this.notBefore = Math.max(this.notBefore, now + Math.min(retryAfter, LONGEST_RETRY_AFTER));
    const isFailing = now - this.failingSince >= FAILING_TIME && this.failures >= FAILING_ATTEMPTS;
    if (this.isReported || !isFailing) return;
    this.isReported = true;
    this.logger.warn(
      `The webhook receiver ${this.host} takes no events (${reason}): ${waiting} wait, and are tried again`,
    );
  }

  /** An event was delivered. @returns since when the receiver had failed, if it is back now after a report */
  delivered(waiting: number, now: number): number | undefined {
    const since = this.failingSince;
    const wasReported = this.isReported;
    this.failingSince = undefined;
    this.failures = 0;
    this.isReported = false;
    if (!wasReported || since === undefined) return undefined;
    const seconds = Math.round((now - since) / 1000);
    this.logger.log(
      `The webhook receiver ${this.host} takes events again, after ${seconds} s: ${waiting} wait`,
    );
    return since;
  }
}
