import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Injectable } from '@nestjs/common';
import { clientAddressOf } from '../../http/client-address.js';
import { sourceNetworkOf } from '../../http/source-network.js';
import { RateLimitGuard } from '../../rate-limits/rate-limit.guard.js';
import { SourceLimit } from '../../rate-limits/source-limit.js';
import { loginKeyOf } from '../../users/user.entity.js';

/** Length of the rate limit window, in seconds. */
const WINDOW = 60;
const SIGN_INS_PER_LOGIN_AND_SOURCE = 60;
/** So that a fleet behind one address can sign in at once. */
const SIGN_INS_PER_SOURCE = 600;

/**
 * Rate limits of `POST /token` (contract.md §5). There is none per login alone: anyone could use it up and keep the user
 * from signing in.
 */
@Injectable()
export class SignInRateLimitGuard extends RateLimitGuard {
  private readonly perLogin = this.limits.limit({
    name: 'sign-ins of a login and source',
    points: SIGN_INS_PER_LOGIN_AND_SOURCE,
    seconds: WINDOW,
  });
  private readonly perSource = new SourceLimit(this.limits, {
    name: 'sign-ins',
    points: SIGN_INS_PER_SOURCE,
    seconds: WINDOW,
  });

  protected consume(request: FastifyRequest): Promise<void> {
    const takes = this.perSource.takesOf(request);
    const login = (request.body as { login?: unknown } | null)?.login;
    if (typeof login === 'string') {
      const source = sourceNetworkOf(clientAddressOf(request));
      takes.push({ limit: this.perLogin, key: `${groupOf(login)} of ${source}` });
    }
    return this.limits.take(takes);
  }
}

/**
 * Returns one of 65,536 groups of logins. The database must not contain what people type as a login, because they type
 * passwords there; so few groups tell nothing of it, and of one source hardly two logins are in the same.
 */
function groupOf(login: string): string {
  return createHash('sha256').update(loginKeyOf(login)).digest('hex').slice(0, 4);
}
