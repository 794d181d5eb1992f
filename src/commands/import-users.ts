import { SCHEMA } from '../app.schema.js';
import { Database } from '../database/database.js';
import { describeDatabase } from '../database/describe-database.js';
import { Columns } from '../import/users/columns.js';
import { type ImportReport, importUsers } from '../import/users/import-users.js';
import { type Format, FORMATS, UserFile } from '../import/users/user-file.js';
import type { Settings } from '../settings/settings.js';
import { parseArguments, UsageError } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { assertFileOwner } from './file-owner.js';
import { logToStandardError } from './log-to-standard-error.js';
import { tell } from './output.js';
import { untilSignal } from './until-signal.js';

/** Imports users from a file, beside a running service or into a new database (contract.md §10). */
export const importUsersFile: ArgumentParser = (args) => {
  const { positionals, values } = parseArguments(args, {
    positionals: ['file'],
    options: {
      format: { type: 'string' },
      column: { type: 'string', multiple: true },
      ignore: { type: 'string', multiple: true },
      skip: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
    },
  });
  const [path] = positionals;
  const format = formatOf(values.format);
  const columns = Columns.parse(values.column ?? [], values.ignore ?? []);
  const isTrial = values['dry-run'] === true;
  return async (settings) => {
    const file = await UserFile.find(path, format, columns);
    const target = { isNew: false };
    const openTarget = async () => {
      const database = await open(settings, isTrial);
      target.isNew = database.isNew;
      return database;
    };
    const report = await untilSignal('nothing has been imported', (signal) =>
      importUsers(file, openTarget, { isSkipping: values.skip === true, isTrial, signal, tell: tellRow }),
    );
    const line = describe(path, report, isTrial);
    // A wrong DATABASE_URL is noticed so.
    return target.isNew ? `${line}; new database ${describeDatabase(settings.database)}` : line;
  };
};

/** @throws {UsageError} */
export function formatOf(given: string | undefined): Format | undefined {
  const format = FORMATS.find((known) => known === given);
  if (given !== undefined && format === undefined)
    throw new UsageError(`--format is none of ${FORMATS.join(', ')}`);
  return format;
}

/** A trial creates no database and runs no migrations. */
function open({ database }: Settings, isTrial: boolean): Promise<Database> {
  assertFileOwner(database);
  logToStandardError();
  return isTrial ? Database.openExisting(database, SCHEMA) : Database.openNew(database, SCHEMA);
}

const tellRow = (line: number, reason: string): void => void tell(`line ${line}: ${reason}`);

function describe(
  path: string,
  { imported: count, present, leftOut, administrators, withoutPassword, disabled }: ImportReport,
  isTrial: boolean,
): string {
  const parts = [
    `${count} users ${isTrial ? 'would be' : 'are'} imported`,
    ...(administrators > 0 ? [`${administrators} of them administrators`] : []),
    ...(withoutPassword > 0 ? [`${withoutPassword} of them without a password`] : []),
    ...(disabled > 0 ? [`${disabled} of them disabled`] : []),
    ...(present > 0 ? [`${present} were there already, the same`] : []),
    ...(leftOut > 0 ? [`${leftOut} rows ${isTrial ? 'would be' : 'are'} left out`] : []),
  ];
  return `${path}: ${parts.join(', ')}`;
}
