import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.js';
import { runCommand } from '../support/command.js';
import { kindOfDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { executable } from '../support/packed.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
/** Settings that no command can be run with. */
const BROKEN = { PORT: 'eighty', DATABASE_URL: 'nothing' };

const hivegate = (words: string) => {
  const [name = '', ...parameters] = words.split(' ');
  return runCommand(name, parameters, BROKEN);
};
const output = async (words: string) => {
  const { code, stdout, stderr } = await hivegate(words);
  expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: '' });
  return stdout;
};

/** A text without its line ends and indents. */
const unwrapped = (text: string) => text.trim().replaceAll(/\s+/g, ' ');

// No database has a part in it: once is enough.
describe.skipIf(kindOfDatabase() === 'postgres')('hivegate, without any settings', () => {
  it.each(['--help', '-h'])('%s lists every command', async (flag) => {
    const help = await output(flag);
    expect(help).toMatch(/^Usage: hivegate /);
    for (const { name, synopsis, summary } of COMMANDS)
      expect(unwrapped(help)).toContain(` ${`hivegate ${name} ${synopsis}`.trimEnd()} ${summary} `);
  });

  it.each(['users', 'keys'])('%s --help lists the commands of that noun alone', async (noun) => {
    const names = COMMANDS.map(({ name }) => name).filter((name) => name.startsWith(`${noun} `));
    const help = await output(`${noun} --help`);
    const listed = [...help.matchAll(/^ {2}hivegate (\w+ [\w-]+)/gm)].map(([, name]) => name);
    expect(listed).toEqual(names);
    expect(help).toContain(
      `Usage: hivegate ${noun} ${names.map((name) => name.split(' ')[1]).join(' | ')}\n`,
    );
  });

  it('is no wider than 100 characters in any help', async () => {
    const nouns = ['users', 'keys', 'import'];
    for (const words of [
      '--help',
      ...[...nouns, ...COMMANDS.map(({ name }) => name)].map((name) => `${name} --help`),
    ])
      for (const line of (await output(words)).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('every command has its own --help', async () => {
    for (const { name, synopsis, details = '' } of COMMANDS) {
      const help = await output(`${name} --help`);
      expect(help).toMatch(/^Usage: /);
      const [usage = ''] = help.split('\n\n');
      expect(unwrapped(usage)).toBe(`Usage: hivegate ${name} ${synopsis}`.trimEnd());
      expect(unwrapped(help)).toContain(unwrapped(details));
    }
  });

  it.each([
    'backup --help',
    'backup -h',
    'backup file --help',
    'backup --help file',
    'backup one two --unknown -h',
    '--help backup',
    '-h backup file',
    'help backup',
    'help backup file',
    'help help backup',
    'help backup --help',
    'backup --version --help',
  ])('"%s" is the help of that command, and does nothing else', async (words) => {
    expect(await output(words)).toMatch(/^Usage: hivegate backup <file>\n\nWrite all data/);
  });

  it.each([
    ['help', /^Usage: hivegate \[<command>\]/],
    ['help --help', /^Usage: hivegate \[<command>\]/],
    ['--port -h', /^Usage: hivegate \[<command>\]/],
    ['help users', /^Usage: hivegate users list \|/],
    ['users --json -h', /^Usage: hivegate users list \|/],
    ['help users list', /^Usage: hivegate users list \[--json\]\n/],
    ['users list ada --help', /^Usage: hivegate users list \[--json\]\n/],
    ['keys revoke --help', /^Usage: hivegate keys revoke <kid>\n/],
    ['doctor --help', /^Usage: hivegate doctor /],
  ])('"%s" is the help that it names', async (words, help) => {
    expect(await output(words)).toMatch(help);
  });

  it.each([
    '--version',
    'serve --version',
    'backup --version',
    'backup file --version',
    'users list --version',
  ])('"%s" is the version, and does nothing else', async (words) => {
    expect(await output(words)).toBe(`${version}\n`);
  });

  it.each([
    ['serves', '"serve"'],
    ['backupp file', '"backup"'],
    ['user list', '"users"'],
    ['evnets', '"events"'],
    ['users unlok ada', '"users unlock"'],
    ['key list', '"keys"'],
    ['keys rotat --now', '"keys rotate"'],
    ['help migrat', '"migrate"'],
  ])('suggests the nearest command for "%s"', async (words, nearest) => {
    const outcome = await hivegate(words);
    expectFailure(outcome, /./);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr.startsWith(`Did you mean ${nearest}? Usage: hivegate `)).toBe(true);
  });

  it('repeats nothing of what it does not know', async () => {
    for (const words of [
      'zq7secret',
      'users zq7secret',
      'backup file zq7secret',
      '--zq7secret',
      'help zq7secret',
    ])
      expect((await hivegate(words)).stderr).not.toContain('zq7');
  });

  it('writes no file that is named as an option, with npm run', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hivegate-command-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const name of ['backup', 'restore', 'keys', 'hivegate', 'start']) {
      const [start, words] = (scripts[name] ?? '').split(' dist/main.js');
      expect({ name, start }).toEqual({ name, start: expect.stringMatching(/\bnode --enable-source-maps$/) });
      const { status, stdout } = spawnSync(
        process.execPath,
        [executable(), ...(words ?? '').split(' ').filter(Boolean), '--help'],
        {
          cwd: directory,
          encoding: 'utf8',
        },
      );
      expect({ name, status, stdout }).toEqual({
        name,
        status: 0,
        stdout: expect.stringMatching(/^Usage: /),
      });
    }
    expect(await readdir(directory)).toEqual([]);
  });

  it('is the same through a symbolic link, from any folder', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hivegate-command-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await symlink(executable(), join(directory, 'hivegate'));
    const env = { PATH: `${directory}:${process.env['PATH'] ?? ''}` };
    // The file of the tests is not executable; that of the build is.
    const { status, stdout } = spawnSync(process.execPath, [join(directory, 'hivegate'), '--version'], {
      cwd: directory,
      env,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${version}\n` });
  });

  it('--version is that of package.json', async () => {
    expect(await output('--version')).toBe(`${version}\n`);
  });

  it.each([
    [
      'nothing-like-it',
      'There is no such command',
      'hivegate [<command>] | hivegate --help | hivegate --version',
    ],
    ['--port', 'There is no such command', 'hivegate [<command>] | hivegate --help | hivegate --version'],
    [
      'nothing-like-it --help',
      'There is no such command',
      'hivegate [<command>] | hivegate --help | hivegate --version',
    ],
    [
      'help nothing-like-it',
      'There is no such command',
      'hivegate [<command>] | hivegate --help | hivegate --version',
    ],
    ['serve now', 'Argument 1 is one too many', 'hivegate serve'],
    ['serve --port=1', 'Argument 1 is no option of this command', 'hivegate serve'],
    [
      'users',
      'A command is missing after "users"',
      'hivegate users list | create | set-password | unlock | disable | end-sessions | export',
    ],
    [
      'users delete',
      'There is no such command after "users"',
      'hivegate users list | create | set-password | unlock | disable | end-sessions | export',
    ],
    ['users list ada', 'Argument 1 is one too many', 'hivegate users list [--json]'],
    ['users list --all', 'Argument 1 is no option of this command', 'hivegate users list [--json]'],
    ['users unlock', '<login> is missing', 'hivegate users unlock <login> [--source <address>]'],
    [
      'users unlock ada bob',
      'Argument 2 is one too many',
      'hivegate users unlock <login> [--source <address>]',
    ],
    [
      'users unlock --source',
      '--source needs a value; one that begins with - is given as --source=<value>',
      'hivegate users unlock <login> [--source <address>]',
    ],
    [
      'users disable --force ada',
      'Argument 1 is no option of this command',
      'hivegate users disable <login>',
    ],
    ['users disable ', 'Argument 1 is empty', 'hivegate users disable <login>'],
    [
      'users create',
      '<login> is missing',
      'hivegate users create <login> [--role <role>] [--status <status>] [--no-password]',
    ],
    [
      'users create ada --role king',
      '--role is none of administrator, client',
      'hivegate users create <login> [--role <role>] [--status <status>] [--no-password]',
    ],
    [
      'users create ada --status 0',
      '--status is none of active, locked-out, disabled',
      'hivegate users create <login> [--role <role>] [--status <status>] [--no-password]',
    ],
    [
      'users create ada constructor',
      'Argument 2 is one too many',
      'hivegate users create <login> [--role <role>] [--status <status>] [--no-password]',
    ],
    [
      'users create ada --role constructor',
      '--role is none of administrator, client',
      'hivegate users create <login> [--role <role>] [--status <status>] [--no-password]',
    ],
    ['events 7', 'Argument 1 is one too many', 'hivegate events [--follow] [--take <number>] [<filters>]'],
    [
      'events --take 0',
      '--take is not a positive integer',
      'hivegate events [--follow] [--take <number>] [<filters>]',
    ],
    [
      'events --take 1e3',
      '--take is not a positive integer',
      'hivegate events [--follow] [--take <number>] [<filters>]',
    ],
    [
      'events --skip 3',
      'Argument 1 is no option of this command',
      'hivegate events [--follow] [--take <number>] [<filters>]',
    ],
    [
      'events --follow --until 2026-01-31T12:00:00.000Z',
      '--follow and --until exclude each other',
      'hivegate events [--follow] [--take <number>] [<filters>]',
    ],
    ['migrate now', 'Argument 1 is one too many', 'hivegate migrate [--check | --dry-run]'],
    [
      'migrate --check --dry-run',
      '--check and --dry-run are the same: give one of them',
      'hivegate migrate [--check | --dry-run]',
    ],
    ['migrate --check=yes', '--check takes no value', 'hivegate migrate [--check | --dry-run]'],
    ['doctor --fix', 'Argument 1 is no option of this command', 'hivegate doctor [--json]'],
    [
      'users export all',
      'Argument 1 is one too many',
      'hivegate users export [--format ndjson|csv] [--output <file>]',
    ],
    [
      'users export --format=xml',
      '--format is none of ndjson, csv',
      'hivegate users export [--format ndjson|csv] [--output <file>]',
    ],
    ['backup', '<file> is missing', 'hivegate backup <file>'],
    ['backup -- --help x', 'Argument 3 is one too many', 'hivegate backup <file>'],
    [
      'restore one two',
      'Argument 2 is one too many',
      'hivegate restore <file> [--keep-tokens] [--times <n>]',
    ],
    [
      'restore one --keep-tokens=no',
      '--keep-tokens takes no value',
      'hivegate restore <file> [--keep-tokens] [--times <n>]',
    ],
    [
      'restore one --times',
      '--times needs a value; one that begins with - is given as --times=<value>',
      'hivegate restore <file> [--keep-tokens] [--times <n>]',
    ],
    [
      'restore one --times 0',
      '--times is not an integer from 1 to 1000',
      'hivegate restore <file> [--keep-tokens] [--times <n>]',
    ],
    [
      'restore one --times 1e3',
      '--times is not an integer from 1 to 1000',
      'hivegate restore <file> [--keep-tokens] [--times <n>]',
    ],
    [
      'restore one --times 1001',
      '--times is not an integer from 1 to 1000',
      'hivegate restore <file> [--keep-tokens] [--times <n>]',
    ],
  ])('refuses "%s", says why, and shows the usage', async (words, fault, usage) => {
    const outcome = await hivegate(words);
    expectFailure(outcome, /./);
    expect(outcome).toMatchObject({ stdout: '', stderr: `${fault}. Usage: ${usage}\n` });
  });

  it('checks the settings after the arguments', async () => {
    for (const words of ['users list', 'serve', 'migrate --check']) {
      const { code, stderr } = await hivegate(words);
      expect({ words, code }).toEqual({ words, code: 1 });
      expect(stderr).toMatch(/^PORT is not valid: [^\n]+\nDATABASE_URL is not valid: [^\n]+\n$/);
    }
  });
});
