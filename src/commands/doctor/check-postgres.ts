import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type pg from 'pg';
import type { DatabaseInspection } from '../../database/database-inspection.js';
import { connectionOptions } from '../../database/postgres/connection-options.js';
import { PROCESS_CONNECTIONS } from '../../database/postgres/postgres.adapter.js';
import { areSessionsShared, connectClient } from '../../database/postgres/sessions.js';
import { checkClock } from './check-clock.js';
import { isLoopback } from './check-settings.js';
import { type Diagnosis, error, ok, warning } from './diagnosis.js';

/** The oldest major version of PostgreSQL that gets fixes. */
const OLDEST = 14;
/** Milliseconds to connect, and to hear a notification. */
const TIMEOUT = 3000;

/** Checks a PostgreSQL server, the way to it, and the role of the service. */
export async function checkPostgres(
  inspection: DatabaseInspection,
  url: string,
): Promise<readonly Diagnosis[]> {
  return [
    await compareClocks(inspection),
    ...(await checkServer(inspection)),
    ...(await checkConnections(inspection)),
    ...(await checkPooler(url)),
  ];
}

async function compareClocks(inspection: DatabaseInspection): Promise<Diagnosis> {
  const before = Date.now();
  const [row] = await inspection.query('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS "now"');
  // The half of the way there and back.
  return checkClock((before + Date.now()) / 2, Number(row?.['now']));
}

async function checkServer(inspection: DatabaseInspection): Promise<readonly Diagnosis[]> {
  const [row] = await inspection.query(
    `SELECT current_setting('server_version_num')::int / 10000 AS "major", rolsuper AS "isSuperuser",
            pg_is_in_recovery() AS "isStandby", current_setting('default_transaction_read_only') AS "readOnly"
       FROM pg_roles WHERE rolname = current_user`,
  );
  const { major, isSuperuser, isStandby, readOnly } = row ?? {};
  return [
    Number(major) < OLDEST
      ? warning(`PostgreSQL ${String(major)} gets no fixes any more: use ${OLDEST} or later`)
      : ok(`PostgreSQL ${String(major)}`),
    isSuperuser === true
      ? warning(
          'The role of DATABASE_URL is a superuser: give the service a role that owns its database alone',
        )
      : ok('The role of DATABASE_URL is no superuser'),
    ...(isStandby === true || readOnly === 'on'
      ? [error('The database takes no writes: it is a standby, or read-only')]
      : []),
  ];
}

async function checkConnections(inspection: DatabaseInspection): Promise<readonly Diagnosis[]> {
  const [row] = await inspection.query(
    `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS "most",
            (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS "used",
            (SELECT count(*) FROM pg_stat_activity
              WHERE datname = current_database() AND application_name = 'hivegate changes') AS "processes"`,
  );
  const [most, used, processes] = [Number(row?.['most']), Number(row?.['used']), Number(row?.['processes'])];
  const counted = `max_connections leaves ${most}, ${used} are in use, and each process takes up to ${PROCESS_CONNECTIONS}`;
  return [
    ok(`Processes of the service on this database: ${processes}`),
    // The processes that run may not have opened all of theirs.
    most < Math.max(processes + 1, 2) * PROCESS_CONNECTIONS
      ? warning(`Too few connections for another process: ${counted}`)
      : ok(`Connections: ${counted}`),
  ];
}

/** Checks the encryption of the way to the server, and whether a pooler stands in it that breaks sessions up. */
async function checkPooler(url: string): Promise<readonly Diagnosis[]> {
  const clients: pg.Client[] = [];
  const diagnoses: Diagnosis[] = [];
  try {
    const first = await connect(url);
    clients.push(first);
    diagnoses.push(checkEncryption(first));
    const second = await connect(url);
    clients.push(second);
    diagnoses.push(await checkSessions(first, second));
  } catch (problem) {
    diagnoses.push(warning(`Notifications between processes were not tried: ${(problem as Error).message}`));
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
  return diagnoses;
}

const connect = (url: string): Promise<pg.Client> =>
  connectClient(connectionOptions(url), 'hivegate inspection', TIMEOUT);

function checkEncryption(client: pg.Client): Diagnosis {
  const { host } = client;
  const { stream, ssl } = (
    client as unknown as {
      connection: { stream: { encrypted?: boolean }; ssl: boolean | { rejectUnauthorized?: boolean } };
    }
  ).connection;
  if (stream.encrypted === true)
    return typeof ssl !== 'object' || ssl.rejectUnauthorized !== false
      ? ok('The connection to the database is encrypted')
      : warning(
          'The connection to the database is encrypted, but its server is not verified: write sslmode=verify-full',
        );
  // The path of a socket, or an address of this machine.
  if (host.startsWith('/') || isLoopback(host))
    return ok('The connection to the database stays on this machine');
  const where = isIP(host) === 0 ? 'another host' : host;
  return warning(
    `The connection to the database on ${where} is not encrypted: add sslmode=verify-full to DATABASE_URL`,
  );
}

/**
 * A pooler that gives a connection to each transaction lets two clients share one. Then notifications are lost: each
 * process reads the user of each request from the database.
 */
async function checkSessions(first: pg.Client, second: pg.Client): Promise<Diagnosis> {
  const channel = `hivegate_doctor_${randomUUID().replaceAll('-', '')}`;
  const pooled = warning(
    'A connection pooler breaks sessions up (transaction mode): notifications between processes are lost, so each request reads the user from the database; its session mode, or a direct connection, is faster',
  );
  if (await areSessionsShared(first, second)) return pooled;
  await first.query(`LISTEN ${channel}`);
  const heard = new Promise<boolean>((resolve) => {
    first.once('notification', () => {
      resolve(true);
    });
    setTimeout(resolve, TIMEOUT, false).unref();
  });
  await second.query(`NOTIFY ${channel}`);
  // A statement makes the server send what it has for this client.
  await first.query('SELECT 1');
  const isHeard = await heard;
  await first.query(`UNLISTEN ${channel}`);
  return isHeard ? ok('Notifications between processes arrive') : pooled;
}
