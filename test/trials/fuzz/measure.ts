import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceProcess } from '../../support/process.js';

/** What a process holds. */
export interface Held {
  /** What is left of its heap after a collection of garbage, in MiB. */
  readonly heap: number;
  /** Resident memory in MiB. */
  readonly resident: number;
  /** Open files and sockets. */
  readonly handles: number;
  /** Timers, sockets and requests that keep its event loop going. */
  readonly resources: number;
}

/** Goes into the environment of a process that is to be measured. */
export const MEASURABLE = { NODE_OPTIONS: `--import=${new URL('measure.mjs', import.meta.url).href}` };

/** Measures a process that was started with {@link MEASURABLE}. */
export async function measure(process: ServiceProcess): Promise<Held> {
  const from = process.stderr.length;
  process.signal('SIGUSR2');
  for (;;) {
    const said = /measured (\{.*\})\n/.exec(process.stderr.slice(from))?.[1];
    if (said !== undefined) {
      const { heap, resources } = JSON.parse(said) as { heap: number; resources: number };
      return { heap: heap / 2 ** 20, resources, resident: process.memory(), handles: process.handles() };
    }
    await pause(20);
  }
}
