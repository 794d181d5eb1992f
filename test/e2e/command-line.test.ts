import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.js';
import { runCommand } from '../support/command.js';
import { kindOfDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';

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

  it('--version is that of package.json', async () => {
    expect(await output('--version')).toBe(`${version}\n`);
  });

  it.each([
    ['serves', 'hivegate [<command>] | hivegate --help | hivegate --version'],
    ['--port', 'hivegate [<command>] | hivegate --help | hivegate --version'],
    ['--help users', 'hivegate [<command>] | hivegate --help | hivegate --version'],
    ['--version now', 'hivegate [<command>] | hivegate --help | hivegate --version'],
    ['serve now', 'hivegate serve'],
    ['serve --port=1', 'hivegate serve'],
    ['users', 'hivegate users list | set-password | unlock | disable | end-sessions'],
    ['users delete', 'hivegate users list | set-password | unlock | disable | end-sessions'],
    ['users list ada', 'hivegate users list [--json]'],
    ['users list --all', 'hivegate users list [--json]'],
    ['users unlock', 'hivegate users unlock <login> [--source <address>]'],
    ['users unlock ada bob', 'hivegate users unlock <login> [--source <address>]'],
    ['users disable --force ada', 'hivegate users disable <login>'],
    ['users disable ', 'hivegate users disable <login>'],
    ['backup', 'hivegate backup <file>'],
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
    expectFailure(await hivegate('users list'), /^PORT is not valid: /);
    expectFailure(await hivegate('serve'), /^PORT is not valid: /);
  });
});
