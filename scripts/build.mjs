/**
 * Builds the service: `npm run build`. Compiles src/ to dist/ and copies the files that TypeScript does not compile.
 *
 * With `--watch` it goes on compiling at every change, and runs the service from dist/: `npm run start:dev`.
 * The compiler is called by its path: `npx` would ask the network for a tool that is not installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const SOURCE = 'src';
const TARGET = 'dist';
const PROGRAM = join(TARGET, 'main.js');

const compiler = findCompiler();
if (!compiler) {
  console.error(
    'The service must be built, and the dev dependencies that build it are missing: run `npm ci`.',
  );
  process.exit(1);
}

rmSync(TARGET, { recursive: true, force: true });
for (const file of readdirSync(SOURCE, { recursive: true })) {
  if (!/\.(?:mjs|css|html)$/.test(file)) continue;
  mkdirSync(dirname(join(TARGET, file)), { recursive: true });
  copyFileSync(join(SOURCE, file), join(TARGET, file));
}
const compile = [compiler, '--project', 'tsconfig.build.json'];
const { status } = spawnSync(process.execPath, compile, { stdio: 'inherit' });

// TypeScript keeps its first line, `#!/usr/bin/env node`, but creates files that are not executable.
if (existsSync(PROGRAM)) chmodSync(PROGRAM, 0o755);

if (!process.argv.includes('--watch')) {
  process.exitCode = status ?? 1;
} else {
  const children = [
    [...compile, '--watch', '--preserveWatchOutput'],
    ['--watch', '--enable-source-maps', PROGRAM],
  ].map((parameters) => spawn(process.execPath, parameters, { stdio: 'inherit' }));
  // The terminal sends Ctrl+C to the children as well; this process ends after them.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => children.forEach((child) => child.kill()));
}

/** The path of TypeScript, or undefined. It is a dependency of other packages too; its types for Node are not. */
function findCompiler() {
  const require = createRequire(import.meta.url);
  try {
    require.resolve('@types/node/package.json');
    return require.resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}
