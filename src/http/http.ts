import { randomUUID } from 'node:crypto';
import { type IncomingMessage, METHODS, type Server } from 'node:http';
import type { Socket } from 'node:net';
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyHttpOptions,
  LogController,
  type RouteOptions,
} from 'fastify';
import { afterAnswers } from './connection-limits.js';
import { sendError } from '../errors/error.filter.js';
import { type ApiError, errors } from '../errors/errors.js';
import { parseJsonBody } from './json-body.js';
import { stringify } from '../text/json-text.js';
import { logAnswer } from '../logging/logger.js';
import { SECURITY_HEADERS } from './security-headers.js';

/*
 * What the contract asks of HTTP itself (contract.md §6), for every answer, also those that are given before or
 * beside a controller.
 */

/** The largest body in bytes (contract.md §6). */
const BODY_LIMIT = 1024 * 1024;
/** The largest head of a request, in bytes: Node's own limit, whatever NODE_OPTIONS say. It has to hold a token. */
const HEAD_LIMIT = 16 * 1024;
/**
 * A head has to arrive within this many milliseconds, counted from its first byte, and on a new connection from its
 * beginning: a head is a packet or two, and whoever connects and says nothing is let go.
 */
const HEAD_TIMEOUT = 10_000;
/** A whole request has to arrive within this many milliseconds: 1 MiB at 35 KB/s. */
const REQUEST_TIMEOUT = 30_000;
/** How often, in milliseconds, it is looked whose time is up, and so how late the two may be. */
const TIMEOUTS_CHECKED_EVERY = 2500;
/** Milliseconds in which every request is answered, if only by 503: more than a statement of the database may take. */
const ANSWER_TIMEOUT = 35_000;
/**
 * A connection with a request or an answer under way on which not a byte moves for so many milliseconds is broken
 * off: its client does not read. More than {@link ANSWER_TIMEOUT}, in which it is the client who waits.
 */
const STALL_TIMEOUT = 40_000;
/**
 * Milliseconds that a connection may be idle between two requests. Proxies keep theirs for a minute: it is they who
 * have to close them, or they send requests on connections that are just being closed.
 */
const KEEP_ALIVE_TIMEOUT = 72_000;
/** Longer than any parameter that means something, so that a bad one is answered 400 by the route. */
const LONGEST_PARAMETER = 1024;

/** A request id of a caller that may be taken over: short, and nothing that could confuse a log. */
const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;
const REQUEST_ID = 'x-request-id';

/** The methods that a route may have, as `Allow` lists them; the others that HTTP knows are no route's. */
const ROUTED_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
/** Every method that a resource can be asked with: CONNECT asks for none. */
const ALL_METHODS = METHODS.filter((method) => method !== 'CONNECT');

/** How Fastify is made. */
export const HTTP_OPTIONS = {
  bodyLimit: BODY_LIMIT,
  requestTimeout: REQUEST_TIMEOUT,
  connectionTimeout: STALL_TIMEOUT,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
  // Any number: whoever pools connections gains by it, and what limits floods is counted elsewhere.
  maxRequestsPerSocket: 0,
  http: {
    maxHeaderSize: HEAD_LIMIT,
    headersTimeout: HEAD_TIMEOUT,
    connectionsCheckingInterval: TIMEOUTS_CHECKED_EVERY,
    // Node would refuse it with no body; prepareHttp does, in our form.
    requireHostHeader: false,
  },
  // One line for an answer, from logAnswer, instead of two.
  logController: new LogController({ disableRequestLogging: true }),
  // Answered by refuseWhile, in our form.
  return503OnClosing: false,
  routerOptions: { maxParamLength: LONGEST_PARAMETER },
  genReqId: ({ headers }: { headers: IncomingMessage['headers'] }) => {
    const given = headers[REQUEST_ID];
    return typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : randomUUID();
  },
  frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
    sendError(reply, request, error);
  },
  clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
    afterAnswers(socket, () => {
      answerBrokenRequest(error, socket);
    });
  },
} satisfies FastifyHttpOptions<Server>;

