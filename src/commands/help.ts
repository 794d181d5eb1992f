import type { Command } from './command.js';

/** The usage of the whole program: one line. */
export const PROGRAM_USAGE = 'Usage: hivegate [<command>] | hivegate --help | hivegate --version';

/** Returns the usage of a command: one line. */
export const usageOf = (command: Command): string => `Usage: ${lineOf(command)}`;

/** Returns the help of one command, in lines of at most `width` characters. */
export const helpOf = (command: Command, width: number): string =>
  [
    wrap(usageOf(command), width, '  '),
    '',
    wrap(sentence(command.summary), width),
    ...(command.details === undefined ? [] : [wrap(command.details, width)]),
  ].join('\n');

/** Returns the help of the program, or of the commands of one noun, in lines of at most `width` characters. */
export function helpOfAll(commands: readonly Command[], usage: string, width: number): string {
  return [
    wrap(usage, width, '  '),
    '',
    ...commands.flatMap((command) => [
      wrap(`  ${lineOf(command)}`, width, '      '),
      wrap(`      ${command.summary}`, width, '      '),
    ]),
    '',
    wrap(
      'The settings are environment variables, the same for all commands. Every command has its own --help. ' +
        'Exit code: 0, or 1 with the reason on standard error. Commands with other codes say so in their --help.',
      width,
    ),
  ].join('\n');
}

/** Returns the usage of a noun: one line with its verbs. */
export function nounUsage(noun: string, commands: readonly Command[]): string {
  const verbs = commands.map(({ name }) => name.slice(noun.length + 1));
  return `Usage: hivegate ${noun} ${verbs.join(' | ')}`;
}

const lineOf = ({ name, synopsis }: Command) => `hivegate ${name} ${synopsis}`.trimEnd();

/** Returns a text as a sentence. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Breaks a text at its spaces into lines of at most `width` characters; a longer word has its own line. */
function wrap(text: string, width: number, indent = ''): string {
  const [, start = '', rest = ''] = /^( *)(.*)$/s.exec(text) ?? [];
  const lines: string[] = [];
  let line = start;
  for (const [index, word] of wordsOf(rest).entries()) {
    if (index > 0 && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line += index === 0 ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Words, and what stands in brackets of a synopsis, such as `[--source <address>]`. */
const wordsOf = (text: string): readonly string[] => text.match(/\[[^\]]*\](?:\.\.\.)?|\S+/g) ?? [];
