/*
 * JSON values as texts: which are equal, and how one is merged into another. The texts are well-formed; they may be
 * nested as deep as their length allows, so nothing here calls itself. The time grows with the length of the texts.
 */

/** Codes of JSON's syntax. */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;

/** A value in a text; `plain`: a number, `true`, `false` or `null`. */
type Kind = 'object' | 'array' | 'string' | 'plain';

/** A value, and where it is in its text. Objects link their members, arrays their items. */
class JsonValue {
  end = 0;
  /** How many members or items it has. */
  size = 0;
  /** Its first and last member or item. */
  first: JsonValue | undefined;
  last: JsonValue | undefined;
  /** The one behind it in the same object or array. */
  next: JsonValue | undefined;
  /** Of a member: the offsets of its name with its quotes. */
  nameStart = 0;
  nameEnd = 0;
  /** Of a member: the offsets between the brace or comma before it and the one behind it. */
  from = 0;
  to = 0;

  constructor(
    readonly kind: Kind,
    readonly text: string,
    readonly start: number,
    /** The object or array that it is in. */
    readonly parent: JsonValue | undefined,
  ) {}
}

/** A text and what is in it. */
export interface JsonTree {
  readonly root: JsonValue;
  /** How many objects and arrays are in one another: 0 for a text or a number. */
  readonly depth: number;
}

/** Reads a well-formed JSON text. */
export function parseTree(text: string): JsonTree {
  const { length } = text;
  let root: JsonValue | undefined;
  /** The object or array that is open. */
  let parent: JsonValue | undefined;
  let depth = 0;
  let deepest = 0;
  /** The offset behind the last brace or comma. */
  let from = 0;
  /** The name whose value comes next. */
  let nameStart = -1;
  let nameEnd = -1;
  /** The first backslash behind `at`. */
  let backslash = -1;

  const add = (kind: Kind, start: number): JsonValue => {
    const value = new JsonValue(kind, text, start, parent);
    root ??= value;
    if (parent === undefined) return value;
    if (parent.last) parent.last.next = value;
    else parent.first = value;
    parent.last = value;
    parent.size += 1;
    if (parent.kind === 'object') {
      value.nameStart = nameStart;
      value.nameEnd = nameEnd;
      value.from = from;
      nameStart = -1;
    }
    return value;
  };
  const endOfString = (start: number): number => {
    let end = start + 1;
    if (backslash < end) backslash = indexOrLength(text, '\\', end);
    const quote = indexOrLength(text, '"', end);
    if (quote < backslash) return quote + 1;
    for (; end < length; end += 1) {
      const code = text.charCodeAt(end);
      if (code === QUOTE) break;
      if (code === BACKSLASH) end += 1;
    }
    return end + 1;
  };

  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= SPACE || code === COLON) continue;
    switch (code) {
      case QUOTE: {
        const end = endOfString(at);
        if (parent?.kind === 'object' && nameStart < 0) {
          nameStart = at;
          nameEnd = end;
        } else add('string', at).end = end;
        at = end - 1;
        break;
      }
      case OPENING_BRACE:
      case OPENING_BRACKET:
        parent = add(code === OPENING_BRACE ? 'object' : 'array', at);
        depth += 1;
        if (depth > deepest) deepest = depth;
        from = at + 1;
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        if (parent === undefined) break;
        if (parent.last) parent.last.to = at;
        parent.end = at + 1;
        parent = parent.parent;
        depth -= 1;
        break;
      case COMMA:
        if (parent?.last) parent.last.to = at;
        from = at + 1;
        break;
      default: {
        const end = endOfPlain(text, at);
        add('plain', at).end = end;
        at = end - 1;
      }
    }
  }
  if (!root) throw new SyntaxError('The text is empty');
  return { root, depth: deepest };
}

function indexOrLength(text: string, wanted: string, from: number): number {
  const index = text.indexOf(wanted, from);
  return index < 0 ? text.length : index;
}

/** Returns the offset behind the number or word that begins at `start`. */
function endOfPlain(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code <= SPACE || code === COMMA || code === CLOSING_BRACE || code === CLOSING_BRACKET) break;
  }
  return end;
}

/** Returns what the string with these offsets means. */
function decode(text: string, start: number, end: number): string {
  const inside = text.slice(start + 1, end - 1);
  return inside.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : inside;
}

const textOf = ({ text, start, end }: JsonValue): string => text.slice(start, end);
const stringOf = ({ text, start, end }: JsonValue): string => decode(text, start, end);
const isNull = ({ kind, text, start }: JsonValue): boolean => kind === 'plain' && text[start] === 'n';

