import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.js';
import { consoleSteps, ShownOutput } from '../support/console-blocks.js';
import { kindOfDatabase } from '../support/database.js';
import { executable } from '../support/packed.js';
import { ServiceProcess } from '../support/process.js';
import { Shell } from '../support/shell.js';

/*
 * The commands of docs/operations.md, run as they stand there, beside a service in the same folder. Its default
 * database is an SQLite file.
 */

const DOCUMENT = readFileSync('docs/operations.md', 'utf8');
const STEPS = consoleSteps(DOCUMENT);

const isMissing = ['curl', 'bash'].some((program) => spawnSync(program, ['--version']).status !== 0);
if (isMissing)
  process.stdout.write('The commands of docs/operations.md were not tested: curl or bash is missing.\n');

it('docs/operations.md lists every command as --help does', () => {
  const rows = [...DOCUMENT.matchAll(/^\| `hivegate ([^`]+)` *\| (.*?) *\|$/gm)];
  expect(rows.map(([, command, summary]) => [command?.replaceAll('\\|', '|'), summary])).toEqual(
    COMMANDS.map(({ name, synopsis, summary }) => [`${name} ${synopsis}`.trimEnd(), summary]),
  );
});

describe.skipIf(isMissing || kindOfDatabase() === 'postgres')('the commands of docs/operations.md', () => {
  let directory: string;
  let service: ServiceProcess;
  let shell: Shell;
  let ports: { readonly service: string; readonly metrics: string };
  const output = new ShownOutput();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hivegate-operations-'));
    await symlink(resolve('ops'), join(directory, 'ops'));
    const metrics = await freePort();
    const started = await ServiceProcess.start({ METRICS: `127.0.0.1:${metrics}` }, directory);
    service = started.service;
    ports = { service: new URL(started.client.baseUrl).port, metrics: String(metrics) };
    shell = new Shell({ PATH: process.env['PATH'] ?? '', BCRYPT_COST: '4', LANG: 'C.UTF-8' });
    await shell.run(`cd '${directory}'`);
    await shell.run(
      `npx() { [ "$1" = hivegate ] || return 1; '${process.execPath}' '${executable()}' "\${@:2}"; }`,
    );
  });
  afterAll(async () => {
    await shell.close();
    await service.remove();
    await rm(directory, { recursive: true });
  });

  it('are those of a whole operation', () => {
    const commands = STEPS.map(({ command }) => command).join('\n');
    for (const part of [
      'doctor',
      'migrate',
      'backup',
      'restore',
      'export',
      'import users',
      'keys',
      'metrics',
    ])
      expect(commands).toContain(part);
  });

  it.each(STEPS.map((step, index) => ({ ...step, name: `${index + 1}. ${step.command}` })))(
    '$heading: $name',
    async ({ command, output: shown }) => {
      const here = command.replaceAll(':8080', `:${ports.service}`).replaceAll(':9464', `:${ports.metrics}`);
      const real = await shell.run(here);
      expect(output.matches(shown, real) ? '' : real, `docs/operations.md shows: ${shown}`).toBe('');
    },
  );
});

/** A port of loopback that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
