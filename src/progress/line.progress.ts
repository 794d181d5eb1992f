import type { Progress, ProgressOptions } from './progress.js';
import { shownNumber } from './shown-number.js';

/** With a total, a line says so much more, in percent. */
const STEP = 10;
/** Without a total, milliseconds between two lines. */
const INTERVAL = 10_000;

/** Shows progress as plain lines: one at the start, one at the end, and few in between, so that logs stay small. */
export class LineProgress implements Progress {
  private done = 0;
  private shownStep = 0;
  private shownAt = Date.now();
  private isEnded = false;

  constructor(
    private readonly what: string,
    private readonly options: ProgressOptions,
    private readonly stream: NodeJS.WritableStream,
  ) {
    this.show();
  }

  advance(by = 1): void {
    this.done += by;
    const { total } = this.options;
    if (total === undefined ? Date.now() - this.shownAt < INTERVAL : !this.reachesStep(total)) return;
    this.show();
  }

  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.stream.write(`${this.what}: ended after ${this.count}\n`);
  }

  /** Whether another step is reached. The last one is left to the line of the end. */
  private reachesStep(total: number): boolean {
    const step = Math.floor((this.done * 100) / total / STEP);
    if (step <= this.shownStep || this.done >= total) return false;
    this.shownStep = step;
    return true;
  }

  private show(): void {
    const { total } = this.options;
    const percentage =
      total === undefined || total === 0 ? '' : ` (${Math.floor((this.done * 100) / total)} %)`;
    this.stream.write(`${this.what}: ${this.count}${percentage}\n`);
    this.shownAt = Date.now();
  }

  private get count(): string {
    const { total, unit } = this.options;
    const of = total === undefined ? '' : ` of ${shownNumber(Math.max(total, this.done))}`;
    return `${shownNumber(this.done)}${of}${unit === undefined ? '' : ` ${unit}`}`;
  }
}
