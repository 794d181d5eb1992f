// @ts-check

/** `payload.t` of an access token and of a refresh token (contract.md §5). */
const ACCESS = 1;
const REFRESH = 0;

/**
 * What the page reads of a token. It does not verify it: the service does.
 *
 * @typedef {object} TokenContent
 * @property {number} user the id of the user
 * @property {'access' | 'refresh' | 'unknown'} use
 * @property {number} lifetime in milliseconds
 * @property {number} expiresAt in milliseconds since 1970, by the clock of the service
 */

/**
 * Reads a token. Throws an error if it is none.
 *
 * @param {string} token
 * @returns {TokenContent}
 */
export function readToken(token) {
  const part = token.split('.')[1] ?? '';
  const text = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  const { payload = {}, exp, iat } = JSON.parse(text);
  const expiresAt = typeof exp === 'number' ? exp * 1000 : Number(payload.e);
  const use = payload.t === ACCESS ? 'access' : payload.t === REFRESH ? 'refresh' : 'unknown';
  return { user: payload.u, use, expiresAt, lifetime: typeof iat === 'number' ? expiresAt - iat * 1000 : 0 };
}
