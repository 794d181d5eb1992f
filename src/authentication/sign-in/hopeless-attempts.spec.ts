import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HopelessAttempts } from './hopeless-attempts.js';

describe('attempts at a login that cannot sign in', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const fillings = (attempts: HopelessAttempts, login: string, count: number) =>
    Array.from({ length: count }, () => attempts.add(login, 3));

  it('fill a bucket of their login, ignoring case, which is closed then', () => {
    const attempts = new HopelessAttempts(900);
    expect(fillings(attempts, 'Nobody', 2)).toEqual([false, false]);
    expect(fillings(attempts, 'somebody', 1)).toEqual([false]);
    expect(fillings(attempts, 'nobody', 4)).toEqual([true, false, false, false]);
  });

  it('fill it again after the lockout', () => {
    const attempts = new HopelessAttempts(900);
    expect(fillings(attempts, 'nobody', 3)).toEqual([false, false, true]);
    vi.advanceTimersByTime(899_000);
    expect(fillings(attempts, 'nobody', 3)).toEqual([false, false, false]);
    vi.advanceTimersByTime(1000);
    expect(fillings(attempts, 'nobody', 3)).toEqual([false, false, true]);
  });

  it('never fill it again where a lockout has no end', () => {
    const attempts = new HopelessAttempts(0);
    fillings(attempts, 'nobody', 3);
    vi.advanceTimersByTime(10 * 365 * 86_400_000);
    expect(fillings(attempts, 'nobody', 4)).toEqual([false, false, false, false]);
  });
});
