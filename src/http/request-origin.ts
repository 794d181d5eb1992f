import type { FastifyRequest } from 'fastify';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { firstCharacters } from '../text/characters.js';
import { clientAddressOf } from './client-address.js';

/** The longest user agent that is kept, in characters (contract.md §5). */
const LONGEST_USER_AGENT = 256;

/** Where a request comes from, as sessions and events keep it. */
export interface RequestOrigin {
  /** The client's IP address. */
  readonly address: string;
  readonly requestId: string;
  /** The `User-Agent` header, cut short; null: there was none. */
  readonly userAgent: string | null;
}

/** Returns where a request comes from. */
export function originOf(request: FastifyRequest): RequestOrigin {
  const userAgent = request.headers['user-agent'];
  return {
    address: clientAddressOf(request),
    requestId: request.id,
    userAgent: userAgent === undefined ? null : firstCharacters(userAgent, LONGEST_USER_AGENT),
  };
}

/** Injects where the request comes from. */
export const Origin = createParamDecorator((_: unknown, context: ExecutionContext) =>
  originOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
