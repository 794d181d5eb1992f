import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import { OperatorError } from '../../errors/operator-error.js';
import type { Columns } from './columns.js';
import { valueOfCell } from './csv-cells.js';
import { type FileRow, LONGEST_ROW, RowFault, type RowPlace } from './file-rows.js';
import type { FieldName } from './user-row.fields.js';

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);
const ASCII = /^[\0-\x7f]*$/;

/**
 * One byte of the file is one character of a cell, which is then decoded: so what is not UTF-8 is noticed, and named with
 * its line. Cells are counted here, too.
 */
const OPTIONS = {
  encoding: 'latin1' as const,
  record_delimiter: ['\r\n', '\n'],
  relax_column_count: true,
  max_record_size: LONGEST_ROW,
};

/** Why a file cannot be read further. The library's own messages hold values of the file. */
const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: 'a quoted cell goes on after its closing quote',
  INVALID_OPENING_QUOTE: 'a quote is in a cell that does not begin with one',
  CSV_QUOTE_NOT_CLOSED: 'a quoted cell does not end',
  CSV_MAX_RECORD_SIZE: `it is longer than ${LONGEST_ROW} bytes, perhaps because a quoted cell does not end`,
};

interface Parsed {
  readonly record: readonly string[];
  readonly place: RowPlace;
}

/**
 * Reads CSV (RFC 4180) with a header row, in UTF-8. Skips empty lines and a byte order mark.
 *
 * @throws {OperatorError} when the header is not valid, or the file is not CSV: where its next row begins is then unknown
 */
export async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  columns: Columns,
): AsyncGenerator<FileRow, void, undefined> {
  const lines = new LineCounter();
  const options: Options<Parsed, string[]> = {
    ...OPTIONS,
    // While it is parsed, not when it is taken out of the stream: so the count is right where parsing fails.
    on_record: (record, { bytes }) => ({ record, place: lines.next(bytes) }),
  };
  // The types of the library know `on_record` only together with `columns`.
  const parser = parse(options as unknown as Options);
  const input = Readable.from(lines.watch(chunks), { objectMode: false });
  input.once('error', (error) => parser.destroy(error)).pipe(parser);
  let fields: readonly (FieldName | undefined)[] | undefined;
  try {
    for await (const { record, place } of parser as AsyncIterable<Parsed>) {
      if (record.length === 1 && record[0] === '') continue;
      if (fields) yield rowOf(record, fields, place);
      else fields = readHeader(record, columns);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const problem = PROBLEMS[error.code] ?? 'it is not CSV';
    throw new OperatorError(`The row that begins in line ${lines.line} cannot be read: ${problem}`);
  } finally {
    input.destroy();
  }
  if (!fields) throw new OperatorError('The file has no header row');
}

/** @throws {OperatorError} */
function readHeader(record: readonly string[], columns: Columns): readonly (FieldName | undefined)[] {
  try {
    return columns.fieldsOf(record.map(decode));
  } catch (error) {
    throw error instanceof RowFault
      ? new OperatorError(`The header row is not valid: ${error.message}`)
      : error;
  }
}

function rowOf(
  cells: readonly string[],
  fields: readonly (FieldName | undefined)[],
  place: RowPlace,
): FileRow {
  try {
    if (cells.length !== fields.length)
      throw new RowFault(`the row has ${cells.length} cells, and the header ${fields.length}`);
    const values: Record<string, unknown> = {};
    for (const [index, field] of fields.entries())
      if (field !== undefined) values[field] = valueOfCell(field, decode(cells[index] ?? ''));
    return { ...place, values };
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    return { ...place, fault: error.message };
  }
}

/** @throws {RowFault} */
function decode(cell: string): string {
  if (ASCII.test(cell)) return cell;
  const bytes = Buffer.from(cell, 'latin1');
  if (!isUtf8(bytes)) throw new RowFault('the row is not UTF-8');
  return bytes.toString();
}

/** Counts the lines of what the parser reads: it knows only offsets, and its own count is wrong in quoted cells. */
class LineCounter {
  /** The line in which the next row begins. */
  line = 1;
  /** The offsets of the line feeds that no row has passed yet. */
  private ahead: number[] = [];
  private passed = 0;
  private offset = 0;
  private marked = 0;

  /** Passes the chunks on, without a byte order mark. */
  async *watch(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    let first: Buffer | undefined = Buffer.alloc(0);
    for await (const chunk of chunks) {
      if (first) {
        first = Buffer.concat([first, chunk]);
        if (first.length < BYTE_ORDER_MARK.length) continue;
        yield this.count(this.unmarked(first));
        first = undefined;
      } else yield this.count(chunk);
    }
    if (first && first.length > 0) yield this.count(first);
  }

  /** Moves on to the end of a row, an offset of what was passed on. @returns the place of that row */
  next(end: number): RowPlace {
    const { line, ahead } = this;
    for (; (ahead[this.passed] ?? Infinity) < end; this.passed += 1) this.line += 1;
    if (this.passed > 10_000) {
      this.ahead = ahead.slice(this.passed);
      this.passed = 0;
    }
    return { line, end: end + this.marked };
  }

  private count(chunk: Buffer): Buffer {
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1))
      this.ahead.push(this.offset + at);
    this.offset += chunk.length;
    return chunk;
  }

  private unmarked(chunk: Buffer): Buffer {
    if (!chunk.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)) return chunk;
    this.marked = BYTE_ORDER_MARK.length;
    return chunk.subarray(BYTE_ORDER_MARK.length);
  }
}
