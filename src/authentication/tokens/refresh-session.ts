import type { AuthenticatedRequest } from '../../authorization/authenticated-request.js';
import type { Grant } from '../../authorization/grant.js';
import type { User } from '../../users/user.entity.js';

/** What a valid refresh token stands for. */
export interface RefreshSession {
  readonly user: User;
  readonly grant: Grant;
}

/** A request with a valid refresh token. */
export interface RefreshRequest extends AuthenticatedRequest {
  /** Set by RefreshTokenGuard, beside the principal. */
  refreshSession: RefreshSession;
}
