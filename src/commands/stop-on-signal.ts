import { OperatorError } from '../errors/operator-error.js';

/**
 * Returns a signal that SIGINT (Ctrl-C) and SIGTERM abort. Its reason is the error that the command fails with.
 *
 * @param outcome what the message says of the work that was stopped
 */
export function stopOnSignal(outcome: string): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      stopping.abort(new OperatorError(`${name}: ${outcome}`));
    });
  return stopping.signal;
}
