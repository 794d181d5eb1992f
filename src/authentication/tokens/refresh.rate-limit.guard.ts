import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Injectable } from '@nestjs/common';
import { RateLimitGuard, take } from '../../http/rate-limit.guard.js';
import { sourceNetworkOf } from '../../http/source-network.js';
import type { RefreshRequest } from './refresh-session.js';

/** Length of the rate limit window, in seconds. */
const WINDOW = 60;
const REFRESHES_PER_SOURCE = 600;
const REFRESHES_PER_USER = 60;

/** Rate limit of `POST /token/refresh` per source, before the token is verified. */
@Injectable()
export class RefreshRateLimitGuard extends RateLimitGuard {
  private readonly perSource = new RateLimiterMemory({ points: REFRESHES_PER_SOURCE, duration: WINDOW });

  protected consume({ ip }: FastifyRequest): Promise<void> {
    return take(this.perSource, sourceNetworkOf(ip));
  }
}

/** Rate limit of `POST /token/refresh` per user, after the token is verified. */
@Injectable()
export class UserRefreshRateLimitGuard extends RateLimitGuard {
  private readonly perUser = new RateLimiterMemory({ points: REFRESHES_PER_USER, duration: WINDOW });

  protected async consume({ refreshSession }: FastifyRequest & Partial<RefreshRequest>): Promise<void> {
    if (refreshSession) await take(this.perUser, refreshSession.user.id);
  }
}
