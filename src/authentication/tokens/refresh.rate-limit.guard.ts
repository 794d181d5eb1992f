import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Injectable } from '@nestjs/common';
import { RateLimitGuard, take } from '../../http/rate-limit.guard.js';
import { sourceNetworkOf } from '../../http/source-network.js';
import type { RefreshRequest } from './refresh-session.js';

/** Seconds that the limits count over. */
const WINDOW = 60;
const REFRESHES_PER_SOURCE = 600;
const REFRESHES_PER_USER = 60;

/** For `POST /token/refresh`, before the token is verified. */
@Injectable()
export class RefreshRateLimitGuard extends RateLimitGuard {
  private readonly perSource = new RateLimiterMemory({ points: REFRESHES_PER_SOURCE, duration: WINDOW });

  protected consume({ ip }: FastifyRequest): Promise<void> {
    return take(this.perSource, sourceNetworkOf(ip));
  }
}

/** For `POST /token/refresh`, once the token's user is known. */
@Injectable()
export class UserRefreshRateLimitGuard extends RateLimitGuard {
  private readonly perUser = new RateLimiterMemory({ points: REFRESHES_PER_USER, duration: WINDOW });

  protected async consume({ refreshSession }: FastifyRequest & Partial<RefreshRequest>): Promise<void> {
    if (refreshSession) await take(this.perUser, refreshSession.user.id);
  }
}
