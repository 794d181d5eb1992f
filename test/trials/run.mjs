/** Tries every promise in full and writes docs/promises.md: `npm run prove`. Arguments go to Vitest. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const directory = mkdtempSync(join(tmpdir(), 'hivegate-prove-'));
const { status } = spawnSync(
  process.execPath,
  [
    resolve('node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    'prove',
    '--mode',
    'whole',
    // One after the other: some of them measure time and memory.
    '--no-file-parallelism',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, PROVE_DIRECTORY: directory } },
);
rmSync(directory, { recursive: true });
process.exitCode = status ?? 1;
