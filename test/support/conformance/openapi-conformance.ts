import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiDocument } from './api-document.js';
import { ACCEPTED, isExcepted, REFUSED } from './exceptions.js';
import type { Exchange } from './exchange.js';
import { RequestRules } from './requests.js';
import { ResponseRules } from './responses.js';
import { Validators } from './validators.js';

/** How paths that the service serves become those of its document. */
export interface ServiceRules {
  /** `API_PREFIX`. */
  readonly prefix: string;
  /** What the compatible mode does to a path before it is routed. */
  readonly rewrite?: ((url: string) => string) | undefined;
  /** Whether requests are checked, too: what is accepted must be allowed, and what is allowed must be accepted. */
  readonly requests?: 'both' | 'allowed are accepted' | undefined;
}

/** What is served besides the API: Swagger UI, the document itself, and the way there. */
const PAGE = /^\/(?:swagger(?:[./].*)?)?$/;

/**
 * Holds every response to the OpenAPI document: its status, its headers, the type of its content and its body are what
 * the document says, and nothing beside it.
 */
export class OpenApiConformance {
  private readonly responses: ResponseRules;
  private readonly requests: RequestRules;

  constructor(
    document: OpenAPIObject,
    private readonly rules: ServiceRules = { prefix: '' },
  ) {
    const api = new ApiDocument(document);
    this.responses = new ResponseRules(api, new Validators(document, { closed: true }));
    this.requests = new RequestRules(api, new Validators(document, { closed: false }));
  }

  /** @returns what the document does not know of an exchange; nothing: all is well */
  faultsOf(exchange: Exchange): string[] {
    const { request, response } = exchange;
    const path = request && this.pathOf(request.url);
    const isPage = path === undefined ? request?.url === '/' : PAGE.test(path);
    if (isPage && response.status < 400) return [];
    const faults = [...this.responses.faultsOf(exchange, path), ...this.faultsOfRequest(exchange, path)];
    const what = request ? `${request.method} ${request.url}` : 'An unreadable request';
    return faults.map((fault) => `${what}: ${response.status} ${fault}`);
  }

  /** @throws {Error} when the document does not know such an exchange */
  check(exchange: Exchange): void {
    const faults = this.faultsOf(exchange);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }

  private faultsOfRequest(
    { request, response: { status, body } }: Exchange,
    path: string | undefined,
  ): string[] {
    const { requests } = this.rules;
    const operation = request && path !== undefined ? this.requests.operationOf(request, path) : undefined;
    if (!requests || !request || path === undefined || !operation) return [];
    const isAccepted = status < 400;
    if (isAccepted && requests !== 'both') return [];
    if (!isAccepted && (status !== 400 || body === '')) return [];
    const faults = this.requests.faultsOf(request, path, operation);
    if (isAccepted)
      return faults
        .filter((fault) => !isExcepted(ACCEPTED, fault))
        .map((fault) => `accepts what the document does not allow: ${fault}`);
    if (faults.length > 0 || isExcepted(REFUSED, body)) return [];
    return [`refuses what the document allows: ${body}`];
  }

  /** The path of a request within the API; undefined: it lies elsewhere. */
  private pathOf(url: string): string | undefined {
    const { prefix, rewrite } = this.rules;
    const path = (rewrite?.(url) ?? url).split('?', 1)[0] ?? '';
    if (path === prefix) return '/';
    return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
  }
}
