import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import bcrypt from 'bcrypt';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventView } from '../../src/events/event.view.js';
import { claimsOf, type Client } from '../support/client.js';
import { kindOfDatabase, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/process.js';
import { tableNames } from '../support/tables.js';
import { temporaryDatabase } from '../support/temporary.js';

/* The service starts on a database of the released version, and goes on with what is in it (test/fixtures/README.md). */

const FIXTURES = resolve('test/fixtures');
const made = JSON.parse(readFileSync(join(FIXTURES, 'v0.1.0.json'), 'utf8')) as {
  readonly ids: Readonly<Record<string, number>>;
  readonly tokens: Readonly<Record<string, { readonly accessToken: string; readonly refreshToken: string }>>;
  readonly jwks: { readonly keys: readonly unknown[] };
};

const credentials = (login: string) => ({ login, password: `the old password of ${login}` });

/** A database of version 0.1.0, of the kind that the suite runs on. */
async function oldDatabase(): Promise<TestDatabase> {
  const database = await temporaryDatabase();
  if (kindOfDatabase() === 'sqlite') {
    const file = gunzipSync(readFileSync(join(FIXTURES, 'v0.1.0.sqlite.gz')));
    writeFileSync(database.url.replace('sqlite:', ''), file);
  } else {
    await database.query(readFileSync(join(FIXTURES, 'v0.1.0.postgres.sql'), 'utf8'));
  }
  return database;
}

/** Starts the service on a database; `LOCKOUT_SECONDS` is as it was when the database was made. */
async function start({ url }: TestDatabase): Promise<{ service: ServiceProcess; client: Client }> {
  const service = await ServiceProcess.spawn({ DATABASE_URL: url, LOCKOUT_SECONDS: '315360000' });
  onTestFinished(() => service.remove());
  return { service, client: await service.listening() };
}

async function signedIn(client: Client, login: string): Promise<Client> {
  const { status, body } = await client.signIn(credentials(login));
  expect(status, login).toBe(201);
  return client.as(body.accessToken);
}

const eventsOf = async (admin: Client): Promise<EventView[]> =>
  (await admin.get('/event?take=1000')).body as EventView[];

/** All rows of all tables, in the order of their text. */
async function readAll(database: TestDatabase): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const table of await tableNames(database)) {
    const found = await database.query(`SELECT * FROM "${table}"`);
    rows[table] = found.map((row) => JSON.stringify(row)).sort();
  }
  return rows;
}

