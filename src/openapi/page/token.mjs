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
  const use = payload.t === ACCESS ? 'access' : payload.t === REFRESH ? 'refresh' : 'unknown';
  const lifetime = typeof exp === 'number' && typeof iat === 'number' ? (exp - iat) * 1000 : 0;
  return { user: payload.u, use, lifetime };
}
