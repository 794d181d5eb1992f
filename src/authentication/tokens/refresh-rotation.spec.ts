import { describe, expect, it } from 'vitest';
import type { Rotation } from '../../sessions/session.entity.js';
import { refreshStep } from './refresh-rotation.js';

const HOME = '192.0.2.7';
const AWAY = '198.51.100.1';

/** Uses refresh tokens one after the other, and returns the number that each use gives. */
function uses(
  ...steps: readonly { used: number; at: number; source?: string }[]
): (number | string | undefined)[] {
  let rotations: readonly Rotation[] = [];
  return steps.map(({ used, at, source = HOME }) => {
    const step = refreshStep(rotations, { used, source, now: at, rotates: true });
    if (typeof step === 'string') return step;
    ({ rotations } = step);
    return step.successor?.number;
  });
}

describe('a refresh token', () => {
  it('gives its successor, and that one the next', () => {
    expect(uses({ used: 0, at: 0 }, { used: 1, at: 1000 }, { used: 2, at: 2000 })).toEqual([1, 2, 3]);
  });

  it('gives the same successor again, however late, until that has been used', () => {
    expect(uses({ used: 0, at: 0 }, { used: 0, at: 10 }, { used: 0, at: 86_400_000 })).toEqual([1, 1, 1]);
  });

  it('gives the same successor for 30 seconds after that has been used, and not later', () => {
    const first = [
      { used: 0, at: 0 },
      { used: 1, at: 100_000 },
    ];
    expect(uses(...first, { used: 0, at: 130_000 })).toEqual([1, 2, 1]);
    expect(uses(...first, { used: 0, at: 130_001 })).toEqual([1, 2, 'reused']);
  });

  it('is refused from another source once it has been used', () => {
    expect(uses({ used: 0, at: 0 }, { used: 0, at: 10, source: AWAY })).toEqual([1, 'reused']);
    expect(uses({ used: 0, at: 0 }, { used: 1, at: 10, source: AWAY })).toEqual([1, 2]);
  });

  it('is refused when it is one of long ago, or of a number that was never given', () => {
    const steps = Array.from({ length: 10 }, (_, index) => ({ used: index, at: index * 60_000 }));
    expect(uses(...steps, { used: 3, at: 600_000 }).at(-1)).toBe('reused');
    expect(uses({ used: 5, at: 0 })).toEqual(['unknown']);
  });

  it('is answered in its 30 seconds, however often the session was refreshed since', () => {
    const steps = Array.from({ length: 20 }, (_, index) => ({ used: index, at: index * 1000 }));
    expect(uses(...steps, { used: 4, at: 19_000 }).at(-1)).toBe(5);
  });

  it('keeps a bounded number of rotations', () => {
    let rotations: readonly Rotation[] = [];
    for (let used = 0; used < 1000; used += 1) {
      const step = refreshStep(rotations, { used, source: HOME, now: used, rotates: true });
      if (typeof step === 'string') throw new Error(step);
      ({ rotations } = step);
    }
    expect(rotations.length).toBe(64);
  });

  it('gives no successor without rotation, and keeps to what has been rotated before', () => {
    const [first, second] = [1, 2].map((number) => ({ number, at: number * 1000, source: HOME }));
    const rotations = [first, second] as Rotation[];
    const use = { source: HOME, now: 3000, rotates: false };
    expect(refreshStep(rotations, { ...use, used: 2 })).toEqual({ rotations });
    expect(refreshStep(rotations, { ...use, used: 1 })).toEqual({ rotations });
    expect(refreshStep(rotations, { ...use, used: 1, now: 3_000_000 })).toEqual({ rotations });
    expect(refreshStep(rotations, { ...use, used: 0, now: 3_000_000 })).toBe('reused');
    expect(refreshStep([], { ...use, used: 0 })).toEqual({ rotations: [] });
  });
});
