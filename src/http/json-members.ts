/** Bytes of JSON's syntax. */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** The kinds of bytes outside of strings: those of numbers and words, white space, and the rest. */
const PLAIN = 0;
const WHITE_SPACE = 1;
const SYNTAX = 2;
const KINDS = new Uint8Array(256);
for (const byte of [SPACE, TAB, LINE_FEED, CARRIAGE_RETURN]) KINDS[byte] = WHITE_SPACE;
for (const byte of [QUOTE, COMMA, COLON, OPENING_BRACKET, CLOSING_BRACKET, OPENING_BRACE, CLOSING_BRACE])
  KINDS[byte] = SYNTAX;
/** Maximum length of a name in an error, in bytes. */
const LONGEST_NAME = 64;

/** Limits of the content of a body. They keep the time to parse it in bounds, whatever its size is. */
export interface ContentLimits {
  /** Members, those of nested objects included. */
  readonly members: number;
  /** Objects, arrays, and commas between values. */
  readonly values: number;
}

/** A member of a body whose value is an object or an array. Offsets are those of the body as text. */
export interface NestedMember {
  /** Of the name with its quotes. */
  readonly nameStart: number;
  readonly nameEnd: number;
  /** Of the value, perhaps with white space at its end. */
  readonly start: number;
  readonly end: number;
}

/** What {@link readMembers} has seen. */
export interface Members {
  /** Those of the body itself, not those of its members. */
  readonly nested: readonly NestedMember[];
  /** Whether there is anything but white space. */
  readonly isEmpty: boolean;
  /** Whether all bytes in strings are ASCII. */
  readonly isAscii: boolean;
}

/** A body exceeds a limit: which one, and the member of the body in which it does; undefined: in none. */
export class ContentLimitExceeded extends Error {
  constructor(
    readonly limit: keyof ContentLimits,
    /** As it was sent, cut short. */
    readonly member: string | undefined,
  ) {
    super(`More ${limit} than the limit`);
  }
}

/**
 * Reads a JSON body once, from its bytes: counts what it contains, and finds the members of the body whose values are
 * nested. Takes about a millisecond for 1 MiB. What it returns for bytes that are not JSON has no meaning.
 *
 * @throws {ContentLimitExceeded}
 */
export function readMembers(body: Uint8Array, limits: ContentLimits): Members {
  const nested: NestedMember[] = [];
  let depth = 0;
  let members = 0;
  let values = 0;
  let whiteSpace = 0;
  /** How many bytes more than UTF-16 units there were. */
  let wider = 0;
  /** The last string that began at depth 1, with its quotes. Before a colon, it is the name of a member. */
  let stringAt = -1;
  let stringStart = 0;
  let stringEnd = 0;
  /** Whether a colon came after it. */
  let hasName = false;
  /** Where the value of the current member begins, if it is nested. */
  let start = -1;
  /** Not thrown at once: too many members count first. */
  let tooMuch: ContentLimitExceeded | undefined;
  const exceeded = (limit: keyof ContentLimits) =>
    new ContentLimitExceeded(limit, stringAt < 0 ? undefined : beginningOf(body, stringAt + 1));
  const endMember = (end: number) => {
    if (start >= 0 && !tooMuch) nested.push({ nameStart: stringStart, nameEnd: stringEnd, start, end });
    start = -1;
    hasName = false;
  };

  const { length } = body;
  for (let at = 0; at < length; at += 1) {
    const byte = body[at] ?? 0;
    const kind = KINDS[byte];
    if (kind === PLAIN) continue;
    if (kind === WHITE_SPACE) {
      whiteSpace += 1;
      continue;
    }
    switch (byte) {
      case QUOTE: {
        // The value of a member is no name: it comes after one that has no comma behind it yet.
        const isName = depth === 1 && !hasName;
        if (isName) {
          stringAt = at;
          stringStart = at - wider;
        }
        at += 1;
        for (; at < length && body[at] !== QUOTE; at += 1) {
          const inside = body[at] ?? 0;
          if (inside === BACKSLASH) at += 1;
          // The bytes of a character after its first; one of four bytes is two UTF-16 units.
          else if (inside >= 0x80) wider += inside < 0xc0 ? 1 : inside >= 0xf0 ? -1 : 0;
        }
        if (isName) stringEnd = at + 1 - wider;
        break;
      }
      case COLON:
        if ((members += 1) > limits.members) throw exceeded('members');
        if (depth === 1) hasName = true;
        break;
      case COMMA:
        if ((values += 1) > limits.values) tooMuch ??= exceeded('values');
        if (depth === 1) endMember(at - wider);
        break;
      case OPENING_BRACE:
      case OPENING_BRACKET:
        if ((values += 1) > limits.values) tooMuch ??= exceeded('values');
        if (depth === 1) start = at - wider;
        depth += 1;
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        depth -= 1;
        if (depth === 0) endMember(at - wider);
        break;
    }
  }
  if (tooMuch) throw tooMuch;
  return { nested, isEmpty: whiteSpace === length, isAscii: wider === 0 };
}

/** Returns the beginning of the name whose bytes begin at `at`. */
function beginningOf(body: Uint8Array, at: number): string {
  const bytes = body.subarray(at, at + LONGEST_NAME);
  const end = bytes.indexOf(QUOTE);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString();
}
