import pg from 'pg';
import type { ConnectionOptions } from './connection-options.js';
import { connectClient } from './sessions.js';

/** Maximum duration of a statement, in milliseconds. */
export const STATEMENT_TIMEOUT = 30_000;
/**
 * Milliseconds that a statement waits for a lock. Less than the time that a request waits for a connection, because other
 * requests wait for its connection. More than PostgreSQL's `deadlock_timeout` (1 s).
 */
const LOCK_TIMEOUT = 3000;

/** Milliseconds to connect and to ask. */
const TIMEOUT = 5000;

/** The time limits of our connections, in milliseconds, by the name of PostgreSQL's setting. */
const LIMITS = {
  statement_timeout: STATEMENT_TIMEOUT,
  lock_timeout: LOCK_TIMEOUT,
  idle_in_transaction_session_timeout: STATEMENT_TIMEOUT,
} as const;

/** How the time limits get into force. */
export interface SessionLimits {
  /** What a connection starts with. */
  readonly atStart: Partial<typeof LIMITS>;
  /** What each transaction begins with. Absent: its session has the limits. */
  readonly inTransaction?: string;
}

const OF_SESSION: SessionLimits = { atStart: LIMITS };
/**
 * A pooler refuses or ignores startup parameters that it does not know, and in transaction mode `SET` would change a
 * connection that others get next.
 */
const OF_TRANSACTION: SessionLimits = {
  atStart: {},
  inTransaction: Object.entries(LIMITS)
    .map(([name, milliseconds]) => `SET LOCAL ${name} = ${milliseconds}`)
    .join('; '),
};

/**
 * Finds out whether connections can start with the time limits, by trying it.
 *
 * @throws {Error} of the driver, when there is no connection
 */
export async function findSessionLimits(server: ConnectionOptions): Promise<SessionLimits> {
  try {
    return (await areTaken(server)) ? OF_SESSION : OF_TRANSACTION;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return OF_TRANSACTION;
  }
}

async function areTaken(server: ConnectionOptions): Promise<boolean> {
  const client = await connectClient(server, 'hivegate', TIMEOUT, LIMITS);
  try {
    const columns = Object.keys(LIMITS).map(
      (name) => `(SELECT setting FROM pg_settings WHERE name = '${name}') AS "${name}"`,
    );
    const { rows } = await client.query<Record<string, string>>(`SELECT ${columns.join(', ')}`);
    return Object.entries(LIMITS).every(([name, milliseconds]) => rows[0]?.[name] === String(milliseconds));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** PgBouncer has a general code for `unsupported startup parameter`; a server of an earlier version does not know one. */
const isRefusal = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  (error.code === '42704' || /startup (?:parameter|packet)/i.test(error.message));
