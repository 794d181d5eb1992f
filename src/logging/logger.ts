import type { LoggerService } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import type { LogLevel } from '../settings/settings.js';

/** The most characters of the log that wait for somebody to read them; what comes on top of them is lost. */
const MOST_UNREAD = 8 * 1024 * 1024;
/** How long, in milliseconds, the end of the process waits for the last lines to be read. */
const LAST_LINES_TIMEOUT = 1000;

/**
 * The log of the service: one JSON object a line.
 *
 * No body, no header and no query ever gets in here, and of an error only what it says of itself: an error of the
 * database carries the parameters of its statement, and so password hashes.
 */
export function makeLogger(level: LogLevel): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    serializers: { err: describeError },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  let lost = 0;
  const logger = pino(
    options,
    makeDestination({
      onLost: () => (lost += 1),
      onRead: () => {
        if (lost === 0) return;
        const count = lost;
        lost = 0;
        logger.warn(
          { lost: count },
          'lines of the log were lost: nobody read them, or there was no room for them',
        );
      },
    }),
  );
  return logger;
}

/**
 * Standard output, in such a way that the service does not depend on it: written beside its work, for as long as there
 * is somebody to read it and room on the disk, and never waited for without end.
 */
function makeDestination({ onLost, onRead }: { onLost: () => void; onRead: () => void }): DestinationStream {
  let patience = Infinity;
  const destination = pino.destination({
    dest: process.stdout.fd,
    sync: false,
    maxLength: MOST_UNREAD,
    retryEAGAIN: () => performance.now() < patience,
  });
  // A disk that is full, say. Without a listener it would end the process; the next line is another try.
  destination.on('error', () => undefined);
  destination.on('drop', onLost);
  destination.on('drain', onRead);
  const flush = destination.flushSync.bind(destination);
  destination.flushSync = () => {
    patience = performance.now() + LAST_LINES_TIMEOUT;
    try {
      flush();
    } catch {
      // Nobody reads it, or there is no room: that is no reason not to end.
    } finally {
      patience = Infinity;
    }
  };
  return destination;
}

/** An error as it is logged. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    name,
    message: withoutQuery(message),
    ...(typeof code === 'string' && { code }),
    ...(stack !== undefined && { stack: withoutQuery(stack) }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

/** Fastify puts the target of a request into some messages, and its query with it. */
const withoutQuery = (text: string) => text.replaceAll(/(\/[^\s"?]*)\?[^\s"]*/g, '$1');

/** One line for each answered request: who asked for what, and what came of it. */
export function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const { user } = request as { user?: { userId?: number } };
  request.log.info(
    {
      method: request.method,
      // Of a target that is a whole URL neither the host nor what may stand before it.
      path: request.url.replace(/^[a-z][\w+.-]*:\/\/[^/?]*/i, '').split('?', 1)[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      address: request.ip,
      ...(user?.userId !== undefined && { userId: user.userId }),
    },
    'answered',
  );
}

/** Lets the framework write to the same log. */
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
    this.logger.error({ ...contextOf(rest), ...(err && { err }) }, err ? err.message : String(message));
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

/** Nest gives the name of the class that logs as the last argument. */
function contextOf(rest: readonly unknown[]): object {
  const context = rest.at(-1);
  return typeof context === 'string' && !context.includes('\n') ? { context } : {};
}
