import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OperatorError } from '../../errors/operator-error.js';

/**
 * Writes a new file that only its owner can read. It gets its name when it is complete and flushed to disk, so a file
 * with that name is always complete.
 *
 * @throws {OperatorError} when there is a file of that name
 */
export async function writePrivateFile(
  path: string,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    await pipeline(text, createWriteStream(aside, { flags: 'wx', mode: 0o600, flush: true }), { signal });
    // Unlike a rename, a link never replaces a file that was created in the meantime.
    await link(aside, path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new OperatorError(`${path} is there already, and is not overwritten`);
    });
    const directory = await open(dirname(path), 'r');
    await directory.sync().finally(() => directory.close());
  } finally {
    await rm(aside, { force: true });
  }
}
