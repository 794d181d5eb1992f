/*
 * Buckets of failed logins (contract.md §5). Pure: the rows that hold them are users, decoys and known sources.
 */

/** Login attempts that are counted together. A full bucket is closed: it takes no more for a time. */
export interface Bucket {
  /** The attempts since it was last emptied, each counted before its password is compared. */
  readonly loginAttempts: number;
  /** When it was filled. Null: it was not, or by an earlier version. */
  readonly blockedAt: Date | null;
  /** Until when it is closed. Null: it is not, or a lockout without an end has closed it. */
  readonly blockedUntil: Date | null;
}

/** A bucket without attempts. */
export const EMPTY_BUCKET: Bucket = { loginAttempts: 0, blockedAt: null, blockedUntil: null };

/** How many milliseconds the clocks of two processes may differ. */
const CLOCK_TOLERANCE = 60_000;

/**
 * Whether the end of a closed bucket is still ahead. A bucket that was filled in the future is not believed: the clock
 * was wrong then, and its end may be years away.
 */
export function isClosed({ blockedAt, blockedUntil }: Omit<Bucket, 'loginAttempts'>, now: number): boolean {
  if (blockedUntil === null || blockedUntil.getTime() <= now) return false;
  return blockedAt === null || blockedAt.getTime() <= latestFilling(now);
}

/** Returns how many attempts an open bucket holds: none any more when it was closed and its time has passed. */
export const attemptsIn = ({ loginAttempts, blockedUntil }: Bucket): number =>
  blockedUntil === null ? loginAttempts : 0;

/** Returns the latest time at which a bucket can have been filled. */
export const latestFilling = (now: number): number => now + CLOCK_TOLERANCE;

/**
 * Returns the condition in SQL that {@link isClosed} is false for rows of which `blocked_until` is not null. `now` and
 * `latest` are the placeholders of the time and of {@link latestFilling}.
 */
export const isOpenAgain = (alias: string, now = '', latest = ''): string =>
  `(${alias}"blocked_until" <= ${now} OR ${alias}"blocked_at" > ${latest})`;
