import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { OperatorError } from '../../errors/operator-error.js';
import type { Columns } from './columns.js';
import { readCsv } from './csv.js';
import { type FaultyRow, isFaulty, RowFault, type RowPlace } from './file-rows.js';
import { readNdjson } from './ndjson.js';
import { checkRow, type UserRow } from './user-row.js';

/** The forms of a file of users, by the name of the option `--format`. */
export const FORMATS = ['ndjson', 'csv'] as const;
/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

const READERS = { ndjson: readNdjson, csv: readCsv } as const;
/** The format that a file has by its name. */
const EXTENSIONS: ReadonlyMap<string, Format> = new Map([
  ['.ndjson', 'ndjson'],
  ['.jsonl', 'ndjson'],
  ['.csv', 'csv'],
]);
/** Bytes that are read at once. */
const CHUNK = 256 * 1024;

/** A row of which each field is valid by itself. */
export interface ValidRow extends RowPlace {
  readonly user: UserRow;
}

/** A file of users, which is read twice: to check it, and to import it. */
export class UserFile {
  private constructor(
    private readonly path: string,
    private readonly format: Format,
    private readonly columns: Columns,
    /** Size in bytes. */
    readonly size: number,
    private readonly modifiedAt: number,
  ) {}

  /**
   * Finds a file. Without a `format` its extension says which it has.
   *
   * @throws {OperatorError} when it is no regular file, or its format is not known
   */
  static async find(path: string, format: Format | undefined, columns: Columns): Promise<UserFile> {
    const known = format ?? EXTENSIONS.get(extname(path).toLowerCase());
    if (known === undefined)
      throw new OperatorError(
        `The name of the file does not say its format, as .ndjson, .jsonl or .csv do: --format ${FORMATS.join(' or ')}`,
      );
    const found = await stat(path);
    if (!found.isFile()) throw new OperatorError('The file is read twice: it must be a regular file');
    return new UserFile(path, known, columns, found.size, found.mtimeMs);
  }

  /**
   * Reads and checks all rows.
   *
   * @throws {OperatorError} when the file cannot be read to its end
   */
  async *rows(signal: AbortSignal): AsyncGenerator<ValidRow | FaultyRow, void, undefined> {
    const chunks = createReadStream(this.path, { highWaterMark: CHUNK, signal }) as AsyncIterable<Buffer>;
    for await (const row of READERS[this.format](chunks, this.columns))
      yield isFaulty(row) ? row : check(row);
    const { size, mtimeMs } = await stat(this.path);
    if (size !== this.size || mtimeMs !== this.modifiedAt)
      throw new OperatorError('The file has changed while it was read: nothing has been imported');
  }
}

function check({
  values,
  ...place
}: RowPlace & { values: Readonly<Record<string, unknown>> }): ValidRow | FaultyRow {
  try {
    return { ...place, user: checkRow(values) };
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    return { ...place, fault: error.message };
  }
}
