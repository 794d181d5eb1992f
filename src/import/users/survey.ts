import type { FaultyRow } from './file-rows.js';
import { isFaulty } from './file-rows.js';
import type { UserFile, ValidRow } from './user-file.js';

/** What the first reading of a file has found. */
export interface Survey {
  /** How many rows are valid by themselves. */
  readonly valid: number;
  /** How many cannot be imported, whatever the database holds. */
  readonly faulty: number;
  /** Whether the rows have ids. Undefined: there is no valid row. */
  readonly hasIds: boolean | undefined;
  /** The greatest id; 0 if there is none. */
  readonly greatestId: number;
}

/**
 * Reads a file and tells which of its rows are valid by themselves. Rows have ids or not like the first: the database
 * could not give ids beside those that are still to come.
 */
export async function* validRows(
  file: UserFile,
  signal: AbortSignal,
): AsyncGenerator<ValidRow | FaultyRow, void, undefined> {
  let hasIds: boolean | undefined;
  for await (const row of file.rows(signal)) {
    if (isFaulty(row)) {
      yield row;
      continue;
    }
    const hasId = row.user.id !== undefined;
    hasIds ??= hasId;
    if (hasId === hasIds) yield row;
    else {
      const { line, end } = row;
      const fault = hasId
        ? 'the row has an id, and the first one has none'
        : 'the row has no id, and the first one has';
      yield { line, end, fault };
    }
  }
}

/** Reads a file to its end. @param tell is called for each row that cannot be imported */
export async function surveyFile(
  file: UserFile,
  signal: AbortSignal,
  tell: (row: FaultyRow) => void,
  advance: (bytes: number) => void,
): Promise<Survey> {
  let [valid, faulty, greatestId, passed] = [0, 0, 0, 0];
  let hasIds: boolean | undefined;
  for await (const row of validRows(file, signal)) {
    advance(row.end - passed);
    passed = row.end;
    if (isFaulty(row)) {
      faulty += 1;
      tell(row);
      continue;
    }
    const { id } = row.user;
    valid += 1;
    hasIds ??= id !== undefined;
    greatestId = Math.max(greatestId, id ?? 0);
  }
  return { valid, faulty, hasIds, greatestId };
}
