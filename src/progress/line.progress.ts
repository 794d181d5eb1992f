import type { Progress, ProgressOptions } from './progress.js';
import { shownNumber } from './shown-number.js';

/** A shorter task is over before its lines are read. */
const LEAST_SHOWN = 1000;
/** With a total, a line says so much more, in percent. */
const STEP = 10;

/**
 * Shows progress as plain lines, few of them, so that logs stay small: with a total for each tenth, without one after
 * 1,000, 2,000, 5,000, 10,000 … units. It goes by units, not by time: the same task always has the same lines.
 */
export class LineProgress implements Progress {
  private done = 0;
  /** The next line comes when so many units are done. */
  private next: number;
  private isShown = false;
  private isEnded = false;

  constructor(
    private readonly what: string,
    private readonly options: ProgressOptions,
    private readonly stream: NodeJS.WritableStream,
  ) {
    const { total, isSlow = false } = options;
    if (isSlow) this.next = 1;
    else if (total === undefined) this.next = LEAST_SHOWN;
    else this.next = total < LEAST_SHOWN ? Infinity : total / STEP;
  }

  advance(by = 1): void {
    this.done += by;
    if (this.done < this.next || this.done === this.options.total) return;
    this.isShown = true;
    this.write('', this.percentage);
    while (this.next <= this.done) this.next = this.stepAfter(this.next);
  }

  end(): void {
    if (this.isShown && !this.isEnded) this.write('ended after ', '');
    this.isEnded = true;
  }

  private stepAfter(step: number): number {
    const { total } = this.options;
    if (total !== undefined) return step + Math.max(total / STEP, 1);
    return String(step).startsWith('2') ? step * 2.5 : step * 2;
  }

  private get percentage(): string {
    const { total } = this.options;
    return total === undefined || this.done > total ? '' : ` (${Math.floor((this.done * 100) / total)} %)`;
  }

  private write(before: string, after: string): void {
    const { total, unit } = this.options;
    const of = total === undefined ? '' : ` of ${shownNumber(Math.max(total, this.done))}`;
    const counted = unit === undefined ? '' : ` ${unit}`;
    this.stream.write(`${this.what}: ${before}${shownNumber(this.done)}${of}${counted}${after}\n`);
  }
}
