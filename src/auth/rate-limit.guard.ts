import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { errors } from '../common/errors.js';
import { SETTINGS } from '../config/config.module.js';
import type { Settings } from '../config/settings.js';
import { loginKeyOf } from '../users/user.entity.js';

/** Seconds that the limits count over. */
const WINDOW = 60;
/** Sign-ins of one address, sign-ins at one login, refreshes of one address. */
const SIGN_INS_PER_ADDRESS = 120;
const SIGN_INS_PER_LOGIN = 60;
const REFRESHES_PER_ADDRESS = 600;

/** Limits how often one address, and how often anyone for one login, may try (contract.md §6, 429). */
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
    await take(this.perAddress, ip);
    const login = (body as { login?: unknown } | null)?.login;
    if (typeof login === 'string') await take(this.perLogin, loginKeyOf(login).slice(0, 129));
  }
}

/** For `POST /token/refresh`. */
@Injectable()
export class RefreshRateLimitGuard extends RateLimitGuard {
  private readonly perAddress = new RateLimiterMemory({ points: REFRESHES_PER_ADDRESS, duration: WINDOW });

  protected consume({ ip }: FastifyRequest): Promise<void> {
    return take(this.perAddress, ip);
  }
}

/** @throws {ApiError} 429 */
async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw errors.tooManyRequests(refusal.msBeforeNext / 1000);
    throw refusal;
  }
}
