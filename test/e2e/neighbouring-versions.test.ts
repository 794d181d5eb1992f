import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventView } from '../../src/events/event.view.js';
import { runCommand } from '../support/command.js';
import type { TestDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { ServiceProcess } from '../support/process.js';
import { HOME, PASSWORD, TestService } from '../support/service.js';
import { temporaryDatabase, temporaryDirectory } from '../support/temporary.js';
import { until } from '../support/until.js';

/* An upgrade in which processes of two versions serve one database: what a release may change (docs/operations.md). */

const TABLES = [
  'users',
  'sign_in_decoys',
  'sessions',
  'networks',
  'device_types',
  'events',
  'pending_events',
];

/** Does to a database what a migration of a later version may do, and what it records. */
async function expand(database: TestDatabase): Promise<void> {
  for (const table of TABLES) {
    await database.query(`ALTER TABLE "${table}" ADD COLUMN "of_later" text`);
    await database.query(`ALTER TABLE "${table}" ADD COLUMN "counted_later" integer NOT NULL DEFAULT 0`);
  }
  await database.query('CREATE TABLE "teams" ("id" integer PRIMARY KEY NOT NULL, "name" text NOT NULL)');
  await database.query('CREATE INDEX "users_of_later" ON "users" ("of_later")');
  await record(database, 'ExpandTeams9999999999999');
}

const record = (database: TestDatabase, name: string) =>
  database.query('INSERT INTO migrations (timestamp, name) VALUES (9999999999999, ?)', [name]);

/** Uses what reads and writes the tables. */
async function use(service: TestService): Promise<void> {
  const { admin, client } = service;
  const user = await service.createUser();
  expect((await user.client.put('/user/current', { data: { a: 1 } })).status).toBe(204);
  expect((await admin.put(`/user/${user.id}`, { introReviewed: true })).status).toBe(204);
  expect((await admin.put(`/user/${user.id}/network/1`)).status).toBe(204);
  expect((await client.refresh(user.refreshToken)).status).toBe(201);
  expect((await client.signIn({ login: user.login, password: 'a wrong one' })).status).toBe(401);
  expect((await client.signIn({ login: 'nobody', password: 'a wrong one' })).status).toBe(401);
  expect((await client.signIn(user, HOME)).status).toBe(201);
  expect((await admin.get('/user?take=1000')).status).toBe(200);
  expect((await user.client.get('/user/current/session')).body.length).toBeGreaterThan(1);
  const { id } = (await admin.post('/devicetype', { name: `type of ${user.id}` })).body as { id: number };
  expect((await admin.delete(`/devicetype/${id}`)).status).toBe(204);
  expect((await admin.delete(`/user/${user.id}/session`)).status).toBe(204);
  expect((await admin.delete(`/user/${user.id}`)).status).toBe(204);
  await until(async () => {
    const { body } = await admin.get(`/event?subject=user/${user.id}&type=hivegate.user.deleted`);
    return (body as EventView[]).length === 1;
  });
  expect((await client.get('/health/ready')).status).toBe(200);
}

describe('When a newer version has migrated the database with what only adds', () => {
  it('a process of this version goes on serving, and a new one starts, with its commands', async () => {
    const database = await temporaryDatabase();
    const running = await TestService.start({}, database);
    onTestFinished(() => running.stop());
    const user = await running.createUser();
    await expand(database);
    await use(running);
    expect((await user.client.get('/user/current')).status).toBe(200);

    const environment = { DATABASE_URL: database.url };
    const { service, client } = await ServiceProcess.start(environment);
    onTestFinished(() => service.remove());
    expect((await client.as(user.accessToken).get('/user/current')).status).toBe(200);
    expect((await client.signIn({ login: user.login, password: PASSWORD })).status).toBe(201);
    expect(service.log).toContainEqual(
      expect.objectContaining({
        level: 40,
        msg: 'A newer version has migrated the database: ExpandTeams9999999999999',
      }),
    );
    expect(await service.stop()).toBe(0);
    const { code, stdout } = await runCommand('users', ['list'], environment);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(user.login) });
    await use(running);
  });

  it('a backup of this version is refused: it would not hold what was added', async () => {
    const database = await temporaryDatabase();
    await (await TestService.start({}, database)).stop();
    await expand(database);
    const file = join(await temporaryDirectory(), 'backup.gz');
    expectFailure(
      await runCommand('backup', [file], { DATABASE_URL: database.url }),
      /^DATABASE_URL cannot be used: the database is of a newer version than this program$/,
    );
  });
});

describe('When it has changed more', () => {
  it.each(['Later9999999999999', 'Expanded9999999999999', 'expandTeams9999999999999'])(
    'nothing of this version opens it: %s',
    async (name) => {
      const database = await temporaryDatabase();
      await (await TestService.start({}, database)).stop();
      await record(database, name);
      await expect(TestService.start({}, database)).rejects.toThrow(/of a newer version than this program$/);
      expectFailure(
        await runCommand('users', ['list'], { DATABASE_URL: database.url }),
        /^DATABASE_URL cannot be used: the database is of a newer version than this program$/,
      );
    },
  );
});
