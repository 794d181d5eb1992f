import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameJson, mergePatch, parseTree } from './json-tree.js';

/** A plain value of JSON. */
type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [name: string]: Json;
}

/*
 * No name begins with a backslash: once JSON.parse of Node 24 and 26 has read an object whose last member is called `\`, it
 * gives the next one that is escaped and of the same length this name.
 */
const names = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c') },
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '',
    '0',
    '10',
    '"',
    'a\\',
    '\u2028',
    '🐝',
    '\ud800',
  ),
);
const { value: values, object: objects } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json[]>(null, true, false, 0, -1.5, 1e300, '', 'text', '{"a":1}', '\\"'),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));
const spaces = fc.infiniteStream(fc.constantFrom('', '', ' ', '\n', '\t \r'));
const escapes = fc.infiniteStream(fc.boolean());

/** Writes a value with white space, and with characters escaped that need not be. */
function write(value: Json, space: Iterator<string>, escape: Iterator<boolean>): string {
  const gap = () => String(space.next().value);
  const text = (from: string) =>
    escape.next().value === true
      ? `"${Array.from(from, (unit) => [...Array(unit.length).keys()].map((at) => `\\u${unit.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')).join('')}"`
      : JSON.stringify(from);
  const inside = (item: Json): string => `${gap()}${write(item, space, escape)}${gap()}`;
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${value.length === 0 ? gap() : value.map(inside).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${gap()}${text(name)}${gap()}:${inside(member)}`,
  );
  return `{${members.length === 0 ? gap() : members.join()}}`;
}

/** RFC 7396 §2, in its own words. */
function reference(target: Json | undefined, patch: Json): Json {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === 'object' && target !== null && !Array.isArray(target);
  const result = new Map<string, Json>(isObject ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, reference(result.get(name), value));
  }
  return Object.fromEntries(result);
}

const deep = (depth: number, inside = '0') => '{"a":'.repeat(depth) + inside + '}'.repeat(depth);

describe('a merge', () => {
  /** RFC 7396, Appendix A. */
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('of %s and %s is %s', (target, patch, result) => {
    expect(mergePatch(target, patch)).toBe(result);
  });

  it('of any two values, however they are written, is what the RFC says', () => {
    const value = fc.oneof({ weight: 3, arbitrary: objects }, values);
    fc.assert(
      fc.property(value, value, spaces, escapes, (target, patch, space, escape) => {
        const merged = mergePatch(write(target, space, escape), write(patch, space, escape));
        expect(JSON.parse(merged)).toEqual(reference(target, patch));
        expect(isSameJson(merged, JSON.stringify(reference(target, patch)))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [
      'members that the patch does not name keep their text, white space and numbers',
      '{ "big" : 1e400 ,\n"a":1,\t"p":1.0,"z":{ "x":-0, "x" : 0 }}',
      '{"a":2.50}',
      '{ "big" : 1e400 ,\n"a":2.50,\t"p":1.0,"z":{ "x":-0, "x" : 0 }}',
    ],
    [
      'merged members are written as sent',
      '{"a":1}',
      '{ "a" : 1.0, "b":\t[ 1 , {"c":null} ] }',
      '{"a" : 1.0,"b":\t[ 1 , {"c":null} ]}',
    ],
    [
      'a new object is written as sent',
      '{}',
      '{"a":{ "b" : 1 , "c" : [ ] }}',
      '{"a":{ "b" : 1 , "c" : [ ] }}',
    ],
    [
      'its members that are null are left out',
      '{}',
      '{"a":{"b":null, "c":1,"d":{"e":null}}}',
      '{"a":{ "c":1,"d":{}}}',
    ],
    ['names are compared decoded', '{"\\u0061":1,"b":2}', '{"a":3,"\\u0062":null}', '{"a":3}'],
    [
      'of a name that occurs twice, all are replaced',
      '{"a":1,"b":2,"\\u0061":3}',
      '{"a":4}',
      '{"b":2,"a":4}',
    ],
    ['and removed', '{"a":1,"b":2,"a":{}}', '{"a":null}', '{"b":2}'],
    ['and the last is merged', '{"a":{"x":1},"a":{"y":2}}', '{"a":{"z":3}}', '{"a":{"y":2,"z":3}}'],
    [
      'the last of the patch counts',
      '{"a":1}',
      '{"a":null,"b":1,"a":2,"b":null,"c":{"d":1,"d":2}}',
      '{"a":2,"c":{"d":2}}',
    ],
    [
      '__proto__ is a name',
      '{"__proto__":{"a":1},"toString":1}',
      '{"__proto__":{"b":2}}',
      '{"__proto__":{"a":1,"b":2},"toString":1}',
    ],
    ['and is removed', '{"__proto__":{"a":1}}', '{"__proto__":null,"constructor":null}', '{}'],
  ])('%s', (_, target, patch, result) => {
    expect(mergePatch(target, patch)).toBe(result);
  });

  it('goes as deep as the text', () => {
    const most = 10_000;
    expect(mergePatch(deep(most), deep(most, '1'))).toBe(deep(most, '1'));
    expect(mergePatch(deep(most), '{"b":1}')).toBe(`${deep(most).slice(0, -1)},"b":1}`);
    expect(mergePatch(deep(most), deep(most, 'null'))).toBe(deep(most - 1, '{}'));
    const brackets = `{"a":${'['.repeat(32_000)}${']'.repeat(32_000)}}`;
    expect(mergePatch(brackets, '{"a":1}')).toBe('{"a":1}');
    expect(mergePatch('{"a":{}}', brackets)).toBe(brackets);
  });

  it('has no limit on members', () => {
    const members = (from: number, value: string) =>
      `{${Array.from({ length: 16_384 }, (_, index) => `"${from + index}":${value}`).join()}}`;
    expect(mergePatch(members(0, '1'), members(0, '2'))).toBe(members(0, '2'));
    expect(mergePatch(members(0, '1'), members(0, 'null'))).toBe('{}');
    expect(JSON.parse(mergePatch(members(0, '1'), members(8192, '2')))).toEqual(
      reference(JSON.parse(members(0, '1')) as Json, JSON.parse(members(8192, '2')) as Json),
    );
  });
});

describe('two texts', () => {
  it('are the same however one value is written', () => {
    fc.assert(
      fc.property(values, spaces, escapes, (value, space, escape) => {
        expect(isSameJson(write(value, space, escape), write(value, space, escape))).toBe(true);
      }),
    );
  });

  it('are the same where their values are, and not otherwise', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const same =
          JSON.stringify(reference({}, { '': one })) === JSON.stringify(reference({}, { '': other }));
        fc.pre(!same);
        let isEqual = true;
        try {
          expect(one).toEqual(other);
        } catch {
          isEqual = false;
        }
        expect(isSameJson(JSON.stringify(one), JSON.stringify(other))).toBe(isEqual);
      }),
    );
  });

  it.each([
    ['{"a":1,"b":2}', '{ "b" : 2, "\\u0061":1 }'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"a":{"b":1},"\\u0061":[1]}', '{"a":[ 1 ]}'],
    ['["\\u00e9","\\/","\\ud83d\\udc1d","\\ud800"]', '["é","/","🐝","\\uD800"]'],
    ['{"n":1e400}', '{"n" :1e400}'],
    ['{}', '{ }'],
    ['[]', '[\n]'],
  ])('%s and %s are the same', (one, other) => {
    expect(isSameJson(one, other)).toBe(true);
    expect(isSameJson(other, one)).toBe(true);
  });

  it.each([
    ['1', '1.0'],
    ['1e2', '1E2'],
    ['-0', '0'],
    ['1e400', '1e401'],
    ['1', '"1"'],
    ['null', '"null"'],
    ['[]', '{}'],
    ['[1,2]', '[2,1]'],
    ['[1]', '[1,1]'],
    ['{"a":1}', '{"a":1,"b":null}'],
    ['{"a":1,"b":2}', '{"a":2,"b":1}'],
    ['{"a":2,"a":1}', '{"a":2}'],
    ['{"a":null}', '{"b":null}'],
    ['{"__proto__":1}', '{}'],
    ['{"a":{}}', '{"a":[]}'],
    ['"a"', '"a "'],
    ['"\\ud800"', '"\\ufffd"'],
  ])('%s and %s are not', (one, other) => {
    expect(isSameJson(one, other)).toBe(false);
    expect(isSameJson(other, one)).toBe(false);
  });

  it('are compared as deep as they go', () => {
    expect(isSameJson(deep(10_000), `${deep(10_000)} `)).toBe(true);
    expect(isSameJson(deep(10_000), deep(10_000, '1'))).toBe(false);
  });
});

it.each([
  ['1', 0],
  ['"[[{"', 0],
  ['{}', 1],
  ['{"a":{"b":[1]},"c":[{},{}]}', 3],
  [deep(10_000), 10_000],
])('the depth of %s is %i', (text, depth) => {
  expect(parseTree(text).depth).toBe(depth);
});
