import { decodeJwt } from 'jose';
import { VerifyError } from './errors.js';

/** Returns a valid access token, to read the feed of revocations with. */
export type TokenSource = () => string | Promise<string>;

/** A token is replaced this long before it expires, in milliseconds; sooner, if its lifetime is short. */
const AHEAD = 60_000;
const PART_OF_LIFETIME = 0.2;
/** How long the source may take. */
const PATIENCE = 10_000;

/** The access token of the feed. It is asked for again before it expires, and when the issuer has rejected it. */
export class FeedToken {
  #token: string | undefined;
  #replaceAt = -Infinity;
  #asking: Promise<string> | undefined;

  constructor(private readonly source: TokenSource) {}

  /** The current token. @throws {VerifyError} `unavailable`: the source has failed */
  get(): Promise<string> {
    const token = this.#token;
    if (token !== undefined && Date.now() < this.#replaceAt) return Promise.resolve(token);
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** Forgets the token, which the issuer has rejected. */
  reject(): void {
    this.#token = undefined;
  }

  async #ask(): Promise<string> {
    let stop: ReturnType<typeof setTimeout> | undefined;
    try {
      const token = await Promise.race([
        this.source(),
        new Promise<never>((_, reject) => {
          stop = setTimeout(() => {
            reject(new Error('It took too long'));
          }, PATIENCE);
        }),
      ]);
      if (typeof token !== 'string' || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw new TypeError();
      this.#token = token;
      this.#replaceAt = replaceAt(token);
      return token;
    } catch {
      // Whatever the source throws may hold credentials.
      throw new VerifyError('unavailable', '`feed` did not return an access token');
    } finally {
      clearTimeout(stop);
    }
  }
}

/** When to replace a token that was issued just now. The clock of this machine may be wrong: it counts the lifetime. */
function replaceAt(token: string): number {
  const { exp, iat } = decodeJwt(token);
  if (exp === undefined || iat === undefined) return Infinity;
  const left = Math.min(exp * 1000 - Date.now(), (exp - iat) * 1000);
  return Date.now() + left - Math.min(AHEAD, left * PART_OF_LIFETIME);
}
