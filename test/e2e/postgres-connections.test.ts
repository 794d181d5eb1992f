import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOCK_SPACE } from '../../src/database/postgres/postgres.adapter.js';
import { commandOutput } from '../support/command.js';
import { createPostgres, kindOfDatabase, type TestDatabase } from '../support/database.js';
import { samplesOf, sumOf } from '../support/metrics.js';
import { startPostgresServer } from '../support/postgres.js';
import { PostgresProxy } from '../support/postgres-proxy.js';
import { ServiceProcess } from '../support/process.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { temporaryDatabase, temporaryDirectory } from '../support/temporary.js';
import { until } from '../support/until.js';

/** What the service has open in a database, by the names of its connections. */
const connectionsOf = (database: TestDatabase) =>
  database.query(
    `SELECT application_name AS "name", pid, backend_start::text AS "since" FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'hivegate%'`,
  );

/** A connection of somebody else. */
async function connectAs({ url }: TestDatabase, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** Waits until notifications arrive, or do not, as the metric has it. */
const untilHeard = (service: TestService, heard: 0 | 1) =>
  until(async () => {
    const { text } = await service.client.get('/metrics');
    return sumOf(samplesOf(text), 'hivegate_database_notifications_heard') === heard;
  });

async function startBehindProxy(database: TestDatabase) {
  const proxy = await PostgresProxy.to(database.url);
  onTestFinished(() => proxy.close());
  const service = await TestService.start({ DATABASE_URL: proxy.url, METRICS: 'on' }, database);
  onTestFinished(() => service.stop());
  await untilHeard(service, 1);
  return { proxy, service };
}

describe.runIf(kindOfDatabase() === 'postgres')('A process', () => {
  it('whose address leads to another server refuses a user who is disabled there, also on old connections', async () => {
    const left = await temporaryDatabase();
    const name = new URL(left.url).pathname.slice(1);
    const { proxy, service } = await startBehindProxy(left);
    const user = await service.createUser();
    const administrator = await service.createUser({ role: 0 });
    const file = join(await temporaryDirectory(), 'backup');
    await commandOutput('backup', [file], { DATABASE_URL: left.url });
    const server = await startPostgresServer();
    onTestFinished(() => server.remove());
    const present = await createPostgres(server.url, { name });
    await commandOutput('restore', [file, '--keep-tokens'], { DATABASE_URL: present.url });
    for (const { client } of [user, administrator])
      expect((await client.get('/user/current')).status).toBe(200);
    const before = await connectionsOf(left);

    // Nothing is announced: nobody listens at the new server yet.
    await present.query('UPDATE users SET status = 2 WHERE id IN (?, ?)', [user.id, administrator.id]);
    proxy.moveTo(present.url);
    for (const { client } of [user, administrator])
      await until(async () => (await client.get('/user/current')).status === 401);
    await untilHeard(service, 1);
    expect((await service.admin.put(`/user/${user.id}`, { status: 0 })).status).toBe(204);
    expect(await present.query('SELECT status FROM users WHERE id = ?', [user.id])).toEqual([{ status: 0 }]);
    // Idle connections to the server that was left are closed, so that it may stop.
    await until(async () => (await connectionsOf(left)).length === 0);
    expect(before.length).toBeGreaterThan(2);
  });

  it('that hears no heartbeat asks the database, and says so in its metrics', async () => {
    const database = await temporaryDatabase();
    const { proxy, service } = await startBehindProxy(database);
    const user = await service.createUser();
    expect((await user.client.get('/user/current')).status).toBe(200);
    proxy.choose('hivegate heartbeat', 'silent');
    await untilHeard(service, 0);
    // Behind its back: nobody announces it.
    await database.query('UPDATE users SET status = 2 WHERE id = ?', [user.id]);
    expect((await user.client.get('/user/current')).status).toBe(401);
    proxy.speak();
    await untilHeard(service, 1);
  });

  it('sends each heartbeat from a new connection, and listens on one that stays', async () => {
    const database = await temporaryDatabase();
    await startBehindProxy(database);
    const listening = async () =>
      (await connectionsOf(database)).filter(({ name }) => name === 'hivegate changes').map(({ pid }) => pid);
    const before = await listening();
    const senders = new Set<unknown>();
    await until(async () => {
      for (const { name, pid } of await connectionsOf(database))
        if (name === 'hivegate heartbeat') senders.add(pid);
      return senders.size > 2;
    });
    expect(before).toHaveLength(1);
    expect(await listening()).toEqual(before);
  });

  it('is not ready while no commit ends, and leaves nobody waiting at the server', async () => {
    const server = await startPostgresServer();
    onTestFinished(() => server.remove());
    const database = await createPostgres(server.url);
    const service = await TestService.start({}, database);
    onTestFinished(() => service.stop());
    const ready = () => service.client.get('/health/ready');
    expect((await ready()).status).toBe(200);
    // Its synchronous standby is gone, or never was.
    const configure = async (standby: string) => {
      await database.query(`ALTER SYSTEM SET synchronous_standby_names = '${standby}'`);
      await database.query('SELECT pg_reload_conf()');
    };
    await configure('gone');
    await until(async () => (await ready()).status === 503);
    await until(async () => (await ready()).body.message.includes('a commit does not end'));
    await configure('');
    await until(async () => (await ready()).status === 200);
    await until(
      async () =>
        (await database.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)).length === 0,
    );
  });

  it('is not ready without a table, or without a right on one', async () => {
    const database = await temporaryDatabase();
    const service = await TestService.start({}, database);
    onTestFinished(() => service.stop());
    const ready = () => service.client.get('/health/ready');
    await database.query('ALTER TABLE rate_limits RENAME TO elsewhere');
    await until(async () => (await ready()).status === 503);
    expect((await ready()).body.message).toMatch(/a table is missing/);
    await database.query('ALTER TABLE elsewhere RENAME TO rate_limits');
    await until(async () => (await ready()).status === 200);
  });
});

