import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertConditions, recordTagOf } from './etag.js';

const RECORD = '7.3';
const WHOLE = '7.3-mk0lq2vc-hash';

const isRefused = async (conditions: { ifMatch?: string; ifNoneMatch?: string }, record = RECORD) => {
  const { ifMatch, ifNoneMatch } = conditions;
  try {
    await assertConditions({ ifMatch, ifNoneMatch }, record, () => WHOLE.replace(RECORD, record));
    return false;
  } catch (error) {
    expect(error).toMatchObject({ status: 412 });
    return true;
  }
};
const matches = async (ifMatch: string, record?: string) => !(await isRefused({ ifMatch }, record));
const noneMatches = (ifNoneMatch: string) => isRefused({ ifNoneMatch });

/** What may stand between the quotes of a tag. */
const opaque = fc.stringMatching(/^[\x21\x23-\x7E\x80-\xFF]*$/);
const comma = fc.constantFrom(',', ', ', ' ,\t', ',,', ', ,');
/** No lists of tags. */
const MALFORMED = [
  '7.3',
  "'7.3'",
  '"7.3',
  '7.3"',
  '"7.3" "8.1"',
  '"8.1" "7.3"',
  '"7.3", *',
  '*, "7.3"',
  '"7.3";q=1',
  'w/"7.3"',
  'W /"7.3"',
  'W/7.3',
  '"7.3", x',
  'x, "7.3"',
  '"7.3"\0',
];

describe('If-Match', () => {
  it('holds for the version that there is, and for no other, whatever else the tag tells', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ id: fc.nat(9), version: fc.nat(9) }),
        fc.record({ id: fc.nat(9), version: fc.nat(9) }),
        fc.constantFrom('', '-', '-mk0lq2vc', '-mk0lq2vc-hash'),
        async (sent, present, more) => {
          const isSame = sent.id === present.id && sent.version === present.version;
          expect(await matches(`"${recordTagOf(sent)}${more}"`, recordTagOf(present))).toBe(isSame);
        },
      ),
    );
  });

  it('holds when one of a list does, and commas inside a tag part nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(opaque), fc.array(opaque), comma, async (before, after, between) => {
        const listOf = (...tags: string[]) => tags.map((tag) => `"${tag}"`).join(between);
        const holds = [...before, ...after].some((tag) => tag.split('-', 1)[0] === RECORD);
        expect(await matches(listOf(...before, ...after))).toBe(holds);
        expect(await matches(listOf(...before, WHOLE, ...after))).toBe(true);
      }),
    );
    expect(await matches('"a,7.3,b"')).toBe(false);
    expect(await matches('"a,b", "7.3"')).toBe(true);
  });

  it.each(['*', ' * ', '"7.3"', ',"7.3",', ', , "7.3"', '"7.3-anything"'])('%j holds', async (ifMatch) => {
    expect(await matches(ifMatch)).toBe(true);
  });

  it.each([
    ...['', ',', '""', '"*"', '"7.30"', '"7.03"', '" 7.3"', '"7.3 "', '"17.3"', '"7.3.1"', '"-7.3"'],
    ...['W/"7.3"', `W/"${WHOLE}"`, '"8.3", W/"7.3"'],
    ...MALFORMED,
  ])('%j does not hold', async (ifMatch) => {
    expect(await matches(ifMatch)).toBe(false);
  });
});

describe('If-None-Match', () => {
  it.each([
    '*',
    `"${WHOLE}"`,
    `W/"${WHOLE}"`,
    `"a", W/"${WHOLE}" ,"b"`,
    `"a,b","${WHOLE}"`,
    `,W/"${WHOLE}",`,
  ])('%j matches', async (ifNoneMatch) => {
    expect(await noneMatches(ifNoneMatch)).toBe(true);
  });

  it.each([
    ...['', ',', '"7.3"', 'W/"7.3"', '"7.3-mk0lq2vc"', `"a,${WHOLE}"`, `"W/${WHOLE}"`],
    ...[WHOLE, `w/"${WHOLE}"`, `"${WHOLE}" "a"`, `"${WHOLE}", *`, `"${WHOLE}`],
  ])('%j does not match', async (ifNoneMatch) => {
    expect(await noneMatches(ifNoneMatch)).toBe(false);
  });

  it('is not compared when If-Match does not hold, and the whole tag is not made for nothing', async () => {
    const make = () => {
      throw new Error('made for nothing');
    };
    await expect(assertConditions({ ifMatch: '"1.1"', ifNoneMatch: '"x"' }, RECORD, make)).rejects.toThrow(
      'The resource has been changed',
    );
    await assertConditions({ ifMatch: '"7.3"', ifNoneMatch: undefined }, RECORD, make);
  });
});
