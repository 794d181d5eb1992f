import { SCHEMA } from '../app.schema.js';
import { Database } from '../database/database.js';
import { describeDatabase } from '../database/describe-database.js';
import { OperatorError } from '../errors/operator-error.js';
import type { Finding } from '../import/original/finding.js';
import { type CheckReport, OriginalImport } from '../import/original/import-original.js';
import { OriginalDatabase } from '../import/original/original-database.js';
import { parseArguments, UsageError } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { describeRows } from './describe-rows.js';
import { assertFileOwner } from './file-owner.js';
import { logToStandardError } from './log-to-standard-error.js';
import { tell } from './output.js';
import { assertAddress, passwordSource } from './source-password.js';
import { untilSignal } from './until-signal.js';

/** Imports the database of a DeviceHive into a new SQLite or PostgreSQL database (contract.md §10). */
export const importDeviceHive: ArgumentParser = (args) => {
  const { values } = parseArguments(args, {
    options: {
      from: { type: 'string' },
      'password-file': { type: 'string' },
      skip: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
    },
  });
  const url = values.from;
  if (url === undefined) throw new UsageError('--from is missing');
  assertAddress('--from', url);
  const password = passwordSource(values['password-file']);
  const isDryRun = values['dry-run'] === true;
  return ({ database: target }) => {
    if (!isDryRun) assertFileOwner(target);
    return untilSignal('nothing has been imported', async (signal) => {
      const source = await OriginalDatabase.open({ url, password });
      try {
        const importing = new OriginalImport(source, signal);
        const report = await importing.check(tellFinding);
        if (report.stopping > 0 && values.skip !== true)
          throw new OperatorError(
            `${report.stopping} of the lines above stop the import, and nothing has been imported: --skip imports the rest`,
          );
        if (isDryRun) return describe(report, 'would be imported');
        logToStandardError();
        const database = await Database.openNew(target, SCHEMA);
        try {
          await importing.load(database);
        } finally {
          await database.close();
        }
        return `${describe(report, 'are imported')}; new database ${describeDatabase(target)}`;
      } finally {
        await source.close();
      }
    });
  };
};

const tellFinding = ({ row, reason, outcome }: Finding): Promise<void> =>
  tell(`${row}: ${reason}: ${outcome}`);

function describe({ counts, leftOut, hasAdministrator }: CheckReport, what: string): string {
  const parts = [
    `The rows of ${describeRows(counts)} ${what}`,
    ...(leftOut > 0 ? [`${leftOut} rows are left out`] : []),
    hasAdministrator
      ? 'an active administrator comes along'
      : 'no active administrator comes along: the first start of the service creates one',
  ];
  return parts.join('; ');
}
