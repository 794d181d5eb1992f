import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The header that carries the id of a request, in both directions (contract.md §6). */
export const REQUEST_ID_HEADER = 'x-request-id';

/** A valid request id from a caller: short, and without characters that could corrupt a log. */
const VALID_REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Returns the caller's request id if it is valid, else a new one. */
export function requestIdOf({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  const sent = headers[REQUEST_ID_HEADER];
  return typeof sent === 'string' && VALID_REQUEST_ID.test(sent) ? sent : randomUUID();
}
