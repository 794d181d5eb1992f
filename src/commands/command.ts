import type { Settings } from '../settings/settings.js';

/** What a command does with the settings of the service. Returns what it prints last, on standard output. */
export type Action = (settings: Settings) => Promise<string | undefined>;

/**
 * Checks the arguments of a command and returns its action. Reads nothing and changes nothing.
 *
 * @throws {UsageError} when the arguments are not valid
 */
export type ArgumentParser = (args: readonly string[]) => Action;

/** The parser of a command that reads the settings itself, to say what is wrong with them. */
export type UnconfiguredParser = (args: readonly string[]) => () => Promise<string | undefined>;

interface CommandDescription {
  /** One word, or a noun and a verb: `backup`, `keys list`. */
  readonly name: string;
  /** Its arguments, in the usual notation. */
  readonly synopsis: string;
  /** What it does, for the list of commands: one line. */
  readonly summary: string;
  /** What an operator should know beyond the summary, for its own `--help`. */
  readonly details?: string;
}

/** A command of the program, as the table of commands declares it (commands.ts). */
export type Command = CommandDescription &
  (
    | {
        readonly readsSettings?: false;
        /** Loads the code of the command. The program loads only the command that it runs. */
        readonly load: () => Promise<ArgumentParser>;
      }
    | {
        readonly readsSettings: true;
        /** Loads the code of the command. The program loads only the command that it runs. */
        readonly load: () => Promise<UnconfiguredParser>;
      }
  );
