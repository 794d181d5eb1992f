import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonText, stringify } from '../text/json-text.js';
import { parseJsonBody } from './json-body.js';

const body = (text: string) => parseJsonBody(text) as Record<string, unknown>;
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

  it('may be nested as deep as a body is long', () => {
    const deep = '{"a":'.repeat(150_000) + '[]' + '}'.repeat(150_000);
    expect(dataOf(`{"data":${deep}}`)).toBe(deep);
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
    expect(parseJsonBody(text)).toEqual({});
  });

  it.each(['[]', '[{"a": {"b": 1}}]', '"text"', '1', 'null', 'true'])(
    'that is no object, %s, is parsed as it is',
    (text) => {
      expect(parseJsonBody(text)).toEqual(JSON.parse(text));
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
    expect(() => parseJsonBody(text)).toThrow(SyntaxError);
  });
});

it('what comes in goes out as it was', () => {
  fc.assert(
    fc.property(nested, (data) => {
      expect(stringify({ data: body(`{"data":${data}}`)['data'] })).toBe(`{"data":${data}}`);
    }),
  );
});
