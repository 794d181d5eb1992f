import type { FastifyRequest } from 'fastify';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';

/** Reads an id of a path or a query: a positive safe integer. Returns undefined when it is none. */
export function readId(value: string | undefined): number | undefined {
  const id = value !== undefined && /^\d{1,16}$/.test(value) ? Number(value) : 0;
  return id > 0 && Number.isSafeInteger(id) ? id : undefined;
}

/** Parses an id as {@link readId} does. @throws {ApiError} 400 that names `field` */
export function parseId(value: string | undefined, field: string): number {
  const id = readId(value);
  if (id === undefined)
    throw requestErrors.invalidParameters([{ field, message: `${field} must be a positive integer` }]);
  return id;
}

/** Injects the id in the path parameter `name`. @throws {ApiError} 400 */
export const IdParam = createParamDecorator((name: string, context: ExecutionContext) => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: Record<string, string> }>>();
  return parseId(params[name], name);
});
