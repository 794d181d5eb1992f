import { setTimeout as pause } from 'node:timers/promises';

/** The upper limit in milliseconds, generous enough for a busy machine. */
const PATIENCE = 120_000;

/**
 * Waits until `condition` holds. It is checked every five milliseconds.
 *
 * @throws when it does not hold within two minutes
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!(await condition())) {
    if (performance.now() > deadline)
      throw new Error(`This did not hold within ${PATIENCE / 1000} s: ${String(condition)}`);
    await pause(5);
  }
}
