import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { OperatorError } from '../errors/operator-error.js';

/** Only the owner may read or write. */
const PRIVATE = 0o600;

/**
 * Writes a new file that only its owner can read. The data goes to a temporary file beside it, which gets the final name
 * when it is complete and flushed to disk. So a file with the final name is always complete.
 *
 * The temporary file is created first: `write` is not called where no file can be made.
 *
 * @param write writes the data, and ends the stream
 * @returns what `write` returns
 * @throws {OperatorError} when there is a file of that name
 */
export async function writeNewFile<T>(path: string, write: (file: Writable) => Promise<T>): Promise<T> {
  if (await exists(path)) throw isThere(path);
  const aside = `${path}.${randomBytes(6).toString('hex')}.partial`;
  const file = await open(aside, 'wx', PRIVATE);
  try {
    const result = await writeAndFlush(file, write);
    await nameAs(path, aside);
    return result;
  } finally {
    await rm(aside, { force: true });
  }
}

const isThere = (path: string) => new OperatorError(`${path} is there already, and is not overwritten`);

/** Also of a symbolic link that leads nowhere. */
const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

async function writeAndFlush<T>(file: FileHandle, write: (file: Writable) => Promise<T>): Promise<T> {
  const stream = file.createWriteStream({ autoClose: false });
  try {
    const result = await write(stream);
    await file.sync();
    return result;
  } finally {
    stream.destroy();
    await file.close();
  }
}

/** Uses a link: unlike a rename, it never replaces a file that was created in the meantime. */
async function nameAs(path: string, aside: string): Promise<void> {
  await link(aside, path).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? isThere(path) : error;
  });
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
}
