import type { FastifyReply, FastifyRequest } from 'fastify';
import passport, { type Strategy } from 'passport';
import { ApiError } from '../../errors/api-error.js';
import { UnavailableError } from '../../errors/unavailable.error.js';

/** The result of a strategy: the authenticated identity, or the reason why there is none. */
export interface Authentication<T> {
  readonly identity: T | undefined;
  /** The verification error, for example `TokenExpiredError`. */
  readonly reason: unknown;
}

/**
 * Authenticates a request with this strategy object. Passport's registry of names is global to the process: a lookup by
 * name could return the strategy of another application instance, with other keys and users.
 *
 * @throws {Error} when the token could not be verified, for example because the database is unavailable. Passport
 *   itself would treat a failed key lookup as an invalid token.
 */
export function authenticate<T>(
  strategy: Strategy,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Authentication<T>> {
  return new Promise((resolve, reject) => {
    const callback = (error: Error | null, identity: T | false, reason: unknown) => {
      if (error) reject(error);
      else if (reason instanceof ApiError || reason instanceof UnavailableError) reject(reason);
      else resolve({ identity: identity === false ? undefined : identity, reason });
    };
    // Copy per request: Passport sets the request's callbacks on the strategy object.
    const copy = Object.create(strategy) as Strategy;
    const middleware = passport.authenticate(copy, { session: false }, callback) as Middleware;
    middleware(request, reply, reject);
  });
}

/**
 * Passport's types support only Express. Its middleware only passes the request to the strategy, so Fastify's works.
 */
type Middleware = (request: FastifyRequest, reply: FastifyReply, next: (error: Error) => void) => void;
