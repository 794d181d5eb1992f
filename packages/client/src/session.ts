import { HivegateError } from './errors.js';
import { expiresAtOf, isSameUser, isToken, staleAtOf, type Tokens, type TokenStore } from './tokens.js';
import { unlessAborted } from './waiting.js';

/** The tokens in a response of the service. */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Absent where the refresh token stays as it is. */
  readonly refreshToken?: string | undefined;
}

/** Milliseconds before a refresh that was not urgent is tried again after it has failed. */
const PAUSE = 5000;

const signedOut = (message: string, cause?: HivegateError): HivegateError =>
  new HivegateError(message, {
    kind: 'signedOut',
    ...(cause && { cause, status: cause.status, requestId: cause.requestId }),
  });

/**
 * The session of a client: its tokens, and one refresh at a time for all requests that need one.
 *
 * The store is asked each time, because another tab may have refreshed: a refresh token that has been replaced must not
 * be used again (contract.md §5).
 */
export class Session {
  #refreshing: Promise<Tokens | undefined> | undefined;
  #pausedUntil = 0;
  /** Counts sign-ins and sign-outs, so that a refresh that began before stores nothing afterwards. */
  #generation = 0;

  constructor(
    private readonly store: TokenStore,
    private readonly refresh: (refreshToken: string) => Promise<IssuedTokens>,
  ) {}

  /** Begins with the tokens of a sign-in. */
  async begin(issued: IssuedTokens): Promise<void> {
    const tokens = withExpiry(issued);
    this.#generation += 1;
    await this.store.set(tokens);
  }

  /** Ends, and returns the tokens that there were. */
  async end(): Promise<Tokens | undefined> {
    this.#generation += 1;
    const tokens = await this.store.get();
    await this.store.set(undefined);
    return tokens;
  }

  /** Returns the access token to send, refreshed if it is about to expire; undefined: nobody is signed in. */
  async accessToken(signal: AbortSignal | undefined): Promise<string | undefined> {
    const tokens = await this.read();
    if (!tokens) return undefined;
    const now = Date.now();
    const { accessToken } = tokens;
    if (now < (staleAtOf(tokens) ?? Infinity) || now < this.#pausedUntil) return accessToken;
    try {
      return (await this.replace(accessToken, signal)) ?? accessToken;
    } catch (error) {
      if (signal?.aborted || !(error instanceof HivegateError) || error.kind === 'signedOut') throw error;
      // The service cannot refresh just now. The token may still be good: its 401 would tell.
      this.#pausedUntil = Date.now() + PAUSE;
      return accessToken;
    }
  }

  /**
   * Returns another access token than this one, which was refused or expires; undefined: there is no refresh token.
   *
   * @throws {HivegateError} `signedOut` when the session has ended; another kind when the service cannot refresh now
   */
  async replace(old: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    this.#refreshing ??= this.locked(() => this.exchange(old)).finally(() => {
      this.#refreshing = undefined;
    });
    const tokens = await unlessAborted(this.#refreshing, signal);
    if (tokens && !isSameUser(tokens.accessToken, old)) {
      // A request of one user must not be sent as another.
      throw signedOut('Another user has signed in');
    }
    return tokens?.accessToken;
  }

  private locked<T>(work: () => Promise<T>): Promise<T> {
    return this.store.lock ? this.store.lock(work) : work();
  }

  private async exchange(old: string): Promise<Tokens | undefined> {
    const generation = this.#generation;
    const tokens = await this.read();
    if (!tokens) throw signedOut('The client has been signed out');
    if (tokens.accessToken !== old) return tokens;
    const { refreshToken } = tokens;
    if (refreshToken === undefined) return undefined;

    let answer: IssuedTokens | HivegateError;
    try {
      answer = await this.refresh(refreshToken);
    } catch (error) {
      if (!(error instanceof HivegateError)) throw error;
      answer = error;
    }
    const now = await this.read();
    if (generation !== this.#generation || !now) throw signedOut('The client has been signed out');
    // Another tab has refreshed meanwhile.
    if (now.refreshToken !== refreshToken) return now;
    if (answer instanceof HivegateError) {
      if (!isRefusal(answer)) throw answer;
      await this.store.set(undefined);
      throw signedOut('The session has ended', answer);
    }
    const next = withExpiry(answer, refreshToken);
    await this.store.set(next);
    return next;
  }

  private async read(): Promise<Tokens | undefined> {
    const tokens = await this.store.get();
    if (!tokens) return undefined;
    if (!isToken(tokens.accessToken)) throw signedOut('The token store holds something else than a token');
    return tokens;
  }
}

/** Whether the service has refused the refresh token itself. */
const isRefusal = ({ kind, status }: HivegateError): boolean =>
  kind === 'response' && (status === 400 || status === 401);

/** Reads what should be tokens. `kept`: the refresh token where none was issued. */
function withExpiry(issued: Partial<IssuedTokens> | null | undefined, kept?: string): Tokens {
  const { accessToken, refreshToken = kept } = issued ?? {};
  if (!isToken(accessToken)) {
    throw new HivegateError('The response holds no access token', { kind: 'unreadable' });
  }
  const expiresAt = expiresAtOf(accessToken);
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
