import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Columns } from './columns.js';
import { readCsv } from './csv.js';
import type { FileRow } from './file-rows.js';
import { isFaulty } from './file-rows.js';

const NO_OPTIONS = Columns.parse([], []);

/** The bytes of a text in chunks of a size, as a file may arrive. */
function chunksOf(content: string | Buffer, size: number): AsyncIterable<Buffer> {
  const bytes = Buffer.from(content);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return Readable.from(chunks);
}

async function read(content: string | Buffer, size = 7, columns = NO_OPTIONS): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for await (const row of readCsv(chunksOf(content, size), columns)) rows.push(row);
  return rows;
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const lineFeeds = (text: string) => text.split('\n').length - 1;

describe('readCsv', () => {
  it('reads what RFC 4180 writes, in chunks of any size, and names the line in which each row begins', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.stringMatching(/^[",\r\n a]{1,8}$/),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ login: cell, hash: cell, empties: fc.nat(2) }), { maxLength: 20 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (rows, end, hasMark, size) => {
          let text = `login,passwordHash${end}`;
          const lines: number[] = [];
          for (const { login, hash, empties } of rows) {
            text += end.repeat(empties);
            lines.push(lineFeeds(text) + 1);
            text += `${quoted(login)},${quoted(hash)}${end}`;
          }
          const content = Buffer.from(`${hasMark ? '\ufeff' : ''}${text}`);
          const found = await read(content, size);
          expect(found.map((row) => !isFaulty(row) && row.values)).toEqual(
            rows.map(({ login, hash }) => ({ login, passwordHash: hash })),
          );
          expect(found.map(({ line }) => line)).toEqual(lines);
          expect(found.at(-1)?.end ?? content.length).toBe(content.length);
        },
      ),
    );
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['an empty cell is the default', 'login,role,introReviewed', { login: 'a' }],
    [
      'or null where a field can be null',
      'login,data,lastLogin,passwordHash',
      { login: 'a', data: null, lastLogin: null, passwordHash: null },
    ],
  ])('%s', async (_, header, values) => {
    const [row] = await read(`${header}\na${','.repeat(header.split(',').length - 1)}\n`);
    expect(row).toMatchObject({ values });
    expect(
      Object.entries((row as { values: object }).values).filter(([, value]) => value !== undefined),
    ).toEqual(Object.entries(values));
  });

  it.each<[string, string, unknown]>([
    ['role', '1', 1],
    ['role', 'client', 'client'],
    ['status', '-1', -1],
    ['id', '9007199254740993', 9007199254740992],
    ['id', '1e3', '1e3'],
    ['introReviewed', 'T', true],
    ['introReviewed', '0', false],
    ['introReviewed', 'yes', 'yes'],
    ['networkIds', '1 2;3', [1, 2, 3]],
    ['networkIds', '1 x', [1, 'x']],
    ['data', ' {"a":1.0} ', { text: '{"a":1.0}' }],
    ['data', 'null', null],
    ['data', '{a:1}', '{a:1}'],
    ['lastLogin', '2026', '2026'],
  ])('reads a cell of %s: %s', async (field, cell, value) => {
    const [row] = await read(`${field}\n${quoted(cell)}\n`);
    expect((row as { values: Record<string, unknown> }).values[field]).toEqual(value);
  });

  it('names the line of a fault behind many rows exactly', async () => {
    const rows = Array.from({ length: 500 }, () => '"a\r\nb"\r\n').join('');
    await expect(read(`login\r\n${rows}"x"y\r\n`, 4096)).rejects.toThrow(
      'begins in line 1002 cannot be read',
    );
  });
});