describe.runIf(kindOfDatabase() === 'postgres')('A start', () => {
  const settings = (database: TestDatabase) => ({
    DATABASE_URL: database.url,
    ADMIN_LOGIN: ADMINISTRATOR.login,
    ADMIN_PASSWORD: ADMINISTRATOR.password,
  });

  it('that waits for the migrations of another process names it, and goes on when they end', async () => {
    const database = await temporaryDatabase();
    const holder = await connectAs(database, 'a long migration');
    await holder.query('BEGIN');
    await holder.query('SELECT pg_advisory_xact_lock($1, 1)', [LOCK_SPACE]);
    const service = await ServiceProcess.spawn(settings(database));
    onTestFinished(() => service.remove());
    await service.written(
      /The start waits for the migrations of another process: its lock is held by the connection with the pid \d+ \(a long migration\)/,
    );
    await holder.query('COMMIT');
    await service.listening();
  });

  it('with no migration to run waits for none', async () => {
    const database = await temporaryDatabase();
    const { service: first } = await ServiceProcess.start(settings(database));
    onTestFinished(() => first.remove());
    const holder = await connectAs(database, 'a long migration');
    await holder.query('SELECT pg_advisory_lock($1, 1)', [LOCK_SPACE]);
    const { service: second } = await ServiceProcess.start(settings(database));
    onTestFinished(() => second.remove());
    expect(second.output).not.toContain('the migrations of another process');
  });

  it('has no time limits of its role for migrations, nor for the wait for those of another process', async () => {
    const database = await temporaryDatabase();
    const name = new URL(database.url).pathname.slice(1);
    await database.query(`ALTER DATABASE "${name}" SET statement_timeout = '1s'`);
    await database.query(`ALTER DATABASE "${name}" SET default_transaction_isolation = 'serializable'`);
    const holder = await connectAs(database, 'a long migration');
    await holder.query('BEGIN');
    await holder.query('SELECT pg_advisory_xact_lock($1, 1)', [LOCK_SPACE]);
    const service = await ServiceProcess.spawn(settings(database));
    onTestFinished(() => service.remove());
    // It is told after two seconds.
    await service.written(/The start waits for the migrations of another process/);
    await holder.query('COMMIT');
    await service.listening();
  });

  it('leaves no lock of its migrations behind', async () => {
    const database = await temporaryDatabase();
    const { service } = await ServiceProcess.start(settings(database));
    onTestFinished(() => service.remove());
    const locks = await database.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND
      database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    expect(locks).toEqual([]);
  });
});
