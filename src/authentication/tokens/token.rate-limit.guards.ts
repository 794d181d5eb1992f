import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Injectable } from '@nestjs/common';
import type { AuthenticatedRequest } from '../../authorization/authenticated-request.js';
import { clientAddressOf } from '../../http/client-address.js';
import { RateLimitGuard, take } from '../../http/rate-limit.guard.js';
import { sourceNetworkOf } from '../../http/source-network.js';
import type { RefreshRequest } from './refresh-session.js';

/** Length of the rate limit window, in seconds. */
const WINDOW = 60;
const REFRESHES_PER_SOURCE = 600;
const REFRESHES_PER_USER = 60;
const REVOCATIONS_PER_SOURCE = 600;
const CREATED_PER_USER = 600;

/** Rate limit of `POST /token/refresh` per source, before the token is verified. */
@Injectable()
export class RefreshRateLimitGuard extends RateLimitGuard {
  private readonly perSource = new RateLimiterMemory({ points: REFRESHES_PER_SOURCE, duration: WINDOW });

  protected consume(request: FastifyRequest): Promise<void> {
    return take(this.perSource, sourceNetworkOf(clientAddressOf(request)));
  }
}

/** Rate limit of `POST /token/refresh` per user, after the token is verified. */
@Injectable()
export class UserRefreshRateLimitGuard extends RateLimitGuard {
  private readonly perUser = new RateLimiterMemory({ points: REFRESHES_PER_USER, duration: WINDOW });

  protected async consume({ refreshSession }: FastifyRequest & Partial<RefreshRequest>): Promise<void> {
    if (refreshSession) await take(this.perUser, refreshSession.principal.userId);
  }
}

/** Rate limit of `POST /token/revoke` per source. */
@Injectable()
export class RevokeRateLimitGuard extends RateLimitGuard {
  private readonly perSource = new RateLimiterMemory({ points: REVOCATIONS_PER_SOURCE, duration: WINDOW });

  protected consume(request: FastifyRequest): Promise<void> {
    return take(this.perSource, sourceNetworkOf(clientAddressOf(request)));
  }
}

/** Rate limit of `POST /token/create` per caller. */
@Injectable()
export class CreateRateLimitGuard extends RateLimitGuard {
  private readonly perUser = new RateLimiterMemory({ points: CREATED_PER_USER, duration: WINDOW });

  protected consume({ user }: FastifyRequest & Partial<AuthenticatedRequest>): Promise<void> {
    return user ? take(this.perUser, user.userId) : Promise.resolve();
  }
}
