import type { Claims } from './claims.js';

/** The most characters of tokens that are kept: about 10,000 tokens of the usual length. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

interface Kept {
  readonly claims: Claims;
  readonly kid: string;
}

/**
 * The claims of tokens that have been verified: a signature costs more than all other checks, and its result does not
 * change. Times, keys and revocations are checked each time.
 */
export class VerifiedTokens {
  /** In the order of their use. */
  readonly #kept = new Map<string, Kept>();
  #characters = 0;

  /** The claims of `token` and the key that has verified it. */
  get(token: string): Kept | undefined {
    const found = this.#kept.get(token);
    if (!found) return undefined;
    this.#kept.delete(token);
    this.#kept.set(token, found);
    return found;
  }

  /** Keeps a verified token. */
  set(token: string, kept: Kept): void {
    if (!this.#kept.has(token)) this.#characters += token.length;
    this.#kept.set(token, kept);
    for (const [oldest] of this.#kept) {
      if (this.#characters <= MOST_CHARACTERS) break;
      this.delete(oldest);
    }
  }

  /** Forgets a token. */
  delete(token: string): void {
    if (this.#kept.delete(token)) this.#characters -= token.length;
  }
}
