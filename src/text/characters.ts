/** Counts the characters of a text: Unicode code points, not bytes or UTF-16 units. */
export const countCharacters = (text: string): number => Array.from(text).length;

/** Returns the first `count` characters of a text. */
export const firstCharacters = (text: string, count: number): string =>
  // A character has at most two UTF-16 units.
  Array.from(text.slice(0, 2 * count))
    .slice(0, count)
    .join('');
