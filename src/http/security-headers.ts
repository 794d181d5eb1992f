import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';

const NONE = ["'none'"];
const SELF = ["'self'"];

/** What browsers are told of every answer; what only pages of long ago asked for is left out. */
const OPTIONS: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: NONE, frameAncestors: NONE },
  },
  // The other hosts below this one are not ours to speak for.
  strictTransportSecurity: { includeSubDomains: false },
  xFrameOptions: { action: 'deny' },
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

/** Of the page to try the API out in: its own scripts, its styles in line, and calls of this service. */
const PAGE_POLICY: HelmetOptions['contentSecurityPolicy'] = {
  useDefaults: false,
  directives: {
    defaultSrc: NONE,
    scriptSrc: SELF,
    styleSrc: [...SELF, "'unsafe-inline'"],
    imgSrc: [...SELF, 'data:'],
    connectSrc: SELF,
    frameAncestors: NONE,
    baseUri: NONE,
    formAction: NONE,
  },
};

/** The headers of every answer. It may hold what is nobody else's business, so nobody keeps it unless told otherwise. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  ...headersOf(OPTIONS),
  'cache-control': 'no-store',
};
const PAGE_HEADERS = headersOf({ ...OPTIONS, contentSecurityPolicy: PAGE_POLICY });

/** Gives every answer {@link SECURITY_HEADERS}, and those below the path `page` what a page needs. */
export function protectAnswers(fastify: FastifyInstance, page: string): void {
  fastify.addHook('onRequest', ({ url }, reply, done) => {
    reply.headers(url.startsWith(page) ? PAGE_HEADERS : SECURITY_HEADERS);
    done();
  });
}

/** What helmet says of every answer alike: asked once, for it costs as much as the rest of a quick request. */
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
