import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonText } from '../../text/json-text.js';
import { Columns } from './columns.js';
import type { FileRow } from './file-rows.js';
import { LONGEST_ROW } from './file-rows.js';
import { readNdjson } from './ndjson.js';

function chunksOf(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return Readable.from(chunks);
}

async function read(content: string | Buffer, size = 7, columns = Columns.parse([], [])): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for await (const row of readNdjson(chunksOf(Buffer.from(content), size), columns)) rows.push(row);
  return rows;
}

describe('readNdjson', () => {
  it('reads the values of each line, with nested ones as their text, in chunks of any size', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ login: text, passwordHash: text, data: fc.dictionary(text, fc.jsonValue()) }), {
          maxLength: 20,
        }),
        fc.constantFrom('\n', '\r\n', '\n\n', '\n \r\n'),
        fc.constantFrom('', '\ufeff'),
        fc.integer({ min: 1, max: 40 }),
        async (rows, end, mark, size) => {
          const content = mark + rows.map((row) => JSON.stringify(row) + end).join('');
          const found = await read(content, size);
          const step = end.split('\n').length - 1;
          expect(found).toEqual(
            rows.map((row, index) => ({
              line: index * step + 1,
              end: expect.any(Number),
              values: { ...row, data: new JsonText(JSON.stringify(row.data)) },
            })),
          );
        },
      ),
    );
  });

  it('keeps the text of numbers', async () => {
    const [row] = await read('{"data":{"a":1.00,"b":1e400}}');
    expect(row).toMatchObject({ values: { data: { text: '{"a":1.00,"b":1e400}' } } });
  });

  it.each<[string, string | Buffer, string]>([
    ['__proto__', '{"__proto__":{"role":0},"login":"ada"}', '"__proto__" is not known here'],
    ['an escaped name twice', '{"login":"ada","\\u006cogin":"bob"}', 'a member is given twice'],
    ['other bytes than UTF-8', Buffer.from('{"login":"\xff"}', 'latin1'), 'the row is not JSON in UTF-8'],
    ['two values', '{"login":"ada"}{}', 'the row is not JSON in UTF-8'],
    ['a name with control characters', '{"a\\u001b[2J":1}', '"a?[2J" is not known here'],
    [
      'too many members',
      `{"data":{${'"a":1,'.repeat(20_000)}"a":1}}`,
      'the row has more members or values than a user can have',
    ],
  ])('refuses a row with %s, and reads the next', async (_, line, fault) => {
    const content = Buffer.concat([Buffer.from(line), Buffer.from('\n{"login":"next"}')]);
    expect(await read(content, 1000)).toEqual([
      { line: 1, end: expect.any(Number), fault },
      { line: 2, end: content.length, values: { login: 'next' } },
    ]);
  });

  it('keeps no line in memory that is too long for a row', async () => {
    const length = 64 * LONGEST_ROW;
    function* long() {
      for (let at = 0; at < length; at += LONGEST_ROW) yield Buffer.alloc(LONGEST_ROW, 'a');
      yield Buffer.from('\n{"login":"next"}\n');
    }
    const rows: FileRow[] = [];
    for await (const row of readNdjson(Readable.from(long()), Columns.parse([], []))) rows.push(row);
    expect(rows).toEqual([
      { line: 1, end: length + 1, fault: `the row is longer than ${LONGEST_ROW} bytes` },
      { line: 2, end: length + 18, values: { login: 'next' } },
    ]);
  });

  it('reads members by the names that the options give them', async () => {
    const columns = Columns.parse(['e=mail=login', 'pwd=passwordHash'], ['note']);
    const rows = '{"e=mail":"ada","pwd":"x","note":{"a":1}}\n{"e=mail":"ada","login":"bob"}\n{"other":1}\n';
    expect(await read(rows, 5, columns)).toMatchObject([
      { values: { login: 'ada', passwordHash: 'x' } },
      { fault: 'login is given twice' },
      { fault: '"other" is not known here' },
    ]);
  });
});
