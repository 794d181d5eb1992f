import type { FastifyRequest } from 'fastify';
import { clientAddressOf } from '../http/client-address.js';
import { siteOf, sourceNetworkOf } from '../http/source-network.js';
import type { RateLimit, RateLimitOptions, RateLimits, Take } from './rate-limits.service.js';

/** One customer of a provider may own a whole IPv6 /48, and so 65,536 sources: all of them have as much as four. */
const SOURCES_PER_SITE = 4;

/** A limit of calls per source, and a second one that the sources of one IPv6 /48 share (contract.md §5). */
export class SourceLimit {
  private readonly perSource: RateLimit;
  private readonly perSite: RateLimit;

  /** @param options `name` without the source, for example `sign-ins` */
  constructor(limits: RateLimits, { name, points, seconds }: RateLimitOptions) {
    this.perSource = limits.limit({ name: `${name} of a source`, points, seconds });
    this.perSite = limits.limit({ name: `${name} of a site`, points: points * SOURCES_PER_SITE, seconds });
  }

  /** Returns what a request takes. */
  takesOf(request: FastifyRequest): Take[] {
    const address = clientAddressOf(request);
    const source = sourceNetworkOf(address);
    const site = siteOf(address);
    const ofSource = { limit: this.perSource, key: source };
    return site === source ? [ofSource] : [ofSource, { limit: this.perSite, key: site }];
  }
}
