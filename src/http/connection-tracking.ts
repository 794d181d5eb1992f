import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';

/**
 * Maximum number of concurrent requests per connection. A connection with ten times as many is closed. Almost no client
 * uses HTTP pipelining.
 */
const MOST_PIPELINED = 10;
/**
 * Milliseconds that requests in flight have to finish during shutdown. Less than the limit of the whole shutdown, so
 * that time remains to close the database.
 */
const LAST_RESPONSES_TIMEOUT = 20_000;

/** The state of an open connection. */
interface Connection {
  /** Number of requests without a response. */
  inFlight: number;
  /** The last request. It may be incomplete. */
  latest?: IncomingMessage;
  /** The request that exceeded the limit. It gets 503; later ones are ignored. */
  refused?: IncomingMessage;
  /** Called when all requests have a response. */
  afterwards?: () => void;
}

const CONNECTIONS = new WeakMap<Socket, Connection>();

/**
 * Calls `work`, which responds to malformed data on a connection, after the responses to all earlier requests:
 * responses must be in the order of the requests.
 */
export function afterResponses(socket: Socket, work: () => void): void {
  const connection = CONNECTIONS.get(socket);
  if (connection && isResponseDue(connection)) connection.afterwards ??= work;
  else work();
}

/** Returns the request of a connection whose body has not come to its end, if there is one. */
export function incompleteRequestOf(socket: Socket): IncomingMessage | undefined {
  const latest = CONNECTIONS.get(socket)?.latest;
  return latest?.complete === false ? latest : undefined;
}

/** Whether a complete request waits for its response. A request with a malformed body is never complete. */
function isResponseDue({ inFlight, latest }: Connection): boolean {
  return inFlight > (latest?.complete === false ? 1 : 0);
}

/**
 * Tracks the requests of each connection, for two reasons.
 *
 * Pipelining: a connection may have {@link MOST_PIPELINED} requests in flight; the next one is refused. Thousands of
 * requests fit into a few packets. A client that sends them and does not read would make the service buffer thousands
 * of responses.
 *
 * Shutdown: a connection is closed at once if it has no request in flight, else after its response, and in any case
 * after {@link LAST_RESPONSES_TIMEOUT}. Otherwise a client that keeps its connection open, or never completes a
 * request, would keep the process from exiting.
 */
export function trackConnections(fastify: FastifyInstance): void {
  const { server } = fastify;
  const open = new Set<Socket>();
  let closing = false;
  server.on('connection', (socket) => {
    CONNECTIONS.set(socket, { inFlight: 0 });
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // Run before Fastify: all requests of one packet arrive at once, and refusing them here is cheap.
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request').on('request', (request, response) => {
    const { socket } = request;
    const connection = CONNECTIONS.get(socket) ?? { inFlight: 0 };
    connection.inFlight += 1;
    connection.latest = request;
    response.once('close', () => {
      connection.inFlight -= 1;
      if (!isResponseDue(connection)) connection.afterwards?.();
      if (closing && connection.inFlight === 0) socket.destroySoon();
    });
    if (connection.inFlight > MOST_PIPELINED * 10) socket.destroy();
    if (connection.refused) return;
    if (connection.inFlight > MOST_PIPELINED) connection.refused = request;
    for (const listener of listeners) listener(request, response);
  });
  fastify.addHook('onRequest', ({ raw }, reply, done) => {
    if (CONNECTIONS.get(raw.socket)?.refused !== raw) {
      done();
      return;
    }
    reply.header('connection', 'close');
    done(requestErrors.overloaded());
  });
  fastify.addHook('preClose', (done) => {
    closing = true;
    for (const socket of open) if (CONNECTIONS.get(socket)?.inFlight === 0) socket.destroySoon();
    setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, LAST_RESPONSES_TIMEOUT).unref();
    done();
  });
}
