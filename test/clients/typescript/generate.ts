import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const CLIENTS = resolve('test/clients');
const DOCUMENT = resolve('openapi/openapi.json');

/** Runs a program of node_modules. @throws {Error} with what it wrote, if it fails or names a warning */
export async function run(program: string, ...parameters: readonly string[]): Promise<string> {
  const child = spawn(resolve('node_modules/.bin', program), parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // What Node itself warns of in the code of a generator says nothing about the document.
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', NODE_NO_WARNINGS: '1' },
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (written: string) => (output += written));
  const code = await new Promise<number | null>((ended, fail) => {
    child.once('close', ended).once('error', fail);
  });
  if (code !== 0 || /warn|error|deprecat/i.test(output.replaceAll(process.cwd(), ''))) {
    throw new Error(`${[program, ...parameters].join(' ')} ended with ${String(code)}:\n${output}`);
  }
  return output;
}

/**
 * Generates a client into generated/`name`, has the compiler check it together with its driver by its strictest
 * options, and returns the command that runs the driver.
 */
export async function prepareTypeScript(
  name: string,
  generate: (document: string, directory: string) => Promise<unknown>,
): Promise<readonly [string, ...string[]]> {
  const directory = join(CLIENTS, 'generated', name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await generate(DOCUMENT, directory);
  await run('tsc', '--project', join(CLIENTS, 'drivers', name));
  return [process.execPath, join(directory, 'compiled/drivers', name, 'driver.js')];
}
