import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { installClientPackage } from './install-client.js';

/*
 * The package as it is published: packed, installed in an empty folder elsewhere, and used there.
 */

const run = promisify(execFile);

let service: TestService;
let directory: string;
beforeAll(async () => {
  service = await TestService.start({ ADMIN_LOGIN: 'admin' });
  directory = await installClientPackage();
});
afterAll(async () => {
  await service.stop();
  await rm(directory, { recursive: true });
});

const installed = () => join(directory, 'node_modules/@hivegate/client');

/** A program that uses everything whose types matter; comments say what must not compile. */
const PROGRAM = `
import { HivegateClient, HivegateError, unwrap, UserRole, type ListedUser, type TokenStore, type Tokens } from '@hivegate/client';

const [baseUrl = '', login = '', password = ''] = process.argv.slice(2);
class Kept implements TokenStore {
  tokens: Tokens | undefined;
  get = async () => this.tokens;
  set = async (tokens: Tokens | undefined) => { this.tokens = tokens; };
}
const client = new HivegateClient({ baseUrl, tokens: new Kept(), retry: { times: 2, seconds: 5 } });
await client.signIn({ login, password });
const { id } = await client.createUser({ login: \`packed-\${Date.now()}\`, password: 'correct horse battery', role: UserRole.Client });
const roles: UserRole[] = [0, UserRole.Client];
// @ts-expect-error -- there is no role 2
roles.push(2);
await client.updateUser(id, (user) => ({ data: { ...user.data, seen: user.login.length } }));
await client.patchUser(id, { data: null });
// @ts-expect-error -- a role is a number
const wrong = () => client.updateUser(id, { role: 'administrator' });
// @ts-expect-error -- no such field
const unknown = () => client.updateUser(id, { roel: 1 });
// @ts-expect-error -- a user needs a password
const incomplete = () => client.createUser({ login: 'x', role: 1 });
// @ts-expect-error -- no such query parameter
const misspelt = () => client.users({ loginPatern: '%' });
// @ts-expect-error -- no such path
const nowhere = () => client.api.GET('/users');
const users: ListedUser[] = [];
for await (const user of client.users({ take: 1 })) users.push(user);
const network = await unwrap(client.api.GET('/network/{id}', { params: { path: { id: 1 } } }));
const name: string = network.name;
let status: number | undefined;
try {
  await client.getUser(999_999);
} catch (error) {
  if (!(error instanceof HivegateError)) throw error;
  status = error.status;
}
await client.deleteUser(id);
await client.signOut();
console.log(JSON.stringify({ users: users.length, name, status }));
void [wrong, unknown, incomplete, misspelt, nowhere];
`;

/** The ways in which a package's types are found: Node's, and that of a bundler with the types of a browser. */
const CONFIGURATIONS = {
  node: { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022'], types: ['node'] },
  bundler: {
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: ['node'],
  },
};

describe('the packed client', () => {
  it('holds its code, types, README and licence, and nothing else', async () => {
    const files = await readdir(installed(), { recursive: true });
    expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'dist/index.js']));
    expect(
      files.filter(
        (file) => !/^(?:dist(?:\/[\w-]+(?:\.d\.ts|\.js))?|package\.json|README\.md|LICENSE)$/.test(file),
      ),
    ).toEqual([]);
    expect(files.filter((file) => /spec|test/.test(file))).toEqual([]);
  });

  it('depends on openapi-fetch alone', async () => {
    const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(
      await readFile(join(installed(), 'package.json'), 'utf8'),
    ) as Record<string, object | undefined>;
    expect(Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })).toEqual([
      'openapi-fetch',
    ]);
    const built = await readdir(join(installed(), 'dist'));
    const texts = await Promise.all(built.map((file) => readFile(join(installed(), 'dist', file), 'utf8')));
    const imported = texts.flatMap((text) =>
      [...text.matchAll(/\bfrom ['"]([^.'"][^'"]*)['"]/g)].map(([, name]) => name),
    );
    expect(new Set(imported)).toEqual(new Set(['openapi-fetch']));
  });

  it('does what the example in its README says', async () => {
    const readme = await readFile(join(installed(), 'README.md'), 'utf8');
    const [, example = ''] = /^```js\n(.*?)^```$/ms.exec(readme) ?? [];
    const address = 'http://127.0.0.1:8080';
    expect(example).toContain(address);
    await writeFile(join(directory, 'example.mjs'), example.replace(address, service.client.baseUrl));
    const env = { ...process.env, ADMIN_PASSWORD: ADMINISTRATOR.password };
    const { stdout } = await run(process.execPath, ['example.mjs'], { cwd: directory, env });
    expect(stdout).toBe('ada\n');
    const [ada] = (await service.admin.get('/user?login=ada')).body as { id: number; data: unknown }[];
    expect(ada?.data).toEqual({ theme: 'dark' });
    await service.admin.delete(`/user/${ada?.id ?? 0}`);
  });

  it.each(Object.entries(CONFIGURATIONS))(
    'compiles in strict TypeScript as for %s, its own types included, and works',
    async (name, options) => {
      const root = join(directory, name);
      await writeFile(join(directory, `${name}.mts`), PROGRAM);
      await writeFile(
        join(directory, `${name}.json`),
        JSON.stringify({
          compilerOptions: {
            ...options,
            target: 'es2022',
            strict: true,
            exactOptionalPropertyTypes: true,
            noUncheckedIndexedAccess: true,
            noPropertyAccessFromIndexSignature: true,
            skipLibCheck: false,
            typeRoots: [resolve('node_modules/@types')],
            outDir: root,
          },
          files: [`${name}.mts`],
        }),
      );
      const compiler = resolve('node_modules/typescript/bin/tsc');
      const compiled = await run(process.execPath, [compiler, '--project', `${name}.json`], {
        cwd: directory,
      }).catch((error: unknown) => error as { readonly stdout: string });
      expect(compiled.stdout).toBe('');
      const program = [join(root, `${name}.mjs`), service.client.baseUrl, 'admin', ADMINISTRATOR.password];
      const { stdout, stderr } = await run(process.execPath, program, { cwd: directory });
      expect({ output: JSON.parse(stdout) as unknown, stderr }).toEqual({
        output: { users: 2, name: 'Default network', status: 404 },
        stderr: '',
      });
    },
  );
});
