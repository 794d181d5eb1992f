import { parseArgs, type ParseArgsConfig } from 'node:util';
import { OperatorError } from '../errors/operator-error.js';

/**
 * Parses the arguments of a command. `positionals` are the names of the required arguments, in order.
 *
 * @throws {OperatorError} with `usage`, when an argument is unknown or missing
 */
export function parseArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  {
    usage,
    positionals: needed = [],
    options,
  }: { usage: string; positionals?: readonly string[]; options: Options },
) {
  const config = { args: [...args], options, allowPositionals: true, strict: true } as const;
  let parsed: ReturnType<typeof parseArgs<typeof config>>;
  try {
    parsed = parseArgs(config);
  } catch {
    throw new OperatorError(usage);
  }
  if (parsed.positionals.length !== needed.length) throw new OperatorError(usage);
  return parsed;
}
