/** The longest time of `setTimeout`, which takes a longer one for none: 24 days. */
const LONGEST = 2 ** 31 - 1;

/** Waits, 24 days at the most. @throws the reason of `signal` when it is aborted */
export async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((done) => (timer = setTimeout(done, Math.min(milliseconds, LONGEST))));
  try {
    await unlessAborted(over, signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for work that others may wait for too: it goes on when `signal` is aborted.
 *
 * @throws the reason of `signal` when it is aborted
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_done, failed) => {
    abort = () => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller chose the reason
      failed(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
