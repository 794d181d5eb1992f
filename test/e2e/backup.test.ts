import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA } from '../../src/app.schema.js';
import { decryptKey, encryptKey } from '../../src/authentication/signing-keys/key-encryption.js';
import { eachPart } from '../../src/backup/read-backup.js';
import { restoreBackup } from '../../src/backup/restore-backup.js';
import { tablesOf as tablesOfSchema } from '../../src/backup/tables.js';
import { writeBackup } from '../../src/backup/write-backup.js';
import { Database } from '../../src/database/database.js';
import type { Transaction } from '../../src/database/transaction.js';
import { OperatorError } from '../../src/errors/operator-error.js';
import { readSettings } from '../../src/settings/read-settings.js';
import { commandOutput, runCommand } from '../support/command.js';
import { DATABASES, kindOfDatabase, type TestDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { ServiceProcess } from '../support/process.js';
import { PASSWORD, TestService } from '../support/service.js';
import { tableNames } from '../support/tables.js';
import { temporaryDatabase } from '../support/temporary.js';

const SECRET = 'the secret of the signing keys';
/** What JSON can be and still come back letter by letter. */
const DATA = '{"2":1,"1":[1e400, 0.10],"a":"\\u0000 \\ud83d\\"\\n","ü€😀":null,"a":{ }}';

let directory: string;
let service: TestService;
let file: string;
/** Somebody who has much, and somebody who is gone: its id is the highest that was given. */
let user: Awaited<ReturnType<TestService['createUser']>>;
let goneId: number;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hivegate-backup-'));
  service = await TestService.start({ KEY_ENCRYPTION_SECRET: SECRET });
  user = await service.createUser({ introReviewed: true, allDeviceTypesAvailable: false });
  await service.createUser({ status: 2, data: null });
  const { admin } = service;
  await admin.send('PUT', `/user/${user.id}`, { body: `{"data":${DATA}}` });
  await admin.post('/network', { name: 'Zürich 😀', description: 'a "network"\n' });
  await admin.post('/devicetype', { name: 'sensor', description: null });
  for (const path of ['network/1', 'network/2', 'devicetype/2'])
    expect((await admin.put(`/user/${user.id}/${path}`)).status).toBe(204);
  await admin.put('/configuration/user.login.maxAttempts', { value: '7' });
  // A hash of an earlier kind comes back as one.
  await service.database.query(
    "UPDATE users SET password_hash = 'hivegate-0.1' || password_hash WHERE id = ?",
    [user.id],
  );
  ({ id: goneId } = await service.createUser());
  await admin.delete(`/user/${goneId}`);
  file = join(directory, 'backup.gz');
  await commandOutput('backup', [file], { DATABASE_URL: service.database.url });
});
afterAll(async () => {
  await service.stop();
  await rm(directory, { recursive: true });
});

const environmentOf = ({ url }: TestDatabase, secret = SECRET) => ({
  DATABASE_URL: url,
  KEY_ENCRYPTION_SECRET: secret,
});
const linesOf = async (path: string) =>
  gunzipSync(await readFile(path))
    .toString()
    .trimEnd()
    .split('\n');
/** The lines with a last one that fits those before it. */
function signed(lines: readonly string[]): string[] {
  const [before, last] = [lines.slice(0, -1), JSON.parse(lines.at(-1) ?? '') as object];
  const sha256 = createHash('sha256')
    .update(before.map((line) => `${line}\n`).join(''))
    .digest('hex');
  return [...before, JSON.stringify({ ...last, sha256 })];
}

/** The lines of a backup that was made after a restore, without the event of the restore and the ids that it skips. */
const withoutRestore = (lines: readonly string[]) =>
  lines
    .filter((line) => !line.includes('"service.restored"'))
    // A restored database is another one: its cursors are.
    .filter((line) => !/^\["[\w-]{12}",\d+,null\]$/.test(line))
    .map((line) => line.replace(/("table":.*"lastId":)\d+/, '$1any'));

/** The lines but the first and the last, which have the time. */
const contentOf = async (path: string) => (await linesOf(path)).slice(1, -1);
const named = (name: string) => join(directory, `${name}.gz`);

