import type { AuthenticatedRequest } from '../../authorization/authenticated-request.js';
import type { Principal } from '../../authorization/principal.js';
import type { Claims } from './claims.js';

/** A valid refresh token: its claims, and the user whom it belongs to as it is now. */
export interface RefreshSession {
  readonly claims: Claims;
  readonly principal: Principal;
}

/** A request with a valid refresh token. */
export interface RefreshRequest extends AuthenticatedRequest {
  /** Set by RefreshTokenGuard, together with the principal. */
  refreshSession: RefreshSession;
}
