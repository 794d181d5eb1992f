import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The header that carries the id of a request, in both directions (contract.md §6). */
export const REQUEST_ID_HEADER = 'x-request-id';

/** An id that a caller may choose: short, and with no character that could confuse a log. */
const VALID_REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The caller's request id if it sent a valid one, else a new one. */
export function requestIdOf({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  const sent = headers[REQUEST_ID_HEADER];
  return typeof sent === 'string' && VALID_REQUEST_ID.test(sent) ? sent : randomUUID();
}
