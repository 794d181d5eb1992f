import type { Rotation } from '../../sessions/session.entity.js';

/** Milliseconds for which a replaced refresh token still returns its successor after the successor has been used. */
const GRACE = 30_000;
/** Maximum number of rotations that a session keeps, against a client that refreshes without pause. */
const MOST_KEPT = 64;

/** The request that uses a refresh token. */
export interface RefreshUse {
  /** The number of the refresh token in its session. */
  readonly used: number;
  /** The source of the request. */
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether a new refresh token is issued: `REFRESH_ROTATION` is on, and the session was not created. */
  readonly rotates: boolean;
}

/** What a session does about a refresh that it refuses. `reused`: two parties have the refresh token. */
export type RefreshRefusal = 'reused' | 'unknown';

/** What a session does about a refresh. */
export interface RefreshStep {
  /** The refresh token to return, if it rotates. */
  readonly successor?: Rotation;
  /** What the session keeps from now on. */
  readonly rotations: readonly Rotation[];
}

/**
 * Decides about the use of a refresh token (contract.md §5, `REFRESH_ROTATION`; RFC 9700 §4.14.2). The newest one gets a
 * successor. One that has been replaced gets that same successor again, from the same source, until the successor has
 * been used and for {@link GRACE} after: its response may have been lost, or two tabs share it.
 *
 * @returns `reused` when the token was used again otherwise; `unknown` when the session has not given it yet: the
 *   database has been restored from an older backup
 */
export function refreshStep(
  rotations: readonly Rotation[],
  { used, source, now, rotates }: RefreshUse,
): RefreshStep | RefreshRefusal {
  const newest = newestOf(rotations);
  if (used === newest) {
    if (!rotates) return { rotations };
    const successor = { number: newest + 1, at: now, source };
    return { successor, rotations: stillReturned([...rotations, successor], now) };
  }
  if (used > newest) return 'unknown';
  const successor = rotations.find(({ number }) => number === used + 1);
  if (successor?.source !== source) return 'reused';
  if (!stillReturned(rotations, now).includes(successor)) return 'reused';
  return rotates ? { successor, rotations } : { rotations };
}

const newestOf = (rotations: readonly Rotation[]): number => rotations.at(-1)?.number ?? 0;

/** Whether the refresh token with this number is the one that the session has given last. */
export const isNewest = (rotations: readonly Rotation[], number: number): boolean =>
  number === newestOf(rotations);

/** Returns the successors that may still be returned again. One was used when the next one was issued. */
function stillReturned(rotations: readonly Rotation[], now: number): readonly Rotation[] {
  return rotations
    .filter((_, index) => {
      const usedAt = rotations[index + 1]?.at;
      return usedAt === undefined || now - usedAt <= GRACE;
    })
    .slice(-MOST_KEPT);
}
