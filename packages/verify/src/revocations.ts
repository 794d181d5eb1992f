import { isObject } from './http.js';

/** How long an entry is kept after its `until`: the clock of the issuer may be behind. */
const MARGIN = 60_000;
const SWEEP_EVERY = 60_000;

/** One response of the feed (contract of Hivegate, §5). Times are milliseconds. */
export interface FeedPage {
  readonly cursor: string;
  readonly notBefore: number | undefined;
  readonly revoked: readonly { readonly sid: string; readonly until: number }[];
  readonly narrowed: readonly { readonly sid: string; readonly at: number }[];
}

/** What the feed says of a token: `introspect`: only the issuer knows what it grants now. */
export type Judgement = 'good' | 'revoked' | 'introspect';

/** What the feed has said so far, as far as it concerns tokens that have not expired. */
export class Revocations {
  readonly #revoked = new Map<string, number>();
  readonly #narrowed = new Map<string, number>();
  #notBefore = -Infinity;
  #sweptAt = Date.now();

  /** The number of sessions that are narrowed. The feed does not say until when they matter. */
  get narrowedCount(): number {
    return this.#narrowed.size;
  }

  /** The number of entries. */
  get size(): number {
    return this.#revoked.size + this.#narrowed.size;
  }

  /** Adds a page. An entry may come twice. */
  add({ notBefore, revoked, narrowed }: FeedPage): void {
    for (const { sid, until } of revoked) {
      this.#revoked.set(sid, Math.max(until, this.#revoked.get(sid) ?? 0));
      this.#narrowed.delete(sid);
    }
    for (const { sid, at } of narrowed) this.#narrowed.set(sid, Math.max(at, this.#narrowed.get(sid) ?? 0));
    this.#notBefore = notBefore ?? -Infinity;
    if (Math.abs(Date.now() - this.#sweptAt) > SWEEP_EVERY) this.#sweep();
  }

  /** Judges a token of `session` that was issued at `issuedAt`, a whole second. */
  judge(session: string, issuedAt: number): Judgement {
    if (this.#revoked.has(session) || issuedAt + 999 < this.#notBefore) return 'revoked';
    // Issued in that very second: before or after, the token does not say.
    if (issuedAt < this.#notBefore) return 'introspect';
    const narrowedAt = this.#narrowed.get(session);
    return narrowedAt !== undefined && issuedAt < narrowedAt ? 'introspect' : 'good';
  }

  #sweep(): void {
    this.#sweptAt = Date.now();
    for (const [sid, until] of this.#revoked) {
      if (until + MARGIN < this.#sweptAt) this.#revoked.delete(sid);
    }
  }
}

/** Reads a response of the feed. Undefined: it is none. */
export function readPage(body: unknown): FeedPage | undefined {
  if (!isObject(body)) return undefined;
  const { cursor, notBefore, revoked, narrowed } = body;
  if (typeof cursor !== 'string' || cursor === '' || cursor.length > 256) return undefined;
  if (!Array.isArray(revoked) || !Array.isArray(narrowed)) return undefined;
  const start = notBefore === null ? undefined : timeOf(notBefore);
  const page = {
    cursor,
    notBefore: start,
    revoked: revoked.map((entry) => ({ sid: sidOf(entry), until: timeOf(memberOf(entry, 'until')) })),
    narrowed: narrowed.map((entry) => ({ sid: sidOf(entry), at: timeOf(memberOf(entry, 'at')) })),
  };
  // An entry that cannot be read may be the one that matters.
  const isWhole =
    (notBefore === null || !Number.isNaN(start)) &&
    page.revoked.every(({ sid, until }) => sid !== '' && !Number.isNaN(until)) &&
    page.narrowed.every(({ sid, at }) => sid !== '' && !Number.isNaN(at));
  return isWhole ? page : undefined;
}

const memberOf = (entry: unknown, name: string): unknown => (isObject(entry) ? entry[name] : undefined);

function sidOf(entry: unknown): string {
  const sid = memberOf(entry, 'sid');
  return typeof sid === 'string' ? sid : '';
}

const timeOf = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : NaN);
