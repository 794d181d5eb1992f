// Builds the service unless what is built is newer than what it is built from, so that `npm start` is quick.
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
const BUILT = 'dist/main.js';

const timeOf = (path) =>
  statSync(path).isDirectory()
    ? Math.max(statSync(path).mtimeMs, ...readdirSync(path).map((name) => timeOf(join(path, name))))
    : statSync(path).mtimeMs;

if (!existsSync(BUILT) || statSync(BUILT).mtimeMs < Math.max(...SOURCES.map(timeOf))) {
  execSync('npx nest build', { stdio: 'inherit' });
}
