import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The arguments are not valid. The message is the usage, and never an argument: that may be a password. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;

interface Config<Given extends Options> {
  readonly args: string[];
  readonly options: Given;
  readonly allowPositionals: true;
  readonly strict: true;
}

/** The parsed arguments of a command: as many positionals as it has names for, and its options. */
export interface Arguments<Names extends readonly string[], Given extends Options> {
  readonly positionals: { readonly [Index in keyof Names]: string };
  readonly values: ReturnType<typeof parseArgs<Config<Given>>>['values'];
}

/**
 * Parses the arguments of a command. `positionals` are the names of the required arguments, in order.
 *
 * @throws {UsageError} when an argument is unknown, missing or empty
 */
export function parseArguments<
  const Names extends readonly string[] = [],
  const Given extends Options = Record<string, never>,
>(
  args: readonly string[],
  { positionals: names, options }: { positionals?: Names; options?: Given } = {},
): Arguments<Names, Given> {
  const config: Config<Given> = {
    args: [...args],
    options: options ?? ({} as Given),
    allowPositionals: true,
    strict: true,
  };
  let parsed: ReturnType<typeof parseArgs<Config<Given>>>;
  try {
    parsed = parseArgs(config);
  } catch {
    throw new UsageError();
  }
  const { positionals, values } = parsed;
  if (positionals.length !== (names?.length ?? 0) || positionals.includes('')) throw new UsageError();
  return { positionals: positionals as Arguments<Names, Given>['positionals'], values };
}
