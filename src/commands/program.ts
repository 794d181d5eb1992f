import { UsageError } from './arguments.js';
import type { Command } from './command.js';
import { COMMANDS, DEFAULT_COMMAND } from './commands.js';
import { helpOf, helpOfAll, nounUsage, PROGRAM_USAGE, sentence, usageOf } from './help.js';
import { print } from './output.js';

/** `hivegate help backup` is `hivegate backup --help`. */
const HELP = 'help';
/** The first words of all commands. */
const FIRST_WORDS = [...new Set(COMMANDS.map(({ name }) => name.split(' ', 1)[0] ?? ''))];
/** A word with more typing errors than this is like no other. */
const MOST_TYPING_ERRORS = 2;

/** Most and fewest characters in a line of help. */
const WIDEST_HELP = 100;
const NARROWEST_HELP = 40;

/**
 * Runs the program `hivegate`: the service, or one command of an operator. The exit code is 0, or 1 with the reason on
 * standard error; a command may say more by its code. All arguments are checked before anything happens.
 *
 * Imports nothing heavy: each command loads its own code, so that all of them start fast.
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  // Stack traces name the lines of the sources, however the program was started.
  process.setSourceMapsEnabled(true);
  // Either stream may be closed. Without a listener, the next write to it would stop the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    const text = await execute(args);
    if (text !== undefined) await print([`${text}\n`]);
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof UsageError) process.stderr.write(`${error.message}\n`);
    else await fail(error);
  }
}

/** @returns the text to print on standard output */
async function execute(args: readonly string[]): Promise<string | undefined> {
  // What follows `--` is no option. Before it, help has precedence over all other arguments, and over their faults.
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  if (options.some(isHelp)) return helpFor(options.filter((argument) => !isHelp(argument)));
  if (options.includes('--version')) return (await import('../version.js')).VERSION;
  if (args[0] === HELP) return helpFor(args.slice(1));

  const [first = DEFAULT_COMMAND, ...rest] = args;
  const single = findCommand(first);
  if (single) return runCommand(single, rest);
  const verbs = verbsOf(first);
  if (verbs.length === 0) throw await unknown(first, [...FIRST_WORDS, HELP], PROGRAM_USAGE);
  const [verb = '', ...parameters] = rest;
  const command = findCommand(`${first} ${verb}`);
  if (!command) throw await unknownVerb(first, verb, verbs);
  return runCommand(command, parameters);
}

/** Returns the help for the words of a command line, of which the first one or two may name a command. */
async function helpFor([first, verb, ...more]: readonly string[]): Promise<string> {
  if (first === HELP) return helpFor([verb, ...more].filter((word) => word !== undefined));
  if (first === undefined || first.startsWith('-')) return helpOfAll(COMMANDS, PROGRAM_USAGE, helpWidth());
  const single = findCommand(first);
  if (single) return helpOf(single, helpWidth());
  const verbs = verbsOf(first);
  if (verbs.length === 0) throw await unknown(first, [...FIRST_WORDS, HELP], PROGRAM_USAGE);
  if (verb === undefined || verb.startsWith('-'))
    return helpOfAll(verbs, nounUsage(first, verbs), helpWidth());
  const command = findCommand(`${first} ${verb}`);
  if (!command) throw await unknownVerb(first, verb, verbs);
  return helpOf(command, helpWidth());
}

/** Most characters in a line of help: of the terminal, in the range that reads well. */
const helpWidth = (): number =>
  Math.min(Math.max(process.stdout.columns || WIDEST_HELP, NARROWEST_HELP), WIDEST_HELP);

const findCommand = (name: string) => COMMANDS.find((command) => command.name === name);

const verbsOf = (noun: string) => COMMANDS.filter(({ name }) => name.startsWith(`${noun} `));

const unknownVerb = (noun: string, verb: string, verbs: readonly Command[]) =>
  unknown(
    verb,
    verbs.map(({ name }) => name.slice(noun.length + 1)),
    nounUsage(noun, verbs),
    `${noun} `,
  );

/** Suggests the nearest of `words`. The message does not repeat what was typed: that may be a password. */
async function unknown(typed: string, words: readonly string[], usage: string, before = '') {
  const { closestMatch } = await import('leven');
  // An option is no mistyped command.
  const nearest = typed.startsWith('-')
    ? undefined
    : closestMatch(typed.slice(0, 100), words, { maxDistance: MOST_TYPING_ERRORS });
  if (nearest !== undefined) return new UsageError(`Did you mean "${before}${nearest}"? ${usage}`);
  const after = before === '' ? '' : ` after "${before.trimEnd()}"`;
  return new UsageError(
    `${typed === '' ? 'A command is missing' : 'There is no such command'}${after}. ${usage}`,
  );
}

async function runCommand(command: Command, args: readonly string[]): Promise<string | undefined> {
  if (command.readsSettings === true) return parse(command, await command.load(), args)();
  const action = parse(command, await command.load(), args);
  const { readServiceSettings } = await import('../compatibility/service-settings.js');
  return action(readServiceSettings());
}

function parse<T>(command: Command, parser: (args: readonly string[]) => T, args: readonly string[]): T {
  try {
    return parser(args);
  } catch (error) {
    throw error instanceof UsageError
      ? new UsageError(`${sentence(error.message)} ${usageOf(command)}`)
      : error;
  }
}

const isHelp = (argument: string) => argument === '--help' || argument === '-h';

/** Says why a command has failed. */
async function fail(error: unknown): Promise<void> {
  const { explain, isStop } = await import('./explain.js');
  process.stderr.write(`${explain(error)}\n`);
  // Do not wait for a slow reader: text that it has not read would keep the process running.
  if (isStop(error)) process.exit();
}
