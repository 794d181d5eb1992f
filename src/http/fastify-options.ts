import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyHttpOptions, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { afterResponses } from './connection-tracking.js';
import { sendError } from './error.filter.js';
import { respondToMalformedRequest } from './malformed-request.js';
import { requestIdOf } from './request-id.js';

/** The largest body in bytes (contract.md §6). */
const BODY_LIMIT = 1024 * 1024;
/** The most bytes of all headers of a request: Node's default, whatever NODE_OPTIONS say. A token has to fit. */
const HEADERS_LIMIT = 16 * 1024;
/**
 * The headers have to arrive within this many milliseconds, counted from their first byte, and on a new connection from
 * its start.
 */
const HEADERS_TIMEOUT = 10_000;
/** A whole request has to arrive within this many milliseconds: 1 MiB at 35 KB/s. */
const REQUEST_TIMEOUT = 30_000;
/** How often, in milliseconds, Node looks for overdue connections, and so how late the two timeouts may be. */
const TIMEOUTS_CHECKED_EVERY = 2500;
/**
 * A connection with a request or a response under way on which no byte moves for this many milliseconds is closed: its
 * client does not read. More than the response timeout, during which the client waits.
 */
const STALL_TIMEOUT = 40_000;
/**
 * Milliseconds that a connection may be idle between two requests. Proxies keep theirs for a minute, and have to close
 * them first: else they send requests on connections that the service is closing.
 */
const KEEP_ALIVE_TIMEOUT = 72_000;
/** Longer than any valid path parameter, so that an invalid one reaches the route, which responds 400. */
const LONGEST_PARAMETER = 1024;

/** How Fastify is created: its limits, timeouts, and what handles the requests that no route sees. */
export const FASTIFY_OPTIONS = {
  bodyLimit: BODY_LIMIT,
  requestTimeout: REQUEST_TIMEOUT,
  connectionTimeout: STALL_TIMEOUT,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  // Unlimited: connection pools gain by it, and other limits stop floods.
  maxRequestsPerSocket: 0,
  http: {
    maxHeaderSize: HEADERS_LIMIT,
    headersTimeout: HEADERS_TIMEOUT,
    connectionsCheckingInterval: TIMEOUTS_CHECKED_EVERY,
    // Node would refuse a missing Host without a body; configureHttp does it with one.
    requireHostHeader: false,
  },
  // One line for each response, from the access log, instead of two.
  logController: new LogController({ disableRequestLogging: true }),
  // ShutdownState does it, with our body.
  return503OnClosing: false,
  routerOptions: { maxParamLength: LONGEST_PARAMETER },
  genReqId: requestIdOf,
  frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
    sendError(reply, request, error);
  },
  clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
    afterResponses(socket, () => {
      respondToMalformedRequest(error, socket);
    });
  },
} satisfies FastifyHttpOptions<Server>;
