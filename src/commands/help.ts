import type { Command } from './command.js';

/** The usage of the whole program: one line. */
export const PROGRAM_USAGE = 'Usage: hivegate [<command>] | hivegate --help | hivegate --version';

/** Returns the usage of a command: one line. */
export const usageOf = (command: Command): string => `Usage: ${lineOf(command)}`;

/** Returns the help of one command. */
export const helpOf = (command: Command): string =>
  [
    usageOf(command),
    '',
    sentence(command.summary),
    ...(command.details === undefined ? [] : [command.details]),
  ].join('\n');

/** Returns the help of the program, or of the commands of one noun. */
export function helpOfAll(commands: readonly Command[], usage: string): string {
  const lines = commands.map((command) => [lineOf(command), command.summary] as const);
  const width = Math.max(...lines.map(([line]) => line.length));
  return [
    usage,
    '',
    ...lines.map(([line, summary]) => `  ${line.padEnd(width)}  ${summary}`),
    '',
    'The settings are environment variables, the same for all commands. Every command has its own --help.',
    'Exit code: 0, or 1 with the reason on standard error. Commands with other codes say so in their --help.',
  ].join('\n');
}

/** Returns the usage of a noun: one line with its verbs. */
export function nounUsage(noun: string, commands: readonly Command[]): string {
  const verbs = commands.map(({ name }) => name.slice(noun.length + 1));
  return `Usage: hivegate ${noun} ${verbs.join(' | ')}`;
}

const lineOf = ({ name, synopsis }: Command) => `hivegate ${name} ${synopsis}`.trimEnd();

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
