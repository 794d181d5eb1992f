import { ApiError } from '../../errors/api-error.js';
import { isObject, parseJsonBody } from '../../http/json-body.js';
import { parseTree } from '../../text/json-tree.js';
import type { Columns } from './columns.js';
import { type FileRow, LONGEST_ROW, RowFault } from './file-rows.js';

/** Maximum number of members of a row, those of nested objects included: that of a body. */
const MOST_MEMBERS = 16_384;
const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);
/** What an empty line may hold. */
const WHITE_SPACE = /^[ \t\r]*$/;

/** A line of a file, without its end. `bytes` is undefined where it is longer than a row can be. */
interface Line {
  readonly line: number;
  readonly end: number;
  readonly bytes: Buffer | undefined;
}

/** Reads NDJSON: one JSON object per line, in UTF-8. Skips empty lines and a byte order mark. */
export async function* readNdjson(
  chunks: AsyncIterable<Buffer>,
  columns: Columns,
): AsyncGenerator<FileRow, void, undefined> {
  for await (const { line, end, bytes } of readLines(chunks)) {
    if (bytes && bytes.length < 8 && WHITE_SPACE.test(bytes.toString('latin1'))) continue;
    try {
      yield { line, end, values: columns.valuesOf(parseRow(bytes)) };
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      yield { line, end, fault: error.message };
    }
  }
}

/** Keeps nested values as their text, as bodies do: numbers and keys stay as they are written. @throws {RowFault} */
function parseRow(bytes: Buffer | undefined): Record<string, unknown> {
  if (!bytes) throw new RowFault(`the row is longer than ${LONGEST_ROW} bytes`);
  let row: unknown;
  try {
    row = parseJsonBody(bytes, MOST_MEMBERS);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RowFault('the row is not JSON in UTF-8');
    if (error instanceof ApiError)
      throw new RowFault('the row has more members or values than a user can have');
    throw error;
  }
  if (!isObject(row)) throw new RowFault('the row is not a JSON object');
  // Which of two values is meant cannot be told.
  if (parseTree(bytes.toString()).root.size !== Object.keys(row).length)
    throw new RowFault('a member is given twice');
  return row;
}

/** Splits a file at its line feeds. Keeps one line in memory, or less where it is too long. */
async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line, void, undefined> {
  let line = 1;
  /** The offset of the current chunk. */
  let offset = 0;
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer) => {
    size += part.length;
    if (size <= LONGEST_ROW) parts.push(part);
    else parts = [];
  };
  const take = (end: number): Line => {
    const bytes = size > LONGEST_ROW ? undefined : Buffer.concat(parts);
    const taken = { line, end, bytes: bytes && line === 1 ? withoutMark(bytes) : bytes };
    line += 1;
    parts = [];
    size = 0;
    return taken;
  };
  for await (const chunk of chunks) {
    let begin = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, begin)) {
      add(chunk.subarray(begin, at));
      yield take(offset + at + 1);
      begin = at + 1;
    }
    add(chunk.subarray(begin));
    offset += chunk.length;
  }
  if (size > 0) yield take(offset);
}

const withoutMark = (bytes: Buffer): Buffer =>
  bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? bytes.subarray(BYTE_ORDER_MARK.length)
    : bytes;
