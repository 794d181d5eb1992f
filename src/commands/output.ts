import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes text to standard output, at the pace of its reader. Ends early, without an error, when the reader wants no
 * more: `hivegate users list | head`.
 */
export async function print(text: Iterable<string> | AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(text), process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
