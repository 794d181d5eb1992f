import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';

/**
 * The most requests of one connection that are handled at once; a connection with ten times as many is closed. Hardly
 * any client sends a request before it has the response to the last one.
 */
const MOST_PIPELINED = 10;
/**
 * Milliseconds that requests in flight have when the service stops, perhaps not yet complete: less than the process
 * has, so that the database is still closed.
 */
const LAST_RESPONSES_TIMEOUT = 20_000;

/** What is known of an open connection. */
interface Connection {
  /** How many of its requests have no response yet. */
  inFlight: number;
  /** Its last request, which may not have arrived completely. */
  latest?: IncomingMessage;
  /** The request that exceeded the limit: it is refused, and those after it are not handled. */
  refused?: IncomingMessage;
  /** Called once every request has its response. */
  afterwards?: () => void;
}

const CONNECTIONS = new WeakMap<Socket, Connection>();

/**
 * Calls `work`, which responds to something malformed on a connection, once every request before that has its
 * response: responses come in the order of the requests.
 */
export function afterResponses(socket: Socket, work: () => void): void {
  const connection = CONNECTIONS.get(socket);
  if (connection && isResponseDue(connection)) connection.afterwards ??= work;
  else work();
}

/** Whether a request that has arrived completely waits for its response. One with a malformed body gets none. */
function isResponseDue({ inFlight, latest }: Connection): boolean {
  return inFlight > (latest?.complete === false ? 1 : 0);
}

/**
 * Follows the requests of each connection, for two reasons.
 *
 * Pipelining: one connection may have {@link MOST_PIPELINED} requests in flight, and the next one is refused. Thousands
 * fit into a few packets; a client that sends them and does not read would make the service hold thousands of
 * responses.
 *
 * Shutdown: a connection is closed at once if it has no request in flight, else after its response, and all of them in
 * the end. Otherwise a client that keeps its connection open, or never completes a request, would keep the process.
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
  // Before Fastify sees the request: all requests of one packet come at once, and cost next to nothing here.
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
