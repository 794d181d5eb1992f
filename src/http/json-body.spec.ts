import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiError } from '../errors/api-error.js';
import { JsonText, stringify } from '../text/json-text.js';
import { parseJsonBody } from './json-body.js';

const MOST_MEMBERS = 16_384;
const parse = (text: string, mostMembers = MOST_MEMBERS) => parseJsonBody(Buffer.from(text), mostMembers);
const body = (text: string) => parse(text) as Record<string, unknown>;
/** The text of the member `data`. */
const dataOf = (text: string): unknown => (body(text)['data'] as JsonText).text;

/** White space of JSON (RFC 8259 §2). */
const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 });
const plain = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom(
    'null',
    'true',
    'false',
    '-0',
    '1E400',
    '123456789012345678901234567890',
    '0.10',
    '[]',
    '[1, 2]',
  ),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);
/** A value with white space wherever it may be, and with whatever order and repetition of names. */
const { nested } = fc.letrec<{ nested: string; value: string; members: string; items: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, plain, tie('nested')),
  members: fc
    .array(fc.tuple(space, fc.string({ unit: 'binary' }), space, tie('value')), { maxLength: 4 })
    .map((all) =>
      all.map(([a, name, b, value]) => `${a}${JSON.stringify(name)}${b}:${a}${value}${b}`).join(),
    ),
  items: fc.array(tie('value'), { maxLength: 3 }).map((all) => all.join()),
  nested: fc.oneof(
    fc.tuple(space, tie('members')).map(([gap, members]) => `{${gap}${members}}`),
    fc.tuple(space, tie('items')).map(([gap, items]) => `[${gap}{}${items && `,${items}`}]`),
  ),
}));
const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('data', '__proto__', 'constructor', 'toString', '', '0'),
);

describe('the members of a body', () => {
  it('that are nested are kept as they were sent, to the letter', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, nested, space), { minLength: 1 }), (members) => {
        const text = members.map(
          ([key, value, gap]) => `${gap}${JSON.stringify(key)}${gap}:${gap}${value}${gap}`,
        );
        const parsed = body(`{${text.join()}}`);
        // A repeated name counts as its last.
        const expected = new Map(members.map(([key, value]) => [key, value]));
        expect(new Set(Object.keys(parsed))).toEqual(new Set(expected.keys()));
        for (const [key, value] of expected) {
          expect(Object.getOwnPropertyDescriptor(parsed, key)?.value).toEqual(new JsonText(value));
        }
      }),
    );
  });

  it('that are not are what JSON.parse makes of them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, plain)), nested, (members, value) => {
        const flat = members.map(([key, text]) => `${JSON.stringify(key)}: ${text}`);
        const expected = JSON.parse(`{${flat.join()}}`) as object;
        expect(body(`{${flat.join()}}`)).toEqual(expected);
        // Beside a nested one, too.
        const { nestedOne: _, ...others } = body(`{${[...flat, `"nestedOne": ${value}`].join()}}`);
        expect(others).toEqual(expected);
      }),
    );
  });

  it.each([
    ['key order', '{"b": 1, "a": 2, "10": 3, "9": 4}'],
    ['repeated keys', '{"a": 1, "a": 2}'],
    ['big and precise numbers', '{"id": 12345678901234567890, "price": 1.10, "far": 1e999, "minus": -0}'],
    ['escapes as they were chosen', '{"\\u0061": "\\ud83d\\udc1d \\/ \\u2028", "lone": "\\ud800"}'],
    ['characters that need no escape', '{"🐝": "\u2028\u2029\u007f\ufeff"}'],
    ['names of Object.prototype', '{"__proto__": {"admin": true}, "constructor": {"prototype": 1}}'],
    ['texts that look like JSON', '{"a": "{\\"data\\": [1,2}}", "b": "// no comment", "c": "/* nor */"}'],
    ['nothing', '{}'],
  ])('keep %s', (_, data) => {
    expect(dataOf(`{"login": "ada", "data": ${data} , "role": 1}`)).toBe(data);
  });

  it('count as their last where a name is repeated, also in another spelling', () => {
    expect(dataOf('{"data": {"a": 1}, "d\\u0061ta": {"b": 2}}')).toBe('{"b": 2}');
    expect(body('{"data": {"a": 1}, "data": null, "more": {}}')['data']).toBeNull();
    expect(dataOf('{"data": null, "data": {"a": 1}}')).toBe('{"a": 1}');
  });

  it('may be nested as deep as there may be members', () => {
    const deep = (depth: number) => '{"a":'.repeat(depth) + '[]' + '}'.repeat(depth);
    expect(dataOf(`{"data":${deep(MOST_MEMBERS - 1)}}`)).toBe(deep(MOST_MEMBERS - 1));
    expect(() => parse(`{"data":${deep(MOST_MEMBERS)}}`)).toThrow('The body has more than 16384 members');
  });

  it('named __proto__ are members, and change no prototype', () => {
    const parsed = body('{"__proto__": {"role": 0}, "data": {"a": 1}}');
    expect(Object.keys(parsed)).toEqual(['__proto__', 'data']);
    expect(parsed['role']).toBeUndefined();
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });
});

