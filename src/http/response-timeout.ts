import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { sendError } from './error.filter.js';

/** Milliseconds until a request without a response gets 503. Longer than the timeout of a database statement. */
export const RESPONSE_TIMEOUT = 35_000;

/**
 * Returns 503 when a handler takes too long. Fastify's own `handlerTimeout` does not: it is cleared when the request body
 * has been read.
 */
export function limitResponseTime(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const timer = setTimeout(() => {
      // A streamed response has begun long before it is sent. When a connection is closed, Node drops the responses that
      // are queued behind another one.
      if (reply.sent || reply.raw.headersSent || request.raw.socket.destroyed) return;
      const cause = new Error(`There was no response within ${RESPONSE_TIMEOUT} ms`);
      sendError(reply, request, requestErrors.overloaded({ cause }));
    }, RESPONSE_TIMEOUT).unref();
    reply.raw.once('close', () => {
      clearTimeout(timer);
    });
    done();
  });
}
