import { isUtf8, transcode } from 'node:buffer';
import { requestErrors } from '../errors/request.errors.js';
import { JsonText } from '../text/json-text.js';
import { ContentLimitExceeded, type Members, type NestedMember, readMembers } from './json-members.js';

/**
 * Maximum number of objects, arrays and commas. No valid body reaches it: `data` is at most 64 KiB (contract.md §3), which
 * holds fewer than 44,000 of them, and as many networks as a body can have members, at the end of a record that is sent
 * back, have fewer than 22,000.
 */
const MOST_VALUES = 72 * 1024;

/**
 * Parses the body of a request, with at most `mostMembers` members.
 *
 * Members that are nested deeper than a list of plain values are returned as {@link JsonText}, so that later code does
 * not have to process structures of unlimited depth. An empty body counts as `{}`.
 *
 * @throws {SyntaxError} when the bytes are not JSON in UTF-8
 * @throws {ApiError} 413 when there are too many members; 400 when there is more than any valid body has
 */
export function parseJsonBody(bytes: Buffer, mostMembers: number): unknown {
  if (!isUtf8(bytes)) throw new SyntaxError('The body is not UTF-8');
  const { nested, isEmpty, isAscii } = readBoundedMembers(bytes, mostMembers);
  if (isEmpty) return {};
  // Much faster than `toString('utf8')`.
  const text = isAscii ? bytes.toString('latin1') : transcode(bytes, 'utf8', 'utf16le').toString('utf16le');
  const body: unknown = JSON.parse(text);
  if (isObject(body)) keepTexts(body, text, nested);
  return body;
}

/** Whether a parsed JSON value is an object, not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readBoundedMembers(bytes: Buffer, mostMembers: number): Members {
  try {
    return readMembers(bytes, { members: mostMembers, values: MOST_VALUES });
  } catch (error) {
    if (!(error instanceof ContentLimitExceeded)) throw error;
    throw error.limit === 'members'
      ? requestErrors.tooManyMembers(mostMembers)
      : requestErrors.fieldTooLarge(error.member ?? 'body');
  }
}

/** Replaces the nested members of a body by their texts. Of repeated names, the last one counts. */
function keepTexts(body: Record<string, unknown>, text: string, members: readonly NestedMember[]): void {
  const texts = new Map<string, string>();
  for (const member of members)
    texts.set(nameIn(text, member), text.slice(member.start, member.end).trimEnd());
  // Assigns to properties that exist: one that is called `__proto__` is no exception.
  for (const [name, value] of texts) if (isNested(body[name])) body[name] = new JsonText(value);
}

function nameIn(text: string, { nameStart, nameEnd }: NestedMember): string {
  const name = text.slice(nameStart + 1, nameEnd - 1);
  return name.includes('\\') ? (JSON.parse(text.slice(nameStart, nameEnd)) as string) : name;
}

function isNested(value: unknown): boolean {
  return Array.isArray(value)
    ? value.some((item) => typeof item === 'object' && item !== null)
    : typeof value === 'object' && value !== null;
}
