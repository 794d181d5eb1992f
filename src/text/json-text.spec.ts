import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JsonText, stringify } from './json-text.js';

it('what holds no text of its own is written as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(stringify(value)).toBe(JSON.stringify(value));
    }),
  );
});

it('texts are written as they are, each in its place, whatever is around them', () => {
  const texts = fc.array(fc.tuple(fc.jsonValue(), fc.json()));
  fc.assert(
    fc.property(texts, (pairs) => {
      const rows = pairs.map(([value, text]) => ({
        value,
        data: new JsonText(text),
        again: [new JsonText(text)],
      }));
      const expected = pairs.map(
        ([value, text]) => `{"value":${JSON.stringify(value)},"data":${text},"again":[${text}]}`,
      );
      expect(stringify(rows)).toBe(`[${expected.join()}]`);
    }),
  );
});

it.each(["$& $1 $' $` $$", '\\u0000', '🐝'])('%j in a text is nothing special', (text) => {
  const json = JSON.stringify({ text });
  expect(stringify({ data: new JsonText(json) })).toBe(`{"data":${json}}`);
});

it('what a text leaves behind cannot be used to read another', () => {
  const mark = (JSON.parse(JSON.stringify(new JsonText('{"secret": 1}'))) as string).replace(/\d+$/, '');
  const first = new JsonText('{"a": 1}');
  // Even with the mark in hand, a text is copied and not looked into.
  expect(stringify({ a: first, b: new JsonText(`{"b": "${mark}0"}`) })).toBe(
    `{"a":{"a": 1},"b":{"b": "${mark}0"}}`,
  );
});

it('its size is in bytes of UTF-8', () => {
  expect(new JsonText('{"a": "é🐝"}').bytes).toBe(8 + 2 + 4 + 1);
});
