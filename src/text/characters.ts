/** Counts the characters of a text: Unicode code points, not bytes or UTF-16 units. */
export const countCharacters = (text: string): number => Array.from(text).length;
