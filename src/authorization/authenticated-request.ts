import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** A request whose token has been checked. */
export interface AuthenticatedRequest extends FastifyRequest<{ Params: Record<string, string | undefined> }> {
  /** The caller. RequestAuthentication sets it; Passport uses the same name. */
  user: Principal;
  /** The `id` of the path, or the caller's own user id if the path has none. AuthorizationGuard sets it. */
  targetId: number;
  /** Checks the token and the rule of the route again, as they are now. RequestAuthentication sets it. @throws {ApiError} 401, 403 */
  recheck: () => Promise<void>;
}