/** Returns the name of a member, decoded. */
const nameOf = ({ text, nameStart, nameEnd }: JsonValue): string => decode(text, nameStart, nameEnd);
/** Returns the name of a member as it was sent, with the colon behind it. */
const sentNameOf = ({ text, nameStart, start }: JsonValue): string => text.slice(nameStart, start);

/** Returns the members that count, by their names: of a name that occurs twice, the last. */
function lastByName(object: JsonValue): Map<string, JsonValue> {
  const members = new Map<string, JsonValue>();
  for (let member = object.first; member; member = member.next) members.set(nameOf(member), member);
  return members;
}

/** Returns the texts of the members of an object, by their names. Of a name that occurs twice, the last counts. */
export function memberTexts(object: string): ReadonlyMap<string, string> {
  const members = lastByName(parseTree(object).root);
  return new Map([...members].map(([name, member]) => [name, textOf(member)]));
}

/**
 * Whether two well-formed JSON texts have the same value. Numbers are compared by their text, strings decoded, objects
 * without the order of their members; of a name that occurs twice, the last counts.
 */
export function isSameJson(one: string, other: string): boolean {
  if (one === other) return true;
  /** Pairs that are still to be compared. */
  const open = [parseTree(one).root, parseTree(other).root];
  for (let b = open.pop(), a = open.pop(); a && b; b = open.pop(), a = open.pop()) {
    if (a.kind !== b.kind) return false;
    if (a.kind === 'plain') {
      if (textOf(a) !== textOf(b)) return false;
    } else if (a.kind === 'string') {
      if (stringOf(a) !== stringOf(b)) return false;
    } else if (a.kind === 'array') {
      if (a.size !== b.size) return false;
      let match = b.first;
      for (let item = a.first; item && match; item = item.next, match = match.next) open.push(item, match);
    } else if (!pairMembers(a, b, open)) return false;
  }
  return true;
}

/** Adds the members of two objects in pairs. @returns false when they have other names */
function pairMembers(a: JsonValue, b: JsonValue, pairs: JsonValue[]): boolean {
  const others = lastByName(b);
  const members = lastByName(a);
  if (members.size !== others.size) return false;
  for (const [name, member] of members) {
    const match = others.get(name);
    if (!match) return false;
    pairs.push(member, match);
  }
  return true;
}

/** A value that is still to be merged. */
interface Merge {
  readonly target: JsonValue | undefined;
  readonly patch: JsonValue;
}

/**
 * Merges a JSON merge patch into a JSON text (RFC 7396). What the patch names is written as the patch has it; all else
 * keeps its text. Of a name that occurs twice, in the patch or in the text, the last counts, and the result has one.
 */
export function mergePatch(text: string, patch: string): string {
  const written: string[] = [];
  const open: (string | Merge)[] = [{ target: parseTree(text).root, patch: parseTree(patch).root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') written.push(next);
    else for (const part of partsOf(next).reverse()) open.push(part);
  }
  return written.join('');
}

/** Returns the parts of a merged value in their order: texts, and the values that the patch has for members. */
function partsOf({ target, patch }: Merge): (string | Merge)[] {
  if (patch.kind !== 'object') return [textOf(patch)];
  const named = lastByName(patch);
  const parts: (string | Merge)[] = [];
  const begin = () => parts.push(parts.length === 0 ? '{' : ',');
  const base = target?.kind === 'object' ? target : undefined;
  if (base) {
    const last = lastByName(base);
    for (let member = base.first; member; member = member.next) {
      const { text, nameStart, end, from, to } = member;
      const name = nameOf(member);
      const sent = named.get(name);
      if (!sent) {
        begin();
        parts.push(text.slice(from, to));
      } else if (last.get(name) === member && !isNull(sent)) {
        begin();
        // The white space around it stays.
        parts.push(text.slice(from, nameStart), sentNameOf(sent), { target: member, patch: sent });
        parts.push(text.slice(end, to));
      }
    }
    for (const name of last.keys()) named.delete(name);
  }
  for (const member of named.values()) {
    if (isNull(member)) continue;
    begin();
    const { text, nameStart, end, from, to } = member;
    const value = { target: undefined, patch: member };
    if (base) parts.push(sentNameOf(member), value);
    else parts.push(text.slice(from, nameStart), sentNameOf(member), value, text.slice(end, to));
  }
  parts.push(parts.length === 0 ? '{}' : '}');
  return parts;
}
