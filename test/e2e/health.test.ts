import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { SigningKeysService } from '../../src/authentication/signing-keys/signing-keys.service.js';
import { dialectOf } from '../../src/compatibility/compatibility.js';
import { readServiceSettings } from '../../src/compatibility/service-settings.js';
import { Database } from '../../src/database/database.js';
import { ReadinessService } from '../../src/health/readiness.service.js';
import type { Answer, Client } from '../support/client.js';
import { createPostgres, createSqlite, kindOfDatabase, type TestDatabase } from '../support/database.js';
import { SmallDisk } from '../support/disks.js';
import { expectError } from '../support/errors.js';
import { startPostgresServer } from '../support/postgres.js';
import { TestService } from '../support/service.js';
import { temporaryDatabase } from '../support/temporary.js';
import { until } from '../support/until.js';

/* Whether requests can be served (contract.md §10); a database that is away: operation.test.ts. */

const isSqlite = kindOfDatabase() === 'sqlite';

async function start(database?: TestDatabase): Promise<TestService> {
  const service = await TestService.start({}, database ?? (await temporaryDatabase()));
  onTestFinished(() => service.stop());
  return service;
}

/** Waits until readiness is what it is expected to be: a result is kept for a second. */
async function readiness(client: Client, status: number): Promise<Answer> {
  let answer = await client.get('/health/ready');
  await until(async () => {
    answer = await client.get('/health/ready');
    return answer.status === status;
  });
  return answer;
}

/** Expects that reads are served, changes are not, and the process is alive. */
async function expectReadsOnly({ admin, client }: TestService): Promise<void> {
  expect((await admin.get('/user')).status).toBe(200);
  expect((await client.get('/health/live')).status).toBe(200);
  expect((await admin.post('/network', { name: 'n' })).status).toBe(503);
}

const UP = { keys: { status: 'up' }, database: { status: 'up' } };
const FULL = 'its disk is full: changes fail, reads go on';

describe('GET /health/ready', () => {
  it('names what has been checked', async () => {
    const { client } = await start();
    const { status, body } = await client.get('/health/ready');
    expect({ status, body }).toEqual({
      status: 200,
      body: { status: 'ok', info: UP, error: {}, details: UP },
    });
  });

  it('is one check for all who ask in a second, also when it fails', async () => {
    const { client } = await start();
    const asked = vi.spyOn(Database.prototype, 'state');
    onTestFinished(() => {
      asked.mockRestore();
    });
    for (const status of [200, 503]) {
      await readiness(client, status);
      asked.mockClear();
      const began = performance.now();
      const answers = await Promise.all(Array.from({ length: 100 }, () => client.get('/health/ready')));
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([status]));
      expect(asked.mock.calls.length).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - began) / 1000));
      asked.mockRejectedValue(new Error('a fault of the test'));
    }
  });

  it('is 503 until the keys are read, and names them', async () => {
    const { app, database } = await start();
    const settings = readServiceSettings({ DATABASE_URL: database.url });
    const data = app.get(Database);
    const keys = new SigningKeysService(data, settings, dialectOf(settings));
    const health = await app.resolve(HealthCheckService, undefined, { strict: false });
    const indicators = app.get(HealthIndicatorService, { strict: false });
    const early = new ReadinessService(health, indicators, keys, data);
    await expect(early.check()).rejects.toThrow(/^Not ready: keys: they are not read yet$/);
    await keys.onModuleInit();
    onTestFinished(() => {
      keys.onModuleDestroy();
    });
    const read = new ReadinessService(health, indicators, keys, data);
    expect(await read.check()).toMatchObject({ status: 'ok' });
  });
});

