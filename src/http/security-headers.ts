import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';

const NONE = ["'none'"];
const SELF = ["'self'"];

/** Security headers of every response. Headers for obsolete browsers are omitted. */
const OPTIONS: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: NONE, frameAncestors: NONE },
  },
  // No `includeSubDomains`: we must not force HTTPS on sibling subdomains.
  strictTransportSecurity: { includeSubDomains: false },
  xFrameOptions: { action: 'deny' },
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

/** Content security policy of Swagger UI: its own scripts and styles, and requests to this service. Nothing inline. */
const PAGE_POLICY: HelmetOptions['contentSecurityPolicy'] = {
  useDefaults: false,
  directives: {
    defaultSrc: NONE,
    scriptSrc: SELF,
    styleSrc: SELF,
    imgSrc: [...SELF, 'data:'],
    connectSrc: SELF,
    frameAncestors: NONE,
    baseUri: NONE,
    formAction: NONE,
  },
};

/** The headers of every response. Responses may contain personal data, so the default is not to cache them. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  ...headersOf(OPTIONS),
  'cache-control': 'no-store',
};
const PAGE_HEADERS = headersOf({ ...OPTIONS, contentSecurityPolicy: PAGE_POLICY });

/** Adds {@link SECURITY_HEADERS} to every response, with a different policy for responses below the path `page`, if there is one. */
export function addSecurityHeaders(fastify: FastifyInstance, page: string | undefined): void {
  fastify.addHook('onRequest', ({ url }, reply, done) => {
    reply.headers(page !== undefined && url.startsWith(page) ? PAGE_HEADERS : SECURITY_HEADERS);
    done();
  });
}

/** Returns the headers that helmet sets. Computed once: they never change, and a call costs as much as a whole GET. */
function headersOf(options: HelmetOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  helmet(options)({} as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  return headers;
}
