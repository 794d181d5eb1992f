import { ApiError } from '../../errors/api-error.js';
import { UnavailableError } from '../../errors/unavailable.error.js';

/**
 * Options of `AuthGuard` that authenticate with this strategy object. By its name, Passport would find the strategy that
 * was registered last in the process, perhaps that of another service with other keys and users.
 */
export const withStrategy = (strategy: object) => ({
  get defaultStrategy() {
    // A copy for each request: Passport puts the request's callbacks on it.
    return Object.create(strategy) as string;
  },
});

/**
 * Throws what kept the service from verifying a token. Passport treats a key that could not be looked up, for example
 * because the database is away, as an invalid token.
 */
export function throwFailure(error: unknown, info: unknown): void {
  if (error instanceof Error) throw error;
  if (info instanceof ApiError || info instanceof UnavailableError) throw info;
}
