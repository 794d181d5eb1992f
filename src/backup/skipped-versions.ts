import type { Value } from './format.js';
import type { Part } from './read-backup.js';

/** The column that counts the changes of a record: entity tags show it (contract.md §3). */
const VERSION = 'version';
/** How many versions a restore leaves out: more changes than a record can have had since the backup was taken. */
const VERSIONS_SKIPPED = 2 ** 20;
/** Versions begin again here: their columns have 32 bits, and a database may be restored many times. */
const LAST_VERSION = 2 ** 30;

/**
 * Returns the rows of a part with later versions. An entity tag from after the backup would otherwise match a record that
 * has had as many, but other changes since the restore.
 *
 * @param times see SkippedIds (skipped-ids.ts)
 */
export function withLaterVersions({ table, rows }: Part, times: number): readonly Value[][] {
  const column = Object.keys(table.columns).indexOf(VERSION);
  if (column < 0) return rows;
  const skipped = VERSIONS_SKIPPED * times;
  return rows.map((row) => row.with(column, (Number(row[column]) + skipped) % LAST_VERSION));
}
