import { statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { statusOf } from '../../files/status-of.js';
import { openFileLimit } from '../../http/connection-limits.js';
import type { DatabaseSettings } from '../../settings/setting-values.js';
import { type Diagnosis, error, ok, orOk, warning } from './diagnosis.js';

/** Fewer free bytes than this leave no room for the write-ahead log and a backup. */
const LEAST_FREE = 100 * 1024 * 1024;
const LITTLE_FREE = 1024 * 1024 * 1024;
/** An open-file limit that leaves room for some hundred clients. */
const LEAST_OPEN_FILES = 1024;
const MEBIBYTE = 1024 * 1024;

/** Permissions of others than the owner: to read, and to write. */
const READ_BY_OTHERS = 0o044;
const WRITE_BY_OTHERS = 0o022;
/** In such a folder, files can be removed by their owners alone. */
const STICKY = 0o1000;

/** Checks the version of Node (package.json, `engines`). */
export function checkNode(version = process.versions.node): Diagnosis {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  return isSupported
    ? ok(`Node ${version}`)
    : error(`Node ${version} is not supported: install 20.19 or later, 22.12 or later, or 24 or later`);
}

/** Checks how many files, and so connections, the process may have open. */
export function checkOpenFiles(limit = openFileLimit()): Diagnosis {
  return limit < LEAST_OPEN_FILES
    ? warning(`Only ${limit} files may be open: raise the limit (ulimit -n, LimitNOFILE) to 4096 or more`)
    : ok(`${limit} files may be open`);
}

/** Checks the permissions of the SQLite file, of those beside it and of their folder, and the free space. */
export function checkFiles(database: DatabaseSettings): readonly Diagnosis[] {
  if (database.kind !== 'sqlite') return [];
  try {
    return checkPath(resolve(database.path));
  } catch (problem) {
    // For example a file in the place of the folder, or a folder that must not be read.
    if ((problem as NodeJS.ErrnoException).code === undefined) throw problem;
    return [error(`DATABASE_URL cannot be used: ${(problem as Error).message}`)];
  }
}

function checkPath(path: string): readonly Diagnosis[] {
  const folder = dirname(path);
  const files = ['', '-wal', '-shm'].map((suffix) => `${path}${suffix}`).flatMap(checkFile);
  const exists = statusOf(path) !== undefined;
  return [
    ...(exists ? orOk(files, 'Only the owner can read the database file') : files),
    ...checkFolder(folder),
  ];
}

function checkFile(path: string): readonly Diagnosis[] {
  const status = statusOf(path);
  if (!status) return [];
  if (!status.isFile()) return [error(`${path} is not a file`)];
  const uid = process.geteuid?.();
  const diagnoses: Diagnosis[] = [];
  // Windows has no such permissions, and no user ids: Node makes the former up.
  if (uid === undefined) return diagnoses;
  if ((status.mode & (READ_BY_OTHERS | WRITE_BY_OTHERS)) !== 0)
    diagnoses.push(
      error(`${path} holds password hashes and keys, and others may read or write it: chmod 600 ${path}`),
    );
  if (status.uid !== uid)
    diagnoses.push(
      error(`${path} belongs to the user with uid ${status.uid}, and this is uid ${uid}: run as its owner`),
    );
  return diagnoses;
}

function checkFolder(folder: string): readonly Diagnosis[] {
  const status = statusOf(folder);
  if (!status) return [warning(`The folder ${folder} does not exist yet: the first start creates it`)];
  const diagnoses: Diagnosis[] = [];
  const isOpen = (status.mode & WRITE_BY_OTHERS) !== 0 && (status.mode & STICKY) === 0;
  if (isOpen && process.geteuid !== undefined)
    diagnoses.push(error(`Others may replace the files in ${folder}: chmod 700 ${folder}`));
  const { bavail, bsize } = statfsSync(folder);
  return [...diagnoses, checkSpace(bavail * bsize, folder)];
}

/** Checks the free space of a disk, in bytes. */
export function checkSpace(free: number, folder: string): Diagnosis {
  const shown = `${Math.floor(free / MEBIBYTE).toLocaleString('en-US')} MiB are free in ${folder}`;
  if (free < LEAST_FREE) return error(`Only ${shown}`);
  return free < LITTLE_FREE ? warning(`Only ${shown}`) : ok(shown);
}
