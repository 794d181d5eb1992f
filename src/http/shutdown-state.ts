import type { FastifyInstance } from 'fastify';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';

/**
 * Whether the service is shutting down. Once that is announced, it is not ready, but serves every request (the drain,
 * `DRAIN_SECONDS`). During shutdown itself, requests in flight finish and new ones get 503.
 */
@Injectable()
export class ShutdownState implements BeforeApplicationShutdown {
  private announced = false;
  private begun = false;
  private readonly listeners: (() => void)[] = [];

  /** Whether no more requests should be sent here. */
  get isShuttingDown(): boolean {
    return this.announced || this.begun;
  }

  /** Makes the service report that it is not ready. */
  announce(): void {
    this.announced = true;
    for (const listener of this.listeners) listener();
  }

  beforeApplicationShutdown(): void {
    this.begun = true;
    for (const listener of this.listeners) listener();
  }

  /** `listener` is told when the shutdown is announced, and when it begins. */
  onShutdown(listener: () => void): void {
    this.listeners.push(listener);
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
