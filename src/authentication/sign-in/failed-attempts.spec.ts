import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailedAttempts } from './failed-attempts.js';

describe('failed attempts at a login, as they are measured', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const fillings = (attempts: FailedAttempts, login: string, count: number) =>
    Array.from({ length: count }, () => attempts.add(login, 3));

  it('fill a bucket of their login, ignoring case, which is closed then', () => {
    const attempts = new FailedAttempts(900);
    expect(fillings(attempts, 'Nobody', 2)).toEqual([false, false]);
    expect(fillings(attempts, 'somebody', 1)).toEqual([false]);
    expect(fillings(attempts, 'nobody', 4)).toEqual([true, false, false, false]);
  });

  it.each([
    [60, 60],
    [900, 900],
    [3 * 86_400, 3 * 86_400],
    // No lockout ends by itself, but those who measure see that somebody goes on.
    [0, 900],
  ])('fill it again after the pause: LOCKOUT_SECONDS=%s', (lockoutSeconds, pause) => {
    const attempts = new FailedAttempts(lockoutSeconds);
    expect(fillings(attempts, 'nobody', 3)).toEqual([false, false, true]);
    vi.advanceTimersByTime((pause - 1) * 1000);
    expect(fillings(attempts, 'nobody', 3)).toEqual([false, false, false]);
    vi.advanceTimersByTime(1000);
    expect(fillings(attempts, 'nobody', 3)).toEqual([false, false, true]);
  });

  it('are forgotten after a day without one', () => {
    const attempts = new FailedAttempts(900);
    fillings(attempts, 'nobody', 2);
    vi.advanceTimersByTime(86_400_000);
    expect(fillings(attempts, 'nobody', 3)).toEqual([false, false, true]);
  });
});
