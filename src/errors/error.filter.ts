import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, errors } from './errors.js';
import { SECURITY_HEADERS } from '../http/security-headers.js';

/** Writes the one body of every error (contract.md §6), and logs what is our own fault. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    sendError(http.getResponse<FastifyReply>(), request, exception);
  }
}

/** Answers a request with an error of whatever kind. */
export function sendError(reply: FastifyReply, request: FastifyRequest, exception: unknown): void {
  const error = isCutOff(request) ? errors.invalidRequest() : toApiError(exception);
  // What the service refuses on purpose is in the line of the answer; a fault, and a database that is away, say why.
  const isOnPurpose = exception instanceof ApiError && exception.cause === undefined;
  if (error.status >= 500 && !isOnPurpose) request.log.error({ err: exception }, 'request failed');
  if (reply.sent) return;
  // Once more: hooks do not run for a target that is no path, such as `*`.
  reply.header('x-request-id', request.id).headers(SECURITY_HEADERS);
  void reply.status(error.status).headers(error.headers).type('application/json').send(error.body);
}

/** Whether the client broke off while it was sending: nobody will read the answer, and it is no fault of ours. */
function isCutOff({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}

/** An exception of Nest, of Fastify, or unexpected, as an error of the catalogue. */
export function toApiError(exception: unknown): ApiError {
  if (exception instanceof ApiError) return exception;
  if (exception instanceof HttpException) return ofStatus(exception.getStatus());
  const { code, statusCode } = (exception ?? {}) as { code?: unknown; statusCode?: unknown };
  const isFastifys = typeof code === 'string' && code.startsWith('FST_');
  return isFastifys && typeof statusCode === 'number' ? ofStatus(statusCode) : errors.internal();
}

function ofStatus(status: number): ApiError {
  switch (status) {
    case 404:
      return errors.routeNotFound();
    case 413:
      return errors.bodyTooLarge();
    case 415:
      return errors.notJson();
    case 503:
      return errors.overloaded();
    default:
      return status >= 400 && status < 500 ? errors.invalidRequest() : errors.internal();
  }
}