describe('backup', () => {
  it('has every table of the schema and every column', async () => {
    const columns = async (table: string) => {
      const rows = await service.database.query(
        kindOfDatabase() === 'postgres'
          ? 'SELECT column_name AS name FROM information_schema.columns WHERE table_name = ?'
          : 'SELECT name FROM pragma_table_info(?)',
        [table],
      );
      return rows.map(({ name }) => name).sort();
    };
    const tables = await tableNames(service.database);
    const left = [
      'migrations',
      'pending_revocations',
      'rate_limits',
      'revocations',
      'sign_in_decoys',
      'webhook_deliveries',
    ];
    expect(tables.filter((name) => !left.includes(name)).sort()).toEqual(
      tablesOfSchema(SCHEMA)
        .map(({ name }) => name)
        .sort(),
    );
    for (const { name, columns: known } of tablesOfSchema(SCHEMA))
      expect({ name, columns: Object.keys(known).sort() }).toEqual({ name, columns: await columns(name) });
  });

  it('is for its owner alone, and holds the signing keys as they are stored: encrypted', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['backup.gz']);
    const lines = await linesOf(file);
    expect(lines.join('\n')).not.toContain('PRIVATE KEY');
    const [stored] = await service.database.query('SELECT private_key, refresh_key FROM signing_keys');
    for (const key of Object.values(stored ?? {}) as string[]) {
      expect(lines.join('\n')).toContain(key);
      expect(lines.join('\n')).not.toContain(await decryptKey(key, SECRET));
    }
  });

  it('overwrites nothing', async () => {
    const before = await readFile(file);
    expectFailure(
      await runCommand('backup', [file], { DATABASE_URL: service.database.url }),
      /^\S+backup\.gz is there already, and is not overwritten$/,
    );
    expect(await readFile(file)).toEqual(before);
  });

  it('leaves nothing behind when it is stopped, and has no name before it is whole', async () => {
    const database = await Database.openExisting(
      readSettings({ DATABASE_URL: service.database.url }).database,
      SCHEMA,
    );
    try {
      const stopped = writeBackup(database, SCHEMA, named('stopped'), { signal: AbortSignal.abort() });
      await expect(stopped).rejects.toThrow(/abort/i);
    } finally {
      await database.close();
    }
    expect(await readdir(directory)).toEqual(['backup.gz']);
  });

  it.runIf(kindOfDatabase() === 'postgres')(
    'waits for locks longer than a request, unless it is stopped',
    async () => {
      const { database: locked } = service;
      const holdLock = () => locked.query('DO $$ BEGIN LOCK TABLE events; PERFORM pg_sleep(5); END $$');
      let holding = holdLock();
      await pause(500);
      const database = await Database.openExisting(
        readSettings({ DATABASE_URL: locked.url }).database,
        SCHEMA,
      );
      try {
        const totals: number[] = [];
        const onTotal = (rows: number) => totals.push(rows);
        const counts = await writeBackup(database, SCHEMA, named('waited'), { onTotal });
        expect(totals).toEqual([Object.values(counts).reduce((sum, rows) => sum + rows)]);
        await rm(named('waited'));
        await holding;
        holding = holdLock();
        await pause(500);
        const began = performance.now();
        const signal = AbortSignal.timeout(200);
        await expect(writeBackup(database, SCHEMA, named('stopped'), { signal, onTotal })).rejects.toThrow(
          /timeout/,
        );
        expect(performance.now() - began).toBeLessThan(3000);
        expect(totals).toHaveLength(1);
      } finally {
        await database.close();
        await holding;
      }
      expect(await readdir(directory)).toEqual(['backup.gz']);
    },
  );

  it('needs to be told where to, and a place that is there', async () => {
    const environment = { DATABASE_URL: service.database.url };
    expectFailure(
      await runCommand('backup', [], environment),
      /^<file> is missing\. Usage: hivegate backup <file>$/,
    );
    expectFailure(await runCommand('backup', [join(directory, 'is/not/there')], environment), /^ENOENT: /);
  });

  it.runIf(kindOfDatabase() === 'sqlite')('is not made of what could not be restored', async () => {
    const database = await temporaryDatabase();
    const { service: other } = await ServiceProcess.start({ DATABASE_URL: database.url });
    await other.remove();
    // SQLite takes any value into any column.
    await database.query('UPDATE users SET last_login = 1.5');
    expectFailure(
      await runCommand('backup', [named('odd')], { DATABASE_URL: database.url }),
      /^The row of id 1 in users has a value that its column cannot have: no backup has been made$/,
    );
    expect(await readdir(directory)).toEqual(['backup.gz']);
  });

  it('is not made of a counter of ids that could not be restored', async () => {
    const database = await temporaryDatabase();
    const { service: other } = await ServiceProcess.start({ DATABASE_URL: database.url });
    await other.remove();
    await database.query(
      kindOfDatabase() === 'postgres'
        ? "SELECT setval(pg_get_serial_sequence('users', 'id'), 9007199254741991)"
        : "UPDATE sqlite_sequence SET seq = 9007199254741991 WHERE name = 'users'",
    );
    expectFailure(
      await runCommand('backup', [named('beyond')], { DATABASE_URL: database.url }),
      /^The counter of ids of users is at 9007199254741\d+, .* below 2\^53: no backup has been made$/,
    );
    expect(await readdir(directory)).toEqual(['backup.gz']);
  });

  it('of a database in which the service has never been started is refused', async () => {
    const database = await temporaryDatabase();
    expectFailure(
      await runCommand('backup', [named('none')], { DATABASE_URL: database.url }),
      /^DATABASE_URL cannot be used: /,
    );
  });
});

