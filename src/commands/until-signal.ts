import { OperatorError } from '../errors/operator-error.js';

/** SIGINT or SIGTERM has stopped a command. The program then waits for nothing more: program.ts ends it. */
export class StoppedError extends OperatorError {}

/**
 * Runs work that SIGINT (Ctrl-C) and SIGTERM stop: they abort the signal that it is given. A second one ends the process
 * at once.
 *
 * @param outcome what the message says of the work that was stopped
 * @throws {StoppedError} when the work has failed after such a signal
 */
export async function untilSignal<T>(outcome: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      stopping.abort(new StoppedError(`${name}: ${outcome}`));
    });
  const { signal } = stopping;
  try {
    return await work(signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
