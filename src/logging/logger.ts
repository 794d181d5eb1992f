import { type Logger, type LoggerOptions, pino } from 'pino';
import type { LogLevel } from '../settings/settings.js';
import { serializeError } from './error-serializer.js';
import { openLogDestination } from './log-destination.js';

/**
 * Creates the logger of the service: one JSON object per line, on standard output.
 *
 * It never logs a body, a header or a query. Of an error, it logs only what {@link serializeError} returns.
 */
export function createLogger(level: LogLevel): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    serializers: { err: serializeError },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  let dropped = 0;
  const logger = pino(
    options,
    openLogDestination({
      onDrop: () => (dropped += 1),
      onDrain: () => {
        if (dropped === 0) return;
        const lost = dropped;
        dropped = 0;
        logger.warn({ lost }, 'lines of the log were lost: nobody read them, or there was no room for them');
      },
    }),
  );
  return logger;
}
