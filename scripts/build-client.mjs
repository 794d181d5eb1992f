/**
 * Builds the package @hivegate/client: compiles packages/client/src to packages/client/dist. A part of `npm run build`,
 * and run before `npm pack` and `npm publish`, so that no old build is published.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../packages/client/${path}`, import.meta.url));

rmSync(at('dist'), { recursive: true, force: true });
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '--project', at('tsconfig.build.json')], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
