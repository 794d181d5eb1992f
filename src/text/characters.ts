/** The characters of a text: Unicode code points, neither bytes nor UTF-16 units. */
export const countCharacters = (text: string): number => Array.from(text).length;
