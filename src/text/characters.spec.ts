import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countCharacters, firstCharacters } from './characters.js';

it.each([
  ['', 0],
  ['ada', 3],
  ['é', 1],
  ['e\u0301', 2],
  ['🐝', 1],
  ['👩‍🚀', 3],
  ['\ud83d', 1],
  ['\0', 1],
])('%j has %i', (text, count) => {
  expect(countCharacters(text)).toBe(count);
});

it('texts put together have as many as both, however wide each character is', () => {
  const character = fc.constantFrom('a', 'é', '語', '🐝');
  fc.assert(
    fc.property(fc.array(character), fc.array(character), (a, b) => {
      expect(countCharacters([...a, ...b].join(''))).toBe(a.length + b.length);
    }),
  );
});

it.each([
  ['', ''],
  ['ab', 'ab'],
  ['abc', 'ab'],
  ['🐝🐝', '🐝🐝'],
  ['🐝🐝🐝', '🐝🐝'],
  ['a🐝c', 'a🐝'],
])('the first two of %j are %j', (text, first) => {
  expect(firstCharacters(text, 2)).toBe(first);
});
