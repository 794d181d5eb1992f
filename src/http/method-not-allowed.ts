import { METHODS } from 'node:http';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import type { SameOriginConfig } from './cross-site.js';

/** The methods that a route may have, in the order in which `Allow` lists them. */
const ROUTED_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** All methods except CONNECT, which does not address a resource. */
const ALL_METHODS = METHODS.filter((method) => method !== 'CONNECT');

/**
 * Collects the routes as they are registered. The returned function then refuses the other methods of each path with
 * 405 and `Allow` (contract.md §6). `files` are wildcard paths that a plugin serves with GET and HEAD: plugins register
 * their routes later.
 */
export function collectRoutes(fastify: FastifyInstance, files: readonly string[]): () => void {
  for (const method of ALL_METHODS) {
    if (!fastify.supportedMethods.includes(method)) fastify.addHttpMethod(method);
  }
  const paths = new Map<string, Path>(
    files.map((url) => [url, { methods: new Set(['GET', 'HEAD']), sameOriginOnly: false }]),
  );
  fastify.addHook('onRoute', ({ url, method, config = {} }: RouteOptions) => {
    const { sameOriginOnly = false } = config as SameOriginConfig;
    const path = paths.get(url) ?? { methods: new Set(), sameOriginOnly };
    for (const name of [method].flat()) path.methods.add(name);
    paths.set(url, path);
  });
  return () => {
    for (const [url, path] of [...paths]) refuseOtherMethods(fastify, url, path);
  };
}

/** The routes of one path. */
interface Path {
  readonly methods: Set<string>;
  /** Checked for the other methods, too (cross-site.ts). */
  readonly sameOriginOnly: boolean;
}

function refuseOtherMethods(fastify: FastifyInstance, url: string, { methods, sameOriginOnly }: Path): void {
  const allowed = [...methods];
  const others = ALL_METHODS.filter((method) => !allowed.includes(method));
  if (others.length === 0) return;
  const allow = ROUTED_METHODS.filter((method) => allowed.includes(method));
  fastify.route({
    method: others,
    url,
    config: { sameOriginOnly } satisfies SameOriginConfig,
    // Before the body is read.
    onRequest: (_request, _reply, done) => {
      done(requestErrors.methodNotAllowed(allow));
    },
    handler: () => undefined,
  });
}
