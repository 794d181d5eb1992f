import { setTimeout as pause } from 'node:timers/promises';
import type { Tell } from '../database-adapter.js';
import type { ConnectionOptions } from './connection-options.js';
import { closeConnection, connectClient } from './sessions.js';

/** Milliseconds until a wait is told. */
const PATIENCE = 2000;
/** Milliseconds until it is told again, as long as it lasts. */
const REMINDER = 30_000;

/**
 * Waits for `work`. If that takes long, tells what it waits for: at once, whenever it waits for something else, and every
 * {@link REMINDER}.
 *
 * @param reasonOf returns what it waits for; undefined: it does not wait, it works
 */
export async function tellingWaits<T>(
  work: Promise<T>,
  tell: Tell,
  reasonOf: () => Promise<string | undefined>,
): Promise<T> {
  const ended = new AbortController();
  const telling = tellWaits(ended.signal, tell, reasonOf);
  try {
    return await work;
  } finally {
    ended.abort();
    await telling;
  }
}

async function tellWaits(
  signal: AbortSignal,
  tell: Tell,
  reasonOf: () => Promise<string | undefined>,
): Promise<void> {
  let told: string | undefined;
  let toldAt = -Infinity;
  while (await hasPassed(PATIENCE, signal)) {
    const reason = await reasonOf();
    if (signal.aborted) return;
    if (reason !== undefined && (reason !== told || performance.now() - toldAt >= REMINDER)) {
      tell(`The start waits for ${reason}`);
      toldAt = performance.now();
    }
    told = reason;
  }
}

const hasPassed = (milliseconds: number, signal: AbortSignal): Promise<boolean> =>
  pause(milliseconds, true, { signal }).catch(() => false);

interface Blocker {
  readonly pid: number;
  readonly application: string;
  /** Null: it has been granted meanwhile. */
  readonly lock: string | null;
}

/** Reads what lock a backend waits for, and who has it or waits for it in front. */
const BLOCKERS = `
  SELECT activity.pid AS "pid", activity.application_name AS "application",
         (SELECT CASE locktype WHEN 'advisory' THEN 'the migrations of another process'
                               WHEN 'relation' THEN 'the table ' || relation::regclass::text
                               ELSE 'another transaction' END
            FROM pg_locks WHERE pg_locks.pid = $1 AND NOT granted LIMIT 1) AS "lock"
    FROM pg_stat_activity AS activity
   WHERE activity.pid = ANY(pg_blocking_pids($1))
   ORDER BY activity.backend_start LIMIT 1`;

/** Returns what a backend waits for, in words. Undefined: it waits for nothing, or that cannot be found out. */
export async function waitOf(server: ConnectionOptions, backend: number): Promise<string | undefined> {
  try {
    const client = await connectClient(server, 'hivegate inspection', PATIENCE);
    const { rows } = await client
      .query<Blocker>(BLOCKERS, [backend])
      .finally(() => void closeConnection(client));
    return rows[0] && describe(rows[0]);
  } catch {
    return undefined;
  }
}

const describe = ({ pid, application, lock }: Blocker): string =>
  `${lock ?? 'a lock'}: its lock is held by the connection with the pid ${pid}` +
  (application === '' ? '' : ` (${application})`);
