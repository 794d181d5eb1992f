import pg from 'pg';
import type { ConnectionOptions } from './connection-options.js';

/** Milliseconds in which a connection has to end. */
const LONGEST_END = 1000;

/**
 * Connects one client beside the pools. An error of the connection while nobody waits for it stops no process.
 *
 * @param timeout milliseconds to connect, and for each statement
 * @param more other options of the driver
 * @throws {Error} of the driver, when there is no connection
 */
export async function connectClient(
  server: ConnectionOptions,
  name: string,
  timeout: number,
  more: pg.ClientConfig = {},
): Promise<pg.Client> {
  const client = new pg.Client({
    ...server,
    application_name: name,
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
    ...more,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    void closeConnection(client);
    throw error;
  }
  return client;
}

/** Closes a connection. One that does not end in time is cut. */
export async function closeConnection(client: pg.Client): Promise<void> {
  const { stream } = client.connection;
  const cut = setTimeout(() => stream.destroy(), LONGEST_END);
  await client.end().catch(() => undefined);
  clearTimeout(cut);
}

/**
 * Whether a pooler gives these two clients one session, or one of them another session each time, as it does in
 * transaction mode. It may happen that this is not noticed.
 */
export async function areSessionsShared(one: pg.Client, other: pg.Client): Promise<boolean> {
  const before = await sessionOf(one);
  await other.query('BEGIN');
  const meanwhile = await sessionOf(other);
  const after = await sessionOf(one);
  await other.query('ROLLBACK');
  return before === meanwhile || before !== after;
}

async function sessionOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS "pid"');
  return rows[0]?.pid;
}
