import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { UnavailableError } from '../errors/unavailable.error.js';

/**
 * PostgreSQL: connection exceptions, out of resources, operator intervention, a lock that others hold, a read-only
 * standby, a transaction that was idle for too long, or that lost to others however often it was tried.
 */
const POSTGRES_UNAVAILABLE = /^(?:08\w{3}|53\w{3}|57P0[1-5]|57014|55P03|25006|25P03|58030|40001|40P01)$/;
/** SQLite: another writer, a full or broken disk, a file that may not be written. */
const SQLITE_UNAVAILABLE = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN)/;
/** The way to it, or no descriptor or port left to go there. */
const NETWORK_UNAVAILABLE =
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|EMFILE|ENFILE|EADDRNOTAVAIL)$/;
/** Errors of the pool, which carry no code. */
const POOL_UNAVAILABLE =
  /timeout exceeded when trying to connect|connection terminated|connection ended|not queryable|client was closed/i;

/** The code of the driver's error, whatever wraps it. */
function codeOf(error: unknown): string {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  const found = code ?? driverError?.code;
  return typeof found === 'string' ? found : '';
}

/** Whether a write failed for a value that another row has. */
export function isUniqueViolation(error: unknown): boolean {
  return ['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(codeOf(error));
}

/** Whether a write failed for a row that it refers to and that is not there. */
export function isMissingReference(error: unknown): boolean {
  return ['23503', 'SQLITE_CONSTRAINT_FOREIGNKEY'].includes(codeOf(error));
}

/** Whether an error says that the database cannot answer now. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  return (
    POSTGRES_UNAVAILABLE.test(code) ||
    SQLITE_UNAVAILABLE.test(code) ||
    NETWORK_UNAVAILABLE.test(code) ||
    (code === '' && error instanceof Error && POOL_UNAVAILABLE.test(error.message)) ||
    // The connection broke in the middle of a transaction.
    error instanceof QueryRunnerAlreadyReleasedError ||
    error instanceof QueryRunnerProviderAlreadyReleasedError
  );
}

/** The error of a database that cannot be used now. `cause` is what the driver said. */
export const databaseUnavailable = (cause?: unknown): UnavailableError =>
  new UnavailableError('The database is not available', cause === undefined ? undefined : { cause });

/** A driver's error as the callers of the database get it: {@link databaseUnavailable}, or the error as it is. */
export function toDatabaseError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return isUnavailable(error) ? databaseUnavailable(error) : error;
}