describe('restore', () => {
  it.runIf(kindOfDatabase() === 'postgres')('has no time limit of statements', async () => {
    const { url } = await temporaryDatabase();
    const database = await Database.openNew(readSettings({ DATABASE_URL: url }).database, SCHEMA);
    try {
      const limits: unknown[] = [];
      const finish = async ({ manager }: Transaction) => {
        limits.push(await manager.query("SELECT current_setting('statement_timeout') AS most"));
      };
      await restoreBackup(database, SCHEMA, file, { times: 1, finish });
      expect(limits).toEqual([[{ most: '0' }]]);
    } finally {
      await database.close();
    }
  });

  it.each(DATABASES)('puts everything back as it was, on %s', async (kind) => {
    const database = await temporaryDatabase(kind);
    const environment = environmentOf(database);
    const output = await commandOutput('restore', [file, '--keep-tokens'], environment);
    expect(output).toMatch(/^\S+ is restored \(users: 3, .*\) into the database \S+.*\. What /);
    const again = named(`again-${kind}`);
    await commandOutput('backup', [again], environment);
    expect(withoutRestore(await contentOf(again))).toEqual(withoutRestore(await contentOf(file)));

    const restored = await TestService.start(environment, database);
    try {
      const { client, admin } = restored;
      expect(admin.token, 'the administrator signs in').toBeDefined();
      const { body: events } = await admin.get('/event?type=hivegate.service.restored');
      expect(events).toEqual([expect.objectContaining({ subject: 'service' })]);
      const { body: feed } = await service.admin.get('/revocation');
      expect((await admin.get(`/revocation?after=${feed.cursor}`)).status).toBe(410);
      expect((await admin.get('/revocation')).body).toMatchObject({ notBefore: null });
      const stream = { accept: 'text/event-stream', 'last-event-id': '1' };
      expect((await admin.get('/event', stream)).status).toBe(410);
      const holder = client.as(user.accessToken);
      const before = await service.client.as(user.accessToken).get('/user/current');
      const after = await holder.get('/user/current');
      expect(after.text).toBe(before.text);
      expect(after.text).toContain(DATA);
      expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
      expect((await client.signIn({ login: user.login, password: PASSWORD })).status).toBe(201);
      const { refreshToken } = user;
      expect((await client.refresh(refreshToken)).status).toBe(201);
      expect((await admin.get('/configuration/user.login.maxAttempts')).body.value).toBe('7');
      // Ids are never given twice, also not that of the user who is gone.
      expect((await restored.createUser()).id).toBe(goneId + 2 ** 20 + 1);
      expect((await admin.post('/network', { name: 'next' })).body).toEqual({ id: 2 + 2 ** 20 + 1 });
      expect((await admin.delete(`/network/1`)).status).toBe(204);
    } finally {
      await restored.stop();
    }
  });

  it('is refused by a database that is not empty, and changes nothing there', async () => {
    const rows = () => service.database.query('SELECT * FROM users ORDER BY id');
    const before = await rows();
    expectFailure(
      await runCommand('restore', [file], environmentOf(service.database)),
      /^The database is not empty: [^\n]+ new one[^\n]+$/,
    );
    expect(await rows()).toEqual(before);
  });

  it.each([
    [
      'another',
      'another secret altogether',
      /^KEY_ENCRYPTION_SECRET is not valid: it is not the one [^\n]+$/,
    ],
    ['no', '', /^KEY_ENCRYPTION_SECRET is not valid: [^\n]+ is encrypted, and it is unset$/],
  ])('is refused with %s secret of the signing keys, before there is a database', async (_, secret, line) => {
    const database = await temporaryDatabase();
    expectFailure(await runCommand('restore', [file], environmentOf(database, secret)), line);
    expect(await tableNames(database)).toEqual([]);
  });

  it('is refused when the secret decrypts the private key and not the refresh key', async () => {
    const lines = await linesOf(file);
    const [stored] = await service.database.query('SELECT refresh_key FROM signing_keys');
    const other = await encryptKey('A'.repeat(43), 'another secret altogether');
    const changed = lines.map((line) => line.replace(String(stored?.['refresh_key']), other));
    await writeFile(named('mixed'), gzipSync(`${signed(changed).join('\n')}\n`));
    const database = await temporaryDatabase();
    const run = await runCommand('restore', [named('mixed')], environmentOf(database));
    expectFailure(run, /^KEY_ENCRYPTION_SECRET is not valid: it is not the one [^\n]+$/);
    expect(await tableNames(database)).toEqual([]);
  });

  it('is refused of a file that is cut off, whose end is missing, or that is none', async () => {
    const database = await temporaryDatabase();
    const whole = await readFile(file);
    const lines = await linesOf(file);
    const withoutEnd = gzipSync(`${lines.slice(0, -1).join('\n')}\n`);
    for (const [bytes, line] of [
      [whole.subarray(0, whole.length - 1), / is cut off after line \d+$/],
      [withoutEnd, / is cut off after line \d+$/],
      [Buffer.from('{"format":"hivegate-backup"}'), / is no backup of Hivegate$/],
    ] as const) {
      await writeFile(named('bad'), bytes);
      expectFailure(await runCommand('restore', [named('bad')], environmentOf(database)), line);
      expect(await tableNames(database)).toEqual([]);
    }
    expectFailure(await runCommand('restore', [named('missing')], environmentOf(database)), /^ENOENT: /);
  });
});

