import type { FastifyInstance } from 'fastify';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';

/** Whether the service is shutting down. During shutdown, requests in flight finish and new ones get 503. */
@Injectable()
export class ShutdownState implements BeforeApplicationShutdown {
  private begun = false;

  get isShuttingDown(): boolean {
    return this.begun;
  }

  beforeApplicationShutdown(): void {
    this.begun = true;
  }

  /** Adds the hook that rejects new requests with 503 during shutdown. */
  refuseRequests(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (_request, reply, done) => {
      if (!this.begun) {
        done();
        return;
      }
      reply.header('connection', 'close');
      done(requestErrors.shuttingDown());
    });
  }
}
