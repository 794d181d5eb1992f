import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { loginKeyOf } from '../../users/user.entity.js';

/** The most logins whose failed attempts are remembered: a few megabytes. */
const MOST_LOGINS = 50_000;
/** Milliseconds after the last failed attempt until the attempts of a login are forgotten. Of a full bucket: the pause. */
const REMEMBERED_FOR = 86_400_000;
/** Milliseconds for which a full bucket is closed where a lockout has no end. */
const SHORT_PAUSE = 15 * 60_000;

/** The failed attempts at one login. */
interface Failures {
  readonly count: number;
  /** They have used up all attempts: it takes no more. */
  readonly isFull: boolean;
  /** Until when they count. */
  readonly until: number;
}

/**
 * Counts failed attempts for those who measure, and for nobody else: they lock nobody out.
 *
 * Metrics count lockouts, and no counter may tell whether a login exists (contract.md §10). So all logins count in the
 * same way, those that nobody has too: the memory of this process alone, one limit and one pause. Users' own buckets
 * are shared by all processes, and have other pauses for administrators and for known sources. A success empties no
 * bucket: else the next failed attempt of anyone would tell that somebody has signed in.
 *
 * Not the decoys: several logins share one, and its count would tell.
 */
export class FailedAttempts {
  private readonly logins = new LRUCache<string, Failures>({ max: MOST_LOGINS });
  private readonly secret = randomBytes(32);
  private readonly pause: number;

  /** @param lockoutSeconds see `LOCKOUT_SECONDS` */
  constructor(lockoutSeconds: number) {
    this.pause = lockoutSeconds === 0 ? SHORT_PAUSE : lockoutSeconds * 1000;
  }

  /** Counts a failed attempt. @returns whether it has used up all attempts at its login */
  add(login: string, limit: number): boolean {
    // A digest has one length, whatever is sent, and people type passwords where the login belongs.
    const key = createHmac('sha256', this.secret).update(loginKeyOf(login)).digest('base64');
    const now = Date.now();
    const known = this.logins.get(key);
    const before = known && known.until > now ? known : undefined;
    if (before?.isFull) return false;
    const count = (before?.count ?? 0) + 1;
    const isFull = count >= limit;
    this.logins.set(key, { count, isFull, until: now + (isFull ? this.pause : REMEMBERED_FOR) });
    return isFull;
  }
}
