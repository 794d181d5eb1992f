/** Where a row is in its file. */
export interface RowPlace {
  /** The line in which it begins, counted from 1. */
  readonly line: number;
  /** The offset of its end, in bytes. */
  readonly end: number;
}

/** A row with its values, by the names of our fields. They are not checked yet. */
export interface ReadRow extends RowPlace {
  readonly values: Readonly<Record<string, unknown>>;
}

/** A row that cannot be imported. The reason holds no value of the file, which may be a hash or personal data. */
export interface FaultyRow extends RowPlace {
  readonly fault: string;
}

/** What a reader of a file yields. */
export type FileRow = ReadRow | FaultyRow;

/** Maximum size of a row, in bytes: that of the body of `POST /user`. */
export const LONGEST_ROW = 1024 * 1024;

/** Whether a row cannot be imported. */
export const isFaulty = (row: RowPlace): row is FaultyRow => 'fault' in row;

/** A row cannot be imported: thrown where one is read or checked, and turned into a {@link FaultyRow}. */
export class RowFault extends Error {}

const SHOWN = 64;

/** Returns a name of the file as messages show it: one line of printable ASCII, cut short. */
export const shownName = (name: string): string => {
  const shown = name.slice(0, SHOWN).replaceAll(/[^\x20-\x7e]/g, '?');
  return `"${shown}${name.length > SHOWN ? '...' : ''}"`;
};
