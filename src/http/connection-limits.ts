import type { FastifyInstance } from 'fastify';

/** Maximum number of open connections. An idle one uses about 10 KiB. More clients need more processes. */
const MOST_CONNECTIONS = 20_000;
/** Open files that are kept free for the database, the hashing threads and files. */
const RESERVED_FILES = 128;
/** Milliseconds between two log lines about refused connections. */
const REFUSALS_LOGGED_EVERY = 60_000;

/**
 * Refuses connections before the open-file limit is reached: without free file descriptors the service could neither
 * open its database nor start a thread, and would fail the clients that are connected.
 */
export function limitConnections({ server, log }: FastifyInstance): void {
  server.maxConnections = mostConnections(openFileLimit());
  let refused = 0;
  let loggedAt = -Infinity;
  server.on('drop', () => {
    refused += 1;
    if (performance.now() - loggedAt < REFUSALS_LOGGED_EVERY) return;
    log.warn({ refused, most: server.maxConnections }, 'connections refused');
    loggedAt = performance.now();
    refused = 0;
  });
}

/**
 * Returns the maximum number of connections for this open-file limit: at least half of it, at most {@link
 * MOST_CONNECTIONS}.
 */
export function mostConnections(openFiles: number): number {
  const left = Math.max(openFiles - RESERVED_FILES, Math.floor(openFiles / 2));
  return Math.min(left, MOST_CONNECTIONS);
}

/** The open-file limit of this process: Node has raised its soft limit to the hard one. */
export function openFileLimit(): number {
  return (limit ??= readOpenFileLimit());
}
let limit: number | undefined;

function readOpenFileLimit(): number {
  // Skip reverse DNS lookups in the report; they block.
  (process.report as typeof process.report & { excludeNetwork?: boolean }).excludeNetwork = true;
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const files = userLimits?.open_files?.soft;
  return typeof files === 'number' ? files : Infinity;
}
