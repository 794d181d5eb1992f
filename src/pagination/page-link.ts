import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Returns the `Link` header to the next page (RFC 8288): the requested one, but behind `after`.
 *
 * @param url the requested path and query
 */
export function nextPageLink(
  url: string,
  query: Readonly<Record<string, string>>,
  after: string | undefined,
): string | undefined {
  if (after === undefined) return undefined;
  const [path = ''] = url.split('?', 1);
  const next = new URLSearchParams(query);
  next.delete('skip');
  next.set('after', after);
  return `<${path}?${next.toString()}>; rel="next"`;
}

/**
 * Adds the `Link` header to the response, if there is a next page: the rows behind `after`. It has the path that was
 * asked for: a proxy may route no other.
 */
export function announceNextPage(
  { originalUrl, query }: FastifyRequest,
  reply: FastifyReply,
  after: string | undefined,
): void {
  const link = nextPageLink(originalUrl, query as Record<string, string>, after);
  if (link !== undefined) reply.header('Link', link);
}
