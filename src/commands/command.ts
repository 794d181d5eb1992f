import { SCHEMA } from '../app.schema.js';
import { Database } from '../database/database.js';
import { OperatorError } from '../errors/operator-error.js';
import { UnavailableError } from '../errors/unavailable.error.js';
import { readSettings, type Settings, SettingsError } from '../settings/settings.js';

/** File errors that the operator can fix, for example a missing file, a missing permission or a full disk. */
const FILE_PROBLEMS =
  /^(?:ENOENT|EEXIST|EACCES|EPERM|EROFS|EISDIR|ENOTDIR|ENOSPC|EDQUOT|EFBIG|EMFILE|EIO|ENAMETOOLONG|ELOOP|EBUSY|ENOTSUP|EMLINK)$/;

/**
 * Runs an operator's command with the settings of the service. The exit code is 0, or 1 with an error on standard
 * error: one line if the operator can fix the problem.
 */
export function run(command: (settings: Settings, parameters: readonly string[]) => Promise<string>): void {
  Promise.resolve()
    .then(() => command(readSettings(), process.argv.slice(2)))
    .then(
      (text) => {
        process.stdout.write(`${text}\n`);
      },
      (error: unknown) => {
        process.stderr.write(`${explain(error)}\n`);
        process.exitCode = 1;
      },
    );
}

/** Runs `work` with the existing database of the service. Closes it afterwards. */
export async function withDatabase<T>(
  settings: Settings,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await Database.openExisting(settings.database, SCHEMA);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Formats the number of rows of each table. */
export const describeRows = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([table, count]) => `${table.replaceAll('_', ' ')}: ${count}`)
    .join(', ');

function explain(error: unknown): string {
  if (error instanceof SettingsError || error instanceof OperatorError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  if (error instanceof UnavailableError)
    return `The database cannot answer now: ${firstLine(cause instanceof Error ? cause.message : message)}`;
  const { code } = error as NodeJS.ErrnoException;
  return FILE_PROBLEMS.test(code ?? '') ? firstLine(message) : (error.stack ?? message);
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';
