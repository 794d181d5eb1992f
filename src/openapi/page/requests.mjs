// @ts-check

/**
 * A request of Swagger UI, before it is sent.
 *
 * @typedef {object} SwaggerRequest
 * @property {string} url
 * @property {Record<string, string>} headers
 * @property {(url: string, request: SwaggerRequest & RequestInit) => Promise<Response>} [userFetch]
 */

/**
 * Makes the interceptor of Swagger UI's requests. It sends the token to this service only, renews it before it
 * expires, and sends a request again that the service has refused with 401, once, with a new token.
 *
 * @param {URL} base the address of the service, which ends in `/`
 * @param {import('./session.mjs').Session} session
 */
export function interceptorOf(base, session) {
  return async (/** @type {SwaggerRequest} */ request) => {
    // Swagger UI sets it for operations that need a token.
    if (request.headers['Authorization'] === undefined) return request;
    if (!isBelow(new URL(request.url, location.href), base)) {
      delete request.headers['Authorization'];
      return request;
    }
    const token = await session.accessToken();
    if (token === undefined) delete request.headers['Authorization'];
    else request.headers['Authorization'] = `Bearer ${token}`;
    request.userFetch = async (url, sent) => {
      const response = await fetch(url, sent);
      if (response.status !== 401 || token === undefined || !(await session.renew(token))) return response;
      const renewed = session.current?.accessToken;
      if (renewed === undefined) return response;
      return fetch(url, { ...sent, headers: { ...sent.headers, Authorization: `Bearer ${renewed}` } });
    };
    return request;
  };
}

/**
 * @param {URL} url
 * @param {URL} base
 */
function isBelow(url, base) {
  return url.origin === base.origin && url.pathname.startsWith(base.pathname);
}
