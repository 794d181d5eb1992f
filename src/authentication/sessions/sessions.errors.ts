import { notFound } from '../../errors/api-error.js';
import { requestErrors } from '../../errors/request.errors.js';

/** The errors of requests for sessions (contract.md §5). */
export const sessionErrors = {
  /** Not one of the user's open sessions, or not one that the caller may revoke. */
  notFound: (id: string) => notFound(`Session with id = ${id} not found`),
  unknownAfter: () =>
    requestErrors.invalidParameters([{ field: 'after', message: 'after must be the id of a session' }]),
};
