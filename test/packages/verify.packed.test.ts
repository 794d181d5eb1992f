import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Issuer } from '../../packages/verify/test/issuer.js';
import { installVerifyPackage } from './install-verify.js';

/*
 * The package as it is published: packed, installed in an empty folder elsewhere, and used there.
 */

const run = promisify(execFile);

let directory: string;
beforeAll(async () => {
  directory = await installVerifyPackage(['fastify', '@nestjs/common']);
});
afterAll(() => rm(directory, { recursive: true }));

const installed = () => join(directory, 'node_modules/@hivegate/verify');

/** A program that uses everything whose types matter; comments say what must not compile. It does not close the verifier. */
const PROGRAM = `
import { ACTIONS, authenticate, createVerifier, type FeedStatus, type Principal, VerifyError } from '@hivegate/verify';
import { bearer as forExpress } from '@hivegate/verify/express';
import { bearer as forFastify, requires } from '@hivegate/verify/fastify';
import { HivegateGuard, Public, Requires } from '@hivegate/verify/nest';

const [issuer = '', token = ''] = process.argv.slice(2);
const seen: FeedStatus['feed'][] = [];
const verifier = createVerifier({ issuer, feed: () => token, onStatus: ({ feed }) => { seen.push(feed); } });
await verifier.ready();
const principal: Principal = await verifier.verify(token);
const can: boolean = principal.can('GetDevice', { network: '1' }) && principal.can(ACTIONS.GetDevice);
// @ts-expect-error -- no such action
const misspelt = () => principal.can('GetDevices');
// @ts-expect-error -- an issuer is needed
const incomplete = () => createVerifier({ feed: () => token });
let code: string | undefined;
try {
  await authenticate(verifier, { headers: {} });
} catch (error) {
  if (!(error instanceof VerifyError)) throw error;
  code = error.code;
}
console.log(JSON.stringify({ can, code, seen, userId: principal.userId }));
void [misspelt, incomplete, forExpress, forFastify, requires, HivegateGuard, Public, Requires];
`;

describe('the packed verifier', () => {
  it('holds its code, types, README and licence, and depends on jose alone', async () => {
    const files = await readdir(installed(), { recursive: true });
    const allowed = /^(?:dist(?:\/[\w-]+(?:\.d\.ts|\.js))?|package\.json|README\.md|LICENSE)$/;
    expect(files.filter((file) => !allowed.test(file) || /\.spec|test/.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'LICENSE', 'dist/index.js', 'dist/nest.d.ts']),
    );
    const built = files.filter((file) => file.endsWith('.js'));
    const texts = await Promise.all(built.map((file) => readFile(join(installed(), file), 'utf8')));
    const imported = texts.flatMap((text) =>
      [...text.matchAll(/\bfrom ['"]([^.'"][^'"]*)['"]/g)].map(([, name]) => name),
    );
    expect(new Set(imported)).toEqual(new Set(['jose']));
  });

  it('compiles in strict TypeScript, its own types included, works, and keeps no process from ending', async () => {
    const issuer = await Issuer.start();
    await writeFile(join(directory, 'program.mts'), PROGRAM);
    await writeFile(
      join(directory, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          ...{ module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022'], types: ['node'] },
          ...{ target: 'es2022', strict: true, exactOptionalPropertyTypes: true },
          ...{ noUncheckedIndexedAccess: true, skipLibCheck: true },
          typeRoots: [resolve('node_modules/@types')],
          outDir: 'built',
        },
        files: ['program.mts'],
      }),
    );
    const compiler = resolve('node_modules/typescript/bin/tsc');
    const compiled = await run(process.execPath, [compiler], { cwd: directory }).catch(
      (error: unknown) => error as { readonly stdout: string },
    );
    expect(compiled.stdout).toBe('');
    const program = [join(directory, 'built/program.mjs'), issuer.url, await issuer.token()];
    const { stdout, stderr } = await run(process.execPath, program, { cwd: directory, timeout: 60_000 });
    expect({ output: JSON.parse(stdout) as unknown, stderr }).toEqual({
      output: { can: true, code: 'missing', seen: ['current'], userId: 7 },
      stderr: '',
    });
  });
});
