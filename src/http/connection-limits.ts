import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { errors } from '../errors/errors.js';

/*
 * How many connections the service takes, and how long it bears with each of them. Whoever is slow, or sends and reads
 * nothing, is let go: what remains is for those who come with a request (contract.md §6).
 */

/** The most connections at once. An idle one costs about 10 KiB; whoever has more clients than this runs more processes. */
const MOST_CONNECTIONS = 20_000;
/**
 * The most requests of one connection that are answered at once; one that sends ten times as many is broken off.
 * Hardly any client sends a request before the last one is answered.
 */
const MOST_PIPELINED = 10;
/** Descriptors that stay free for the database, the threads that hash, and files: connections get the others. */
const RESERVED_DESCRIPTORS = 128;
/**
 * Milliseconds that what is in flight has when the service stops, its requests not all here perhaps: less than the
 * process has, so that the database is still closed.
 */
const LAST_ANSWERS_TIMEOUT = 20_000;
/** Milliseconds between two lines of the log about connections that were refused. */
const REFUSALS_LOGGED_EVERY = 60_000;

/**
 * Refuses connections before there are no descriptors left for the service itself: without them it could neither open
 * its database nor start a thread, and would fail those whom it has let in.
 */
export function limitConnections(fastify: FastifyInstance): void {
  const { server, log } = fastify;
  server.maxConnections = mostConnections(descriptorLimit());
  let refused = 0;
  let loggedAt = -Infinity;
  server.on('drop', () => {
    refused += 1;
    if (performance.now() - loggedAt < REFUSALS_LOGGED_EVERY) return;
    log.warn({ refused, most: server.maxConnections }, 'connections refused');
    loggedAt = performance.now();
    refused = 0;
  });
}

/** How many connections are taken by a process that may hold so many descriptors; half of them when they are few. */
export function mostConnections(descriptors: number): number {
  const left = Math.max(descriptors - RESERVED_DESCRIPTORS, Math.floor(descriptors / 2));
  return Math.min(left, MOST_CONNECTIONS);
}

/** How many descriptors this process may hold: Node has raised its limit to all that it is allowed. */
function descriptorLimit(): number {
  // Who is connected, by name, is not asked for, which would take its time.
  (process.report as typeof process.report & { excludeNetwork?: boolean }).excludeNetwork = true;
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const limit = userLimits?.open_files?.soft;
  return typeof limit === 'number' ? limit : Infinity;
}

/** What is known of an open connection. */
interface Connection {
  /** How many of its requests are not answered yet. */
  inFlight: number;
  /** Its last request, which may not be here as a whole. */
  latest?: IncomingMessage;
  /** The request with which it had too many of them: refused, and the last one that is answered. */
  refused?: IncomingMessage;
  /** What is done once all of them are answered. */
  afterwards?: () => void;
}

const CONNECTIONS = new WeakMap<Socket, Connection>();

/**
 * Does `work`, which answers what is broken on a connection, once every request before that is answered: answers come in
 * the order of the requests.
 */
export function afterAnswers(socket: Socket, work: () => void): void {
  const connection = CONNECTIONS.get(socket);
  if (connection && isAnswerDue(connection)) connection.afterwards ??= work;
  else work();
}

/** Whether a request that is here as a whole waits for its answer. One that is broken in its body gets none. */
function isAnswerDue({ inFlight, latest }: Connection): boolean {
  return inFlight > (latest?.complete === false ? 1 : 0);
}

/**
 * Answers so many requests of one connection at once, and refuses the next one: whoever sends thousands, which takes a
 * few packets, and does not read would have the service keep thousands of answers, and would keep all others waiting.
 *
 * Ends connections when the service stops: at once where no request is in flight, after its answer elsewhere, and all
 * of them in the end. Left alone, a client that keeps its connection would keep the process: also one that keeps its
 * half of a connection that we have ended, or never sends the rest of a request.
 */
export function followConnections(fastify: FastifyInstance): void {
  const { server } = fastify;
  const open = new Set<Socket>();
  let closing = false;
  server.on('connection', (socket) => {
    CONNECTIONS.set(socket, { inFlight: 0 });
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // In front of Fastify: all that is in one packet comes at once, and costs next to nothing here.
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request').on('request', (request, response) => {
    const { socket } = request;
    const connection = CONNECTIONS.get(socket) ?? { inFlight: 0 };
    connection.inFlight += 1;
    connection.latest = request;
    response.once('close', () => {
      connection.inFlight -= 1;
      if (!isAnswerDue(connection)) connection.afterwards?.();
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
    done(errors.overloaded());
  });
  fastify.addHook('preClose', (done) => {
    closing = true;
    for (const socket of open) if (CONNECTIONS.get(socket)?.inFlight === 0) socket.destroySoon();
    setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, LAST_ANSWERS_TIMEOUT).unref();
    done();
  });
}
