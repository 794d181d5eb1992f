import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertMatch, etagOf } from './etag.js';

const versions = fc.nat();
const matches = (ifMatch: string | undefined, version: number) => {
  try {
    assertMatch(ifMatch, version);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ status: 412 });
    return false;
  }
};

describe('If-Match', () => {
  it('holds for the version that there is, and for no other', () => {
    fc.assert(
      fc.property(versions, versions, (sent, present) => {
        expect(matches(etagOf(sent), present)).toBe(sent === present);
      }),
    );
  });

  it('holds when one of a list does', () => {
    fc.assert(
      fc.property(
        fc.array(versions),
        versions,
        fc.constantFrom(',', ', ', ' ,\t'),
        (sent, present, comma) => {
          expect(matches(sent.map(etagOf).join(comma), present)).toBe(sent.includes(present));
        },
      ),
    );
  });

  it.each([undefined, '*', ' * '])('%j holds always', (ifMatch) => {
    expect(matches(ifMatch, 5)).toBe(true);
  });

  it.each(['', '5', "'5'", 'W/"5"', 'w/"5"', '"05"', '"5" "6"', '"*"', '"5', '" 5"'])(
    '%j does not hold for version 5',
    (ifMatch) => {
      expect(matches(ifMatch, 5)).toBe(false);
    },
  );
});

it('an entity tag is a quoted, strong one', () => {
  expect(etagOf(12)).toBe('"12"');
});
