import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Injectable } from '@nestjs/common';
import { clientAddressOf } from '../../http/client-address.js';
import { siteOf, sourceNetworkOf } from '../../http/source-network.js';
import { RateLimitGuard } from '../../rate-limits/rate-limit.guard.js';
import type { Take } from '../../rate-limits/rate-limits.service.js';
import { loginKeyOf } from '../../users/user.entity.js';

/** Length of the rate limit window, in seconds. */
const WINDOW = 60;
const SIGN_INS_PER_LOGIN_AND_SOURCE = 60;
/** So that a fleet behind one address can sign in at once. */
const SIGN_INS_PER_SOURCE = 600;
/** One customer of a provider may own a whole IPv6 /48, and so 65,536 sources. */
const SIGN_INS_PER_SITE = 2400;

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
  private readonly perSource = this.limits.limit({
    name: 'sign-ins of a source',
    points: SIGN_INS_PER_SOURCE,
    seconds: WINDOW,
  });
  private readonly perSite = this.limits.limit({
    name: 'sign-ins of a site',
    points: SIGN_INS_PER_SITE,
    seconds: WINDOW,
  });

  protected consume(request: FastifyRequest): Promise<void> {
    const address = clientAddressOf(request);
    const source = sourceNetworkOf(address);
    const site = siteOf(address);
    const login = (request.body as { login?: unknown } | null)?.login;
    const takes: Take[] = [{ limit: this.perSource, key: source }];
    if (site !== source) takes.push({ limit: this.perSite, key: site });
    if (typeof login === 'string')
      takes.push({ limit: this.perLogin, key: `${groupOf(login)} of ${source}` });
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
