/**
 * Builds the packages of packages/: compiles `src` of each to its `dist`. A part of `npm run build`; run with the name
 * of one before `npm pack` and `npm publish`, so that no old build is published.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../packages/${path}`, import.meta.url));
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const named = process.argv.slice(2);

for (const name of named.length > 0 ? named : readdirSync(at(''))) {
  rmSync(at(`${name}/dist`), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '--project', at(`${name}/tsconfig.build.json`)], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = status ?? 1;
}
