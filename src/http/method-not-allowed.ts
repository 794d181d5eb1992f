import { METHODS } from 'node:http';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';

/** The methods that a route may have, in the order in which `Allow` lists them. */
const ROUTED_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** All methods except CONNECT, which does not address a resource. */
const ALL_METHODS = METHODS.filter((method) => method !== 'CONNECT');

/**
 * Collects the routes as they are registered. The returned function then refuses the other methods of each path with
 * 405 and `Allow` (contract.md §6).
 */
export function collectRoutes(fastify: FastifyInstance): () => void {
  for (const method of ALL_METHODS) {
    if (!fastify.supportedMethods.includes(method)) fastify.addHttpMethod(method);
  }
  const methodsByUrl = new Map<string, Set<string>>();
  fastify.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const methods = methodsByUrl.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    methodsByUrl.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...methodsByUrl]) refuseOtherMethods(fastify, url, [...methods]);
  };
}

function refuseOtherMethods(fastify: FastifyInstance, url: string, allowed: readonly string[]): void {
  const others = ALL_METHODS.filter((method) => !allowed.includes(method));
  if (others.length === 0 || url.includes('*')) return;
  const allow = ROUTED_METHODS.filter((method) => allowed.includes(method));
  fastify.route({
    method: others,
    url,
    // Before the body is read.
    onRequest: (_request, _reply, done) => {
      done(requestErrors.methodNotAllowed(allow));
    },
    handler: () => undefined,
  });
}
