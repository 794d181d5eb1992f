import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Injectable } from '@nestjs/common';
import { clientAddressOf } from '../../http/client-address.js';
import { RateLimitGuard, take } from '../../http/rate-limit.guard.js';
import { sourceNetworkOf } from '../../http/source-network.js';
import { loginKeyOf } from '../../users/user.entity.js';

/** Length of the rate limit window, in seconds. */
const WINDOW = 60;
const SIGN_INS_PER_SOURCE = 120;
const SIGN_INS_PER_LOGIN = 60;

/** Rate limits of `POST /token`, counted per process. The lockout is the limit across all processes. */
@Injectable()
export class SignInRateLimitGuard extends RateLimitGuard {
  private readonly perSource = new RateLimiterMemory({ points: SIGN_INS_PER_SOURCE, duration: WINDOW });
  private readonly perLogin = new RateLimiterMemory({ points: SIGN_INS_PER_LOGIN, duration: WINDOW });

  protected async consume(request: FastifyRequest): Promise<void> {
    await take(this.perSource, sourceNetworkOf(clientAddressOf(request)));
    const login = (request.body as { login?: unknown } | null)?.login;
    if (typeof login === 'string') await take(this.perLogin, loginKeyOf(login).slice(0, 129));
  }
}
