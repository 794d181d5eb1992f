/**
 * Builds the service unless dist/ is newer than what it is built from, so that `npm start` is quick. The dev
 * dependencies are needed only where it has to build.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

// A deployment may have dist/ without src/.
const SOURCES = ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json'].filter(existsSync);
const BUILT = 'dist/main.js';

const timeOf = (path) =>
  statSync(path).isDirectory()
    ? Math.max(statSync(path).mtimeMs, ...readdirSync(path).map((name) => timeOf(join(path, name))))
    : statSync(path).mtimeMs;

if (!existsSync(BUILT) || statSync(BUILT).mtimeMs < Math.max(...SOURCES.map(timeOf))) {
  await import('./build.mjs');
}
