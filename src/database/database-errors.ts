import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { UnavailableError } from '../errors/unavailable.error.js';

/**
 * PostgreSQL: connection exceptions, insufficient resources, operator intervention, statement or lock timeout,
 * read-only standby, idle transaction timeout, I/O error, serialization failure or deadlock after all retries; a role that
 * is refused or lacks a right, a database that is missing: an operator changes them.
 */
const POSTGRES_UNAVAILABLE =
  /^(?:08\w{3}|53\w{3}|57P0[1-5]|57014|55P03|25006|25P0[34]|58030|40001|40P01|28\w{3}|3D000|42501)$/;
/** SQLite: another writer, a full or broken disk, a read-only or inaccessible file. */
const SQLITE_UNAVAILABLE = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN)/;
/** Network errors, and no free file descriptor or local port. */
const NETWORK_UNAVAILABLE =
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|EMFILE|ENFILE|EADDRNOTAVAIL)$/;
/** Errors of the connection pool, which have no code. */
const POOL_UNAVAILABLE =
  /timeout exceeded when trying to connect|connection terminated|connection ended|not queryable|client was closed/i;

/** Errors that have occurred before there was a connection: whatever they are, the database cannot be used now. */
const notConnected = new WeakSet();

/** Notes that this error has kept a connection from being made, and returns it. */
export function noteNotConnected<T>(error: T): T {
  if (typeof error === 'object' && error !== null) notConnected.add(error);
  return error;
}

/** Returns the code of the driver's error, also when TypeORM has wrapped it. */
export function codeOf(error: unknown): string {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  const found = code ?? driverError?.code;
  return typeof found === 'string' ? found : '';
}

/** Returns why something failed, in the words of the driver: one line. */
export function reasonOf(error: unknown): string {
  const { message = '', code } = (error ?? {}) as { message?: string; code?: unknown };
  // An AggregateError of several failed addresses has a code, but no message.
  const reason = message || (typeof code === 'string' ? code : 'it does not answer');
  return reason.split('\n', 1)[0] ?? '';
}

/** Whether a write failed because the disk of the database is full. */
export const isDiskFull = (error: unknown): boolean => /^(?:53100|SQLITE_FULL)$/.test(codeOf(error));

/** Whether a statement failed because another process writes to the same SQLite file. */
export const isLockedByOther = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY');

/** The unique constraint that a write has violated. */
export interface UniqueViolation {
  readonly table: string;
  readonly isPrimaryKey: boolean;
  /** The columns of the constraint, joined by `_`. Empty for a primary key. */
  readonly columns: string;
}

/**
 * Returns which unique constraint a write has violated; undefined: it failed for another reason. Relies on the names in
 * the migrations: a unique index is called `<table>_<columns>`, a primary key on PostgreSQL `<table>_pkey`.
 */
export function uniqueViolationOf(error: unknown): UniqueViolation | undefined {
  const code = codeOf(error);
  const { table, constraint, message } = driverErrorOf(error);
  if (code === '23505') {
    const columns = constraint?.startsWith(`${table}_`) ? constraint.slice(`${table}_`.length) : '';
    const isPrimaryKey = columns === 'pkey';
    return { table: table ?? '', isPrimaryKey, columns: isPrimaryKey ? '' : columns };
  }
  const isPrimaryKey = code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
  if (code !== 'SQLITE_CONSTRAINT_UNIQUE' && !isPrimaryKey) return undefined;
  // `UNIQUE constraint failed: users.login_key`
  const [, failed = ''] = /failed: (.*)$/.exec(message ?? '') ?? [];
  const names = failed.split(', ').map((name) => name.split('.'));
  const columns = names.map(([, column]) => column ?? '').join('_');
  return { table: names[0]?.[0] ?? '', isPrimaryKey, columns: isPrimaryKey ? '' : columns };
}

/** Whether a write failed because another row has the same value in this column, which is unique. */
export const isTaken = (error: unknown, column: string): boolean =>
  uniqueViolationOf(error)?.columns === column;

function driverErrorOf(error: unknown): { table?: string; constraint?: string; message?: string } {
  const { driverError = error } = (error ?? {}) as { driverError?: unknown };
  return driverError ?? {};
}

/** Whether a write failed because a referenced row does not exist. */
export function isMissingReference(error: unknown): boolean {
  return ['23503', 'SQLITE_CONSTRAINT_FOREIGNKEY'].includes(codeOf(error));
}

/** Whether an error means that the database is temporarily unavailable. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  return (
    (error instanceof Error && notConnected.has(error)) ||
    POSTGRES_UNAVAILABLE.test(code) ||
    SQLITE_UNAVAILABLE.test(code) ||
    NETWORK_UNAVAILABLE.test(code) ||
    (code === '' && error instanceof Error && POOL_UNAVAILABLE.test(error.message)) ||
    // The connection broke during a transaction.
    error instanceof QueryRunnerAlreadyReleasedError ||
    error instanceof QueryRunnerProviderAlreadyReleasedError
  );
}

/** The error for an unavailable database. `cause` is the driver's error. */
export const databaseUnavailable = (cause?: unknown): UnavailableError =>
  new UnavailableError('The database is not available', cause === undefined ? undefined : { cause });

/** Converts a driver's error to {@link databaseUnavailable} if it means that; returns other errors unchanged. */
export function toDatabaseError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return isUnavailable(error) ? databaseUnavailable(error) : error;
}
