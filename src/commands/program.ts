import { UsageError } from './arguments.js';
import type { Action, ArgumentParser, Command } from './command.js';
import { COMMANDS, DEFAULT_COMMAND } from './commands.js';
import { helpOf, helpOfAll, nounUsage, PROGRAM_USAGE, usageOf } from './help.js';
import { print } from './output.js';

/**
 * Runs the program `hivegate`: the service, or one command of an operator. The exit code is 0, or 1 with the reason on
 * standard error. All arguments are checked before anything happens.
 *
 * Imports nothing heavy: each command loads its own code, so that all of them start fast.
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  // Either stream may be closed. Without a listener, the next write to it would stop the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    const text = await execute(args);
    if (text !== undefined) await print([`${text}\n`]);
  } catch (error) {
    process.stderr.write(`${await describe(error)}\n`);
    process.exitCode = 1;
  }
}

/** @returns the text to print on standard output */
async function execute(args: readonly string[]): Promise<string | undefined> {
  const [first = DEFAULT_COMMAND, ...rest] = args;
  if (rest.length === 0 && isHelp(first)) return helpOfAll(COMMANDS, PROGRAM_USAGE);
  if (rest.length === 0 && first === '--version') return (await import('../version.js')).VERSION;

  const single = COMMANDS.find(({ name }) => name === first);
  if (single) return runCommand(single, rest);

  const ofNoun = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (ofNoun.length === 0) throw new UsageError(PROGRAM_USAGE);
  const usage = nounUsage(first, ofNoun);
  const [verb = '', ...parameters] = rest;
  if (parameters.length === 0 && isHelp(verb)) return helpOfAll(ofNoun, usage);
  const command = ofNoun.find(({ name }) => name === `${first} ${verb}`);
  if (!command) throw new UsageError(usage);
  return runCommand(command, parameters);
}

async function runCommand(command: Command, args: readonly string[]): Promise<string | undefined> {
  const [first = ''] = args;
  if (args.length === 1 && isHelp(first)) return helpOf(command);
  const action = parse(command, await command.load(), args);
  const { readServiceSettings } = await import('../compatibility/service-settings.js');
  return action(readServiceSettings());
}

function parse(command: Command, parser: ArgumentParser, args: readonly string[]): Action {
  try {
    return parser(args);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(usageOf(command)) : error;
  }
}

const isHelp = (argument: string) => argument === '--help' || argument === '-h';

async function describe(error: unknown): Promise<string> {
  if (error instanceof UsageError) return error.message;
  const { explain } = await import('./explain.js');
  return explain(error);
}