describe('a body', () => {
  it.each(['', ' ', '\r\n\t '])('that is empty (%j) counts as {}', (text) => {
    expect(parse(text)).toEqual({});
  });

  it.each(['[]', '[{"a": {"b": 1}}]', '"text"', '1', 'null', 'true'])(
    'that is no object, %s, is parsed as it is',
    (text) => {
      expect(parse(text)).toEqual(JSON.parse(text));
    },
  );

  it.each([
    '{',
    '{"data": {"a": 1}',
    '{"data": {},}',
    '{data: {}}',
    "{'data': {}}",
    '{"data": {"a": 01}}',
    '{"data": {} // comment\n}',
    '{"data": {"a": NaN}}',
    '{"data": {}} {}',
    '{"data": {"a": "\u0000"}}',
    '\u00a0',
    '\ufeff{}',
  ])('that is not JSON, %j, is refused', (text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  });
});

describe('a body of more than any valid one', () => {
  const KIB = 1024;
  /** The status and the fields of the error. */
  const refusal = (text: string, mostMembers?: number) => {
    try {
      parse(text, mostMembers);
    } catch (error) {
      const { status, details } = error as ApiError;
      return { status, fields: details?.map(({ field }) => field) };
    }
    return undefined;
  };
  const members = (count: number) =>
    Array.from({ length: count }, (_, index) => `"${index.toString(36)}":0`).join();

  it('has members beyond the bound, wherever they are: 413', () => {
    for (const most of [1, 16, MOST_MEMBERS]) {
      const tooMany = { status: 413, fields: undefined };
      expect(refusal(`{${members(most)}}`, most)).toBeUndefined();
      expect(refusal(`{${members(most + 1)}}`, most)).toEqual(tooMany);
      expect(refusal(`{"data":{${members(most - 1)}}}`, most)).toBeUndefined();
      expect(refusal(`{"data":{${members(most)}}}`, most)).toEqual(tooMany);
      expect(refusal(`[${'{"":0},'.repeat(most + 1)}0]`, most)).toEqual(tooMany);
    }
    // Also where it is too much in other ways.
    const large = Array.from({ length: MOST_MEMBERS + 1 }, (_, index) => `"a longer name ${index}": {}`);
    expect(refusal(`{${large.join()}}`)).toEqual({ status: 413, fields: undefined });
  });

  it('counts members as JSON.parse finds them, and no colon in a text', () => {
    const count = (value: unknown): number =>
      typeof value !== 'object' || value === null
        ? 0
        : Object.values(value).reduce(
            (sum: number, item) => sum + count(item),
            Array.isArray(value) ? 0 : Object.keys(value).length,
          );
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        expect(refusal(text, count(value))).toBeUndefined();
        if (count(value) > 0)
          expect(refusal(text, count(value) - 1)).toEqual({ status: 413, fields: undefined });
      }),
    );
  });

  it('has more values than 64 KiB of data can have: 400, with the field in which it is', () => {
    for (const [data, field] of [
      [`[${'[],'.repeat(64 * KIB)}0]`, 'data'],
      ['['.repeat(512 * KIB), 'data'],
      [`{}, "a\\"b": {"data": [${'0,'.repeat(96 * KIB)}0]}`, 'a\\'],
      [`{}, "${'é'.repeat(100)}": [${'0,'.repeat(96 * KIB)}0]`, 'é'.repeat(32)],
    ] as const) {
      expect(refusal(`{"login": "ada", "data": ${data}}`)).toEqual({ status: 400, fields: [field] });
    }
    expect(refusal('['.repeat(512 * KIB))).toEqual({ status: 400, fields: ['body'] });
  });

  it('is not one with all the data that a user may have', () => {
    for (const item of ['[]', '{}', '0', '""', '{"":0}', '[0]']) {
      const data = `[${item}${`,${item}`.repeat((64 * KIB - 2) / (item.length + 1) - 1)}]`;
      expect(refusal(`{"data":${data}}`)).toBeUndefined();
    }
    expect(refusal(`{"data":${'['.repeat(32 * KIB)}${']'.repeat(32 * KIB)}}`)).toBeUndefined();
  });

  it.each([[[0xff]], [[0xe2, 0x82]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]]])(
    'is one that is not UTF-8: %j',
    (bytes) => {
      const text = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
      expect(() => parseJsonBody(text, MOST_MEMBERS)).toThrow(SyntaxError);
    },
  );

  it('or any other, is parsed or refused as JSON.parse does it', () => {
    const part = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      ' ',
      '"a"',
      '1',
      '-',
      'true',
      'é',
      '\u0001',
      '🐝',
      '\u00a0',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const isJson = (read: () => unknown) => {
          try {
            read();
            return true;
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError);
            return false;
          }
        };
        if (text.trim() !== '') expect(isJson(() => parse(text))).toBe(isJson(() => JSON.parse(text)));
      }),
      { numRuns: 2000 },
    );
  });
});

it('what comes in goes out as it was', () => {
  fc.assert(
    fc.property(nested, (data) => {
      expect(stringify({ data: body(`{"data":${data}}`)['data'] })).toBe(`{"data":${data}}`);
    }),
  );
});
