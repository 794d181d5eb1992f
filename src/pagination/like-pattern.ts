/** The escape character of the patterns that the database gets. Not `\`, whose meaning in SQL texts is a setting. */
const ESCAPE = '!';
const LAST_CODE_POINT = 0x10ffff;

/**
 * A pattern of the API (contract.md §3): `%` is any text, `_` any character, and `\` escapes both and itself. A `\` that
 * escapes nothing stands for itself.
 */
export class LikePattern {
  /** The pattern of an SQL LIKE with {@link escape}: the same in every database. */
  readonly pattern: string;
  readonly escape = ESCAPE;
  /** The text that all matches begin with. */
  readonly prefix: string;
  /** The first text, by code points, that is behind all texts which begin with the prefix; undefined: there is none. */
  readonly afterPrefix: string | undefined;

  constructor(text: string) {
    // An escaped character, a wildcard, or any other character.
    const parts = [...text.matchAll(/\\([%_\\])|([%_])|[^]/gu)];
    const isWildcard = ([, , wildcard]: RegExpExecArray) => wildcard !== undefined;
    const literal = ([whole, escaped]: RegExpExecArray) => escaped ?? whole;
    this.pattern = parts
      .map((part) => (isWildcard(part) ? part[0] : literal(part).replace(/[%_!]/, `${ESCAPE}$&`)))
      .join('');
    const end = parts.findIndex(isWildcard);
    const begin = parts.slice(0, end < 0 ? undefined : end).map(literal);
    this.prefix = begin.join('');
    this.afterPrefix = successorOf(begin);
  }
}

function successorOf(characters: readonly string[]): string | undefined {
  const last = characters.at(-1)?.codePointAt(0);
  if (last === undefined || last === LAST_CODE_POINT) return undefined;
  // No character is a surrogate.
  const next = last === 0xd7ff ? 0xe000 : last + 1;
  return characters.slice(0, -1).join('') + String.fromCodePoint(next);
}
