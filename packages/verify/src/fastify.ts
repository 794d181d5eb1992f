import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ActionName } from './action.js';
import { assertCan, authenticate, principalOf, type ReachParameters } from './guard.js';
import type { Verifier } from './verifier.js';

export { principalOf, type ReachParameters } from './guard.js';

/**
 * A plugin that lets in callers with a good token, on every route of the instance that registers it, and sets
 * `request.user` to the bearer, a `Principal`. Errors have the status 401 or 503.
 */
export function bearer(verifier: Verifier): FastifyPluginAsync {
  const plugin: FastifyPluginAsync = async (fastify) => {
    if (!fastify.hasRequestDecorator('user')) fastify.decorateRequest('user', null);
    fastify.addHook('onRequest', async (request: FastifyRequest) => {
      (request as { user?: unknown }).user = await authenticate(verifier, request);
    });
    return Promise.resolve();
  };
  // As fastify-plugin does it: the hook is that of the instance that registers the plugin, not of a new one.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

/**
 * A hook (`preHandler`, `onRequest`) that lets through callers that may do `action`: `{ onRequest: requires('GetDevice', {
 * network: 'networkId' }) }` for `/networks/:networkId/devices`.
 */
export function requires(
  action: ActionName | number,
  parameters?: ReachParameters,
): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    assertCan(principalOf(request), request, action, parameters);
    return Promise.resolve();
  };
}
