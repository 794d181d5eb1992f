import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStorableText, StorableText } from './storable-text.js';

class Named {
  @StorableText(1, 4)
  name!: unknown;
}
const isValid = (name: unknown) => validateSync(Object.assign(new Named(), { name })).length === 0;

describe('a text that both databases keep', () => {
  it('has no NUL and no half of a surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(isStorableText(text)).toBe(!text.includes('\0'));
        expect(isStorableText(`${text}\0`)).toBe(false);
        expect(isStorableText(`${text}\ud83d`)).toBe(false);
        expect(isStorableText(`\udc1d${text}`)).toBe(false);
      }),
    );
  });

  it('may hold anything else', () => {
    expect(isStorableText('é e\u0301 🐝 \u2028 \u0001 \uffff \ufeff')).toBe(true);
  });
});

describe('a field of 1 to 4 characters', () => {
  it.each(['a', 'abcd', '🐝🐝🐝🐝', ' ', 'e\u0301'])('takes %j', (name) => {
    expect(isValid(name)).toBe(true);
  });

  it.each(['', 'abcde', '🐝🐝🐝🐝🐝', 'a\0', '\ud83d', 7, null, undefined, ['a'], { length: 2 }])(
    'does not take %j',
    (name) => {
      expect(isValid(name)).toBe(false);
    },
  );

  it('says which field it is and what it takes', () => {
    const [error] = validateSync(Object.assign(new Named(), { name: '' }));
    expect(Object.values(error?.constraints ?? {})).toEqual(['name must be a text of 1 to 4 characters']);
  });
});
