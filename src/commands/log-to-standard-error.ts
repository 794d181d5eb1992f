import { Logger } from '@nestjs/common';

/**
 * Writes to standard error what the parts of the service log while a command runs: standard output holds the result of
 * the command alone.
 */
export function logToStandardError(): void {
  const write = (message: unknown) => {
    process.stderr.write(`${String(message)}\n`);
  };
  const ignore = () => undefined;
  Logger.overrideLogger({
    log: ignore,
    debug: ignore,
    verbose: ignore,
    warn: write,
    error: write,
    fatal: write,
  });
}
