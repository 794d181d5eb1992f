import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { ApiError } from '../errors/api-error.js';
import { requestErrors } from '../errors/request.errors.js';
import { UnavailableError } from '../errors/unavailable.error.js';
import { DEFAULT_BODY_LIMIT } from '../openapi/operation.decorator.js';
import { bodyLimitOf } from './body-limits.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** A body of up to so many bytes that is not wanted is read to its end and dropped, so that the connection can be kept. */
const LONGEST_DROPPED = 128 * 1024;

/** Writes the body of every error (contract.md §6), and logs server errors. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    sendError(http.getResponse<FastifyReply>(), request, exception);
  }
}

/** Responds to a request with an error of any kind. */
export function sendError(reply: FastifyReply, request: FastifyRequest, exception: unknown): void {
  const error = errorFor(request, exception);
  // A deliberate refusal appears in the access log only. A bug or an unavailable database also needs its cause.
  const isDeliberate =
    (exception instanceof ApiError || exception instanceof UnavailableError) && exception.cause === undefined;
  if (error.status >= 500 && !isDeliberate) request.log.error({ err: exception }, 'request failed');
  if (reply.sent || reply.raw.headersSent) return;
  // Set again here: Fastify runs no hooks for some requests, such as those for `*`.
  reply.header(REQUEST_ID_HEADER, request.id).headers(SECURITY_HEADERS);
  if (error.status < 500) settleConnection(reply, request);
  void reply.status(error.status).headers(error.headers).type('application/json').send(error.body);
}

function errorFor(request: FastifyRequest, exception: unknown): ApiError {
  return isAborted(request)
    ? requestErrors.invalidRequest()
    : toApiError(exception, () => bodyLimitOf(request));
}

/**
 * Closes the connection after a response that does not wait for the rest of a body which may be long. Keeps it
 * otherwise, though Fastify closes it after any error in a body: Node reads what remains and drops it.
 */
function settleConnection(reply: FastifyReply, { raw: { complete, headers } }: FastifyRequest): void {
  const isLong =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > LONGEST_DROPPED;
  if (!complete && isLong) reply.header('connection', 'close');
  else reply.removeHeader('connection');
}

/** Whether the client closed the connection while it was sending. This is not a server error. */
function isAborted({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}

/**
 * Converts any exception (our own, Nest's, Fastify's or an unexpected one) to the error for the caller. `bodyLimit` is
 * that of the route, in KiB.
 */
export function toApiError(exception: unknown, bodyLimit = () => DEFAULT_BODY_LIMIT): ApiError {
  if (exception instanceof ApiError) return exception;
  if (exception instanceof UnavailableError) return requestErrors.unavailable(exception.message);
  if (exception instanceof HttpException) return ofStatus(exception.getStatus(), bodyLimit);
  const { code, statusCode } = (exception ?? {}) as { code?: unknown; statusCode?: unknown };
  const isFastifyError = typeof code === 'string' && code.startsWith('FST_');
  return isFastifyError && typeof statusCode === 'number'
    ? ofStatus(statusCode, bodyLimit)
    : requestErrors.internal();
}

function ofStatus(status: number, bodyLimit: () => number): ApiError {
  switch (status) {
    case 404:
      return requestErrors.routeNotFound();
    case 413:
      return requestErrors.bodyTooLarge(bodyLimit());
    case 415:
      return requestErrors.notJson();
    case 503:
      return requestErrors.overloaded();
    default:
      return status >= 400 && status < 500 ? requestErrors.invalidRequest() : requestErrors.internal();
  }
}
