/** Counts the characters of a text: Unicode code points, not bytes or UTF-16 units. */
export const countCharacters = (text: string): number => Array.from(text).length;

/** Returns the first `count` characters of a text. */
export function firstCharacters(text: string, count: number): string {
  // A character has one or two UTF-16 units.
  if (text.length <= count) return text;
  return Array.from(text.slice(0, 2 * count))
    .slice(0, count)
    .join('');
}
