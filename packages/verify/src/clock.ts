/** A moment, by both clocks of the machine, in milliseconds. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** The current moment. */
export const now = (): Moment => ({ monotonic: performance.now(), wall: Date.now() });

/**
 * Milliseconds since `moment`. The monotonic clock of Linux stands still while the machine sleeps, and the wall clock can
 * be set back: the one that says more is right, or errs on the safe side.
 */
export const since = ({ monotonic, wall }: Moment): number =>
  Math.max(performance.now() - monotonic, Date.now() - wall);

/** A timer that does not keep a process of Node from ending. Returns a function that cancels it. */
export function after(milliseconds: number, work: () => void): () => void {
  const timer: unknown = setTimeout(work, milliseconds);
  // In browsers a timer is a number.
  (timer as { unref?: () => void }).unref?.();
  return () => {
    clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
  };
}
