import { type Claims, readClaims } from './claims.js';
import { after, now } from './clock.js';
import { discover, type Metadata, readIssuer } from './discovery.js';
import { VerifyError } from './errors.js';
import { Feed, type FeedStatus } from './feed.js';
import { FeedToken, type TokenSource } from './feed-token.js';
import { type Fetch, requestJson } from './http.js';
import { Introspection } from './introspection.js';
import { KeyStore } from './keys.js';
import { Principal } from './principal.js';
import { invalid, readHeader, verifySignature } from './token.js';
import { VerifiedTokens } from './verified-tokens.js';

/** How a verifier is made. */
export interface VerifierOptions {
  /** The `JWT_ISSUER` of Hivegate: an https URL (http for loopback). Everything else is found from it. */
  readonly issuer: string;
  /** The `JWT_AUDIENCE` that tokens must carry. Absent: any audience, or none. */
  readonly audience?: string;
  /**
   * Returns a valid access token (any user's), to read the feed of revocations with. It is asked again before that one
   * expires. Absent: no feed; tokens are accepted until they expire, and `status.feed` is `off`.
   */
  readonly feed?: TokenSource;
  /** How old, in milliseconds, what the feed has said may be. From 100; default 1000. */
  readonly maxStaleness?: number;
  /**
   * What happens to good tokens while the feed cannot be read: `refuse` (the default: `feedStale`), or accept them for
   * so many seconds since the feed was last current.
   */
  readonly whenStale?: 'refuse' | { readonly acceptFor: number };
  /** Called when `status.feed` changes. */
  readonly onStatus?: (status: FeedStatus) => void;
  /** The most milliseconds that a request to the issuer may take; default 5000. */
  readonly timeout?: number;
  /** Sends the requests; by default the `fetch` of the platform. */
  readonly fetch?: Fetch;
}

const OFF: FeedStatus = { feed: 'off', since: new Date() };
const MOST_BYTES_OF_KEYS = 256 * 1024;
const MOST_BYTES_OF_FEED = 4 * 1024 * 1024;
const MOST_BYTES_OF_INTROSPECTION = 1024 * 1024;
/** After a failed discovery, milliseconds until the next one. */
const DISCOVERY_PAUSE = 1000;

/** Verifies access tokens of one Hivegate. Its methods throw {@link VerifyError}. Made by {@link createVerifier}. */
export class Verifier {
  readonly #options: VerifierOptions;
  readonly #fetch: Fetch;
  readonly #timeout: number;
  readonly #keys: KeyStore;
  readonly #introspection: Introspection;
  readonly #feed: Feed | undefined;
  readonly #verified = new VerifiedTokens();
  #metadata: Promise<Metadata> | undefined;

  constructor(options: VerifierOptions) {
    readIssuer(options.issuer);
    const { maxStaleness = 1000, whenStale = 'refuse', timeout = 5000, feed, fetch, onStatus } = options;
    const acceptFor = whenStale === 'refuse' ? 0 : whenStale.acceptFor * 1000;
    if (!(maxStaleness >= 100 && maxStaleness <= 60_000))
      throw new TypeError('maxStaleness is not between 100 and 60000 milliseconds');
    if (!(acceptFor >= 0 && acceptFor < Infinity))
      throw new TypeError('acceptFor is not a number of seconds');
    if (!(timeout > 0 && timeout <= 60_000))
      throw new TypeError('timeout is not between 1 and 60000 milliseconds');
    this.#options = options;
    // By name at each call: it may be replaced later, and it must be called without a `this`.
    this.#fetch = fetch ?? ((url, init) => globalThis.fetch(url, init));
    this.#timeout = timeout;
    this.#keys = new KeyStore(async () =>
      requestJson(this.#fetch, (await this.#discover()).keys, { timeout, mostBytes: MOST_BYTES_OF_KEYS }),
    );
    this.#introspection = new Introspection((token) => this.#introspect(token));
    this.#feed =
      feed &&
      new Feed({
        token: new FeedToken(feed),
        read: (token, cursor) => this.#readFeed(token, cursor, Math.max(1000, maxStaleness)),
        maxStaleness,
        acceptFor: Math.max(maxStaleness, acceptFor),
        onStatus: (status) => onStatus?.(status),
      });
  }

