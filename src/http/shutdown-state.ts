import type { FastifyInstance } from 'fastify';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';

/** Knows whether the service is shutting down: requests in flight finish, new ones are refused. */
@Injectable()
export class ShutdownState implements BeforeApplicationShutdown {
  private begun = false;

  get isShuttingDown(): boolean {
    return this.begun;
  }

  beforeApplicationShutdown(): void {
    this.begun = true;
  }

  /** Refuses new requests with 503 once the service is shutting down. */
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
