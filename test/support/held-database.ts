import { readdirSync, readlinkSync } from 'node:fs';
import pg from 'pg';
import { LOCKS } from '../../src/database/advisory-locks.js';
import { LOCK_SPACE } from '../../src/database/postgres/postgres.adapter.js';
import { loadSqlite } from '../../src/database/sqlite/sqlite-driver.js';
import { until } from './until.js';

/** An empty database in which no migration can run. */
export interface HeldDatabase {
  /** Waits until the process has come to it. */
  whenWaitedFor(pid: number): Promise<void>;
  /** Lets migrations run again. */
  now(): Promise<void>;
}

/** Keeps migrations from running, as another process that migrates would. */
export const holdMigrations = (url: string): Promise<HeldDatabase> =>
  url.startsWith('sqlite:') ? Promise.resolve(holdSqlite(url.slice('sqlite:'.length))) : holdPostgres(url);

function holdSqlite(path: string): HeldDatabase {
  const connection = new (loadSqlite())(path);
  connection.exec('BEGIN EXCLUSIVE');
  return {
    whenWaitedFor: (pid) => until(() => openFiles(pid).includes(path)),
    now: () => {
      connection.exec('ROLLBACK');
      connection.close();
      return Promise.resolve();
    },
  };
}

async function holdPostgres(url: string): Promise<HeldDatabase> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('SELECT pg_advisory_lock($1, $2)', [LOCK_SPACE, LOCKS.migrations]);
  const waiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  return {
    whenWaitedFor: () => until(async () => (await client.query(waiting)).rowCount === 1),
    now: () => client.end(),
  };
}

/**
 * Writes to a PostgreSQL that a session is revoked, in a transaction that stays open. The function that is returned
 * commits it.
 */
export async function holdRevocation(url: string, sid: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN');
  const insert = `INSERT INTO "pending_revocations" ("sid", "kind", "until") VALUES ($1, 'revoked', $2)`;
  await client.query(insert, [sid, Date.now() + 3_600_000]);
  return async () => {
    await client.query('COMMIT');
    await client.end();
  };
}

/** The files that a process has open (Linux). */
function openFiles(pid: number): string[] {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory).flatMap((name) => {
    try {
      return [readlinkSync(`${directory}/${name}`)];
    } catch {
      // Closed meanwhile.
      return [];
    }
  });
}
