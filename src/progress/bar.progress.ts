import cliProgress from 'cli-progress';
import type { Progress, ProgressOptions } from './progress.js';
import { shownNumber } from './shown-number.js';

const WITH_TOTAL = '{what} [{bar}] {percentage} % | {value} of {total} {unit} | {eta_formatted} left';
const WITHOUT_TOTAL = '{what} | {value} {unit} | {duration_formatted}';

/** Shows progress as a bar, which is redrawn in its line. */
export class BarProgress implements Progress {
  private readonly bar: cliProgress.SingleBar;
  private done = 0;

  constructor(what: string, { total, unit = '' }: ProgressOptions, stream: NodeJS.WritableStream) {
    this.bar = new cliProgress.SingleBar({
      format: total === undefined ? WITHOUT_TOTAL : WITH_TOTAL,
      stream,
      barsize: 30,
      formatValue: (value, _options, type) =>
        type === 'value' || type === 'total' ? shownNumber(value) : String(value),
      // The terminal keeps its settings: a signal may end the process at any time, and is left to the command.
      hideCursor: false,
      linewrap: true,
      gracefulExit: false,
    });
    this.bar.start(total ?? 0, 0, { what, unit });
  }

  advance(by = 1): void {
    this.done += by;
    // Rows may be added after they were counted.
    if (this.done > this.bar.getTotal()) this.bar.setTotal(this.done);
    this.bar.update(this.done);
  }

  end(): void {
    this.bar.stop();
  }
}
