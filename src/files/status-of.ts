import { type Stats, statSync } from 'node:fs';

/**
 * Returns the status of a file or folder; undefined: there is none.
 *
 * Not by `throwIfNoEntry`: newer versions of Node also take a path through a file for one that is only missing.
 *
 * @throws {Error} when the path cannot be looked up, for example with ENOTDIR
 */
export function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
