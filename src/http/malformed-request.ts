import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ErrorBody } from '../errors/api-error.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** The status line and message for the errors of Node's HTTP parser; 400 for those that are not listed. */
const RESPONSES: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are larger than 16 KiB'],
};

/**
 * Responds to malformed HTTP or a request timeout, and closes the connection. There is no request object yet, so the
 * response is written to the socket, with the same headers and body as every other error (contract.md §6).
 */
export function respondToMalformedRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = RESPONSES[error.code ?? ''] ?? ['400 Bad Request', 'Invalid request'];
  const body: ErrorBody = { error: Number.parseInt(status, 10), message };
  const json = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(json),
    [REQUEST_ID_HEADER]: randomUUID(),
    ...SECURITY_HEADERS,
    date: new Date().toUTCString(),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${json}`);
}
