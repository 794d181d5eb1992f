import { SCHEMA } from '../app.schema.js';
import { Database } from '../database/database.js';
import { DatabaseInspection } from '../database/database-inspection.js';
import type { DatabaseSettings } from '../settings/setting-values.js';
import { parseArguments, UsageError } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { assertFileOwner } from './file-owner.js';
import { logToStandardError } from './log-to-standard-error.js';

/** The exit code of `migrate --check` when migrations are pending. */
const PENDING = 2;

const NOTHING_TO_DO = 'The database is of this version: there is nothing to migrate';

/** Migrates the database, or says what is pending. */
export const migrate: ArgumentParser = (args) => {
  const { values } = parseArguments(args, {
    options: { check: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
  });
  if (values.check === true && values['dry-run'] === true)
    throw new UsageError('--check and --dry-run are the same: give one of them');
  const isCheck = values.check ?? values['dry-run'] ?? false;
  return ({ database }) => {
    assertFileOwner(database);
    return isCheck ? check(database) : run(database);
  };
};

async function run(settings: DatabaseSettings): Promise<string> {
  const names: string[] = [];
  logToStandardError();
  const database = await Database.open(settings, SCHEMA, (name) => names.push(name));
  await database.close();
  if (names.length === 0) return NOTHING_TO_DO;
  return `The database is migrated to this version: ${names.join(', ')}`;
}

async function check(settings: DatabaseSettings): Promise<string> {
  const inspection = await DatabaseInspection.open(settings);
  try {
    const pending = await inspection.pendingMigrations(SCHEMA);
    if (pending.length === 0) return NOTHING_TO_DO;
    process.exitCode = PENDING;
    return `Pending: ${pending.join(', ')}`;
  } finally {
    await inspection.close();
  }
}
