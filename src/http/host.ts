import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';

/** `uri-host [":" port]` (RFC 9110 §7.2): a name, an IPv4 address or an IPv6 address in brackets; no user. */
const HOST = /^(?:(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})+|\[[\da-f:.]+\])(?::\d{0,5})?$/i;
/** A request target in absolute form: its authority, and its path and query. */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)(.*)$/is;
const SLASH = 0x2f;

/** Whether a text is a host with an optional port, as the `Host` header carries it. */
export const isHost = (text: string): boolean => HOST.test(text);

/**
 * Returns the host that the client asked for, with its port: that of a trusted proxy's `X-Forwarded-Host` if it is
 * valid, else that of `Host`; empty for HTTP/1.0 without a host.
 */
export const hostOf = (request: FastifyRequest): string =>
  isHost(request.host) ? request.host : (request.headers.host ?? '');

/**
 * Refuses requests without exactly one valid `Host`, or with more than one `Authorization` (RFC 9112 §3.2): two readers
 * of such a request could disagree about what it means. Node would take the first of each. Of a target in absolute form,
 * the authority replaces `Host` (RFC 9112 §3.2.2).
 */
export function checkHosts(fastify: FastifyInstance): void {
  fastify.server.prependListener('request', resolveTarget);
  // Almost all requests have the same host.
  let lastValid: string | undefined;
  fastify.addHook('onRequest', ({ headers: { host }, raw }, _reply, done) => {
    if (host === undefined ? raw.httpVersion !== '1.1' : host === lastValid || isHost(host)) {
      lastValid = host ?? lastValid;
      done(isAmbiguous(raw) ? requestErrors.invalidRequest() : undefined);
    } else done(requestErrors.invalidRequest());
  });
}

/** Replaces a target in absolute form by its path, and `Host` by its authority. */
function resolveTarget(request: IncomingMessage): void {
  const { url = '', headers } = request;
  if (url.charCodeAt(0) === SLASH) return;
  const [, authority, rest = ''] = ABSOLUTE_FORM.exec(url) ?? [];
  if (authority === undefined) return;
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  // `Host` must be there all the same.
  if (headers.host !== undefined) headers.host = authority;
}

function isAmbiguous({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  let authorizations = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    // Lengths first: this runs for every header of every request.
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
    else if (name.length === 13 && name.toLowerCase() === 'authorization') authorizations += 1;
  }
  return hosts > 1 || authorizations > 1;
}
