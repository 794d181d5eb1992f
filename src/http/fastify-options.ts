import type { IncomingMessage, Server } from 'node:http';
import {
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { logResponse } from '../logging/access-log.js';
import type { Settings } from '../settings/settings.js';
import { unroutedResponses } from '../telemetry/measurements.js';
import { DEFAULT_BODY_BYTES } from './body-limits.js';
import { clientAddressOf, trustProxyOf } from './client-address.js';
import { addCorsHeaders } from './cors.js';
import { sendError } from './error.filter.js';
import { respondToMalformedRequests } from './malformed-request.js';
import { requestIdOf } from './request-id.js';

/** Maximum size of all headers in bytes: Node's default, independent of NODE_OPTIONS. A token must fit. */
const HEADERS_LIMIT = 16 * 1024;
/**
 * The headers must arrive within this many milliseconds after their first byte; on a new connection, after its start.
 */
const HEADERS_TIMEOUT = 10_000;
/** The whole request must arrive within this many milliseconds: 1 MiB at 35 KB/s. */
const REQUEST_TIMEOUT = 30_000;
/** Milliseconds between Node's checks of the two timeouts above. They may be late by this much. */
const TIMEOUTS_CHECKED_EVERY = 2500;
/**
 * Milliseconds without traffic until a connection with a request in flight is closed: its client does not read. Must be
 * longer than the response timeout.
 */
const STALL_TIMEOUT = 40_000;
/** Longer than any valid path parameter, so that an invalid one reaches the route, which responds 400. */
const LONGEST_PARAMETER = 1024;

/** Returns Fastify's options: limits, timeouts, and handlers for requests that reach no route. */
export const fastifyOptions = (
  { corsOrigins, keepAliveSeconds, trustProxy }: Settings,
  rewriteUrl: ((url: string) => string) | undefined,
  log: FastifyBaseLogger,
) =>
  ({
    ...(rewriteUrl && { rewriteUrl: ({ url = '/' }: IncomingMessage) => rewriteUrl(url) }),
    bodyLimit: DEFAULT_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT,
    connectionTimeout: STALL_TIMEOUT,
    // Longer than the 60 s of most proxies by default: a proxy must close the connection first, or it may send a request
    // on a connection that the service is closing.
    keepAliveTimeout: keepAliveSeconds * 1000,
    // Unlimited, for clients with connection pools. Other limits stop floods.
    maxRequestsPerSocket: 0,
    http: {
      maxHeaderSize: HEADERS_LIMIT,
      headersTimeout: HEADERS_TIMEOUT,
      connectionsCheckingInterval: TIMEOUTS_CHECKED_EVERY,
      // Node would reject a missing Host header without our error body. checkHosts rejects it instead.
      requireHostHeader: false,
    },
    // One line for each response, from the access log, instead of two.
    logController: new LogController({ disableRequestLogging: true }),
    // ShutdownState returns the 503, with our error body.
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    genReqId: requestIdOf,
    trustProxy: trustProxyOf(trustProxy),
    loggerInstance: log,
    // Fastify runs no hooks for these requests.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      addCorsHeaders(reply, request, corsOrigins);
      sendError(reply, request, error);
      unroutedResponses.report({ status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
      logResponse(request, reply, clientAddressOf(request));
    },
    clientErrorHandler: respondToMalformedRequests(log, corsOrigins),
  }) satisfies FastifyHttpOptions<Server>;
