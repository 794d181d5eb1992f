import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { sourceNetworkOf } from '../../http/source-network.js';
import { take } from '../../http/rate-limit.js';
import { SETTINGS } from '../../settings/settings.module.js';
import type { Settings } from '../../settings/settings.js';
import { loginKeyOf } from '../../users/user.entity.js';
import type { RefreshSession } from '../tokens/tokens.service.js';

/** Seconds that the limits count over. */
const WINDOW = 60;
/** Sign-ins of one address, sign-ins at one login, refreshes of one address, refreshes of one user. */
const SIGN_INS_PER_ADDRESS = 120;
const SIGN_INS_PER_LOGIN = 60;
const REFRESHES_PER_ADDRESS = 600;
const REFRESHES_PER_USER = 60;

/**
 * Limits how often one address, and how often anyone for one login, may try (contract.md §6, 429). Each process counts
 * for itself; what must hold in the whole installation is the lockout.
 */
abstract class RateLimitGuard implements CanActivate {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.settings.rateLimit) await this.consume(context.switchToHttp().getRequest());
    return true;
  }

  protected abstract consume(request: FastifyRequest): Promise<void>;
}

/** For `POST /token`. */
@Injectable()
export class SignInRateLimitGuard extends RateLimitGuard {
  private readonly perAddress = new RateLimiterMemory({ points: SIGN_INS_PER_ADDRESS, duration: WINDOW });
  private readonly perLogin = new RateLimiterMemory({ points: SIGN_INS_PER_LOGIN, duration: WINDOW });

  protected async consume({ ip, body }: FastifyRequest): Promise<void> {
    await take(this.perAddress, sourceNetworkOf(ip));
    const login = (body as { login?: unknown } | null)?.login;
    if (typeof login === 'string') await take(this.perLogin, loginKeyOf(login).slice(0, 129));
  }
}

/** For `POST /token/refresh`. */
@Injectable()
export class RefreshRateLimitGuard extends RateLimitGuard {
  private readonly perAddress = new RateLimiterMemory({ points: REFRESHES_PER_ADDRESS, duration: WINDOW });

  protected consume({ ip }: FastifyRequest): Promise<void> {
    return take(this.perAddress, sourceNetworkOf(ip));
  }
}

/** For `POST /token/refresh`, once it is known whose token it is. */
@Injectable()
export class UserRefreshRateLimitGuard extends RateLimitGuard {
  private readonly perUser = new RateLimiterMemory({ points: REFRESHES_PER_USER, duration: WINDOW });

  protected async consume({ user }: FastifyRequest & { user?: RefreshSession }): Promise<void> {
    if (user) await take(this.perUser, user.user.id);
  }
}
