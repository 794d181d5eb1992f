import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is packed: the client, and what it depends on, so that nothing is downloaded. */
const PACKED = ['packages/client', 'node_modules/openapi-fetch', 'node_modules/openapi-typescript-helpers'];

/** Makes an empty folder elsewhere and installs the package there, as `npm pack` makes it of the built client. */
export async function installClientPackage(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hivegate-client-'));
  const tarballs = join(directory, 'tarballs');
  await mkdir(tarballs);
  for (const path of PACKED) {
    await npm(['pack', resolve(path), '--ignore-scripts', '--pack-destination', tarballs], directory);
  }
  await writeFile(join(directory, 'package.json'), '{ "private": true, "type": "module" }');
  const files = (await readdir(tarballs)).map((file) => join(tarballs, file));
  await npm(['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', ...files], directory);
  return directory;
}

/** Runs npm without the settings of the npm that runs the tests, which name this repository as its folder. */
async function npm(parameters: readonly string[], cwd: string): Promise<void> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$)/i.test(name));
  await run('npm', parameters, { cwd, env: Object.fromEntries(kept) });
}
