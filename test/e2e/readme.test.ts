import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECURITY_HEADERS } from '../../src/http/security-headers.js';
import { consoleSteps, printedBlocks, ShownOutput } from '../support/console-blocks.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { executable } from '../support/packed.js';
import { ServiceProcess } from '../support/process.js';
import { Shell } from '../support/shell.js';

/*
 * The tour of README.md, run as it stands there: every command of a `console` block, in a shell, against a service that
 * has just been started. The output must be the one that README shows.
 */

const README = readFileSync('README.md', 'utf8');
const STEPS = consoleSteps(README);
/** README says that it leaves these out. */
const OMITTED = new Set(['date', 'connection', 'keep-alive', ...Object.keys(SECURITY_HEADERS)]);

const isMissing = ['curl', 'bash', 'sed'].some((program) => spawnSync(program, ['--version']).status !== 0);
if (isMissing) process.stdout.write('The tour of README.md was not tested: it needs curl, bash and sed.\n');

describe.skipIf(isMissing)('the tour of README.md', () => {
  let database: TestDatabase;
  let service: ServiceProcess;
  let shell: Shell;
  let port: string;
  /** The generated password, which README shows and which was printed. */
  let passwords: { readonly shown: string; readonly real: string };
  const output = new ShownOutput();

  beforeAll(async () => {
    database = await createDatabase();
    const started = await ServiceProcess.start({ DATABASE_URL: database.url });
    service = started.service;
    port = new URL(started.client.baseUrl).port;
    passwords = { shown: passwordIn(README), real: passwordIn(service.output) };
    shell = new Shell({
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: database.url,
      BCRYPT_COST: '4',
      LANG: 'C.UTF-8',
    });
    // On a terminal it shows no progress of what it prints.
    await shell.run('curl() { command curl --no-progress-meter "$@"; }');
    // The program as tests run it. `npm run` would build it if a source had been edited meanwhile.
    await shell.run(
      `npm() { [ "$*" = "run --silent hivegate -- \${*:5}" ] || return 1; '${process.execPath}' '${executable()}' "\${@:5}"; }`,
    );
  });
  afterAll(async () => {
    await shell.close();
    await service.remove();
    await database.remove();
  });

  it('begins with what the first start prints', () => {
    const [first = ''] = printedBlocks(README);
    expect(withoutPlace(withoutPort(service.stderr.trim()))).toBe(
      withoutPlace(first.trim().replace(passwords.shown, passwords.real)),
    );
  });

  it('has all its parts', () => {
    const headings = new Set(STEPS.map(({ heading }) => heading));
    for (const heading of ['First steps', 'Updates', 'Sessions', 'Tokens', 'Events'])
      expect(headings).toContain(heading);
    expect(STEPS.length).toBeGreaterThan(20);
  });

  it.each(STEPS.map((step, index) => ({ ...step, name: `${index + 1}. ${step.command}` })))(
    '$heading: $name',
    async ({ command, output: shown }) => {
      const real = withoutOmitted(await shell.run(asHere(command)));
      const isShown = output.matches(shown, withoutPort(real));
      expect(isShown ? '' : real, `README shows: ${shown}`).toBe('');
    },
  );

  /** The command with the port, the password, the ids and a date of this run. */
  function asHere(command: string): string {
    const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString();
    return output
      .inPlace(command)
      .replaceAll('localhost:8080', `127.0.0.1:${port}`)
      .replaceAll(passwords.shown, passwords.real)
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, inAMonth);
  }

  /** Version and database differ between runs. */
  const withoutPlace = (text: string) => text.replace(/\(version [\d.]+, new database .+\)$/, '(…)');
  const withoutPort = (text: string) => text.replaceAll(`127.0.0.1:${port}`, '127.0.0.1:8080');
});

const passwordIn = (text: string): string => / Password: +(\S+)/.exec(text)?.[1] ?? '';

/** The output without the header fields that README omits, if it is that of `curl -i`. */
function withoutOmitted(text: string): string {
  if (!text.startsWith('HTTP/')) return text;
  return text
    .split('\n')
    .filter((line) => !OMITTED.has(line.split(':', 1)[0]?.toLowerCase() ?? ''))
    .join('\n');
}
