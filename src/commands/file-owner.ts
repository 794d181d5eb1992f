import { OperatorError } from '../errors/operator-error.js';
import { statusOf } from '../files/status-of.js';
import type { DatabaseSettings } from '../settings/setting-values.js';

/**
 * Checks that this process runs as the owner of the SQLite file. Another user, root too, might create files beside it
 * that the service cannot write to. On PostgreSQL, and where there are no user ids, nothing is checked.
 *
 * @throws {OperatorError} that says as which user to run the command
 */
export function assertFileOwner(database: DatabaseSettings): void {
  const runningAs = process.geteuid?.();
  if (database.kind !== 'sqlite' || runningAs === undefined) return;
  // A missing file is reported when the database is opened.
  const owner = statusOf(database.path)?.uid;
  if (owner === undefined || owner === runningAs) return;
  throw new OperatorError(
    `The database file belongs to the user with uid ${owner}, and this is uid ${runningAs}: run the command as its owner, for example with sudo -u '#${owner}'`,
  );
}
