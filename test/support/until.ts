import { setTimeout as pause } from 'node:timers/promises';

/** Waits until `condition` holds. @throws when it does not within 30 seconds */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`This did not hold within 30 s: ${String(condition)}`);
    await pause(10);
  }
}
