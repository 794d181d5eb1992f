import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptsIn, type Bucket, EMPTY_BUCKET, isClosed } from './attempt-bucket.js';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 31);
const full = (at: number | null, until: number): Bucket => ({
  loginAttempts: 10,
  blockedAt: at === null ? null : new Date(at),
  blockedUntil: new Date(until),
});

describe('A bucket', () => {
  it('is open without an end, and when its end has come', () => {
    expect(isClosed(EMPTY_BUCKET, NOW)).toBe(false);
    expect(isClosed(full(NOW - 15 * MINUTE, NOW), NOW)).toBe(false);
    expect(isClosed(full(NOW - 15 * MINUTE, NOW + 1), NOW)).toBe(true);
  });

  it('is empty after its end', () => {
    expect(attemptsIn({ ...EMPTY_BUCKET, loginAttempts: 9 })).toBe(9);
    expect(attemptsIn(full(NOW - 15 * MINUTE, NOW))).toBe(0);
  });

  it('is open when it was filled in the future, and closed when another clock is a little ahead', () => {
    expect(isClosed(full(NOW + 400 * 1440 * MINUTE, NOW + 401 * 1440 * MINUTE), NOW)).toBe(false);
    expect(isClosed(full(NOW + MINUTE, NOW + 16 * MINUTE), NOW)).toBe(true);
    expect(isClosed(full(NOW + MINUTE + 1, NOW + 16 * MINUTE), NOW)).toBe(false);
  });

  it('that an earlier version has closed is closed until its end', () => {
    expect(isClosed(full(null, NOW + MINUTE), NOW)).toBe(true);
    expect(isClosed(full(null, NOW), NOW)).toBe(false);
  });

  it('is closed neither after its pause nor by a clock that was ahead', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.integer({ min: 1, max: 1440 * MINUTE }),
        (ahead, pause) => {
          const bucket = full(NOW + ahead, NOW + ahead + pause);
          if (ahead <= 0) expect(isClosed(bucket, NOW + pause)).toBe(false);
          if (ahead > MINUTE) expect(isClosed(bucket, NOW)).toBe(false);
        },
      ),
    );
  });
});
