import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { attemptsIn, type Bucket, EMPTY_BUCKET, isClosed } from '../../users/attempt-bucket.js';
import { loginKeyOf } from '../../users/user.entity.js';

/** The most logins whose attempts are remembered: a few megabytes. */
const MOST_LOGINS = 50_000;
/** For how long a bucket is closed that only an administrator would open, in milliseconds: longer than a process runs. */
const FOR_EVER = 1000 * 365 * 86_400_000;

/**
 * Counts attempts at logins that no attempt can sign in: nobody has the login, or its user may do nothing. No such
 * attempt locks anybody out. But metrics count lockouts, and would tell whether a login exists if these were left out
 * (contract.md §10). So their buckets fill and close as those of a client do, in memory, for the metric alone.
 *
 * Not the decoys: several logins share one, and its count would tell.
 */
export class HopelessAttempts {
  private readonly buckets = new LRUCache<string, Bucket>({ max: MOST_LOGINS });
  private readonly secret = randomBytes(32);

  /** @param lockoutSeconds see `LOCKOUT_SECONDS` */
  constructor(private readonly lockoutSeconds: number) {}

  /** Counts an attempt. @returns whether it has filled the bucket of its login */
  add(login: string, limit: number): boolean {
    // A digest has one length, whatever is sent, and people type passwords where the login belongs.
    const key = createHmac('sha256', this.secret).update(loginKeyOf(login)).digest('base64');
    const now = Date.now();
    const before = this.buckets.get(key) ?? EMPTY_BUCKET;
    if (isClosed(before, now)) return false;
    const loginAttempts = attemptsIn(before) + 1;
    const isFull = loginAttempts >= limit;
    const pause = this.lockoutSeconds === 0 ? FOR_EVER : this.lockoutSeconds * 1000;
    const closed = isFull && { blockedAt: new Date(now), blockedUntil: new Date(now + pause) };
    this.buckets.set(key, { ...EMPTY_BUCKET, loginAttempts, ...closed });
    return isFull;
  }
}
