import type { FastifyReply, FastifyRequest } from 'fastify';
import passport, { type Strategy } from 'passport';
import { ApiError } from '../../errors/api-error.js';
import { UnavailableError } from '../../errors/unavailable.error.js';

/** What a strategy says of a request: whom it authenticates, or why it does not. */
export interface Authentication<T> {
  readonly identity: T | undefined;
  /** The error of the verification: a token that has expired, for example. */
  readonly reason: unknown;
}

/**
 * Authenticates a request with this strategy object. By its name, Passport would find the strategy that was registered
 * last in the process, perhaps that of another service with other keys and users.
 *
 * @throws {Error} what kept the service from verifying the token: Passport treats a key that could not be looked up, for
 *   example because the database is away, as an invalid token
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
    // A copy for each request: Passport puts the request's callbacks on it.
    const copy = Object.create(strategy) as Strategy;
    const middleware = passport.authenticate(copy, { session: false }, callback) as Middleware;
    middleware(request, reply, reject);
  });
}

/** Passport's types know Express alone; its middleware passes the request on to the strategy and does no more. */
type Middleware = (request: FastifyRequest, reply: FastifyReply, next: (error: Error) => void) => void;
