import { type DestinationStream, pino } from 'pino';

/** The most characters of the log that wait to be read; lines beyond that are dropped. */
const MOST_UNREAD = 8 * 1024 * 1024;
/** How long, in milliseconds, the end of the process waits for the last lines to be read. */
const LAST_LINES_TIMEOUT = 1000;

/**
 * Standard output, written so that the service does not depend on its reader: asynchronously, for as long as somebody
 * reads it and the disk has room, and with a bounded wait at the end of the process.
 *
 * `onDrop` is called for each line that is dropped, `onDrain` once lines can be written again.
 */
export function openLogDestination({
  onDrop,
  onDrain,
}: {
  readonly onDrop: () => void;
  readonly onDrain: () => void;
}): DestinationStream {
  let flushDeadline = Infinity;
  const destination = pino.destination({
    dest: process.stdout.fd,
    sync: false,
    maxLength: MOST_UNREAD,
    retryEAGAIN: () => performance.now() < flushDeadline,
  });
  // For example a full disk. Without a listener the error would end the process; the next line tries again.
  destination.on('error', () => undefined);
  destination.on('drop', onDrop);
  destination.on('drain', onDrain);
  const flush = destination.flushSync.bind(destination);
  destination.flushSync = () => {
    flushDeadline = performance.now() + LAST_LINES_TIMEOUT;
    try {
      flush();
    } catch {
      // Nobody reads the log, or the disk is full: the process ends all the same.
    } finally {
      flushDeadline = Infinity;
    }
  };
  return destination;
}
