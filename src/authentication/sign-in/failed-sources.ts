import { LRUCache } from 'lru-cache';
import { siteOf, sourceNetworkOf } from '../../http/source-network.js';

/** How long a failed sign-in counts against its source, in milliseconds (contract.md §5). */
const REMEMBERED = 15 * 60_000;
/** Maximum number of sites that are remembered. The one that failed least recently is forgotten. */
const MOST_SITES = 20_000;
/**
 * So many sources of one IPv6 /48 must have failed before all of it counts as failed. One customer may own the whole
 * /48, and each of its 65,536 networks would have a first attempt. With four, a customer with several networks may
 * mistype in three of them, and an attacker gains three attempts.
 */
const FAILED_SOURCES_OF_SITE = 4;

/**
 * The sources from which a sign-in has failed in the last 15 minutes, in this process. Their sign-ins wait behind those
 * of others (contract.md §5).
 */
export class FailedSources {
  /** By site: when its sources have failed, by source. The newest of them is the last. */
  private readonly sites = new LRUCache<string, Map<string, number>>({ max: MOST_SITES });

  /** @param now returns the time in milliseconds, from a clock that is never set */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Records that a sign-in from this address has failed. */
  add(address: string): void {
    const site = siteOf(address);
    const source = sourceNetworkOf(address);
    const sources = this.sites.get(site) ?? new Map<string, number>();
    this.sites.set(site, sources);
    sources.delete(source);
    sources.set(source, this.now());
    const [oldest] = sources.keys();
    if (sources.size > FAILED_SOURCES_OF_SITE && oldest !== undefined) sources.delete(oldest);
  }

  /** Whether sign-ins from this address wait behind those of others. */
  has(address: string): boolean {
    const sources = this.sites.peek(siteOf(address));
    if (!sources) return false;
    const since = this.now() - REMEMBERED;
    const isRecent = (failedAt: number | undefined) => failedAt !== undefined && failedAt > since;
    if (isRecent(sources.get(sourceNetworkOf(address)))) return true;
    return [...sources.values()].filter(isRecent).length >= FAILED_SOURCES_OF_SITE;
  }
}
