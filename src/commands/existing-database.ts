import { SCHEMA } from '../app.schema.js';
import { Database } from '../database/database.js';
import type { Settings } from '../settings/settings.js';

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