/** Takes bodies as JSON and nothing else, names every request, and logs every answer. */
export function prepareHttp(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    /^application\/json\s*(?:;|$)/i,
    { parseAs: 'buffer' },
    (request, body, done) => {
      try {
        done(null, readJson(request, body as Buffer));
      } catch (error) {
        done(error as Error, undefined);
      }
    },
  );
  for (const method of ALL_METHODS) {
    if (!fastify.supportedMethods.includes(method)) fastify.addHttpMethod(method);
  }
  // No limit but their size: Node would leave out those beyond it without a word, and one of them may be If-Match.
  fastify.server.maxHeadersCount = 0;
  // An expectation that is not known may be ignored (RFC 9110 §10.1.1); Node would refuse it with no body.
  fastify.server.on('checkExpectation', (...exchange) => fastify.server.emit('request', ...exchange));
  fastify.addHook('onRequest', (request, reply, done) => {
    const { headers, raw } = request;
    reply.header(REQUEST_ID, request.id);
    // A missing type counts as JSON, and an empty body as {}, whatever it calls itself.
    if ((headers['content-type'] ?? '') === '' || headers['content-length'] === '0')
      headers['content-type'] = 'application/json';
    if (headers.host === undefined && raw.httpVersion === '1.1') done(errors.invalidRequest());
    else done();
  });
  // Fastify's own handlerTimeout ends with the request's body, and not with the answer.
  fastify.addHook('onRequest', (request, reply, done) => {
    const timer = setTimeout(() => {
      // Of a connection that is gone, Node closes the answers that waited behind another one without a word.
      if (reply.sent || request.raw.socket.destroyed) return;
      const cause = new Error(`There was no answer within ${ANSWER_TIMEOUT} ms`);
      sendError(reply, request, Object.assign(errors.overloaded(), { cause }));
    }, ANSWER_TIMEOUT).unref();
    reply.raw.once('close', () => {
      clearTimeout(timer);
    });
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    logAnswer(request, reply);
    done();
  });
  fastify.setReplySerializer((payload) => stringify(payload));
}

/** Refuses requests from now on while `condition` holds. */
export function refuseWhile(fastify: FastifyInstance, condition: () => boolean): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    if (!condition()) {
      done();
      return;
    }
    reply.header('connection', 'close');
    done(errors.shuttingDown());
  });
}

/** Gathers the routes as they are registered, so that their other methods can be refused. */
export function collectRoutes(fastify: FastifyInstance): () => void {
  const methodsOf = new Map<string, Set<string>>();
  fastify.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const methods = methodsOf.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    methodsOf.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...methodsOf]) refuseOtherMethods(fastify, url, [...methods]);
  };
}

function refuseOtherMethods(fastify: FastifyInstance, url: string, allowed: readonly string[]): void {
  const others = ALL_METHODS.filter((method) => !allowed.includes(method));
  if (others.length === 0 || url.includes('*')) return;
  const order = ROUTED_METHODS.filter((method) => allowed.includes(method));
  fastify.route({
    method: others,
    url,
    // Before the body is looked at.
    onRequest: (_request, _reply, done) => {
      done(errors.methodNotAllowed(order));
    },
    handler: () => undefined,
  });
}

function readJson({ headers }: FastifyRequest, body: Buffer): unknown {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!/^utf-?8$/i.test(charset) || encoding.toLowerCase() !== 'identity') throw errors.notJson();
  try {
    return parseJsonBody(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw errors.malformedJson();
  }
}

/** What cannot even be read as HTTP is answered here: there is no request yet. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = BROKEN[error.code ?? ''] ?? ['400 Bad Request', 'Invalid request'];
  const answer: ApiError['body'] = { error: Number.parseInt(status, 10), message };
  const json = JSON.stringify(answer);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(json),
    [REQUEST_ID]: randomUUID(),
    ...SECURITY_HEADERS,
    date: new Date().toUTCString(),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${json}`);
}

const BROKEN: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are larger than 16 KiB'],
};
