import { forbidden, unauthenticated } from '../errors/api-error.js';
import { requestErrors } from '../errors/request.errors.js';

/** What sign-ins and requests for tokens are refused with (contract.md §5). */
export const authenticationErrors = {
  emptyCredentials: () => requestErrors.invalidRequest('Invalid or empty authorization request parameters'),
  invalidCredentials: () => unauthenticated('Invalid credentials'),
  refreshTokenExpired: () => unauthenticated('Token has expired'),
  invalidTokenType: () => unauthenticated('Invalid token type'),
  /** A token is asked for a user who is locked out or disabled. */
  userNotActive: () => forbidden('User is locked or disabled'),
};
