import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import type { ErrorBody } from '../errors/api-error.js';
import { unroutedResponses } from '../telemetry/measurements.js';
import { peerAddress } from './client-address.js';
import { afterResponses, incompleteRequestOf } from './connection-tracking.js';
import { corsHeadersOf } from './cors.js';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** The status line and message for the errors of Node's HTTP parser; 400 for those that are not listed. */
const RESPONSES: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are larger than 16 KiB'],
};

/** Maximum number of lines in the log about such requests in each window, and its length in milliseconds. */
const MOST_LINES = 100;
const WINDOW = 1000;

/**
 * Returns Node's handler for malformed HTTP and request timeouts. It responds after the responses to all earlier requests
 * of the connection, closes the connection, and writes a line to the access log. There is no request object yet, so the
 * response is written to the socket, with the same headers and body as every other error (contract.md §6).
 */
export function respondToMalformedRequests(log: FastifyBaseLogger, origins: readonly string[]) {
  const write = boundedLog(log);
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    afterResponses(socket, () => {
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
      }
      const begun = incompleteRequestOf(socket);
      const reqId = begun ? requestIdOf(begun) : randomUUID();
      const address = peerAddress(socket.remoteAddress ?? '');
      const cors = corsHeadersOf(begun?.headers.origin, origins);
      const status = respond(socket, error, { [REQUEST_ID_HEADER]: reqId, ...cors });
      // When it began is not known.
      unroutedResponses.report({ status, seconds: 0 });
      write({ reqId, status, address });
    });
  };
}

/** Responds, with some headers besides. @returns the status */
function respond(
  socket: Socket,
  { code = '' }: NodeJS.ErrnoException,
  added: Readonly<Record<string, string>>,
): number {
  const [statusLine, message] = RESPONSES[code] ?? ['400 Bad Request', 'Invalid request'];
  const status = Number.parseInt(statusLine, 10);
  const body: ErrorBody = { error: status, message };
  const json = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(json),
    ...added,
    ...SECURITY_HEADERS,
    date: new Date().toUTCString(),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${statusLine}\r\n${lines.join('')}\r\n${json}`);
  return status;
}

/**
 * Returns a function that writes at most {@link MOST_LINES} lines in each window, then one that says how many were left
 * out: a flood of such requests costs little, and must not fill the disk.
 */
function boundedLog(log: FastifyBaseLogger): (line: object) => void {
  let lines = 0;
  const endWindow = () => {
    if (lines > MOST_LINES) log.info({ leftOut: lines - MOST_LINES }, 'more malformed requests answered');
    lines = 0;
  };
  return (line) => {
    if (lines === 0) setTimeout(endWindow, WINDOW).unref();
    lines += 1;
    if (lines <= MOST_LINES) log.info(line, 'answered');
  };
}
