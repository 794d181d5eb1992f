import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ShutdownState } from '../http/shutdown-state.js';

/** Maximum duration of the graceful shutdown, in milliseconds. It begins after the drain. */
const SHUTDOWN_TIMEOUT = 25_000;

/**
 * Stops the service on SIGTERM and SIGINT, and exits with 0.
 *
 * On SIGTERM it first drains for `drainSeconds`: it is not ready, so that load balancers look elsewhere, but serves
 * every request. A second signal ends the drain. SIGINT, which comes from a terminal, does not drain.
 *
 * Call it before the service says that it listens: a supervisor may stop it right after that line.
 *
 * @param fail ends the process when the shutdown fails
 */
export function stopOnSignals(
  app: NestFastifyApplication,
  drainSeconds: number,
  fail: (error: unknown) => void,
): void {
  let drain: NodeJS.Timeout | undefined;
  let isStopping = false;

  const stop = (signal: NodeJS.Signals) => {
    clearTimeout(drain);
    isStopping = true;
    process.stderr.write(`${signal}: finishing what is in flight\n`);
    setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT).unref();
    app.close().then(() => process.exit(0), fail);
  };
  const receive = (signal: NodeJS.Signals) => {
    // Ignore further signals. Keep the listener: without it, the next signal would end the process at once.
    if (isStopping) return;
    if (signal !== 'SIGTERM' || drainSeconds === 0 || drain !== undefined) {
      stop(signal);
      return;
    }
    app.get(ShutdownState).announce();
    drain = setTimeout(stop, drainSeconds * 1000, signal);
    process.stderr.write(`${signal}: not ready any more; still serving for ${drainSeconds} s\n`);
  };
  process.on('SIGTERM', receive).on('SIGINT', receive);
}
