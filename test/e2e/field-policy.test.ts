import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenAPIObject } from '@nestjs/swagger';
import { transformFile } from '@swc/core';
import type { Client } from '../support/client.js';
import { describeBy } from '../support/conformance/descriptions.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/process.js';
import { ADMINISTRATOR, PASSWORD } from '../support/service.js';

/*
 * A field that somebody adds and forgets to protect: the source is copied, fields are added to the declaration of users
 * as a developer would, the copy is built and called (contract.md §3: an omission fails closed).
 */

const ROOT = resolve(import.meta.dirname, '../..');

/** `phone` is declared as it should be; of `fax` nobody said who may write it; `pager` is in the DTO alone. */
const DECLARED = `
  phone: {
    type: textOrNull(1, 32),
    description: 'A telephone number.',
    stored: true,
    writableBy: 'administrators',
    onCreate: 'optional',
    default: null,
    shownIn: ['listed', 'published'],
  },
  fax: {
    type: textOrNull(1, 32),
    description: 'A fax number.',
    stored: true,
    onCreate: 'optional',
    default: null,
    shownIn: ['published'],
  },
  networks: {`;
const MIGRATION = `
export class Phone1764000000099 {
  async up(runner) {
    for (const table of ['users', 'sign_in_decoys'])
      for (const column of ['phone', 'fax'])
        await runner.query('ALTER TABLE "' + table + '" ADD COLUMN "' + column + '" text');
  }
  async down() {}
}
`;

let directory: string;
let database: TestDatabase | undefined;
let service: ServiceProcess | undefined;
let administrator: Client;
let client: Client;

const edit = async (file: string, changes: readonly (readonly [from: string, to: string])[]) => {
  let text = await readFile(join(directory, file), 'utf8');
  for (const [from, to] of changes) {
    expect(text.split(from), `${from} stands once in ${file}`).toHaveLength(2);
    text = text.replace(from, () => to);
  }
  await writeFile(join(directory, file), text);
};

/** Builds the copy. Its types are not checked: a slip of the types must not be what holds the rule. */
async function build(): Promise<void> {
  for (const path of await readdir(join(directory, 'src'), { recursive: true })) {
    const target = join(directory, 'dist', path).replace(/\.ts$/, '.js');
    if (/\.(?:mjs|css|html)$/.test(path)) await cp(join(directory, 'src', path), target);
    if (!path.endsWith('.ts') || path.endsWith('.spec.ts')) continue;
    const { code } = await transformFile(join(directory, 'src', path), { configFile: join(ROOT, '.swcrc') });
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hivegate-fields-'));
  await cp(join(ROOT, 'src'), join(directory, 'src'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(directory, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  await edit('src/users/user.fields.ts', [
    ['\n  networks: {', DECLARED],
    ['oneOf } from', 'oneOf, textOrNull } from'],
  ]);
  await edit('src/users/user.dto.ts', [
    [
      'extends updateBody(USER_FIELDS) {}',
      'extends updateBody(USER_FIELDS) { @IsOptional() pager?: string; }',
    ],
    ['import { USER_FIELDS }', "import { IsOptional } from 'class-validator';\nimport { USER_FIELDS }"],
  ]);
  await writeFile(join(directory, 'src/database/migrations/0099-phone.ts'), MIGRATION);
  await edit('src/app.schema.ts', [
    ['  migrations: [', '  migrations: [...[Phone1764000000099], '],
    [
      'export const SCHEMA',
      "import { Phone1764000000099 } from './database/migrations/0099-phone.js';\nexport const SCHEMA",
    ],
  ]);
  await build();

  database = await createDatabase();
  const main = join(directory, 'dist/main.js');
  const environment = {
    DATABASE_URL: database.url,
    ADMIN_LOGIN: ADMINISTRATOR.login,
    ADMIN_PASSWORD: ADMINISTRATOR.password,
  };
  service = await ServiceProcess.spawn(environment, undefined, ['sh', '-c', `exec "$1" "${main}"`, '--']);
  const anyone = await service.listening();
  describeBy((await anyone.get('/swagger.json')).body as OpenAPIObject, anyone.baseUrl);
  const signIn = async (login: string, password: string) =>
    anyone.as((await anyone.post('/token', { login, password })).body.accessToken as string);
  administrator = await signIn(ADMINISTRATOR.login, ADMINISTRATOR.password);
  await administrator.post('/user', { login: 'ada', role: 1, password: PASSWORD, phone: '+1' });
  client = await signIn('ada', PASSWORD);
}, 120_000);

afterAll(async () => {
  await service?.remove();
  await database?.remove();
  await rm(directory, { recursive: true });
});

describe.each(['/user/2', '/user/current'])('PUT %s by a client', (path) => {
  it.each(['phone', 'fax', 'pager'])('with the new field %s is 403, and changes nothing', async (field) => {
    for (const value of ['+44', null, 7]) {
      const response = await client.put(path, { [field]: value, data: { changed: true } });
      expect(response.status).toBe(403);
      expect(response.body).toEqual({ error: 403, message: 'Admin permissions required for this action' });
    }
    expect((await client.get(path)).body).toMatchObject({ phone: '+1', fax: null, data: null });
  });

  it('with the current value of a field that is declared writable by others is allowed', async () => {
    expect((await client.put(path, { phone: '+1' })).status).toBe(204);
    expect((await client.get(path)).body).toMatchObject({ phone: '+1', data: null });
  });
});

describe('an administrator', () => {
  it('writes and reads the field that is declared writable, which is validated and documented', async () => {
    expect((await administrator.put('/user/2', { phone: '+44' })).status).toBe(204);
    expect((await administrator.get('/user/2')).body).toMatchObject({ phone: '+44' });
    expect((await administrator.get('/user')).body).toContainEqual(expect.objectContaining({ phone: '+44' }));
    expect((await administrator.put('/user/2', { phone: '' })).body.details).toEqual([
      { field: 'phone', message: 'phone must be a text of 1 to 32 characters' },
    ]);
    expect((await administrator.put('/user/2', { phone: '+1' })).status).toBe(204);
    const { components } = (await administrator.get('/swagger.json')).body as {
      components: { schemas: Record<string, { properties: object }> };
    };
    for (const schema of ['CreateUser', 'UpdateUser', 'ListedUser', 'User'])
      expect(components.schemas[schema]?.properties, schema).toHaveProperty('phone');
  });

  it.each(['fax', 'pager'])('cannot write %s either, which is declared writable by nobody', async (field) => {
    expect((await administrator.put('/user/2', { [field]: '+44' })).status).toBe(403);
  });
});
