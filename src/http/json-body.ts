import { createScanner } from 'jsonc-parser';
import { JsonText } from '../text/json-text.js';

/**
 * Parses the body of a request.
 *
 * Members that are nested deeper than a list of plain values are returned as {@link JsonText}, so that later code does
 * not have to process structures of unlimited depth. An empty body counts as `{}`.
 *
 * @throws {SyntaxError} when the text is not JSON
 */
export function parseJsonBody(text: string): unknown {
  if (/^[ \t\r\n]*$/.test(text)) return {};
  const body: unknown = JSON.parse(text);
  if (!isObject(body) || !Object.values(body).some(isNested)) return body;
  const memberTexts = readMemberTexts(text);
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      isNested(value) ? new JsonText(memberTexts.get(name) ?? 'null') : value,
    ]),
  );
}

/** Whether a parsed JSON value is an object, not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNested(value: unknown): boolean {
  return Array.isArray(value)
    ? value.some((item) => typeof item === 'object' && item !== null)
    : typeof value === 'object' && value !== null;
}

/** Returns the JSON text of each member. `text` must be a valid JSON object. Of repeated names, the last one wins. */
function readMemberTexts(text: string): Map<string, string> {
  const members = new Map<string, string>();
  const scanner = createScanner(text, true);
  let depth = 0;
  let name: string | undefined;
  let start = -1;
  const endMember = () => {
    if (name !== undefined && start >= 0)
      members.set(name, text.slice(start, scanner.getTokenOffset()).trimEnd());
    name = undefined;
    start = -1;
  };
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    // The first character determines the kind of a token.
    const token = text.charAt(scanner.getTokenOffset());
    if (depth === 1) {
      if (token === ',' || token === '}') endMember();
      else if (name === undefined) name = scanner.getTokenValue();
      else if (start < 0 && token !== ':') start = scanner.getTokenOffset();
    }
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
  }
  return members;
}