  /** Whether the feed of revocations is known up to now. */
  get status(): FeedStatus {
    return this.#feed?.status ?? OFF;
  }

  /** Waits until tokens can be verified: for the keys, and for the feed if there is one. */
  async ready(): Promise<void> {
    await this.#keys.load();
    await this.#feed?.ready();
  }

  /**
   * Verifies an access token, and returns its bearer. Of a token that does not name its ids, or whose user has lost
   * rights since, the issuer is asked.
   */
  async verify(token: string): Promise<Principal> {
    const asked = now();
    const claims = await this.#claimsOf(token);
    await this.#feed?.settle(asked);
    const mustAsk = this.#judge(claims) || claims.isPartial;
    if (mustAsk) return this.#introspection.ask(token, claims);
    return new Principal({ ...claims, expiresAt: new Date(claims.expiresAt) });
  }

  /**
   * Verifies an access token, and asks the issuer who its bearer is now: with its login, and with the rights that it
   * has now. It needs no feed. A response is used for up to a second.
   */
  async introspect(token: string): Promise<Principal> {
    const claims = await this.#claimsOf(token);
    this.#judge(claims);
    return this.#introspection.ask(token, claims);
  }

  /** Ends it: the feed is not read any more. */
  close(): void {
    this.#feed?.close();
  }

  /** The claims of a token of the issuer. Times are not checked yet. */
  async #claimsOf(token: string): Promise<Claims> {
    const kept = this.#verified.get(token);
    if (kept && this.#keys.has(kept.kid)) {
      // Reads the keys again in time.
      void this.#keys.load().catch(() => undefined);
      return kept.claims;
    }
    this.#verified.delete(token);
    const unverified = readHeader(token);
    const key = await this.#keys.get(unverified.kid);
    if (!key) throw invalid();
    const { issuer, audience } = this.#options;
    const claims = readClaims(await verifySignature(unverified, key), { issuer, audience });
    if (!claims) throw invalid();
    this.#verified.set(token, { claims, kid: unverified.kid });
    return claims;
  }

  /** Checks what changes with time. Returns whether the issuer must be asked. */
  #judge({ expiresAt, notBefore, session, issuedAt }: Claims): boolean {
    const time = Date.now();
    if (expiresAt <= time) throw new VerifyError('expired', 'Token expired');
    if (notBefore > time) throw invalid();
    const judgement = this.#feed?.judge(session, issuedAt) ?? 'good';
    if (judgement === 'revoked') throw new VerifyError('revoked', 'Unauthorized');
    return judgement === 'introspect';
  }

  #discover(): Promise<Metadata> {
    if (!this.#metadata) {
      const begun = discover(this.#fetch, this.#options.issuer, this.#timeout);
      this.#metadata = begun;
      begun.catch(() => {
        this.#discoverAgain();
      });
    }
    return this.#metadata;
  }

  #discoverAgain(): void {
    after(DISCOVERY_PAUSE, () => (this.#metadata = undefined));
  }

  async #readFeed(token: string, cursor: string | undefined, timeout: number) {
    const { revocationFeed } = await this.#discover();
    if (revocationFeed === undefined) {
      // It may come with the next version of the service.
      this.#discoverAgain();
      throw new VerifyError('misconfigured', 'The issuer has no feed of revocations');
    }
    const url = new URL(revocationFeed);
    if (cursor !== undefined) url.searchParams.set('after', cursor);
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    return requestJson(this.#fetch, url.href, { timeout, mostBytes: MOST_BYTES_OF_FEED }, { headers });
  }

  async #introspect(token: string) {
    const { introspection } = await this.#discover();
    if (introspection === undefined)
      throw new VerifyError('misconfigured', 'The issuer has no endpoint of introspection');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ token }) };
    const limits = { timeout: this.#timeout, mostBytes: MOST_BYTES_OF_INTROSPECTION };
    return requestJson(this.#fetch, introspection, limits, init);
  }
}

/** Makes a verifier. It begins to read the feed at once. @throws {TypeError} for options that cannot be right */
export function createVerifier(options: VerifierOptions): Verifier {
  return new Verifier(options);
}
