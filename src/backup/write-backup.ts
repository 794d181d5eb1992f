import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database.js';
import { migrationsOf, type Schema } from '../database/schema.js';
import { OperatorError } from '../errors/operator-error.js';
import { writeNewFile } from '../files/write-new-file.js';
import { VERSION } from '../version.js';
import { type Counts, FORMAT, type Header, isRowOf, toValue, type Value } from './format.js';
import { givesIds, type Table, tablesOf } from './tables.js';

/** Is told how many more rows have been written or restored. */
export type RowsObserver = (rows: number) => void;

/** How a backup is written. */
export interface BackupOptions {
  /** Ends the backup. Its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Is told first how many rows the snapshot has. */
  readonly onTotal?: (rows: number) => void;
  /** Is told of the rows that have been written. */
  readonly onRows?: RowsObserver;
}

/** Number of rows per query. A `data` value is at most 64 KiB, so a batch fits in memory. */
const BATCH = 500;

/**
 * Writes a snapshot of the database to a new file, which has its name only when it is complete: see {@link writeNewFile}.
 *
 * @throws {OperatorError} when the file exists already, or when a row or a counter of ids could not be restored
 */
export function writeBackup(
  database: Database,
  schema: Schema,
  path: string,
  { signal, onTotal, onRows }: BackupOptions = {},
): Promise<Counts> {
  return writeNewFile(path, async (file) => {
    const counts: Counts = {};
    await database.snapshot(async (manager) => {
      // In the snapshot, which has no time limits. Nobody waits for the count of a backup that is stopped.
      if (onTotal) onTotal(await untilAborted(countRows(manager, schema), signal));
      await pipeline(linesOf(database, manager, schema, counts, onRows), createGzip(), file, { signal });
    });
    return counts;
  });
}

/** Waits for `work`, but no longer than until the signal. The work goes on, and its error is ignored. */
async function untilAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  const waiting = new AbortController();
  const aborted = async () => {
    if (!signal.aborted) await once(signal, 'abort', { signal: waiting.signal });
    throw signal.reason;
  };
  try {
    return await Promise.race([work, aborted()]);
  } finally {
    waiting.abort();
  }
}

/** Counts the rows of all tables that are backed up. */
async function countRows(manager: EntityManager, schema: Schema): Promise<number> {
  let total = 0;
  for (const { name } of tablesOf(schema)) {
    const [row] = await manager.query<{ rows: number }[]>(`SELECT count(*) AS "rows" FROM "${name}"`);
    total += row?.rows ?? 0;
  }
  return total;
}

/** Generates the lines of a backup, in batches. Counts the rows of each table in `counts`. */
async function* linesOf(
  database: Database,
  manager: EntityManager,
  schema: Schema,
  counts: Counts,
  onRows?: RowsObserver,
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (lines: string) => {
    hash.update(lines);
    return lines;
  };
  const first: Header = {
    format: 'hivegate-backup',
    version: FORMAT,
    service: VERSION,
    schema: migrationsOf(schema),
    taken: new Date().toISOString(),
  };
  yield hashed(lineOf(first));
  for (const table of tablesOf(schema)) {
    counts[table.name] = 0;
    const lastId = givesIds(table) ? await lastIdOf(database, manager, table) : undefined;
    yield hashed(lineOf({ table: table.name, columns: Object.keys(table.columns), lastId }));
    for await (const rows of rowsOf(manager, table)) {
      counts[table.name] = (counts[table.name] ?? 0) + rows.length;
      yield hashed(rows.map((row) => lineOf(valuesOf(table, row))).join(''));
      onRows?.(rows.length);
    }
  }
  yield lineOf({ rows: counts, sha256: hash.digest('hex') });
}

/** @throws {OperatorError} for a counter that could not be restored: it is beyond the ids that a program can read */
async function lastIdOf(database: Database, manager: EntityManager, { name }: Table): Promise<number> {
  const last = await database.ids.last(manager, name);
  if (Number.isSafeInteger(last)) return last;
  throw new OperatorError(
    `The counter of ids of ${name} is at ${last}, and ids must be below 2^53: no backup has been made`,
  );
}

const lineOf = (value: unknown) => `${JSON.stringify(value)}\n`;

type Row = Readonly<Record<string, unknown>>;

/** @throws {OperatorError} for a row that could not be restored: SQLite accepts values of any type in manual edits */
function valuesOf(table: Table, row: Row): Value[] {
  const { name, key, columns } = table;
  const values = Object.entries(columns).map(([column, type]) => toValue(type, row[column]));
  if (isRowOf(table, values)) return values;
  const which = key.map((column) => `${column} ${String(row[column])}`).join(', ');
  throw new OperatorError(
    `The row of ${which} in ${name} has a value that its column cannot have: no backup has been made`,
  );
}

/** Reads all rows of a table in the order of its key, in batches (keyset pagination). */
async function* rowsOf(manager: EntityManager, { name, key, columns }: Table): AsyncGenerator<Row[]> {
  const { driver } = manager.dataSource;
  const quoted = (names: readonly string[]) => names.map((column) => `"${column}"`).join(', ');
  const parameters = key.map((column, index) => driver.createParameter(column, index)).join(', ');
  const page = (where: string) =>
    `SELECT ${quoted(Object.keys(columns))} FROM "${name}" ${where} ORDER BY ${quoted(key)} LIMIT ${BATCH}`;
  const next = page(`WHERE (${quoted(key)}) > (${parameters})`);
  let rows = await manager.query<Row[]>(page(''));
  for (;;) {
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (rows.length < BATCH || !last) return;
    rows = await manager.query<Row[]>(
      next,
      key.map((column) => last[column]),
    );
  }
}
