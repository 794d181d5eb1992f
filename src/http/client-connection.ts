import type { FastifyRequest } from 'fastify';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** Whether the client of a request still waits for the response. */
export interface ClientConnection {
  /** Whether the client has closed the connection. */
  isClosed(): boolean;
}

/** Injects the connection of a request, for work that waits for long and need not be done for a client that is gone. */
export const Connection = createParamDecorator((_: unknown, context: ExecutionContext): ClientConnection => {
  const { socket } = context.switchToHttp().getRequest<FastifyRequest>().raw;
  return { isClosed: () => socket.destroyed };
});
