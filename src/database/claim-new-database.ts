import { OperatorError } from '../errors/operator-error.js';
import type { Transaction } from './transaction.js';

/** Tables that are not empty after the migrations. */
const FILLED_BY_MIGRATIONS = ['networks', 'device_types', 'sign_in_decoys', 'incarnations'];

/**
 * Keeps a service that starts now from creating a key or an administrator, until the transaction ends: it waits, then
 * reports a locked database.
 *
 * @param need what the message says of the work: `an import needs a new one`
 * @throws {OperatorError} when the service has been started on the database
 */
export async function claimNewDatabase(transaction: Transaction, need: string): Promise<void> {
  const { manager } = transaction;
  await transaction.serialise('signingKeys');
  await transaction.serialise('firstAdministrator');
  for (const { tableName } of manager.dataSource.entityMetadatas) {
    if (FILLED_BY_MIGRATIONS.includes(tableName)) continue;
    const rows = await manager.query<object[]>(`SELECT 1 FROM "${tableName}" LIMIT 1`);
    if (rows.length > 0)
      throw new OperatorError(
        `The database is not empty: ${need}, which DATABASE_URL names, before the service is started on it`,
      );
  }
}
