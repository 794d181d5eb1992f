import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LikePattern } from './like-pattern.js';

describe('a pattern', () => {
  it.each([
    ['', '', ''],
    ['ada', 'ada', 'ada'],
    ['a%b_c', 'a%b_c', 'a'],
    ['\\%', '!%', '%'],
    ['\\_\\\\', '!_\\', '_\\'],
    ['a!b', 'a!!b', 'a!b'],
    // A backslash that escapes nothing stands for itself, also at the end.
    ['a\\b', 'a\\b', 'a\\b'],
    ['a\\', 'a\\', 'a\\'],
    ['\\\\\\', '\\\\', '\\\\'],
    ['\\!', '\\!!', '\\!'],
    ['\\\\%', '\\%', '\\'],
    ['\\\\\\%', '\\!%', '\\%'],
    ['😀_', '😀_', '😀'],
  ])('%j is %j to the database, and its matches begin with %j', (text, pattern, prefix) => {
    expect(new LikePattern(text)).toMatchObject({ pattern, prefix, escape: '!' });
  });

  it.each([
    ['ab%', 'ac'],
    ['a\u{d7ff}', 'a\u{e000}'],
    ['a\u{ffff}', 'a\u{10000}'],
    ['a\u{10ffff}', undefined],
    ['%', undefined],
    ['', undefined],
  ])('%j limits its matches to those before %j', (text, end) => {
    expect(new LikePattern(text).afterPrefix).toBe(end);
  });

  it('has a range that holds exactly the texts with its prefix', () => {
    const text = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(
        text.filter((it) => it !== ''),
        text,
        (begin, other) => {
          const { prefix, afterPrefix } = new LikePattern(begin.replaceAll(/[\\%_]/g, 'x'));
          const isWithin = (value: string) =>
            Buffer.compare(Buffer.from(prefix), Buffer.from(value)) <= 0 &&
            (afterPrefix === undefined || Buffer.compare(Buffer.from(value), Buffer.from(afterPrefix)) < 0);
          expect(isWithin(prefix + other)).toBe(true);
          if (afterPrefix !== undefined) expect(isWithin(other)).toBe(other.startsWith(prefix));
        },
      ),
    );
  });
});