describe.runIf(!isSqlite)('A PostgreSQL', () => {
  const READ_ONLY = {
    status: 503,
    message: 'Not ready: database: it takes no writes: it is read-only, or a standby',
  };

  it('that is read-only makes it 503, and 200 when it takes writes again', async () => {
    const service = await start();
    const server: TestDatabase = { ...service.database, url: inject('postgresUrl') };
    const name = new URL(service.database.url).pathname.slice(1);
    const onServer = async (sql: string) => {
      const { default: pg } = await import('pg');
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      await client.query(sql).finally(() => client.end());
    };
    // A default holds for new sessions.
    const endSessions = () =>
      onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    await onServer(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await endSessions();
    await until(async () => (await service.client.get('/health/ready')).body.message === READ_ONLY.message);
    const answer = await readiness(service.client, 503);
    expectError(answer, READ_ONLY);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    await expectReadsOnly(service);

    await onServer(`ALTER DATABASE ${name} SET default_transaction_read_only = off`);
    await endSessions();
    expect((await readiness(service.client, 200)).body.details).toEqual(UP);
    await until(async () => (await service.admin.post('/network', { name: 'later' })).status === 201);
  });

  it('that is a standby makes it 503, until it is promoted', async () => {
    const server = await startPostgresServer();
    onTestFinished(() => server.remove());
    const database = await createPostgres(server.url);
    const service = await start(database);
    const [{ data_directory: directory } = {}] = await database.query('SHOW data_directory');
    await server.halt();
    await writeFile(join(String(directory), 'standby.signal'), '');
    // It counts as started when it takes writes.
    const promoted = server.start();
    await until(async () => (await service.client.get('/health/ready')).body.message === READ_ONLY.message);
    expectError(await readiness(service.client, 503), READ_ONLY);
    await expectReadsOnly(service);
    await database.query('SELECT pg_promote()');
    await promoted;
    expect((await readiness(service.client, 200)).body.details).toEqual(UP);
  });
});

describe.runIf(isSqlite)('An SQLite file', () => {
  const onDisk = async (kibibytes: number) => {
    const disk = await SmallDisk.make(kibibytes);
    if (!disk) return undefined;
    onTestFinished(() => disk.remove());
    return { disk, service: await start(await createSqlite(disk.directory)) };
  };

  it('on a full disk is told, and stays ready: reads go on', async ({ skip }) => {
    const made = await onDisk(4 * 1024);
    if (!made) return skip('Only root makes a small disk');
    const { disk, service } = made;
    const { admin, client } = service;
    const filling = join(disk.directory, 'filling');
    await writeFile(filling, Buffer.alloc(8 * 1024 * 1024)).catch(() => undefined);
    let name = 0;
    const data = { data: { filling: 'x'.repeat(60_000) } };
    await until(
      async () => (await admin.put('/user/1', { data: { ...data, n: (name += 1) } })).status === 503,
    );
    const isTold = async () => {
      const { status, body } = await client.get('/health/ready');
      expect(status).toBe(200);
      return body.details.database.warning === FULL;
    };
    await until(isTold);
    expect((await client.get('/health/ready')).body).toEqual({
      status: 'ok',
      info: { ...UP, database: { status: 'up', warning: FULL } },
      error: {},
      details: { ...UP, database: { status: 'up', warning: FULL } },
    });
    await expectReadsOnly(service);
    await rm(filling);
    expect((await admin.put('/user/1', { data: {} })).status).toBe(204);
    await until(async () => !(await isTold()));
  });

  it('on a disk that has become read-only makes it 503', async ({ skip }) => {
    const made = await onDisk(16 * 1024);
    if (!made) return skip('Only root makes a small disk');
    const { disk, service } = made;
    disk.coverReadOnly();
    expectError(await readiness(service.client, 503), {
      status: 503,
      message: 'Not ready: database: it takes no writes: it is read-only',
    });
    expect((await service.client.get('/health/live')).status).toBe(200);
    disk.uncover();
    await readiness(service.client, 200);
  });

  it.each([
    ['gone', 'its file is gone', (path: string) => rename(path, `${path}.away`)],
    [
      'another one',
      'its file has been replaced: restart the service',
      async (path: string) => {
        await copyFile(path, `${path}.copy`);
        await rename(`${path}.copy`, path);
      },
    ],
  ])('that is %s makes it 503: what is written would be lost', async (_, reason, change) => {
    const { client, database } = await start();
    await change(database.url.replace('sqlite:', ''));
    expectError(await readiness(client, 503), {
      status: 503,
      message: `Not ready: database: it takes no writes: ${reason}`,
    });
  });
});
