import type { FastifyReply, FastifyRequest } from 'fastify';

/** The request of a page, from which the link to the next page is made. */
export interface PageRequest {
  /** The requested path, including the prefix. */
  readonly path: string;
  /** The query of the request. */
  readonly query: Readonly<Record<string, string>>;
  /** Page size, in rows. */
  readonly take: number;
  readonly skip: number;
  /** Whether the page is ordered by id, so that the next page can start after the last id (keyset pagination). */
  readonly byId: boolean;
}

/**
 * Returns the `Link` header to the next page (RFC 8288), or undefined when this page is not full. Uses keyset
 * pagination if the sort order allows it.
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

/** The parameters of a list that its link needs. A list without `skip` and `sortField` is ordered by id. */
export interface LinkedQuery {
  readonly take: number;
  readonly skip?: number;
  readonly sortField?: string;
}

/** Adds the `Link` header to the response if the page is full. */
export function announceNextPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { take, skip = 0, sortField = 'ID' }: LinkedQuery,
  rows: readonly { readonly id: number }[],
): void {
  const [path = ''] = request.url.split('?', 1);
  const query = request.query as Record<string, string>;
  const link = nextPageLink({ path, query, take, skip, byId: sortField === 'ID' }, rows);
  if (link !== undefined) reply.header('Link', link);
}
