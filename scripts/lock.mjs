/**
 * Writes package-lock.json after a change of package.json: `npm run lock`.
 *
 * npm runs in an empty directory: with a node_modules beside it, npm leaves out the packages of other platforms. Then
 * two fields are set that npm does not write. `npm ci` takes them from the lock (docs/decisions/0015-node-versions.md).
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The packages of this repository that the lock holds too. */
const WORKSPACES = ['packages/client/package.json', 'packages/verify/package.json'];

const directory = mkdtempSync(join(tmpdir(), 'hivegate-lock-'));
try {
  for (const file of ['package.json', 'package-lock.json', ...WORKSPACES]) {
    mkdirSync(join(directory, dirname(file)), { recursive: true });
    copyFileSync(file, join(directory, file));
  }
  execFileSync('npm', ['install', '--package-lock-only', '--omit-lockfile-registry-resolved'], {
    cwd: directory,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const lock = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8'));
  // Without this, `npm ci` runs `node-gyp rebuild`, although the package ships its binaries.
  lock.packages['node_modules/better-sqlite3'].gypfile = false;
  // Without this, Node 22 and later compile a driver that only Node 20 loads.
  lock.packages['node_modules/better-sqlite3-node20'].engines.node = '<22';
  writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
} finally {
  rmSync(directory, { recursive: true });
}
