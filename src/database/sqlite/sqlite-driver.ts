import { createRequire } from 'node:module';
import type Sqlite from 'better-sqlite3';

const require = createRequire(import.meta.url);

/** better-sqlite3 13 supports this version of Node and later ones. It crashes on Node 20. */
const FIRST_NODE_OF_13 = 22;
const isOldNode = Number.parseInt(process.versions.node, 10) < FIRST_NODE_OF_13;

/**
 * The package with the better-sqlite3 that this Node can load; both versions have the same API.
 *
 * Node 22 and later use version 13: version 12 aborts the process on Node 24.19 and later when a statement is garbage
 * collected. Node 20 uses version 12, installed under another name (docs/decisions/0015-node-versions.md).
 */
export const SQLITE_PACKAGE = isOldNode ? 'better-sqlite3-node20' : 'better-sqlite3';

/** The driver, once its binary has been loaded. */
let loaded: typeof Sqlite | undefined;

/**
 * Loads the driver. Only a service on SQLite needs it: both packages are optional dependencies.
 *
 * @throws {Error} with one line for the operator, when the package is not installed, or its binary cannot be loaded
 */
export const loadSqlite = (): typeof Sqlite => (loaded ??= load(require));

/** Loads the driver by `requireModule`. Opens a database in memory: only that loads the binary. */
export function load(requireModule: (name: string) => unknown): typeof Sqlite {
  try {
    const Driver = requireModule(SQLITE_PACKAGE) as typeof Sqlite;
    new Driver(':memory:').close();
    return Driver;
  } catch (cause) {
    throw new Error(`the SQLite driver for Node ${process.versions.node} ${faultOf(cause as Error)}`, {
      cause,
    });
  }
}

function faultOf({ message, code }: NodeJS.ErrnoException): string {
  if (code === 'MODULE_NOT_FOUND' && message.includes(`'${SQLITE_PACKAGE}'`)) {
    const remedy = isOldNode
      ? 'install python3, make and a C++ compiler and run `npm ci`, or use Node 22 or later'
      : 'run `npm ci` with this version of Node';
    return `is not installed: ${remedy}`;
  }
  // Built for another version of Node or another system, or not built at all, because install scripts are off.
  return `cannot load its binary: run \`npm rebuild ${SQLITE_PACKAGE}\` (${message.split('\n', 1)[0] ?? ''})`;
}
