import type { EntityManager } from 'typeorm';
import { claimNewDatabase } from '../database/claim-new-database.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import type { Transaction } from '../database/transaction.js';
import type { Counts, Value } from './format.js';
import { eachPart } from './read-backup.js';
import { SkippedIds } from './skipped-ids.js';
import { withLaterVersions } from './skipped-versions.js';
import { type Table, tablesOf } from './tables.js';
import type { RowsObserver } from './write-backup.js';

/** What a restore does beyond inserting the rows. */
export interface RestoreOptions {
  /** How often the file is restored, this time included: each time leaves out other ids. */
  readonly times: number;
  /** Whether records keep their versions, and so their entity tags: nothing was changed since the backup. */
  readonly keepsVersions?: boolean;
  /** Called at the end of the transaction, when the rows are there and new ids follow those that are left out. */
  readonly finish: (transaction: Transaction) => Promise<void>;
  /** Is told of the rows that have been inserted. */
  readonly onRows?: RowsObserver;
}

/**
 * Restores a backup in one transaction, into a database on which the service has never been started. New ids follow
 * those of the backup at a distance: no id is given twice (contract.md §10).
 *
 * @throws {OperatorError} when the database is not empty, when the backup is truncated, damaged or of another version,
 *   or when it leaves no ids to give
 */
export function restoreBackup(
  database: Database,
  schema: Schema,
  path: string,
  { times, keepsVersions = false, finish, onRows }: RestoreOptions,
): Promise<Counts> {
  return database.transaction(async (transaction) => {
    const { manager } = transaction;
    await database.waitLonger(transaction);
    await claimNewDatabase(transaction, 'a backup is restored into a new one');
    for (const { name } of tablesOf(schema).toReversed()) await manager.query(`DELETE FROM "${name}"`);
    const skipped = new SkippedIds(times);
    const counts = await eachPart(path, schema, async (part) => {
      const rows = keepsVersions ? part.rows : withLaterVersions(part, times);
      if (rows.length > 0) await insertRows(manager, part.table, rows);
      onRows?.(part.rows.length);
      skipped.add(part);
    });
    for (const [table, id] of skipped.lastIds) await database.ids.goOnAfter(manager, table, id);
    await finish(transaction);
    return counts;
  });
}

async function insertRows(
  manager: EntityManager,
  { name, columns }: Table,
  rows: readonly Value[][],
): Promise<void> {
  const names = Object.keys(columns);
  const { driver, options } = manager.dataSource;
  const hasBooleans = options.type === 'postgres';
  const tuples = rows.map(
    (_, row) =>
      `(${names.map((column, index) => driver.createParameter(column, row * names.length + index)).join(', ')})`,
  );
  await manager.query(
    `INSERT INTO "${name}" (${names.map((column) => `"${column}"`).join(', ')}) VALUES ${tuples.join(', ')}`,
    rows.flat().map((value) => (typeof value === 'boolean' && !hasBooleans ? Number(value) : value)),
  );
}
