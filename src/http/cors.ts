import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const EXPOSED_HEADERS = 'ETag, Link, Location, Retry-After, WWW-Authenticate, X-Request-Id';
/** Seconds that a browser may cache the response to a preflight. */
const PREFLIGHT_MAX_AGE = 600;

/**
 * Lets browsers call the service from `origins` (contract.md §8), and answers their preflights for any path: the request
 * itself then gets its 404 or 405, which the page can read. Credentials are never allowed: tokens come in a header.
 *
 * `@fastify/cors` cannot set its headers where Fastify runs no hooks, and responds in its own form to `OPTIONS`.
 */
export function allowOrigins(fastify: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    addCorsHeaders(reply, request, origins);
    if (!isPreflight(request, origins)) {
      done();
      return;
    }
    const wanted = request.headers['access-control-request-headers'];
    void reply
      .status(204)
      .headers({
        'access-control-allow-methods': METHODS,
        'access-control-max-age': String(PREFLIGHT_MAX_AGE),
        vary: 'Origin, Access-Control-Request-Headers',
        ...(wanted !== undefined && { 'access-control-allow-headers': wanted }),
      })
      .send();
  });
}

/** Adds {@link corsHeadersOf} a request to its response. */
export function addCorsHeaders(
  reply: FastifyReply,
  { headers: { origin } }: FastifyRequest,
  origins: readonly string[],
): void {
  if (origins.length > 0) reply.headers(corsHeadersOf(origin, origins));
}

/** Returns the headers that let a page of an allowed origin read a response; none where no origin is allowed. */
export function corsHeadersOf(
  origin: string | undefined,
  origins: readonly string[],
): Readonly<Record<string, string>> {
  if (origins.length === 0) return {};
  if (origin === undefined || !origins.includes(origin)) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': EXPOSED_HEADERS,
  };
}

/** Any other `OPTIONS` is a method that no route has. */
const isPreflight = ({ method, headers }: FastifyRequest, origins: readonly string[]): boolean =>
  method === 'OPTIONS' &&
  headers['access-control-request-method'] !== undefined &&
  headers.origin !== undefined &&
  origins.includes(headers.origin);
