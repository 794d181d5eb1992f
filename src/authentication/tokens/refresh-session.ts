import type { AuthenticatedRequest } from '../../authorization/authenticated-request.js';
import type { Grant } from '../../authorization/grant.js';
import type { User } from '../../users/user.entity.js';

/** The user and the grant of a valid refresh token. */
export interface RefreshSession {
  readonly user: User;
  readonly grant: Grant;
}

/** A request with a valid refresh token. */
export interface RefreshRequest extends AuthenticatedRequest {
  /** Set by RefreshTokenGuard, together with the principal. */
  refreshSession: RefreshSession;
}
