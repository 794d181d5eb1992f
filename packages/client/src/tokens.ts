/** The tokens of a session. */
export interface Tokens {
  readonly accessToken: string;
  /** Without it the access token is used until it expires, and is not replaced. */
  readonly refreshToken?: string | undefined;
  /**
   * When the access token expires, in milliseconds since 1970 by the clock of this machine. Without it the claim `exp`
   * counts, and a clock that is wrong costs one refresh.
   */
  readonly expiresAt?: number | undefined;
}

/**
 * Keeps the tokens of a client. The default keeps them in memory. Another one can keep them where several tabs or
 * processes see them. The client asks it before each request, so tokens that another tab has refreshed are used at once.
 */
export interface TokenStore {
  /** Returns the tokens that are kept; undefined: nobody is signed in. */
  get(): Tokens | undefined | Promise<Tokens | undefined>;
  /** Replaces the tokens; undefined removes them. */
  set(tokens: Tokens | undefined): unknown;
  /**
   * Runs `work` while no other tab or process that shares the store runs its own: `navigator.locks.request` of a
   * browser does that. Without it, tabs that refresh at the same time each send a request.
   */
  lock?<T>(work: () => Promise<T>): Promise<T>;
}

/** Keeps tokens in memory. Several clients of one process may share it. */
export class MemoryTokenStore implements TokenStore {
  // Private to the runtime too: an object that is logged does not show it.
  #tokens: Tokens | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param tokens the tokens of a session that has begun elsewhere, such as with `POST /token/create` */
  constructor(tokens?: Tokens) {
    this.#tokens = tokens;
  }

  get(): Tokens | undefined {
    return this.#tokens;
  }

  set(tokens: Tokens | undefined): void {
    this.#tokens = tokens;
  }

  lock<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** The claims of a token that the client reads. It verifies none: that is for the service. */
interface Claims {
  readonly exp?: unknown;
  readonly iat?: unknown;
  readonly payload?: { readonly u?: unknown };
}

function claimsOf(token: string): Claims {
  try {
    const text = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const claims: unknown = JSON.parse(text);
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

/** The most seconds before its expiry that a token is replaced; less where it lives shortly. */
const MARGIN = 30;

/**
 * When to replace an access token that has just been issued or read, in milliseconds since 1970; undefined: it does not
 * say when it expires, and only a 401 tells.
 */
export function staleAtOf({ accessToken, expiresAt }: Tokens): number | undefined {
  const { exp, iat } = claimsOf(accessToken);
  if (typeof exp !== 'number') return undefined;
  const lifetime = typeof iat === 'number' ? Math.max(0, exp - iat) : 0;
  const margin = Math.min(MARGIN, lifetime / 10);
  return (expiresAt ?? exp * 1000) - margin * 1000;
}

/** When an access token that was issued just now expires by the clock of this machine, which may be wrong. */
export function expiresAtOf(accessToken: string): number | undefined {
  const { exp, iat } = claimsOf(accessToken);
  if (typeof exp !== 'number' || typeof iat !== 'number' || exp <= iat) return undefined;
  return Date.now() + (exp - iat) * 1000;
}

/** Whether two access tokens are of the same user. */
export const isSameUser = (one: string, other: string): boolean =>
  claimsOf(one).payload?.u === claimsOf(other).payload?.u;

/** Whether a text can be sent as a token. An error of `fetch` would quote one that cannot. */
export const isToken = (text: unknown): text is string =>
  typeof text === 'string' && /^[\w.~+/=-]+$/.test(text);
