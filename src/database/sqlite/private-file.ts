import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { statusOf } from '../../files/status-of.js';

/** Whoever else may read or write. */
const OTHERS = 0o077;
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** What SQLite appends to the name of a database for the files that it keeps beside it. */
const SUFFIXES = ['', '-wal', '-shm', '-journal'];

/**
 * Creates the file of a database, with its folder, for its owner only: it contains password hashes and signing keys.
 * Restricts an existing one to its owner, with the files that SQLite keeps beside it. SQLite gives new ones the mode of
 * the database.
 *
 * Never opens a file that exists: closing it would drop the locks of a connection that this process has to it.
 *
 * @returns what the operator should know, each in one line
 * @throws {Error} when it cannot be created or written, or is no file
 */
export function ensurePrivateFile(path: string): string[] {
  ensureFolder(dirname(path));
  // `a` creates the target of a symbolic link, too.
  if (!existsSync(path)) closeSync(openSync(path, 'a', PRIVATE_FILE));
  if (!statSync(path).isFile()) throw new Error(`${path} is not a file`);
  accessSync(path, constants.R_OK | constants.W_OK);
  const user = process.geteuid?.();
  // No modes on Windows.
  return user === undefined ? [] : restrict(realpathSync(path), user);
}

/**
 * Creates a folder with those above it. Not by `recursive`: Node tries again without end where the system refuses a
 * folder with ENOENT although the one above it exists, as Linux does in /proc.
 */
function ensureFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) ensureFolder(above);
  try {
    mkdirSync(folder, { mode: PRIVATE_FOLDER });
  } catch (error) {
    // Another process has made it meanwhile, or it is a file: then the database cannot be opened.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** `path` without symbolic links: SQLite keeps its other files beside the target. */
function restrict(path: string, user: number): string[] {
  const files = SUFFIXES.map((suffix) => `${path}${suffix}`);
  return [...files.flatMap((file) => restrictFile(file, user)), ...checkFolder(dirname(path))];
}

function restrictFile(file: string, user: number): string[] {
  const stats = statusOf(file);
  if (!stats || (stats.mode & OTHERS) === 0) return [];
  const was = `${file} has the mode ${modeOf(stats)}: other users can get at the password hashes and keys in it`;
  if (stats.uid !== user) return [`${was}. It belongs to uid ${stats.uid}, who should run chmod 600 on it`];
  try {
    chmodSync(file, PRIVATE_FILE);
  } catch (error) {
    return [`${was}, and it cannot be changed: ${(error as Error).message}`];
  }
  // Some file systems have no modes, and say nothing.
  if ((statSync(file).mode & OTHERS) !== 0) return [`${was}, and its file system has no modes`];
  return [
    `${file} had the mode ${modeOf(stats)}: other users could get at the hashes and keys in it. It is 0600 now`,
  ];
}

/** A folder that existed before is the operator's, and may hold more: it is not changed. */
function checkFolder(folder: string): string[] {
  const stats = statSync(folder);
  if ((stats.mode & WRITABLE_BY_OTHERS) === 0 || (stats.mode & STICKY) !== 0) return [];
  return [
    `${folder} has the mode ${modeOf(stats)}: other users can replace the database in it. Run chmod 700 on it`,
  ];
}

const modeOf = ({ mode }: Stats) => (mode & 0o7777).toString(8).padStart(4, '0');
