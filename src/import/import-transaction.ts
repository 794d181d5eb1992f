import { QueryFailedError } from 'typeorm';
import type { Database } from '../database/database.js';
import { databaseUnavailable, isUnavailable } from '../database/database-errors.js';
import type { Transaction } from '../database/transaction.js';
import { OperatorError } from '../errors/operator-error.js';

/**
 * Runs an import in one transaction: all of it is committed, or nothing. It runs once, because a source cannot be read
 * twice: a deadlock or a serialization failure ends it, and the operator runs it again. Interrupting the process
 * (Ctrl-C) rolls it back.
 *
 * @throws {OperatorError} when the database refuses the transaction
 * @throws {UnavailableError} when the database is unavailable
 */
export function importInOneTransaction<T>(
  database: Database,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return database.transaction(async (transaction) => {
    try {
      await database.waitLonger(transaction);
      return await work(transaction);
    } catch (error) {
      throw error instanceof QueryFailedError ? described(error) : error;
    }
  }, 'import');
}

/** Not the driver's error itself: after some of those, the transaction would be tried again. */
function described(error: Error): Error {
  if (isUnavailable(error)) return databaseUnavailable(error);
  const [reason] = error.message.split('\n', 1);
  return new OperatorError(`The database has refused the import, and nothing is imported: ${reason}`);
}
