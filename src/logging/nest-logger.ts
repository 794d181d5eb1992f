import type { Logger } from 'pino';
import type { LoggerService } from '@nestjs/common';
import { OperatorError } from '../errors/operator-error.js';
import { SettingsError } from '../settings/settings.js';

/** Writes the framework's messages to the log of the service. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(contextOf(rest), String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(contextOf(rest), String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const err = message instanceof Error ? message : undefined;
    // The message of an error of the operator says what to do. A stack beside it would hide that.
    const isExplained = err instanceof SettingsError || err instanceof OperatorError;
    this.logger.error(
      { ...contextOf(rest), ...(err && !isExplained && { err }) },
      err ? err.message : String(message),
    );
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(contextOf(rest), String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(contextOf(rest), String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(contextOf(rest), String(message));
  }
}

/** Nest passes the name of the class that logs as the last argument. */
function contextOf(rest: readonly unknown[]): object {
  const context = rest.at(-1);
  return typeof context === 'string' && !context.includes('\n') ? { context } : {};
}
