import { type FieldError, forbidden, unauthenticated } from '../errors/api-error.js';

/** What a request without the right to a route is refused with (contract.md §2). */
export const authorizationErrors = {
  unauthorized: () => unauthenticated('Unauthorized'),
  tokenExpired: () => unauthenticated('Token expired'),
  accessDenied: (details?: readonly FieldError[]) => forbidden('Access is denied', details),
  /** A client names a field that it may not change (contract.md §3). */
  administratorsOnly: () => forbidden('Admin permissions required for this action'),
};
