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

// No database has a part in it: once is enough.
describe.skipIf(kindOfDatabase() === 'postgres')('hivegate, without any settings', () => {
  it.each(['--help', '-h'])('%s lists every command', async (flag) => {
    const help = await output(flag);
    expect(help).toMatch(/^Usage: hivegate /);
    for (const { name, synopsis, summary } of COMMANDS) {
      const line = help.split('\n').find((each) => each.startsWith(`  hivegate ${name} `));
      expect(line).toContain(synopsis);
      expect(line).toContain(summary);
    }
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

  it('every command has its own --help', async () => {
    for (const { name, synopsis, details = '' } of COMMANDS) {
      const help = await output(`${name} --help`);
      expect(help).toMatch(/^Usage: /);
      expect(help.split('\n')[0]).toBe(`Usage: hivegate ${name} ${synopsis}`.trimEnd());
      expect(help).toContain(details);
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
    ['nothing-like-it', 'hivegate [<command>] | hivegate --help | hivegate --version'],
    ['--port', 'hivegate [<command>] | hivegate --help | hivegate --version'],
    ['nothing-like-it --help', 'hivegate [<command>] | hivegate --help | hivegate --version'],
    ['help nothing-like-it', 'hivegate [<command>] | hivegate --help | hivegate --version'],
    ['serve now', 'hivegate serve'],
    ['serve --port=1', 'hivegate serve'],
    ['users', 'hivegate users list | create | set-password | unlock | disable | end-sessions | export'],
    [
      'users delete',
      'hivegate users list | create | set-password | unlock | disable | end-sessions | export',
    ],
    ['users list ada', 'hivegate users list [--json]'],
    ['users list --all', 'hivegate users list [--json]'],
    ['users unlock', 'hivegate users unlock <login> [--source <address>]'],
    ['users unlock ada bob', 'hivegate users unlock <login> [--source <address>]'],
    ['users disable --force ada', 'hivegate users disable <login>'],
    ['users disable ', 'hivegate users disable <login>'],
    ['users create', 'hivegate users create <login> [--role <role>] [--status <status>]'],
    ['users create ada --role king', 'hivegate users create <login> [--role <role>] [--status <status>]'],
    ['users create ada --status 0', 'hivegate users create <login> [--role <role>] [--status <status>]'],
    ['users create ada constructor', 'hivegate users create <login> [--role <role>] [--status <status>]'],
    [
      'users create ada --role constructor',
      'hivegate users create <login> [--role <role>] [--status <status>]',
    ],
    ['events 7', 'hivegate events [--follow] [--take <number>] [<filters>]'],
    ['events --take 0', 'hivegate events [--follow] [--take <number>] [<filters>]'],
    ['events --take 1e3', 'hivegate events [--follow] [--take <number>] [<filters>]'],
    ['events --skip 3', 'hivegate events [--follow] [--take <number>] [<filters>]'],
    [
      'events --follow --until 2026-01-31T12:00:00.000Z',
      'hivegate events [--follow] [--take <number>] [<filters>]',
    ],
    ['migrate now', 'hivegate migrate [--check | --dry-run]'],
    ['migrate --check --dry-run', 'hivegate migrate [--check | --dry-run]'],
    ['migrate --check=yes', 'hivegate migrate [--check | --dry-run]'],
    ['doctor --fix', 'hivegate doctor [--json]'],
    ['users export all', 'hivegate users export [--format ndjson|csv] [--output <file>]'],
    ['users export --format=xml', 'hivegate users export [--format ndjson|csv] [--output <file>]'],
    ['backup', 'hivegate backup <file>'],
    ['backup -- --help x', 'hivegate backup <file>'],
    ['restore one two', 'hivegate restore <file> [--keep-tokens] [--times <n>]'],
    ['restore one --keep-tokens=no', 'hivegate restore <file> [--keep-tokens] [--times <n>]'],
    ['restore one --times', 'hivegate restore <file> [--keep-tokens] [--times <n>]'],
    ['restore one --times 0', 'hivegate restore <file> [--keep-tokens] [--times <n>]'],
    ['restore one --times 1e3', 'hivegate restore <file> [--keep-tokens] [--times <n>]'],
    ['restore one --times 1001', 'hivegate restore <file> [--keep-tokens] [--times <n>]'],
  ])('refuses "%s" with the usage', async (words, usage) => {
    const outcome = await hivegate(words);
    expectFailure(outcome, /./);
    expect(outcome).toMatchObject({ stdout: '', stderr: `Usage: ${usage}\n` });
  });

  it('checks the settings after the arguments', async () => {
    for (const words of ['users list', 'serve', 'migrate --check']) {
      const { code, stderr } = await hivegate(words);
      expect({ words, code }).toEqual({ words, code: 1 });
      expect(stderr).toMatch(/^PORT is not valid: [^\n]+\nDATABASE_URL is not valid: [^\n]+\n$/);
    }
  });
});
