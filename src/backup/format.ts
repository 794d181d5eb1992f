import { z } from 'zod';
import type { ColumnType, Table } from './tables.js';

/*
 * A backup is a gzip file of JSON lines: a header, the tables, and a trailer that proves that the file is complete.
 * Each table has an opening line, then one line per row with its values in the order of the columns.
 */

/** Format version. This program writes and reads only this one. */
export const FORMAT = 1;

/** The first line. */
export const header = z.object({
  format: z.literal('hivegate-backup'),
  version: z.int().positive(),
  /** The version of the service that wrote it. */
  service: z.string().max(100),
  /** The applied migrations. */
  schema: z.array(z.string()),
  /** Time of the backup. */
  taken: z.iso.datetime(),
});
/** See {@link header}. */
export type Header = z.infer<typeof header>;

/** The line that opens a table. */
export const opening = z.strictObject({
  table: z.string(),
  columns: z.array(z.string()),
  /** The last id that the table has generated. Only for tables that generate ids. */
  lastId: z.int().nonnegative().optional(),
});

/** The last line. */
export const trailer = z.strictObject({
  /** Number of rows by table. */
  rows: z.record(z.string(), z.int().nonnegative()),
  /** SHA-256 in hex over all previous lines, including their line breaks. */
  sha256: z.string(),
});

/** Number of rows by table. */
export type Counts = z.infer<typeof trailer>['rows'];

/** A column value in a backup. */
export type Value = string | number | boolean | null;

/** Converts a value of SQLite or PostgreSQL to its form in a backup. SQLite stores booleans as numbers. */
export function toValue(type: ColumnType, stored: unknown): Value {
  return type === 'boolean' ? Boolean(stored) : (stored as Value);
}

/** Whether `values` match the columns of the table, in number and type. */
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
