import { type FieldError, forbidden, invalidToken, unauthenticated } from '../errors/api-error.js';

/** The errors of requests that are not authenticated or not authorized (contract.md §2). */
export const authorizationErrors = {
  /** No token was sent. */
  tokenMissing: () => unauthenticated('Unauthorized'),
  unauthorized: () => invalidToken('Unauthorized'),
  tokenExpired: () => invalidToken('Token expired'),
  accessDenied: (details?: readonly FieldError[]) => forbidden('Access is denied', details),
  /** The body of a client's request has a field that clients may not change (contract.md §3). */
  administratorsOnly: () => forbidden('Admin permissions required for this action'),
};
