import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageQuery } from './page.query.js';

/** What a page was asked for by, and what the next one is to be asked for by. */
export interface PageRequest {
  /** The path that was asked, prefix included. */
  readonly path: string;
  /** The query as it was sent. */
  readonly query: Readonly<Record<string, string>>;
  /** The most rows of a page. */
  readonly take: number;
  readonly skip: number;
  /** Whether the page is in the order of ids, so that the next one can begin behind the last id. */
  readonly byId: boolean;
}

/**
 * The `Link` header that announces the page after a full one (RFC 8288), or undefined when the page is not full.
 * In keyset form where the sort allows.
 */
export function nextPageLink(
  request: PageRequest,
  rows: readonly { readonly id: number }[],
): string | undefined {
  const last = rows.at(-1);
  if (!last || rows.length < request.take) return undefined;
  const query = new URLSearchParams(request.query);
  query.delete('skip');
  if (request.byId) query.set('after', String(last.id));
  else query.set('skip', String(request.skip + rows.length));
  return `<${request.path}?${query.toString()}>; rel="next"`;
}

/** Announces the page after a full one in the answer to the request that asked for it. */
export function announceNextPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { take, skip = 0, sortField = 'ID' }: PageQuery & { readonly sortField?: string },
  rows: readonly { readonly id: number }[],
): void {
  const [path = ''] = request.url.split('?', 1);
  const query = request.query as Record<string, string>;
  const link = nextPageLink({ path, query, take, skip, byId: sortField === 'ID' }, rows);
  if (link !== undefined) reply.header('Link', link);
}
