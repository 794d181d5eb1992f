/**
 * Ends the process at SIGTERM and SIGINT until a command listens to them itself. By default the system does that, but
 * not to process 1, which a container without an init has: it would miss a signal that comes while it starts. A
 * transaction that is open then is rolled back.
 */
export function endOnEarlySignals(): void {
  if (process.pid !== 1) return;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, (_name: NodeJS.Signals, number: number) => {
      // This one alone: no command listens.
      if (process.listenerCount(signal) === 1) process.exit(128 + number);
    });
  }
}
