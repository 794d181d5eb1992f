import type { FastifyRequest } from 'fastify';
import { Injectable } from '@nestjs/common';
import type { AuthenticatedRequest } from '../../authorization/authenticated-request.js';
import { RateLimitGuard } from '../../rate-limits/rate-limit.guard.js';
import { SourceLimit } from '../../rate-limits/source-limit.js';
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
  private readonly perSource = new SourceLimit(this.limits, {
    name: 'refreshes',
    points: REFRESHES_PER_SOURCE,
    seconds: WINDOW,
  });

  protected consume(request: FastifyRequest): Promise<void> {
    return this.limits.take(this.perSource.takesOf(request));
  }
}

/** Rate limit of `POST /token/refresh` per user, after the token is verified. */
@Injectable()
export class UserRefreshRateLimitGuard extends RateLimitGuard {
  private readonly perUser = this.limits.limit({
    name: 'refreshes of a user',
    points: REFRESHES_PER_USER,
    seconds: WINDOW,
  });

  protected async consume({ refreshSession }: FastifyRequest & Partial<RefreshRequest>): Promise<void> {
    if (refreshSession) await this.perUser.take(refreshSession.principal.userId);
  }
}

/** Rate limit of `POST /token/revoke` per source. */
@Injectable()
export class RevokeRateLimitGuard extends RateLimitGuard {
  private readonly perSource = new SourceLimit(this.limits, {
    name: 'revocations',
    points: REVOCATIONS_PER_SOURCE,
    seconds: WINDOW,
  });

  protected consume(request: FastifyRequest): Promise<void> {
    return this.limits.take(this.perSource.takesOf(request));
  }
}

/** Rate limit of `POST /token/create` per caller. */
@Injectable()
export class CreateRateLimitGuard extends RateLimitGuard {
  private readonly perUser = this.limits.limit({
    name: 'created tokens of a user',
    points: CREATED_PER_USER,
    seconds: WINDOW,
  });

  protected consume({ user }: FastifyRequest & Partial<AuthenticatedRequest>): Promise<void> {
    return user ? this.perUser.take(user.userId) : Promise.resolve();
  }
}
