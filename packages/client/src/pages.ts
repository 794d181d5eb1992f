import { HivegateError } from './errors.js';

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** `after` of the next page; undefined: this is the last one. */
  readonly next: string | undefined;
}

/**
 * Yields the items of all pages. A page is loaded when its reader has taken all items before it.
 *
 * @param load loads the page behind `after`; the first one without it
 * @throws {HivegateError} `unreadable` when a page is announced a second time, which would never end
 */
export async function* itemsOf<Item>(
  load: (after: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<string>();
  let after: string | undefined;
  do {
    const { items, next } = await load(after);
    yield* items;
    if (next !== undefined && seen.has(next)) {
      throw new HivegateError('The list announces the same page twice', { kind: 'unreadable' });
    }
    if (next !== undefined) seen.add(next);
    after = next;
  } while (after !== undefined);
}

/**
 * Returns `after` of the page that a `Link` header announces (RFC 8288), or undefined.
 *
 * Nothing else of the link is used: the next page is the same request with this `after`. So no link, wherever it leads,
 * makes the client send a token to another place, and a proxy may show the service under another path.
 */
export function nextOf({ headers }: Response): string | undefined {
  const links = (headers.get('link') ?? '').matchAll(/<([^>]*)>([^<]*)/g);
  for (const [, target = '', parameters = ''] of links) {
    if (!/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\s*(?:[;,]|$))/i.test(parameters)) continue;
    const after = new URLSearchParams(target.split('#', 1)[0]?.split('?').slice(1).join('?')).get('after');
    if (after !== null && after !== '') return after;
    throw new HivegateError('The link to the next page names no `after`', { kind: 'unreadable' });
  }
  return undefined;
}
