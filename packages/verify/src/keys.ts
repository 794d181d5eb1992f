import { type CryptoKey, importJWK, type JWK } from 'jose';
import { type Moment, now, since } from './clock.js';
import { VerifyError } from './errors.js';
import { isObject, type JsonResponse } from './http.js';

/** The least time between two requests for the keys, in milliseconds, whatever tokens name. */
const COOL_DOWN = 5000;
/** How old keys become before they are read again; less, if `Cache-Control` says so. */
const MOST_AGE = 5 * 60_000;
/** How long keys are used that cannot be read again. */
const MOST_AGE_WITHOUT_ISSUER = 60 * 60_000;
const MOST_KEYS = 100;

interface Loaded {
  readonly keys: ReadonlyMap<string, CryptoKey>;
  readonly at: Moment;
  /** Milliseconds. */
  readonly freshFor: number;
}

/** The public keys of the issuer. They are read at first use, when they are old, and when a token names another. */
export class KeyStore {
  #loaded?: Loaded;
  #loading: Promise<Loaded> | undefined;
  #failed?: { readonly error: VerifyError; readonly at: Moment };
  #begun?: Moment;

  /** `read`: sends the request for the JWK set. */
  constructor(private readonly read: () => Promise<JsonResponse>) {}

  /** Whether the key `kid` may still verify tokens that it has verified before. */
  has(kid: string): boolean {
    return this.#isUsable() && this.#loaded?.keys.has(kid) === true;
  }

  /** The key `kid`; undefined: the issuer has no such key. @throws {VerifyError} `unavailable` */
  async get(kid: string): Promise<CryptoKey | undefined> {
    const { keys } = await this.load();
    const key = keys.get(kid);
    // One request for all unknown ids of a time: made-up ids cause no more.
    if (key || (this.#begun && since(this.#begun) < COOL_DOWN)) return key;
    return (await this.#reload()).keys.get(kid);
  }

  /** Reads the keys where there are none, or old ones. @throws {VerifyError} `unavailable` */
  async load(): Promise<Loaded> {
    const loaded = this.#loaded;
    if (loaded && since(loaded.at) < loaded.freshFor) return loaded;
    if (!loaded || !this.#isUsable()) return this.#reload();
    // Old, but usable: no request waits for the new ones.
    this.#reload().catch(() => undefined);
    return loaded;
  }

  #isUsable(): boolean {
    return this.#loaded !== undefined && since(this.#loaded.at) < MOST_AGE_WITHOUT_ISSUER;
  }

  #reload(): Promise<Loaded> {
    const failed = this.#failed;
    // A service that cannot be reached is not asked for every token.
    if (!this.#loading && failed && since(failed.at) < 1000) return Promise.reject(failed.error);
    this.#begun = now();
    this.#loading ??= this.#request().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #request(): Promise<Loaded> {
    const at = now();
    try {
      const { status, headers, body } = await this.read();
      if (status !== 200 || !isObject(body) || !Array.isArray(body['keys']))
        throw new VerifyError('unavailable', `The keys of the issuer cannot be read: status ${status}`);
      const keys = await importKeys(body['keys']);
      return (this.#loaded = { keys, at, freshFor: freshFor(headers) });
    } catch (error) {
      const failure =
        error instanceof VerifyError
          ? error
          : new VerifyError('unavailable', 'The keys of the issuer cannot be read', { cause: error });
      this.#failed = { error: failure, at: now() };
      throw failure;
    }
  }
}

function freshFor(headers: Headers): number {
  const [, seconds] = /\bmax-age=(\d{1,9})/.exec(headers.get('cache-control') ?? '') ?? [];
  const wanted = seconds === undefined ? MOST_AGE : Number(seconds) * 1000;
  return Math.min(Math.max(wanted, COOL_DOWN), MOST_AGE);
}

async function importKeys(jwks: readonly unknown[]): Promise<Map<string, CryptoKey>> {
  const keys = new Map<string, CryptoKey>();
  for (const jwk of jwks.slice(0, MOST_KEYS)) {
    if (!isObject(jwk) || typeof jwk['kid'] !== 'string' || !isForSignatures(jwk)) continue;
    try {
      keys.set(jwk['kid'], (await importJWK(jwk as JWK, 'ES256')) as CryptoKey);
    } catch {
      // One key that cannot be read does not spoil the others: it verifies nothing.
    }
  }
  return keys;
}

/** Other keys of the set are left out: the algorithm is pinned. */
const isForSignatures = (jwk: Readonly<Record<string, unknown>>): boolean =>
  jwk['kty'] === 'EC' &&
  jwk['crv'] === 'P-256' &&
  (jwk['alg'] ?? 'ES256') === 'ES256' &&
  (jwk['use'] ?? 'sig') === 'sig' &&
  jwk['d'] === undefined;
