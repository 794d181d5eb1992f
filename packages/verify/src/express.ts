import type { ActionName } from './action.js';
import { assertCan, authenticate, type GuardedRequest, principalOf, type ReachParameters } from './guard.js';
import type { Verifier } from './verifier.js';

export { principalOf, type ReachParameters } from './guard.js';

/** A middleware of Express, and of what calls middlewares as it does. */
export type Middleware = (
  request: GuardedRequest,
  response: unknown,
  next: (error?: unknown) => void,
) => void;

/**
 * Lets in callers with a good token, and sets `request.user` to the bearer, a `Principal`. Errors go to `next`; Express
 * makes 401, 403 or 503 of them, with `WWW-Authenticate` or `Retry-After`.
 */
export function bearer(verifier: Verifier): Middleware {
  return (request, _response, next) => {
    void authenticate(verifier, request)
      .then((principal) => {
        (request as { user?: unknown }).user = principal;
      })
      // Not in the promise: an error that `next` throws is not one of the token.
      .then(
        () => {
          queueMicrotask(() => {
            next();
          });
        },
        (error: unknown) => {
          queueMicrotask(() => {
            next(error);
          });
        },
      );
  };
}

/**
 * Lets through callers that may do `action`, for a route behind {@link bearer}: `requires('GetDevice', { network:
 * 'networkId' })` for `/networks/:networkId/devices`.
 */
export function requires(action: ActionName | number, parameters?: ReachParameters): Middleware {
  return (request, _response, next) => {
    try {
      assertCan(principalOf(request), request, action, parameters);
    } catch (error) {
      next(error);
      return;
    }
    next();
  };
}