describe('An upgrade from version 0.1.0', () => {
  it('keeps users, passwords, assignments and configuration', async () => {
    const { client } = await start(await oldDatabase());
    for (const login of ['root', 'ada', 'ben', 'cleo', 'released']) await signedIn(client, login);
    const admin = await signedIn(client, 'root');
    const users = (await admin.get('/user')).body as Record<string, unknown>[];
    expect(users.map(({ login, role, status }) => [login, role, status])).toEqual([
      ['root', 0, 0],
      ['ada', 0, 0],
      ['ben', 1, 0],
      ['cleo', 1, 0],
      ['released', 1, 0],
      ['byTime', 1, 1],
      ['byFailures', 1, 1],
      ['byAdmin', 1, 1],
      ['disabled', 1, 2],
    ]);
    expect((await admin.get(`/user/${made.ids['ben']}`)).body).toMatchObject({ data: { bees: 4 } });
    expect((await admin.get(`/user/${made.ids['cleo']}`)).body).toMatchObject({
      introReviewed: true,
      allDeviceTypesAvailable: false,
    });
    const ben = await signedIn(client, 'ben');
    const cleo = await signedIn(client, 'cleo');
    expect((await ben.get('/network')).body).toMatchObject([{ id: 2, name: 'Meadow' }]);
    expect((await cleo.get('/network')).body).toMatchObject([{ id: 3, name: 'Forest' }]);
    expect((await cleo.get('/devicetype')).body).toMatchObject([{ id: 2, name: 'Hive scale' }]);
    expect((await admin.get('/configuration/theme')).body).toMatchObject({ value: 'dark' });
    // Ids go on after those that were given and deleted.
    const { body } = await admin.post('/user', { login: 'next', password: 'a password of now', role: 1 });
    expect(body.id).toBe(11);
  });

  it('gives networks and device types an entity tag, which counts their changes from now on', async () => {
    const { client } = await start(await oldDatabase());
    const admin = await signedIn(client, 'root');
    for (const path of ['/network/2', '/devicetype/2']) {
      const tag = (await admin.get(path)).headers.get('etag') ?? '';
      expect(tag).toMatch(/^"/);
      const headers = { 'if-match': tag };
      expect((await admin.put(path, { description: 'of now' }, headers)).status).toBe(204);
      expect((await admin.put(path, { description: 'late' }, headers)).status).toBe(412);
      expect((await admin.get(path)).body.description).toBe('of now');
    }
  });

  it('ends the tokens of a DeviceHive for users who have got a new password before', async () => {
    const database = await oldDatabase();
    await database.query('UPDATE users SET token_generation = 0');
    await database.query("UPDATE users SET token_generation = 1 WHERE login = 'ben'");
    await start(database);
    const ended = await database.query('SELECT login FROM users WHERE original_tokens_ended = true');
    expect(ended).toEqual([{ login: 'ben' }]);
  });

  it('keeps passwords of every length and form, and replaces their hashes at the first sign-in', async () => {
    const database = await oldDatabase();
    /** As version 0.1.0 hashed them. */
    const passwords = {
      ada: 'x'.repeat(200),
      ben: 'before\0after',
      cleo: 'pe\u0301te\u0301 au soleil',
      released: `${'A'.repeat(43)}=`,
    };
    for (const [login, password] of Object.entries(passwords)) {
      const bytes = Buffer.from(password);
      const isShort = bytes.length <= 72 && !bytes.includes(0);
      const digest = createHash('sha256').update(bytes).digest('base64');
      const hash = await bcrypt.hash(isShort ? bytes : digest, 4);
      await database.query('UPDATE users SET password_hash = ? WHERE login = ?', [hash, login]);
    }
    const imported = 'devicehive-sha256$salt$DFXFrZ8VQIkOYECScBbBwsYinj+o8IlaLsRQ81wO+l8=';
    await database.query("UPDATE users SET password_hash = ? WHERE login = 'disabled'", [imported]);
    const hashes = async () => {
      const rows = await database.query('SELECT login, password_hash AS hash FROM users ORDER BY id');
      return Object.fromEntries(rows.map(({ login, hash }) => [String(login), String(hash)]));
    };
    const before = await hashes();
    const { client } = await start(database);
    // Marked, one like the other, and nothing else.
    const marked = Object.entries(before).map(([login, hash]) => [login, `hivegate-0.1${hash}`]);
    expect(await hashes()).toEqual({ ...Object.fromEntries(marked), disabled: imported });

    for (const [login, password] of Object.entries(passwords)) {
      expect((await client.signIn({ login, password: `${password}.` })).status).toBe(401);
      for (const typed of [password, password.normalize('NFC'), password.normalize('NFD')])
        expect((await client.signIn({ login, password: typed })).status, login).toBe(201);
      expect((await hashes())[login]).toMatch(/^\$2b\$/);
    }
    // From now on the SHA-256 of a password is no password.
    const digest = createHash('sha256').update(passwords.ada).digest('base64');
    expect((await client.signIn({ login: 'ada', password: digest })).status).toBe(401);
    expect((await client.signIn(credentials('root'))).status).toBe(201);
    expect((await hashes())['root']).toMatch(/^\$2b\$/);
    expect((await hashes())['byAdmin']).toBe(`hivegate-0.1${before['byAdmin']}`);
  });

  it('refuses tokens that belong to no session, and still publishes the keys that signed them', async () => {
    const { client } = await start(await oldDatabase());
    for (const [owner, { accessToken, refreshToken }] of Object.entries(made.tokens)) {
      for (const token of [accessToken, refreshToken])
        expect((claimsOf(token).exp ?? 0) * 1000, 'it has not expired').toBeGreaterThan(Date.now());
      const read = await client.as(accessToken).get('/user/current');
      expect([owner, read.status, read.body.message]).toEqual([owner, 401, 'Unauthorized']);
      const refreshed = await client.refresh(refreshToken);
      expect([owner, refreshed.status, refreshed.body.message]).toEqual([owner, 401, 'Unauthorized']);
      for (const token of [accessToken, refreshToken])
        expect((await client.post('/token/revoke', { token })).status).toBe(200);
    }
    expect((await client.get('/.well-known/jwks.json')).body).toEqual(made.jwks);
    const { body } = await client.signIn(credentials('ben'));
    expect((await client.refresh(body.refreshToken)).status).toBe(201);
  });

  it('tells who has locked a user out by whether the lockout ends by time', async () => {
    const database = await oldDatabase();
    const { client } = await start(database);
    const admin = await signedIn(client, 'root');
    for (const login of ['byTime', 'byFailures', 'byAdmin', 'disabled']) {
      const id = made.ids[login] ?? 0;
      expect((await client.signIn(credentials(login))).status, login).toBe(401);
      expect((await admin.get(`/user/${id}/session`)).body, login).toEqual([]);
      // Only a user whom failed logins have locked out may have sessions.
      const created = await admin.post('/token/create', { userId: id });
      expect([login, created.status]).toEqual([login, login === 'byTime' ? 201 : 403]);
    }
    const rows = await database.query(
      'SELECT login, locked_by_failed_logins AS failures FROM users ORDER BY id',
    );
    const byFailures = rows.filter(({ failures }) => Boolean(failures)).map(({ login }) => login);
    expect(byFailures).toEqual(['byTime']);
    for (const login of ['byTime', 'byFailures', 'byAdmin']) {
      expect((await admin.put(`/user/${made.ids[login]}`, { status: 0 })).status).toBe(204);
      await signedIn(client, login);
    }
  });

  it('makes events of all audit records, in their order and with their ids', async () => {
    const database = await oldDatabase();
    const records = await database.query('SELECT * FROM audit_records ORDER BY id');
    const { client } = await start(database);
    const events = await eventsOf(await signedIn(client, 'root'));
    const upgraded = events.slice(0, records.length);
    expect(
      upgraded.map(({ id, subject, time, data }) => [id, subject, Date.parse(time), data.actor]),
    ).toEqual(
      records.map(({ id, subject, at, actor_id: actor }) => [
        String(id),
        subject,
        Number(at),
        actor === null ? null : Number(actor),
      ]),
    );
    expect(new Set(records.map(({ action }) => action)).size).toBe(17);
    const named = new Set(upgraded.flatMap(({ data }) => data.fields ?? []));
    expect([...named].sort()).toEqual([
      ...['allDeviceTypesAvailable', 'data', 'description', 'introReviewed', 'login'],
      ...['name', 'password', 'role', 'status', 'value'],
    ]);
    // What happens now comes after them.
    expect(events.slice(records.length).map(({ type }) => type)).toEqual(['hivegate.signIn.succeeded']);
    expect(Number(events.at(-1)?.id)).toBeGreaterThan(Number(records.at(-1)?.['id']));
  });

  it('is complete after the first start: the second one changes nothing', async () => {
    const database = await oldDatabase();
    const first = await start(database);
    expect(await first.service.stop()).toBe(0);
    const upgraded = await readAll(database);
    const second = await start(database);
    expect((await second.client.get('/health/ready')).status).toBe(200);
    expect(await second.service.stop()).toBe(0);
    expect(await readAll(database)).toEqual(upgraded);
    expect(upgraded['pending_events']).toEqual([]);
    expect(upgraded).not.toHaveProperty('audit_records');
  });

  it('is done once by two processes that start at the same time', async ({ skip }) => {
    if (kindOfDatabase() === 'sqlite') return skip('SQLite: one process at a time upgrades a file');
    const database = await oldDatabase();
    const [here, there] = await Promise.all([start(database), start(database)]);
    const admin = await signedIn(here.client, 'root');
    expect((await there.client.as(admin.token).get('/user/count')).body).toEqual({ count: 9 });
    const events = await eventsOf(there.client.as(admin.token));
    expect(events).toHaveLength(40);
    const { body } = await there.client.signIn(credentials('ben'));
    // One refresh key: a process accepts what the other has signed.
    expect((await here.client.refresh(body.refreshToken)).status).toBe(201);
    const migrations = await database.query('SELECT name, count(*) AS times FROM migrations GROUP BY name');
    expect(migrations.every(({ times }) => Number(times) === 1)).toBe(true);
  });
});
