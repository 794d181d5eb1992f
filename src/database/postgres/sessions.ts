import type pg from 'pg';

/** Milliseconds in which a connection has to end. */
const LONGEST_END = 1000;

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
