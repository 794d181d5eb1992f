import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Runs one test of its own in a Vitest of its own, with the global set-up of this one, and waits for its end. */
async function exitCodeOf(test: string): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), 'hivegate-exit-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'one.test.js'), `it('is run', () => { ${test} });`);
  const config = { test: { globals: true, globalSetup: join(ROOT, 'test/support/postgres.ts') } };
  await writeFile(join(directory, 'vitest.config.js'), `export default ${JSON.stringify(config)}`);
  const vitest = spawn(
    process.execPath,
    [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', directory],
    // This Vitest's own variables would make a worker of it.
    { stdio: 'ignore', env: { PATH: process.env['PATH'] } },
  );
  const [code] = await once(vitest, 'exit');
  return code as unknown;
}

it('a run with a failed test ends with another code than one without', { timeout: 60_000 }, async () => {
  expect(await exitCodeOf('expect(1).toBe(1)')).toBe(0);
  expect(await exitCodeOf('expect(1).toBe(2)')).toBe(1);
});
