import { parse } from 'dotenv';
import type { SettingsProblems } from './settings-problems.js';
import { ACCEPTED_FILE, readTextFile, type TextFile, TextFileError } from './text-file.js';

/** Variables and their texts, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where settings come from, in this order: a variable that an earlier one sets is not looked up in the later ones. */
export type Sources = readonly Variables[];

/** In the working directory. */
const DOT_ENV = '.env';

/** Variables of PostgreSQL's own programs that say where and how to connect. */
const OF_POSTGRES =
  /^PG(?:HOST|PORT|USER|DATABASE|PASS|SSL|SERVICE|OPTIONS|APPNAME|CONNECT_TIMEOUT|TARGETSESSIONATTRS|CHANNELBINDING|CLIENTENCODING)/;

/** Variables that may hold a secret. */
const SECRET_VARIABLES = [
  'ADMIN_PASSWORD',
  'DATABASE_URL',
  'JWT_SECRET',
  'KEY_ENCRYPTION_SECRET',
  // The path or query of an URL may hold a token.
  'WEBHOOK_URL',
  'WEBHOOK_SECRET',
];

/** The sources of a process: its environment, then the file `.env`. This is the only place that reads `process.env`. */
export const sourcesOfProcess = (problems: SettingsProblems): Sources => [
  process.env,
  readDotEnv(DOT_ENV, problems),
];

/** The variables of the environment that PostgreSQL's own programs read, too: `PGHOST`, `PGSSLMODE`. */
export const postgresVariables = (): Variables =>
  Object.fromEntries(Object.entries(process.env).filter(([variable]) => variable.startsWith('PG')));

/** Reads the variables of the file `.env` at `path`. A missing file has none. */
export function readDotEnv(path: string, problems: SettingsProblems): Variables {
  let file: TextFile;
  try {
    file = readTextFile(path);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    if (error.code !== 'ENOENT')
      problems.refuse(DOT_ENV, `${DOT_ENV} is not valid: it has to be ${ACCEPTED_FILE}; ${error.message}`);
    return {};
  }
  const variables = parse(file.text);
  const unread = Object.keys(variables).filter(
    (variable) => OF_POSTGRES.test(variable) && isSet(variables, variable),
  );
  if (unread.length > 0)
    problems.warn(
      `${DOT_ENV} holds ${unread.join(', ')}, without effect: set them in the environment itself`,
    );
  const secrets = SECRET_VARIABLES.filter((variable) => isSet(variables, variable));
  if (secrets.length > 0) warnIfOpen(file, `${DOT_ENV} holds ${secrets.join(', ')}`, problems);
  return variables;
}

/** Warns of a file with a secret that every user of the machine can read or change. `what`: for the beginning of the line. */
function warnIfOpen({ permissions }: TextFile, what: string, problems: SettingsProblems): void {
  // Windows has no such permissions: Node makes them up.
  if (process.platform === 'win32') return;
  const can = (
    [
      ['read', 0o004],
      ['change', 0o002],
    ] as const
  ).filter(([, bit]) => (permissions & bit) !== 0);
  if (can.length > 0)
    problems.warn(
      `${what}, and every user of this machine can ${can.map(([verb]) => verb).join(' and ')} the file: chmod 600`,
    );
}

/**
 * Returns the text of a variable: its own, or that of the file which the variable of the same name with `_FILE` names
 * (contract.md §7). Undefined where it is unset or empty, or refused. A source in which both are unset or empty does not count.
 */
export function textOf(variable: string, sources: Sources, problems: SettingsProblems): string | undefined {
  const fileVariable = `${variable}_FILE`;
  const source = sources.find((variables) => isSet(variables, variable) || isSet(variables, fileVariable));
  if (!source) return undefined;
  if (!isSet(source, fileVariable)) return source[variable];
  if (isSet(source, variable)) {
    problems.refuse(
      variable,
      `${variable} is not valid: only one of ${variable} and ${fileVariable} may be set`,
    );
    return undefined;
  }
  return readValue(variable, source[fileVariable] ?? '', problems);
}

/** An empty file is refused: a secret that was not written to it would be replaced by a default, unnoticed. */
function readValue(variable: string, path: string, problems: SettingsProblems): string | undefined {
  try {
    // One line end, which editors and `echo` add.
    const file = readTextFile(path);
    const text = file.text.replace(/\r?\n$/, '');
    if (text.trim() === '') throw new TextFileError('it is empty');
    // Docker shows secrets in /run/secrets to one container, whose users are not the owner of the file.
    if (SECRET_VARIABLES.includes(variable) && !path.startsWith('/run/secrets/'))
      warnIfOpen(file, `${variable}_FILE names a secret`, problems);
    return text;
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    problems.refuse(
      variable,
      `${variable}_FILE is not valid: it accepts the path of ${ACCEPTED_FILE}; ${error.message}`,
    );
  }
  return undefined;
}

const isSet = (variables: Variables, variable: string): boolean =>
  Object.hasOwn(variables, variable) && variables[variable] !== '';
