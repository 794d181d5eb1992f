import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Dialect } from '../dialect/dialect.js';
import { requestErrors } from '../errors/request.errors.js';
import { logResponse } from '../logging/access-log.js';
import type { Settings } from '../settings/settings.js';
import { limitBodies } from './body-limits.js';
import { clientAddressOf, warnOfUnnamedProxy } from './client-address.js';
import { limitConnections } from './connection-limits.js';
import { trackConnections } from './connection-tracking.js';
import { allowOrigins } from './cors.js';
import { refuseOtherOrigins } from './cross-site.js';
import { omitLengthWhenNotModified } from './etag.js';
import { acceptForms } from './form-content.js';
import { checkHosts } from './host.js';
import { acceptJsonOnly } from './json-content.js';
import { refusePreconditions } from './preconditions.guard.js';
import { limitReceivedBodies } from './receiving-bodies.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import { limitResponseTime } from './response-timeout.js';
import { addSecurityHeaders } from './security-headers.js';

/**
 * Adds the hooks that every request and response passes, in this order (contract.md §6). Those of single routes, such as
 * the check of the token, run after them.
 */
export function configureHttp(fastify: FastifyInstance, settings: Settings, dialect: Dialect): void {
  const { apiPrefix, corsOrigins, swagger, trustProxy } = settings;
  const { server } = fastify;
  // Only the size of headers is limited: Node would silently drop headers over a count, and If-Match may be one of
  // them.
  server.maxHeadersCount = 0;
  // An unknown expectation may be ignored (RFC 9110 §10.1.1). Node would return 417 without our error body.
  server.on('checkExpectation', (...exchange) => server.emit('request', ...exchange));
  dialect.configure?.(fastify);
  limitBodies(fastify);
  // By the limits of the routes.
  limitReceivedBodies(fastify);
  refuseOtherOrigins(fastify, corsOrigins);
  refusePreconditions(fastify);
  omitLengthWhenNotModified(fastify);

  addSecurityHeaders(fastify, swagger ? `${apiPrefix}/swagger` : undefined);
  fastify.addHook('onRequest', ({ id }, reply, done) => {
    reply.header(REQUEST_ID_HEADER, id);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    logResponse(request, reply, clientAddressOf(request));
    done();
  });
  allowOrigins(fastify, corsOrigins);
  checkHosts(fastify);
  warnOfUnnamedProxy(fastify, trustProxy);
  acceptJsonOnly(fastify, dialect);
  acceptForms(fastify);
  limitResponseTime(fastify);
  limitConnections(fastify);
  trackConnections(fastify);
  // An unknown path is refused before its body is read.
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(request.is404 || hasEmptyParameter(request) ? requestErrors.routeNotFound() : undefined);
  });
}

/** Whether a parameter of the path is empty, as in `/user/`. Fastify takes it for one; that of a wildcard may be empty. */
function hasEmptyParameter(request: FastifyRequest): boolean {
  const params = request.params as Readonly<Record<string, string>>;
  for (const name in params) if (params[name] === '' && name !== '*') return true;
  return false;
}
