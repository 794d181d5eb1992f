import type { FastifyRequest } from 'fastify';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { RateLimits } from './rate-limits.service.js';

/** Rate limit of a route (contract.md §6, 429). */
@Injectable()
export abstract class RateLimitGuard implements CanActivate {
  constructor(protected readonly limits: RateLimits) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.consume(context.switchToHttp().getRequest());
    return true;
  }

  /** Takes one call from each limit that applies to a request. @throws {ApiError} 429, 503 */
  protected abstract consume(request: FastifyRequest): Promise<void>;
}
