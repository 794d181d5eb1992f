import type { FastifyReply, FastifyRequest } from 'fastify';

/** Writes one line for each response: who requested what, from which `address`, the status and how long it took. */
export function logResponse(
  request: FastifyRequest & { readonly user?: { readonly userId: number } },
  reply: FastifyReply,
  address: string,
): void {
  const { method, user } = request;
  request.log.info(
    {
      method,
      path: pathOf(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      address,
      ...(user && { userId: user.userId }),
    },
    'answered',
  );
}

/**
 * Returns the path of a request target without its query. If the target is a full URL, removes scheme and authority.
 */
const pathOf = (target: string): string =>
  target.replace(/^[a-z][\w+.-]*:\/\/[^/?]*/i, '').split('?', 1)[0] ?? '';
