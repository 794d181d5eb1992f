import type { FastifyRequest } from 'fastify';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';

/** The entity tag of the version of a record (contract.md §3). */
export const etagOf = (version: number): string => `"${version}"`;

/**
 * Checks an `If-Match` header against the current version of a record. Without the header, the check passes.
 *
 * Uses the strong comparison of RFC 9110 §13.1.1: a weak tag never matches.
 *
 * @throws {ApiError} 412 when no tag matches
 */
export function assertMatch(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes(etagOf(version))) throw requestErrors.preconditionFailed();
}

/** Injects the `If-Match` header. `@Headers()` would document it a second time, and as required. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'],
);
