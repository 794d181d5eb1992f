import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { ErrorResponses } from '../openapi/operation.decorator.js';
import { isHost } from './host.js';
import { prependOnRequest, routeConfig } from './route-config.js';

/** What {@link SameOriginOnly} adds to the Fastify configuration of routes. */
export interface SameOriginConfig {
  readonly sameOriginOnly?: boolean;
}

/** The headers that tell where a request of a browser comes from. */
export interface BrowserHeaders {
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | undefined;
  readonly host?: string | undefined;
}

/** RFC 6454 §6.2 leaves them out of an origin. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * Refuses what browsers send to the routes of a controller from other origins than those in `CORS_ORIGINS` and the
 * service's own (contract.md §5). A page can send a request without a preflight, and then the sign-ins that it fails
 * would count as its visitor's.
 */
export const SameOriginOnly = (): ClassDecorator => (controller) => {
  const prototype = controller.prototype as object;
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === 'constructor') continue;
    routeConfig({ sameOriginOnly: true } satisfies SameOriginConfig)(prototype, name, descriptor);
    ErrorResponses(requestErrors.otherOrigin())(prototype, name, descriptor);
  }
};

/** Adds the check that {@link SameOriginOnly} declares, before all others of those routes. */
export function refuseOtherOrigins(fastify: FastifyInstance, corsOrigins: readonly string[]): void {
  fastify.addHook('onRoute', (route) => {
    if ((route.config as SameOriginConfig | undefined)?.sameOriginOnly !== true) return;
    prependOnRequest(route, (request, _reply, done) => {
      if (isFromOtherOrigin(request.headers, corsOrigins)) done(requestErrors.otherOrigin());
      else done();
    });
  });
}

/** Whether a browser sent a request from another origin. A request with neither header is no browser's. */
export function isFromOtherOrigin(headers: BrowserHeaders, corsOrigins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin !== undefined && corsOrigins.includes(origin)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && !isOriginOf(origin, host ?? '');
}

/**
 * Whether an origin has this host and port. Its scheme does not count, since TLS may end at a proxy: without a port, it
 * is that of `Host` without a port or with the default one of the origin's scheme.
 */
function isOriginOf(origin: string, host: string): boolean {
  const [, scheme = '', authority = ''] = /^([a-z][a-z\d+.-]*):\/\/(.+)$/i.exec(origin) ?? [];
  if (!isHost(authority)) return false;
  const [from, to] = [splitPort(authority), splitPort(host)];
  if (from.name !== to.name) return false;
  return from.port === to.port || (from.port === '' && to.port === DEFAULT_PORTS[scheme.toLowerCase()]);
}

function splitPort(host: string): { readonly name: string; readonly port: string } {
  const [, name = '', port = ''] = /^(.*?)(?::(\d*))?$/.exec(host.toLowerCase()) ?? [];
  return { name, port };
}
