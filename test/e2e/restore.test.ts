import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { EventView } from '../../src/events/event.view.js';
import type { Client } from '../support/client.js';
import { commandOutput, runCommand } from '../support/command.js';
import { DATABASES, type TestDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { originalToken, WITH_ORIGINAL_TOKENS } from '../support/original-tokens.js';
import { HOME, TestService } from '../support/service.js';
import { tableNames } from '../support/tables.js';
import { temporaryDatabase } from '../support/temporary.js';
import { until } from '../support/until.js';

/* What a restore does to tokens and ids (contract.md §10); that it puts everything back: backup.test.ts. */

const RANGE = 2 ** 20;
const EVENT_RANGE = 2 ** 32;

const directory = mkdtempSync(join(tmpdir(), 'hivegate-restore-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

let files = 0;
/** Backs up a database to a new file. */
async function backup({ url }: TestDatabase): Promise<string> {
  const file = join(directory, `${(files += 1)}.gz`);
  await commandOutput('backup', [file], { DATABASE_URL: url });
  return file;
}

async function start(
  environment: Readonly<Record<string, string>> = {},
  database?: TestDatabase,
): Promise<TestService> {
  const service = await TestService.start(environment, database ?? (await temporaryDatabase()));
  onTestFinished(() => service.stop());
  return service;
}

/** Restores a file into a new database. Returns what the command prints, and the database. */
async function restore(
  file: string,
  options: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ output: string; database: TestDatabase }> {
  const database = await temporaryDatabase();
  const output = await commandOutput('restore', [file, ...options], {
    DATABASE_URL: database.url,
    ...environment,
  });
  return { output, database };
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** The statuses that a pair of tokens gets: of a read, and of a refresh. */
const statusesOf = async (client: Client, { accessToken, refreshToken }: Tokens) => [
  (await client.as(accessToken).get('/user/current')).status,
  (await client.refresh(refreshToken)).status,
];
const ACCEPTED = [200, 201];
const REFUSED = [401, 401];

const eventsOf = async (admin: Client, query = ''): Promise<EventView[]> =>
  (await admin.get(`/event?take=1000${query}`)).body as EventView[];

/** The lines of a backup, changed, with a last one that fits. */
async function rewrite(file: string, change: (line: string) => string): Promise<string> {
  const lines = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split('\n');
  const last = JSON.parse(lines.pop() ?? '') as object;
  const text = lines.map((line) => `${change(line)}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  const changed = join(directory, `${(files += 1)}.gz`);
  await writeFile(changed, gzipSync(`${text}${JSON.stringify({ ...last, sha256 })}\n`));
  return changed;
}

describe.each([
  ['keys of its own', {}],
  ['JWT_SECRET', { JWT_SECRET: 'a secret that lives on after every restore' }],
] as const)('A restore ends the tokens of before, with %s', (name, settings) => {
  it('whether or not the backup holds their sessions, and records each session that it revokes', async () => {
    const before = await start(settings);
    const user = await before.createUser();
    const other = await before.createUser();
    const kept = {
      signIn: user,
      // Of an administrator for a user, and of a user for itself.
      created: await before.createToken(user.id, { actions: ['*'] }),
      child: (await other.client.post('/token/create', { userId: other.id, actions: ['*'] })).body as Tokens,
      revokedLater: (await before.client.signIn(user, HOME)).body as Tokens,
    };
    const file = await backup(before.database);
    await before.client.post('/token/revoke', { token: kept.revokedLater.accessToken });
    const later = {
      signIn: (await before.client.signIn(user, HOME)).body as Tokens,
      created: await before.createToken(user.id, { actions: ['*'] }),
      ofLaterUser: await before.createUser(),
    };

    const { output, database } = await restore(file, [], settings);
    const open = await database.query('SELECT id FROM sessions WHERE revoked_at IS NULL');
    expect(open).toEqual([]);
    expect(output).toMatch(/^6 sessions are revoked: every token from before is rejected\.$/m);
    if (name === 'JWT_SECRET') expect(output).not.toContain('keys ');
    else
      expect(output).toMatch(
        /signing keys .* also those that were revoked .*: keys rotate --now, then keys revoke /,
      );

    const after = await start(settings, database);
    for (const [which, tokens] of Object.entries({ ...kept, ...later }))
      expect([which, await statusesOf(after.client, tokens)]).toEqual([which, REFUSED]);
    const revoked = await eventsOf(after.admin, '&type=hivegate.session.revoked');
    expect(revoked).toHaveLength(6);
    for (const { data } of revoked)
      expect(data).toMatchObject({ actor: null, command: 'restore', reason: 'command' });
    expect((await after.client.signIn(user, HOME)).status).toBe(201);
    // Nothing is accepted again when the service has removed rows, or a user signs in.
    expect(await statusesOf(after.client, kept.signIn)).toEqual(REFUSED);
  });

  it('also where the clock of this machine says that they have expired', async () => {
    const before = await start(settings);
    const user = await before.createUser();
    await before.database.query('UPDATE sessions SET expires_at = 1');
    const { output, database } = await restore(await backup(before.database), [], settings);
    expect(output).toMatch(/^2 sessions are revoked: every token from before is rejected\.$/m);
    expect(await database.query('SELECT id FROM sessions WHERE revoked_at IS NULL')).toEqual([]);
    const after = await start(settings, database);
    expect(await statusesOf(after.client, user)).toEqual(REFUSED);
  });

  it('but with --keep-tokens only those whose sessions the backup does not hold', async () => {
    const before = await start(settings);
    const user = await before.createUser();
    const created = await before.createToken(user.id, { actions: ['*'] });
    const revokedLater = (await before.client.signIn(user, HOME)).body as Tokens;
    const revokedBefore = (await before.client.signIn(user, HOME)).body as Tokens;
    await before.client.post('/token/revoke', { token: revokedBefore.accessToken });
    const file = await backup(before.database);
    await before.client.post('/token/revoke', { token: revokedLater.accessToken });
    const laterSignIn = (await before.client.signIn(user, HOME)).body as Tokens;
    const laterUser = await before.createUser();

    const { output, database } = await restore(file, ['--keep-tokens'], settings);
    expect(output).toMatch(/sessions in it are accepted again, also of those that were revoked after/);
    const { client, admin, ...after } = await start(settings, database);
    expect(after.database).toBe(database);
    expect(await statusesOf(client, user)).toEqual(ACCEPTED);
    expect(await statusesOf(client, created)).toEqual(ACCEPTED);
    expect(await statusesOf(client, revokedLater)).toEqual(ACCEPTED);
    expect(await statusesOf(client, revokedBefore)).toEqual(REFUSED);
    expect(await statusesOf(client, laterSignIn)).toEqual(REFUSED);
    expect(await statusesOf(client, laterUser)).toEqual(REFUSED);
    // Nor as tokens of another user, who would have that id.
    const next = await admin.post('/user', { login: 'next', password: 'a password of now', role: 1 });
    expect(next.body.id).toBeGreaterThan(laterUser.id);
    expect(await statusesOf(client, laterUser)).toEqual(REFUSED);
    expect(await eventsOf(admin, '&type=hivegate.session.revoked')).toHaveLength(1);
  });
});

/** Waits until every event has its place: one that has none yet gets it after a restore, too. */
const haveOrder = (database: TestDatabase) =>
  until(async () => {
    const [row] = await database.query('SELECT count(*) AS count FROM pending_events');
    return Number(row?.['count']) === 0;
  });

describe('A restore', () => {
  it('ends tokens of the original, used or not, unless --keep-tokens is given', async () => {
    const before = await start(WITH_ORIGINAL_TOKENS);
    const [used, unused] = [await before.createUser(), await before.createUser()];
    const tokens = [used, unused].map(({ id }) => originalToken(id));
    const statuses = (client: Client) =>
      Promise.all(tokens.map(async (token) => (await client.as(token).get('/user/current')).status));
    expect((await before.client.as(tokens[0]).get('/user/current')).status).toBe(200);
    const file = await backup(before.database);

    const kept = await restore(file, ['--keep-tokens'], WITH_ORIGINAL_TOKENS);
    const ended = await restore(file, [], WITH_ORIGINAL_TOKENS);
    expect(await statuses((await start(WITH_ORIGINAL_TOKENS, kept.database)).client)).toEqual([200, 200]);
    const { client, admin } = await start(WITH_ORIGINAL_TOKENS, ended.database);
    expect(await statuses(client)).toEqual([401, 401]);
    // Its users look as before: the flag is none of their fields.
    const { text } = await before.admin.get(`/user/${unused.id}`);
    expect((await admin.get(`/user/${unused.id}`)).text).toBe(text);
  });

  it('gives no id twice, also after a second and a third one, and a reader of events misses none', async () => {
    const first = await start();
    const made = async ({ admin }: TestService) => [
      Number((await admin.post('/network', { name: `n${(files += 1)}` })).body.id),
      Number((await admin.post('/devicetype', { name: `t${files}` })).body.id),
    ];
    await made(first);
    await haveOrder(first.database);
    const file = await backup(first.database);
    // What is lost: it was given, and read.
    const lost = await made(first);
    const lostUser = await first.createUser();
    let after = 0;
    await until(async () => {
      const events = await eventsOf(first.admin);
      after = Number(events.at(-1)?.id);
      return events.some(({ subject }) => subject === `user/${lostUser.id}`);
    });
    const [{ id: inBackup } = { id: 0 }] = await first.database.query('SELECT max(id) AS id FROM events');
    expect(after).toBe(Number(inBackup));

    const given = [...lost];
    let current = file;
    for (const round of [1, 2, 3]) {
      const { database } = await restore(current);
      const service = await start({}, database);
      const [network = 0, type = 0] = await made(service);
      expect(network).toBeGreaterThan(RANGE * round);
      expect(type).toBeGreaterThan(RANGE * round);
      expect(given).not.toContain(network);
      given.push(network, type);
      const user = await service.createUser();
      expect(user.id).toBeGreaterThan(lostUser.id + RANGE * (round - 1));
      let events: EventView[] = [];
      await until(async () => {
        events = await eventsOf(service.admin, `&after=${after}`);
        return events.some(({ subject }) => subject === `user/${user.id}`);
      });
      // Whoever has read up to `after` sees the restore first, then what came after it.
      expect(events[0]?.type).toBe('hivegate.service.restored');
      expect(Number(events[0]?.id)).toBeGreaterThan(EVENT_RANGE * round);
      await haveOrder(database);
      after = Number((await eventsOf(service.admin, `&after=${after}`)).at(-1)?.id);
      current = await backup(database);
    }
  });

  it('of the same file leaves out other ids each time that --times counts', async () => {
    const file = await backup((await start()).database);
    const ids: number[] = [];
    for (const options of [[], ['--times', '2'], ['--times', '1000']]) {
      const { admin } = await start({}, (await restore(file, options)).database);
      ids.push(Number((await admin.post('/network', { name: 'next' })).body.id));
    }
    expect(ids).toEqual([1, 2, 1000].map((times) => 1 + times * RANGE + 1));
  });

  it('lets no entity tag from after the backup match what is restored', async () => {
    const before = await start();
    const { id } = await before.createUser();
    const network = await before.admin.post('/network', { name: 'a network' });
    const paths = [`/user/${id}`, `/network/${(network.body as { id: number }).id}`];
    const change = (service: TestService, path: string, text: string, headers = {}) =>
      service.admin.put(path, path.startsWith('/user') ? { data: { text } } : { description: text }, headers);
    const tagsOf = ({ admin }: TestService) =>
      Promise.all(paths.map(async (path) => (await admin.get(path)).headers.get('etag') ?? ''));
    const file = await backup(before.database);
    for (const path of paths) expect((await change(before, path, 'lost')).status).toBe(204);
    const lost = await tagsOf(before);
    const after = await start({}, (await restore(file)).database);
    for (const path of paths) expect((await change(after, path, 'since the restore')).status).toBe(204);
    for (const [index, path] of paths.entries()) {
      const tag = lost[index] ?? '';
      expect((await change(after, path, 'stale', { 'If-Match': tag })).status).toBe(412);
      expect((await after.admin.get(path, { 'If-None-Match': tag })).status).toBe(200);
    }
    for (const [index, tag] of (await tagsOf(after)).entries())
      expect((await change(after, paths[index] ?? '', 'fresh', { 'If-Match': tag })).status).toBe(204);
  });

  it('goes on after a row whose id is beyond the counter', async () => {
    const { database } = await start();
    await database.query("INSERT INTO networks (id, name, name_key) VALUES (5000, 'by hand', 'by hand')");
    const file = await rewrite(await backup(database), (line) =>
      line.replace(/("table":"networks".*"lastId":)\d+/, '$11'),
    );
    const { admin } = await start({}, (await restore(file)).database);
    expect((await admin.post('/network', { name: 'next' })).body.id).toBe(5000 + RANGE + 1);
  });

  it.each([
    ['networks', RANGE],
    ['events', EVENT_RANGE],
  ])('is refused when the ids of %s are used up, and makes nothing', async (table, range) => {
    const file = await backup((await start()).database);
    const last = Number.MAX_SAFE_INTEGER - range;
    const usedUp = await rewrite(file, (line) =>
      line.startsWith(`{"table":"${table}"`) ? line.replace(/"lastId":\d+/, `"lastId":${last}`) : line,
    );
    const database = await temporaryDatabase();
    expectFailure(
      await runCommand('restore', [usedUp], { DATABASE_URL: database.url }),
      new RegExp(`^The ids of ${table} are used up: the last one is ${last}, .* Nothing has been restored$`),
    );
    expect(await tableNames(database)).toEqual([]);
    // The last ids that can be given are given.
    const almost = await rewrite(file, (line) =>
      line.startsWith(`{"table":"${table}"`)
        ? line.replace(/"lastId":\d+/, `"lastId":${last - RANGE}`)
        : line,
    );
    const { admin } = await start({}, (await restore(almost)).database);
    expect((await admin.post('/network', { name: 'next' })).status).toBe(201);
    await until(async () => (await eventsOf(admin, '&type=hivegate.network.created')).length === 1);
    const [created] = await eventsOf(admin, '&type=hivegate.network.created');
    expect(Number.isSafeInteger(Number(created?.id))).toBe(true);
    expect(await eventsOf(admin, `&after=${created?.id}&type=hivegate.network.created`)).toEqual([]);
  });

  it('reads a backup that the version of its format has written (test/fixtures/README.md)', async () => {
    const fixture = resolve('test/fixtures/backup-1');
    const made = JSON.parse(readFileSync(`${fixture}.json`, 'utf8')) as {
      readonly ids: Readonly<Record<string, number>>;
      readonly lastEventId: number;
      readonly jwks: unknown;
      readonly tokens: Readonly<Record<string, Tokens>>;
    };
    const secret = { KEY_ENCRYPTION_SECRET: 'the secret of the fixture' };
    for (const kind of DATABASES) {
      for (const options of [[], ['--keep-tokens']]) {
        const database = await temporaryDatabase(kind);
        await commandOutput('restore', [`${fixture}.gz`, ...options], {
          DATABASE_URL: database.url,
          ...secret,
        });
        const { client } = await start(secret, database);
        expect((await client.get('/.well-known/jwks.json')).body).toEqual(made.jwks);
        for (const [name, tokens] of Object.entries(made.tokens)) {
          const isKept = options.length > 0 && name !== 'revoked';
          expect([name, await statusesOf(client, tokens)]).toEqual([name, isKept ? ACCEPTED : REFUSED]);
        }
        const { status, body } = await client.signIn({ login: 'root', password: 'the old password of root' });
        expect(status).toBe(201);
        const admin = client.as(body.accessToken);
        const users = (await admin.get('/user')).body as { login: string; status: number }[];
        expect(users.map(({ login, status }) => [login, status])).toEqual([
          ...['root', 'ada', 'ben', 'cleo'].map((login) => [login, 0]),
          ['disabled', 2],
        ]);
        expect((await admin.get(`/user/${made.ids['ben']}/network/2`)).status).toBe(200);
        expect((await admin.get('/configuration/theme')).body.value).toBe('dark');
        const feed = (await admin.get('/revocation')).body;
        expect(feed.cursor).toMatch(/^[\w-]{12}\.\d+$/);
        expect(feed.notBefore === null).toBe(options.length > 0);
        const events = await eventsOf(admin);
        expect(events.filter(({ id }) => Number(id) <= made.lastEventId)).toHaveLength(made.lastEventId);
        const next = { login: 'next', password: 'a password of now', role: 1 };
        expect((await admin.post('/user', next)).body.id).toBe((made.ids['gone'] ?? 0) + RANGE + 1);
      }
    }
  });
});

describe('The feed of revocations after a restore', () => {
  it('tells when it was without --keep-tokens, and refuses the cursors of before', async () => {
    const feedOf = async ({ admin }: TestService, query = '') =>
      (await admin.get(`/revocation${query}`)).body;
    const before = await start();
    const first = await feedOf(before);
    expect(first.notBefore).toBeNull();
    const file = await backup(before.database);
    const kept = await start({}, (await restore(file, ['--keep-tokens'])).database);
    const earliest = Date.now();
    const ended = await start({}, (await restore(file)).database);
    const latest = Date.now();
    const { notBefore, revoked } = await feedOf(ended);
    expect(notBefore).toBe(new Date(notBefore).toISOString());
    expect(Date.parse(notBefore)).toBeGreaterThanOrEqual(earliest);
    expect(Date.parse(notBefore)).toBeLessThanOrEqual(latest);
    expect(revoked).toHaveLength(1);
    expect((await feedOf(kept)).notBefore).toBeNull();
    // One with the option keeps what one without it has said.
    const file2 = await backup(ended.database);
    const keptLater = await start({}, (await restore(file2, ['--keep-tokens'])).database);
    expect((await feedOf(keptLater)).notBefore).toBe(notBefore);
    const cursors = [first.cursor];
    for (const service of [kept, ended, keptLater]) {
      for (const cursor of cursors)
        expect((await service.admin.get(`/revocation?after=${cursor}`)).status).toBe(410);
      const { cursor } = await feedOf(service);
      expect((await service.admin.get(`/revocation?after=${cursor}`)).status).toBe(200);
      cursors.push(cursor);
      const old = { accept: 'text/event-stream', 'last-event-id': '1' };
      expect((await service.admin.get('/event', old)).status).toBe(410);
    }
  });
});

describe('A restore with webhooks', () => {
  it('lets its own events be delivered first, and none of the backup', async () => {
    const before = await start();
    const last = (await eventsOf(before.admin)).at(-1)?.id;
    const environment = {
      WEBHOOK_URL: 'http://127.0.0.1:9/',
      WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 'k3y').toString('base64')}`,
    };
    const { database } = await restore(await backup(before.database), [], environment);
    const rows = await database.query('SELECT "read_up_to", "waiting" FROM "webhook_deliveries"');
    expect(rows.map((row) => [String(row['read_up_to']), row['waiting']])).toEqual([[last, '[]']]);
    const { database: without } = await restore(await backup(before.database));
    expect(await without.query('SELECT * FROM "webhook_deliveries"')).toEqual([]);
  });
});
