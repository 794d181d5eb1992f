import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Makes an empty folder elsewhere and installs packages there as `npm pack` makes them of `paths`: a built package and
 * what it depends on, so that nothing is downloaded.
 */
export async function installPackages(name: string, paths: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `hivegate-${name}-`));
  const tarballs = join(directory, 'tarballs');
  await mkdir(tarballs);
  for (const path of paths) {
    await npm(['pack', resolve(path), '--ignore-scripts', '--pack-destination', tarballs], directory);
  }
  await writeFile(join(directory, 'package.json'), '{ "private": true, "type": "module" }');
  const files = (await readdir(tarballs)).map((file) => join(tarballs, file));
  // The peers are optional, and npm would look for their versions.
  const options = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'];
  await npm(['install', ...options, ...files], directory);
  return directory;
}

/** Runs npm without the settings of the npm that runs the tests, which name this repository as its folder. */
async function npm(parameters: readonly string[], cwd: string): Promise<void> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$)/i.test(name));
  await run('npm', parameters, { cwd, env: Object.fromEntries(kept) });
}
