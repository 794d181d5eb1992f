import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds after which something will not happen any more, however busy the machine is. */
const PATIENCE = 120_000;

/**
 * Waits until `condition` holds, looking every few milliseconds.
 *
 * @throws when it does not within two minutes
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`It never came to be: ${String(condition)}`);
    await pause(5);
  }
}
