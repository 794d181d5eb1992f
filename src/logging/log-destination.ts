import { type DestinationStream, pino } from 'pino';

/** Maximum number of buffered characters. Further lines are dropped. */
const MOST_UNREAD = 8 * 1024 * 1024;
/** Milliseconds that the exit of the process waits for the last lines to be written. */
const LAST_LINES_TIMEOUT = 1000;

/**
 * Writes to standard output asynchronously, so that a slow reader or a full disk cannot block the service. The wait at
 * the exit of the process is limited.
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
  // For example a full disk. Without a listener, the error would stop the process. The next line tries again.
  destination.on('error', () => undefined);
  destination.on('drop', onDrop);
  destination.on('drain', onDrain);
  const flush = destination.flushSync.bind(destination);
  destination.flushSync = () => {
    flushDeadline = performance.now() + LAST_LINES_TIMEOUT;
    try {
      flush();
    } catch {
      // The log is not being read, or the disk is full. Exit anyway.
    } finally {
      flushDeadline = Infinity;
    }
  };
  return destination;
}
