import { z } from 'zod';
import type { ColumnType, Table } from './tables.js';

/*
 * A backup is one gzip of lines of JSON: a header; for each table a line that opens it, and one for each row, its values
 * in the order of the columns; a trailer that tells whether it is whole.
 */

/** The format that this version writes, and the only one that it reads. */
export const FORMAT = 1;

/** The first line. */
export const header = z.object({
  format: z.literal('hivegate-backup'),
  version: z.int().positive(),
  /** The version of the service that wrote it. */
  service: z.string().max(100),
  /** The migrations that had run. */
  schema: z.array(z.string()),
  /** When it was taken. */
  taken: z.iso.datetime(),
});
/** See {@link header}. */
export type Header = z.infer<typeof header>;

/** The line that opens a table. */
export const opening = z.strictObject({
  table: z.string(),
  columns: z.array(z.string()),
  /** Of a table that gives ids, the last one that it gave. */
  lastId: z.int().nonnegative().optional(),
});

/** The last line. */
export const trailer = z.strictObject({
  /** How many rows each table has. */
  rows: z.record(z.string(), z.int().nonnegative()),
  /** Over all lines before this one, each with its line break. */
  sha256: z.string(),
});

/** How many rows of each table. */
export type Counts = z.infer<typeof trailer>['rows'];

/** A value as it stands in a backup. */
export type Value = string | number | boolean | null;

/** A value of SQLite or PostgreSQL as it stands in a backup: booleans are numbers in SQLite. */
export function toValue(type: ColumnType, stored: unknown): Value {
  return type === 'boolean' ? Boolean(stored) : (stored as Value);
}

/** Whether `values` are a row of the table. */
export function isRowOf({ columns }: Table, values: unknown): values is Value[] {
  const types = Object.values(columns);
  return (
    Array.isArray(values) &&
    values.length === types.length &&
    types.every((type, index) => isOfType(type, values[index]))
  );
}

function isOfType(type: ColumnType, value: unknown): boolean {
  if (value === null) return type.endsWith('?');
  if (type.startsWith('integer')) return Number.isSafeInteger(value);
  return typeof value === (type === 'boolean' ? 'boolean' : 'string');
}
