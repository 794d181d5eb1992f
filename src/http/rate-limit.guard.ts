import type { FastifyRequest } from 'fastify';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';

/**
 * Rate limit of a route (contract.md §6, 429), unless `RATE_LIMIT` is off. Each process counts separately.
 */
@Injectable()
export abstract class RateLimitGuard implements CanActivate {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.settings.rateLimit) await this.consume(context.switchToHttp().getRequest());
    return true;
  }

  /** Takes one call from each limit that applies to a request. @throws {ApiError} 429 */
  protected abstract consume(request: FastifyRequest): Promise<void>;
}

/**
 * Consumes one call of `key`.
 *
 * @throws {ApiError} 429 when none is left; 503 when the limiter fails: requests must not pass uncounted
 */
export async function take(limiter: RateLimiterAbstract, key: string | number): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw requestErrors.tooManyRequests(refusal.msBeforeNext / 1000);
    throw requestErrors.overloaded({ cause: refusal });
  }
}