describe('a backup that is read', () => {
  const read = async (bytes: Uint8Array): Promise<string | undefined> => {
    await writeFile(named('changed'), bytes);
    const error: unknown = await eachPart(named('changed'), SCHEMA, () => Promise.resolve()).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return undefined;
    expect(error).toBeInstanceOf(OperatorError);
    const { message } = error as OperatorError;
    expect(message).toMatch(/^\S+ (?:is|was|has) [^\n]+$/);
    return message;
  };
  const readLines = (lines: readonly string[]) => read(gzipSync(lines.map((line) => `${line}\n`).join('')));

  it('is itself', async () => {
    expect(await read(await readFile(file))).toBeUndefined();
    expect(await readLines(await linesOf(file))).toBeUndefined();
  });

  it('is refused wherever it is cut, and whatever is put behind it', async () => {
    const whole = await readFile(file);
    for (let length = 0; length < whole.length; length += 23)
      expect({ length, message: await read(whole.subarray(0, length)) }).toEqual({
        length,
        message: expect.stringMatching(/ is (?:no backup|cut off|damaged)/),
      });
    for (const more of [Buffer.alloc(1), Buffer.from('x'), whole, gzipSync('x'), gzipSync('\n')])
      expect(await read(Buffer.concat([whole, more]))).toBeDefined();
  });

  it('is refused whichever byte of it is another, or says the same', async () => {
    const whole = await readFile(file);
    // The header of a gzip says nothing of the content: its time, its flags, its system.
    for (let index = 10; index < whole.length; index += 17) {
      const copy = Buffer.from(whole);
      copy[index] = (copy[index] ?? 0) ^ 0x10;
      const message = await read(copy);
      // The last bits of what is packed stand for nothing.
      if (message === undefined) expect(gunzipSync(copy)).toEqual(gunzipSync(whole));
    }
  });

  it('is refused with any line left out, doubled or changed', async () => {
    const lines = await linesOf(file);
    for (const [index, line] of lines.entries()) {
      const [before, after] = [lines.slice(0, index), lines.slice(index + 1)];
      expect(await readLines([...before, ...after]), `without ${line}`).toBeDefined();
      expect(await readLines([...before, line, line, ...after]), `twice ${line}`).toBeDefined();
      // Of the last line counts what it says.
      if (after.length > 0) expect(await readLines([...before, `${line} `, ...after]), line).toBeDefined();
      expect(await readLines([...before, '{"a":1}', ...after])).toBeDefined();
      expect(await readLines([...before, 'nonsense', ...after])).toBeDefined();
    }
  });

  it('with its columns in another order holds the same rows', async () => {
    const lines = await linesOf(file);
    const index = lines.findIndex((line) => line.startsWith('{"table":"users"'));
    const opening = JSON.parse(lines[index] ?? '') as { columns: string[] };
    const reorder = (change: (columns: string[]) => string[]) => {
      const columns = change(opening.columns);
      const from = columns.map((name) => opening.columns.indexOf(name));
      return signed(
        lines.map((line, at) => {
          if (at === index) return JSON.stringify({ ...opening, columns });
          const values: unknown = JSON.parse(line);
          const isUser = at > index && lines.slice(index + 1, at).every((other) => other.startsWith('['));
          return isUser && Array.isArray(values) ? JSON.stringify(from.map((place) => values[place])) : line;
        }),
      );
    };
    const usersOf = async (changed: readonly string[]) => {
      await writeFile(named('reordered'), gzipSync(changed.map((line) => `${line}\n`).join('')));
      const users: Record<string, unknown>[] = [];
      await eachPart(named('reordered'), SCHEMA, ({ table, rows }) => {
        const names = Object.keys(table.columns);
        if (table.name === 'users')
          users.push(...rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))));
        return Promise.resolve();
      });
      return users;
    };
    const users = await usersOf(lines);
    expect(users.length).toBeGreaterThan(1);
    expect(await usersOf(reorder((columns) => columns.toReversed()))).toEqual(users);
    for (const change of [
      (columns: string[]) => columns.slice(1),
      (columns: string[]) => [...columns.slice(1), ...columns.slice(-1)],
      (columns: string[]) => [...columns, 'phone'],
    ])
      await expect(usersOf(reorder(change))).rejects.toThrow(/ is damaged: /);
  });

  it('of a newer format or another schema says which version can restore it', async () => {
    const [first = '', ...rest] = await linesOf(file);
    const header = JSON.parse(first) as Record<string, unknown>;
    const withHeader = (changes: object) => readLines([JSON.stringify({ ...header, ...changes }), ...rest]);
    expect(await withHeader({ version: 2, service: '7.0.0', schema: { all: 'new' } })).toMatch(
      / was written in format 2 by version 7\.0\.0: restore it with that version$/,
    );
    expect(await withHeader({ service: '7.0.0', schema: ['Initial1764000000001', 'Later'] })).toMatch(
      / has the schema of version 7\.0\.0: restore it with that version, then upgrade$/,
    );
    // Of before entity tags of networks and device types.
    const applied = header['schema'] as string[];
    const unversioned = applied.filter((name) => !name.startsWith('ScopeVersions'));
    expect(unversioned).toHaveLength(applied.length - 1);
    expect(await withHeader({ service: '0.1.9', schema: unversioned })).toMatch(
      / has the schema of version 0\.1\.9: restore it with that version, then upgrade$/,
    );
    // Of before the kinds of hashes: the upgrade of the database marks them, and nothing else does.
    const schema = applied.filter((name) => !name.startsWith('PasswordKinds'));
    expect(await withHeader({ service: '0.1.0', schema })).toMatch(
      / has the schema of version 0\.1\.0: restore it with that version, then upgrade$/,
    );
    expect(await withHeader({ format: 'something else' })).toMatch(/ is no backup of Hivegate$/);
  });
});
