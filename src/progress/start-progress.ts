import { BarProgress } from './bar.progress.js';
import { LineProgress } from './line.progress.js';
import type { Progress, ProgressOptions, ProgressStream } from './progress.js';

/**
 * Starts to show the progress of a task: as a bar on a terminal, else as a few plain lines. It goes to standard error,
 * so that standard output can be piped.
 *
 * @param what the task, as a line begins with it: `Backup`
 */
export function startProgress(
  what: string,
  options: ProgressOptions = {},
  stream: ProgressStream = process.stderr,
): Progress {
  return stream.isTTY === true
    ? new BarProgress(what, options, stream)
    : new LineProgress(what, options, stream);
}
