import { statSync } from 'node:fs';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseState } from '../database-adapter.js';

/**
 * The file of an open database. SQLite goes on with the file that it has opened when another one takes its name, so what
 * it writes would be lost with a restart.
 */
export class WatchedFile {
  private readonly identity: string;

  /** @param path of the file, which a connection has just opened */
  constructor(private readonly path: string) {
    this.identity = identityOf(statSync(path));
  }

  /** Whether it is the same file and can be written. Writes nothing. */
  async state(): Promise<DatabaseState> {
    const { path, identity } = this;
    const found = await stat(path).catch(() => undefined);
    if (!found) return { refusal: 'its file is gone', isDiskFull: false };
    if (identityOf(found) !== identity)
      return { refusal: 'its file has been replaced: restart the service', isDiskFull: false };
    try {
      // SQLite creates files beside it.
      for (const each of [path, dirname(path)]) await access(each, constants.W_OK);
    } catch {
      return { refusal: READ_ONLY, isDiskFull: false };
    }
    const { blocks, bavail } = await statfs(path);
    // Some file systems report no sizes.
    return { isDiskFull: blocks > 0 && bavail === 0 };
  }
}

/** Why a database that may not be written takes no writes. */
export const READ_ONLY = 'it is read-only';

const identityOf = ({ dev, ino }: { dev: number; ino: number }) => `${dev} ${ino}`;
