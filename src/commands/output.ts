import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes text to standard output, at the pace of its reader. Ends early, without an error, when the reader wants no
 * more: `hivegate users list | head`.
 *
 * @param signal stops it, also while the reader takes nothing
 */
export async function print(
  text: Iterable<string> | AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await pipeline(Readable.from(text), process.stdout, { end: false, ...(signal && { signal }) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/**
 * Writes one of many lines to standard error, at the pace of its reader: what a command has to say of a row. Does nothing
 * once the reader is gone.
 */
export async function tell(line: string): Promise<void> {
  const { stderr } = process;
  // On a terminal, a bar may be in the line.
  const begin = stderr.isTTY ? '\r\x1b[K' : '';
  if (stderr.destroyed || stderr.write(`${begin}${line}\n`)) return;
  const waiting = new AbortController();
  const events = ['drain', 'close'].map((event) => once(stderr, event, { signal: waiting.signal }));
  // Those that are not waited for any more.
  for (const event of events) event.catch(() => undefined);
  await Promise.race(events);
  waiting.abort();
}
