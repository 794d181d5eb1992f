import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { SQLITE_PACKAGE } from '../../src/database/sqlite/sqlite-driver.js';

/*
 * The package `hivegate` as `npm pack` makes it of the build: installed in an empty folder elsewhere, and run there.
 * Its dependencies come from the cache of npm, or from the registry.
 */

const run = promisify(execFile);
/** Maximum size of the package, in bytes. */
const LARGEST = 1024 * 1024;
/** The native part of the SQLite driver, which a script of its package would download or compile. */
const BINDING = join('node_modules', SQLITE_PACKAGE, 'build/Release/better_sqlite3.node');

let directory: string;
let tarball: string;
/** Why the package could not be installed: there is neither a cache nor a registry. */
let missing: string | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hivegate-package-'));
  await npm(['pack', resolve('.'), '--ignore-scripts', '--pack-destination', directory]);
  const [file = ''] = await readdir(directory);
  tarball = join(directory, file);
  await writeFile(join(directory, 'package.json'), '{ "private": true }');
  try {
    await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball]);
  } catch (error) {
    const code = /npm error code (E\w+)/.exec((error as { readonly stderr?: string }).stderr ?? '')?.[1];
    if (!['ENOTFOUND', 'ENOTCACHED', 'ECONNREFUSED', 'EAI_AGAIN', 'ETIMEDOUT'].includes(code ?? ''))
      throw error;
    missing = `npm found neither its cache nor a registry (${code ?? ''})`;
    process.stdout.write(`The package was not installed: ${missing}.\n`);
    return;
  }
  // Version 13 ships its binaries in the package.
  if (!existsSync(BINDING)) return;
  await mkdir(join(directory, BINDING, '..'), { recursive: true });
  await cp(resolve(BINDING), join(directory, BINDING));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs npm without the settings of the npm that runs the tests, which name this repository as its folder. */
async function npm(parameters: readonly string[]): Promise<string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$)/i.test(name));
  const { stdout } = await run('npm', parameters, { cwd: directory, env: Object.fromEntries(kept) });
  return stdout;
}

const environment = () => ({ PATH: process.env['PATH'] ?? '', HOME: directory, PORT: '0', BCRYPT_COST: '4' });
const skipUnlessInstalled = ({ skip }: TestContext) => {
  if (missing !== undefined) skip(missing);
};

describe('the packed service', () => {
  it('holds the build, README, CHANGELOG and LICENSE, and nothing else', async () => {
    const { stdout } = await run('tar', ['-tzf', tarball]);
    const files = stdout.trim().split('\n');
    expect(files).toContain('package/dist/main.js');
    expect(
      files.filter(
        (file) =>
          !/^package\/(?:dist\/[\w./-]+\.(?:m?js|css|html)|(?:package\.json|README\.md|CHANGELOG\.md|LICENSE))$/.test(
            file,
          ),
      ),
    ).toEqual([]);
    expect(files.filter((file) => /\.(?:spec|test)\.|\/packed|\/(?:src|test)\//.test(file))).toEqual([]);
    expect((await stat(tarball)).size).toBeLessThan(LARGEST);
  });

  it('is built before it is packed, and depends on no package of this repository', async () => {
    const { scripts, dependencies, optionalDependencies } = JSON.parse(
      await readFile('package.json', 'utf8'),
    ) as Record<'scripts' | 'dependencies' | 'optionalDependencies', Record<string, string>>;
    expect(scripts['prepack']).toBe('node scripts/build.mjs');
    const names = Object.keys({ ...dependencies, ...optionalDependencies });
    expect(names.filter((name) => name.startsWith('@hivegate/'))).toEqual([]);
  });

  it('says its version as npx runs it', async (context) => {
    skipUnlessInstalled(context);
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect((await npm(['exec', '--offline', '--', 'hivegate', '--version'])).trim()).toBe(version);
  });

  it('serves from another folder, through a symbolic link, its data in that folder', async (context) => {
    skipUnlessInstalled(context);
    const elsewhere = join(directory, 'elsewhere');
    await mkdir(elsewhere);
    await symlink(join(directory, 'node_modules/.bin/hivegate'), join(elsewhere, 'hivegate'));
    const child = spawn('./hivegate', [], { cwd: elsewhere, env: environment() });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    const address = await new Promise<string>((found, fail) => {
      const read = (text: string) => {
        output += text;
        const [url] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(output) ?? [];
        if (url !== undefined && output.includes('swagger')) found(url);
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', read);
      child.once('error', fail).once('close', () => {
        fail(new Error(output));
      });
    });
    for (const [path, type] of [
      ['/health/ready', /json/],
      ['/swagger', /html/],
      ['/swagger/swagger-ui.css', /css/],
      ['/swagger.json', /json/],
    ] as const) {
      const response = await fetch(`${address}${path}`);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('content-type')).toMatch(type);
      await response.text();
    }
    expect(existsSync(join(elsewhere, 'data/users.sqlite'))).toBe(true);
    const ended = new Promise((done) => child.removeAllListeners('close').once('close', done));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const { stdout } = await run('./hivegate', ['users', 'list', '--json'], {
      cwd: elsewhere,
      env: environment(),
    });
    expect(stdout).toMatch(/^\{"id":1,"login":"admin"/);
  });
});
