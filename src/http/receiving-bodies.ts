import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { DEFAULT_BODY_BYTES } from './body-limits.js';
import { partyOf } from './party.js';

/** The most bytes of large bodies that are being received at once: of one party, and of all. */
const MOST_OF_PARTY = 24 * 1024 * 1024;
const MOST_OF_ALL = 96 * 1024 * 1024;

/**
 * Bounds the memory for bodies that have not arrived yet: a client could open thousands of connections, and send 1 MiB
 * but the last byte on each. Counts only bodies that are larger than those of most routes, by what their headers say.
 */
export function limitReceivedBodies(fastify: FastifyInstance): void {
  const received = new ReceivedBytes();
  fastify.addHook('onRoute', (route) => {
    received.limit(route);
  });
}

/** The bytes of large bodies that are being received. */
class ReceivedBytes {
  private readonly byParty = new Map<string, number>();
  private total = 0;

  /** Makes a route with a large limit refuse a body for which there is no room, with 503. */
  limit(route: RouteOptions): void {
    if ((route.bodyLimit ?? 0) <= DEFAULT_BODY_BYTES) return;
    const limit = route.bodyLimit ?? 0;
    route.preParsing = (request: FastifyRequest, reply: FastifyReply, payload, done) => {
      const bytes = announced(request, limit);
      // A body over the limit of the route is refused without being read.
      if (bytes <= DEFAULT_BODY_BYTES || bytes > limit) {
        done(null, payload);
        return;
      }
      const party = partyOf(request);
      const ofParty = (this.byParty.get(party) ?? 0) + bytes;
      if (ofParty > MOST_OF_PARTY || this.total + bytes > MOST_OF_ALL) {
        // Its body is not read.
        reply.header('connection', 'close');
        done(requestErrors.overloaded());
        return;
      }
      this.add(party, bytes);
      reply.raw.once('close', () => {
        this.add(party, -bytes);
      });
      done(null, payload);
    };
  }

  private add(party: string, bytes: number): void {
    this.total += bytes;
    const ofParty = (this.byParty.get(party) ?? 0) + bytes;
    if (ofParty > 0) this.byParty.set(party, ofParty);
    else this.byParty.delete(party);
  }
}

/** Returns how long a body will be, as its headers say; in chunks, it may have the whole limit. */
const announced = ({ headers }: FastifyRequest, limit: number): number =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : limit;
