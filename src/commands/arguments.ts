import { parseArgs, type ParseArgsConfig } from 'node:util';

/**
 * The arguments are not valid. The message says which one and why, and ends before the usage, which the program adds. It
 * never repeats a value: that may be a password.
 */
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
    throw new UsageError(optionFault(config));
  }
  const { positionals, values } = parsed;
  const fault = positionalFault(config, names ?? []);
  if (fault !== undefined) throw new UsageError(fault);
  return { positionals: positionals as Arguments<Names, Given>['positionals'], values };
}

/** One argument, or a part of one: `--times=3` is an option with an inline value. */
interface Token {
  readonly kind: 'option' | 'positional' | 'option-terminator';
  readonly index: number;
  readonly name?: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/** Returns the arguments as they stand, whether or not they are valid. */
const tokensOf = ({ args, options }: Config<Options>): readonly Token[] =>
  parseArgs({ args, options, allowPositionals: true, strict: false, tokens: true }).tokens;

/** The place of an argument after the name of the command, from 1. */
const placeOf = ({ index }: Token) => `argument ${index + 1}`;

/** Returns what is wrong with the options, which are not valid. */
function optionFault(config: Config<Options>): string {
  for (const token of tokensOf(config)) {
    if (token.kind !== 'option') continue;
    const { name = '', value, inlineValue = false } = token;
    const declared = Object.hasOwn(config.options, name) ? config.options[name] : undefined;
    if (!declared) return `${placeOf(token)} is no option of this command`;
    if (declared.type === 'boolean' && value !== undefined) return `--${name} takes no value`;
    if (declared.type === 'string' && (value === undefined || (!inlineValue && value.startsWith('-'))))
      return `--${name} needs a value; one that begins with - is given as --${name}=<value>`;
  }
  return 'an option is not valid';
}

/** Returns what is wrong with the arguments that are no options, if anything is. */
function positionalFault(config: Config<Options>, names: readonly string[]): string | undefined {
  const given = tokensOf(config).filter((token) => token.kind === 'positional');
  const empty = given.find(({ value }) => value === '');
  if (empty) return `${placeOf(empty)} is empty`;
  const tooMany = given[names.length];
  if (tooMany) return `${placeOf(tooMany)} is one too many`;
  const missing = names[given.length];
  return missing === undefined ? undefined : `<${missing}> is missing`;
}
