import { forbidden, invalidToken, unauthenticated } from '../errors/api-error.js';
import { requestErrors } from '../errors/request.errors.js';

/** The errors of sign-ins and token requests (contract.md §5). */
export const authenticationErrors = {
  emptyCredentials: () => requestErrors.invalidRequest('Invalid or empty authorization request parameters'),
  invalidCredentials: () => unauthenticated('Invalid credentials'),
  refreshTokenExpired: () => invalidToken('Token has expired'),
  invalidTokenType: () => invalidToken('Invalid token type'),
  /** The user of the requested token is locked out or disabled. */
  userNotActive: () => forbidden('User is locked or disabled'),
};
