import { SCHEMA } from '../app.schema.js';
import { Database } from '../database/database.js';
import type { Settings } from '../settings/settings.js';
import { assertFileOwner } from './file-owner.js';
import { logToStandardError } from './log-to-standard-error.js';

/**
 * Runs `work` with the existing database of the service. Closes it afterwards.
 *
 * @param options see {@link Database.openExisting}
 * @throws {OperatorError} when the database is a file that belongs to another user
 */
export async function withDatabase<T>(
  settings: Settings,
  work: (database: Database) => Promise<T>,
  options: { whole?: boolean } = {},
): Promise<T> {
  logToStandardError();
  assertFileOwner(settings.database);
  const database = await Database.openExisting(settings.database, SCHEMA, options);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
