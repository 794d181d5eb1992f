import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { logResponse } from '../logging/access-log.js';
import { limitConnections } from './connection-limits.js';
import { trackConnections } from './connection-tracking.js';
import { acceptForms } from './form-content.js';
import { acceptJsonOnly } from './json-content.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import { limitResponseTime } from './response-timeout.js';
import { addSecurityHeaders } from './security-headers.js';

/**
 * Adds the hooks that every request and response passes, in this order (contract.md §6). `page` is the path of Swagger
 * UI, whose security headers differ.
 */
export function configureHttp(fastify: FastifyInstance, page: string): void {
  addSecurityHeaders(fastify, page);
  acceptJsonOnly(fastify);
  acceptForms(fastify);
  const { server } = fastify;
  // Only the size of headers is limited: Node would silently drop headers over a count, and If-Match may be one of
  // them.
  server.maxHeadersCount = 0;
  // An unknown expectation may be ignored (RFC 9110 §10.1.1). Node would return 417 without our error body.
  server.on('checkExpectation', (...exchange) => server.emit('request', ...exchange));
  fastify.addHook('onRequest', ({ id, headers, raw }, reply, done) => {
    reply.header(REQUEST_ID_HEADER, id);
    if (headers.host === undefined && raw.httpVersion === '1.1') done(requestErrors.invalidRequest());
    else done();
  });
  limitResponseTime(fastify);
  fastify.addHook('onResponse', (request, reply, done) => {
    logResponse(request, reply);
    done();
  });
  limitConnections(fastify);
  trackConnections(fastify);
}
