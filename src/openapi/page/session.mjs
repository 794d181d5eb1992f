// @ts-check
import { post, ServiceError } from './service.mjs';
import { SharedValue } from './tabs.mjs';
import { readToken } from './token.mjs';

/**
 * Renew a token when a quarter of its lifetime is left, but not before its last 30 seconds: a request that is under way
 * must not expire.
 */
const MARGIN = { share: 1 / 4, most: 30_000 };

/**
 * Who the page acts as.
 *
 * @typedef {object} SignIn
 * @property {string} name the login, or for a pasted token the id of its user
 * @property {string} accessToken
 * @property {string} [refreshToken] absent: the token was pasted, and cannot be renewed
 * @property {number} renewAt in milliseconds since 1970, by the clock of the browser
 */

/**
 * The sign-in of the page: one for all its tabs. It keeps the access token fresh, and never keeps a password
 * (docs/decisions/0031-sign-in-on-the-page.md).
 */
export class Session {
  /** @type {SharedValue<SignIn>} */
  #shared;
  /** @type {{ old: string, done: Promise<void> } | undefined} the renewal that is under way, and of which token */
  #renewal;
  #base;
  #onChange;

  /**
   * @param {URL} base the address of the service, which ends in `/`
   * @param {(change: 'signedIn' | 'renewed' | 'signedOut' | 'ended') => void} onChange `ended`: the service has ended
   *   the session
   */
  constructor(base, onChange) {
    this.#base = base;
    this.#onChange = onChange;
    this.#shared = new SharedValue(`hivegate ${base.pathname}`, isSignIn, (now, before) => {
      onChange(now === null ? 'signedOut' : before === null ? 'signedIn' : 'renewed');
    });
  }

  /** Who the page acts as; null: nobody. */
  get current() {
    return this.#shared.value;
  }

  /** Takes over the sign-in of another tab, if there is one. */
  async start() {
    await this.#shared.ask();
  }

  /**
   * Starts a session. Throws {@link ServiceError}.
   *
   * @param {string} login
   * @param {string} password
   */
  async signIn(login, password) {
    const tokens = await post(this.#url('token'), { login, password });
    let renewAt;
    try {
      renewAt = renewalOf(tokens.accessToken);
    } catch {
      throw new ServiceError(0, 'The response is not that of a Hivegate. Check the address of this page.');
    }
    this.#shared.set({ ...tokens, name: login.trim(), renewAt });
    this.#onChange('signedIn');
  }

  /**
   * Uses an access token that was made elsewhere. Throws an error with a message for the user of the page.
   *
   * @param {string} text
   */
  useToken(text) {
    const accessToken = text.trim().replace(/^Bearer\s+/i, '');
    let content;
    try {
      content = readToken(accessToken);
    } catch {
      throw new Error('This is not a token.');
    }
    if (content.use === 'refresh') throw new Error('This is a refresh token. Paste the access token.');
    this.#shared.set({ name: `user ${content.user}`, accessToken, renewAt: Infinity });
    this.#onChange('signedIn');
  }

  /** Returns the access token, which is renewed before it expires; undefined: nobody is signed in. */
  async accessToken() {
    const { current } = this;
    if (current?.refreshToken !== undefined && Date.now() >= current.renewAt)
      await this.renew(current.accessToken);
    return this.current?.accessToken;
  }

  /**
   * Renews an access token that has expired, or that the service has refused. Returns whether there is another one now.
   *
   * @param {string} old
   */
  async renew(old) {
    if (this.#renewal?.old !== old) {
      const renewal = { old, done: this.#renew(old) };
      this.#renewal = renewal;
      void renewal.done.finally(() => {
        if (this.#renewal === renewal) this.#renewal = undefined;
      });
    }
    await this.#renewal.done;
    return this.current !== null && this.current.accessToken !== old;
  }

  /**
   * Forgets the tokens in all tabs, and revokes the session if this page has started it. Throws {@link ServiceError} if
   * the service has not confirmed that: the tokens are forgotten all the same.
   */
  async signOut() {
    // A renewal that is under way is not waited for, and its tokens are dropped: they are of the same session.
    const { current } = this;
    this.#shared.set(null);
    this.#onChange('signedOut');
    if (current?.refreshToken !== undefined)
      await post(this.#url('token/revoke'), { token: current.refreshToken });
  }

  /** @param {string} old */
  async #renew(old) {
    // With REFRESH_ROTATION=on a refresh token that another tab has replaced would revoke the session.
    await this.#shared.ask();
    const { current } = this;
    if (current?.refreshToken === undefined || current.accessToken !== old) return;
    const isSame = () => this.current?.accessToken === old;
    try {
      const tokens = await post(this.#url('token/refresh'), { refreshToken: current.refreshToken });
      if (typeof tokens?.accessToken !== 'string' || !isSame()) return;
      this.#shared.set({ ...current, ...tokens, renewAt: renewalOf(tokens.accessToken) });
      this.#onChange('renewed');
    } catch (error) {
      // Without a response, or with 429 or 503, the session may be open still.
      if (!(error instanceof ServiceError) || error.status !== 401 || !isSame()) return;
      this.#shared.set(null);
      this.#onChange('ended');
    }
  }

  /** @param {string} path */
  #url(path) {
    return new URL(path, this.#base);
  }
}

/**
 * Whether this is a sign-in: another version of the page, or another application at this origin, may have kept or sent
 * something else.
 *
 * @param {any} value
 * @returns {value is SignIn}
 */
const isSignIn = (value) => typeof value?.name === 'string' && typeof value.accessToken === 'string';

/**
 * When to renew a token that has just been issued. Only its lifetime counts: the clocks may differ.
 *
 * @param {string} accessToken
 */
function renewalOf(accessToken) {
  const { lifetime } = readToken(accessToken);
  return Date.now() + lifetime - Math.min(lifetime * MARGIN.share, MARGIN.most);
}
