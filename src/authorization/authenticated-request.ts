import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** A request that the guards have let in. */
export interface AuthenticatedRequest extends FastifyRequest<{ Params: Record<string, string | undefined> }> {
  /** Who makes the request; the token's guard sets it, under the name that Passport uses. */
  user: Principal;
  /** The id of the record that the path names, one's own where it names none; set by the roles guard. */
  targetId: number;
}
