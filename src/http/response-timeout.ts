import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { sendError } from './error.filter.js';

/** Milliseconds within which every request gets a response, if only a 503: more than a database statement may take. */
export const RESPONSE_TIMEOUT = 35_000;

/** Responds 503 to a request whose handler takes too long. Fastify's `handlerTimeout` stops counting at the body. */
export function limitResponseTime(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const timer = setTimeout(() => {
      // When a connection is closed, Node drops the responses that waited behind another one.
      if (reply.sent || request.raw.socket.destroyed) return;
      const cause = new Error(`There was no response within ${RESPONSE_TIMEOUT} ms`);
      sendError(reply, request, requestErrors.overloaded({ cause }));
    }, RESPONSE_TIMEOUT).unref();
    reply.raw.once('close', () => {
      clearTimeout(timer);
    });
    done();
  });
}
