import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { describeDatabase } from '../../src/database/describe-database.js';
import { readSettings } from '../../src/settings/read-settings.js';
import { runCommand } from '../support/command.js';
import { kindOfDatabase, type TestDatabase } from '../support/database.js';
import { OriginalTables } from '../support/original-database.js';
import { ServiceProcess } from '../support/process.js';
import { TestService } from '../support/service.js';
import { temporaryDatabase, temporaryDirectory } from '../support/temporary.js';
import { hasTerminal, runInTerminal } from '../support/terminal.js';

const ADA = 'the password of ada';

let original: OriginalTables;
let target: TestDatabase;
beforeEach(async () => {
  original = await OriginalTables.create();
  onTestFinished(() => original.remove());
  target = await temporaryDatabase();
});

const run = (options: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) =>
  runCommand('import', ['devicehive', '--from', original.from, ...options], {
    DATABASE_URL: target.url,
    ...(environment['PGPASSFILE'] === undefined && { PGPASSWORD: original.password }),
    ...environment,
  });
/** Runs the import and expects it to succeed. @returns what it tells of rows, and its last line */
async function imported(options: readonly string[] = []): Promise<string[]> {
  const { code, stdout, stderr } = await run(options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/error/i) });
  return [...stderr.split('\n').slice(0, -1), stdout.trimEnd()];
}
/** Runs the import and expects it to fail. @returns what it tells of rows, and what the failure says */
async function refused(options: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await run(options, environment);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const lines = stderr.trimEnd().split('\n');
  return { found: lines.slice(0, -1), reason: lines.at(-1) ?? '' };
}
/** Expects that nothing is imported: on SQLite, that there is not even a file. */
async function expectNothing(): Promise<void> {
  if (kindOfDatabase() === 'sqlite') {
    expect(existsSync(target.url.replace('sqlite:', ''))).toBe(false);
  } else {
    expect(await target.query('SELECT 1 FROM pg_tables WHERE schemaname = current_schema()')).toEqual([]);
  }
}
async function start(environment: Readonly<Record<string, string>> = {}): Promise<TestService> {
  const service = await TestService.start(environment, target);
  onTestFinished(() => service.stop());
  return service;
}
const rowsOf = (sql: string) => target.query(sql);

describe('an import', () => {
  it('brings everything unchanged, with the ids, and without a first administrator', async () => {
    const ada = await original.addUser({
      id: 41,
      login: 'Ada@example.com',
      role: 0,
      data: ' {"b": 1e400, "a": [1.0]}\n',
      lastLogin: '2019-05-06 07:08:09.123+02',
      introReviewed: true,
    });
    await original.addUser({ id: 7, login: 'bob', status: 1, allDeviceTypesAvailable: false, data: '' });
    await original.query(
      "INSERT INTO network (id, name, description) VALUES (5, 'Zürich', 'first'), (9, 'x', NULL)",
    );
    await original.query("INSERT INTO device_type (id, name) VALUES (3, 'sensor')");
    // The original may have an assignment twice.
    await original.query('INSERT INTO user_network (user_id, network_id) VALUES (7, 5), (7, 5), (41, 9)');
    await original.query('INSERT INTO user_device_type (user_id, device_type_id) VALUES (7, 3)');
    await original.query(
      "INSERT INTO configuration (name, value, entity_version) VALUES ('user.login.maxAttempts', '4', 2)",
    );
    const [last] = await imported();
    expect(last).toBe(
      `The rows of dh user: 2, network: 2, user network: 2, device type: 1, user device type: 1, configuration: 1 are imported; an active administrator comes along; new database ${describeDatabase(readSettings({ DATABASE_URL: target.url }).database)}`,
    );

    const service = await start({
      ADMIN_LOGIN: 'Ada@example.com',
      ADMIN_PASSWORD: 'the password of Ada@example.com',
    });
    const { admin } = service;
    expect((await admin.get('/user?sortField=ID')).body).toEqual([
      expect.objectContaining({ id: 7, login: 'bob', role: 1, status: 1, data: null, lastLogin: null }),
      expect.objectContaining({ id: ada, login: 'Ada@example.com', role: 0, status: 0, introReviewed: true }),
    ]);
    expect((await admin.get('/user/41')).text).toContain('"data":{"b": 1e400, "a": [1.0]}');
    expect(await rowsOf('SELECT last_login FROM users WHERE id = 41')).not.toEqual([]);
    expect((await admin.get('/user/7')).body).toMatchObject({
      allDeviceTypesAvailable: false,
      networks: [{ id: 5, name: 'Zürich', description: 'first' }],
    });
    expect((await admin.get('/user/7/devicetype')).body).toEqual([
      expect.objectContaining({ id: 3, name: 'sensor' }),
    ]);
    expect((await admin.get('/configuration/user.login.maxAttempts')).body).toMatchObject({
      value: '4',
      entityVersion: 2,
    });
    const { body: events } = await admin.get('/event?type=hivegate.service.imported');
    expect(events).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ command: 'import devicehive', users: 2 }) }),
    ]);
  });

  it('does not give an id again that a deleted row of the original had', async () => {
    await original.addUser({ login: 'ada', role: 0 });
    const gone = await original.addUser({ login: 'gone' });
    await original.query('DELETE FROM dh_user WHERE id = ?', [gone]);
    await original.query("SELECT setval('network_id_seq', 70)");
    await imported();
    const { admin } = await start({ ADMIN_LOGIN: 'ada', ADMIN_PASSWORD: ADA });
    const { body: user } = await admin.post('/user', { login: 'new', password: 'zq7!vhXe.kW', role: 1 });
    expect((user as { id: number }).id).toBe(gone + 1);
    const { body: network } = await admin.post('/network', { name: 'new' });
    expect((network as { id: number }).id).toBe(71);
  });

  it('has no users with a default password who are not disabled, and prints no password', async () => {
    await original.addUser({ login: 'dhadmin', role: 0, password: 'dhadmin_#911' });
    await original.addUser({ login: 'ada', password: 'dhadmin_#912' });
    const [found, last] = await imported();
    expect(found).toBe('dh_user 1: its password is a default one that everybody knows: arrives disabled');
    expect(last).toMatch(
      /no active administrator comes along: the first start of the service creates one; new database .+$/,
    );
    const service = await start();
    expect((await service.admin.get('/user/1')).body).toMatchObject({ login: 'dhadmin', status: 2, role: 0 });
    expect((await service.client.signIn({ login: 'dhadmin', password: 'dhadmin_#911' })).status).toBe(401);
    expect((await service.client.signIn({ login: 'ada', password: 'dhadmin_#912' })).status).toBe(201);
    expect((await service.admin.get('/user/current')).body).toMatchObject({ login: 'root', role: 0 });
  });

  it('lets the users sign in through the SDK of the original, with the passwords that they have', async () => {
    const password = 'Grüße 😀 & $alt';
    const id = await original.addUser({ login: 'ada', password, role: 0 });
    await imported();
    const { service, client } = await ServiceProcess.start({
      DATABASE_URL: target.url,
      COMPATIBILITY: 'devicehive',
    });
    onTestFinished(async () => {
      await service.stop();
    });
    const DeviceHive = createRequire(import.meta.url)('devicehive') as new (options: object) => {
      connect(): Promise<unknown>;
      disconnect(): void;
      readonly user: { getCurrent(): Promise<object> };
    };
    const base = client.baseUrl.replace(/\/dh\/rest$/, '');
    const sdk = new DeviceHive({
      mainServiceURL: `${base}/api/rest`,
      authServiceURL: `${base}/auth/rest`,
      pluginServiceURL: `${base}/plugin/rest`,
      login: 'ada',
      password,
    });
    await sdk.connect();
    expect(await sdk.user.getCurrent()).toMatchObject({ id, login: 'ada', role: 0 });
    sdk.disconnect();
    // The sign-in has replaced the hash.
    const [row] = await rowsOf('SELECT password_hash AS hash FROM users');
    expect(row?.['hash']).toMatch(/^\$2b\$/);
  });

  it('reads a database of version 2: another name of the users, no device types, fewer columns', async () => {
    await original.addUser({ login: 'ada', role: 0 });
    for (const statement of [
      'DROP TABLE user_device_type',
      'DROP TABLE device_type',
      'ALTER TABLE dh_user DROP COLUMN intro_reviewed, DROP COLUMN all_device_types_available',
      'ALTER TABLE dh_user RENAME TO "user"',
    ])
      await original.query(statement);
    await imported();
    const { admin } = await start({ ADMIN_LOGIN: 'ada', ADMIN_PASSWORD: ADA });
    expect((await admin.get('/user/current')).body).toMatchObject({
      id: 1,
      introReviewed: false,
      allDeviceTypesAvailable: true,
    });
    expect((await admin.get('/devicetype')).body).toHaveLength(1);
    expect((await admin.get('/network')).body).toEqual([]);
  });
});

describe('what cannot be imported unchanged', () => {
  beforeEach(async () => {
    for (const table of ['dh_user', 'network'])
      await original.query(
        `ALTER TABLE ${table} ALTER COLUMN ${table === 'network' ? 'name' : 'login'} TYPE text`,
      );
    await original.query('ALTER TABLE network ALTER COLUMN description TYPE text');
    await original.query('ALTER TABLE user_network DROP CONSTRAINT user_network_user_id_fkey');
    await original.query(
      'ALTER TABLE configuration ALTER COLUMN name TYPE text, ALTER COLUMN value TYPE text',
    );
    const users = [
      { login: 'ada', role: 0 },
      { login: 'Ada' },
      { login: 'none', password: null },
      { login: 'list', data: '[1]' },
      { login: 'text', data: 'not JSON' },
      { login: 'much', data: `{"a":"${'x'.repeat(64 * 1024)}"}` },
      { login: 'role', role: 2 },
      { login: 'gone', status: 3 },
      { login: 'ünicode' },
      { login: ' space' },
      { login: 'a'.repeat(129) },
      { login: 'ever', lastLogin: 'infinity' },
      { login: 'salt' },
      // Kept, though the service would not create them.
      { login: 'ada+tag@example.com' },
      { login: 'x' },
    ];
    for (const user of users) await original.addUser(user);
    await original.query("UPDATE dh_user SET password_salt = 'a$b' WHERE login = 'salt'");
    // Differs from a login that is left out: it comes.
    await original.addUser({ login: 'ROLE' });
    await original.addUser({ id: 0, login: 'zero' });
    await original.query("INSERT INTO network (name, description) VALUES ('', NULL), ('b', ?), ('c', NULL)", [
      'x'.repeat(129),
    ]);
    await original.query(
      'INSERT INTO user_network (user_id, network_id) VALUES (1, 1), (2, 2), (999, 2), (1, 2), (1, 3)',
    );
    await original.query(
      "INSERT INTO configuration (name, value) VALUES ('jwt.secret', 'not for anyone'), ('user.login.maxAttempts', 'many'), ('a', ?), (?, 'v')",
      ['x'.repeat(129), 'n'.repeat(33)],
    );
  });
  const characters = 'its login is empty or too long, or has characters outside of printable ASCII: left out';
  const FOUND = [
    'dh_user 0: its id is not a positive integer below 2^52: left out',
    'dh_user 2: its login differs from the one of dh_user 1 in case only: left out',
    'dh_user 3: it has no password hash: arrives without a password',
    'dh_user 4: its data is not a JSON object: arrives without data',
    'dh_user 5: its data is not a JSON object: arrives without data',
    'dh_user 6: its data has more than 64 KiB: arrives without data',
    'dh_user 7: its role is neither 0 (administrator) nor 1 (client): left out',
    'dh_user 8: its status is not 0 (active), 1 (locked out) or 2 (disabled): left out',
    `dh_user 9: ${characters}`,
    `dh_user 10: ${characters}`,
    `dh_user 11: ${characters}`,
    'dh_user 12: its last login is not in the years 1 to 9999: arrives without it',
    'dh_user 13: its password hash is not one of the original: arrives without a password',
    'network 1: its name is not a text of 1 to 128 characters: left out',
    'network 2: its description has more than 128 characters: arrives without it',
    'user_network of dh_user 1 and network 1: its row in network is left out: left out',
    'user_network of dh_user 2 and network 2: its row in dh_user is left out: left out',
    'user_network of dh_user 999 and network 2: there is no such row in dh_user: left out',
    'configuration "a": its value is not a text of at most 128 characters: left out',
    'configuration "jwt.secret": no secret is kept in the configuration: left out',
    `configuration "${'n'.repeat(33)}": its name is not a text of 1 to 32 characters: left out`,
    'configuration "user.login.maxAttempts": user.login.maxAttempts must be an integer from 1 to 999999999: left out',
  ];

  it('stops it: every row is named, and there is not even a database', async () => {
    for (const options of [[], ['--dry-run']]) {
      const { found, reason } = await refused(options);
      expect(found).toEqual(FOUND);
      expect(reason).toBe(
        '21 of the lines above stop the import, and nothing has been imported: --skip imports the rest',
      );
    }
    await expectNothing();
  });

  it('is told by a dry run with --skip too, which changes nothing', async () => {
    const lines = await imported(['--dry-run', '--skip']);
    expect(lines.slice(0, -1)).toEqual(FOUND);
    expect(lines.at(-1)).toMatch(
      / would be imported; 15 rows are left out; an active administrator comes along$/,
    );
    await expectNothing();
  });

  it('is left out with --skip, or arrives as it was told', async () => {
    const lines = await imported(['--skip']);
    expect(lines.slice(0, -1)).toEqual(FOUND);
    const { admin, client } = await start({ ADMIN_LOGIN: 'ada', ADMIN_PASSWORD: ADA });
    const { body } = await admin.get('/user?sortField=ID');
    const users = body as { login: string; data: unknown; lastLogin: unknown; status: number }[];
    expect(users.map(({ login }) => login)).toEqual([
      'ada',
      'none',
      'list',
      'text',
      'much',
      'ever',
      'salt',
      'ada+tag@example.com',
      'x',
      'ROLE',
    ]);
    expect(users.slice(1).map(({ data, lastLogin, status }) => [data, lastLogin, status])).toEqual(
      Array.from({ length: 9 }, () => [null, null, 0]),
    );
    for (const [login, status] of [
      ['none', 401],
      ['salt', 401],
      ['x', 201],
      ['ADA+tag@example.com', 201],
    ] as const)
      expect([
        login,
        (await client.signIn({ login, password: `the password of ${login.replace('ADA', 'ada')}` })).status,
      ]).toEqual([login, status]);
    expect((await admin.get('/user/1')).body).toMatchObject({
      networks: [{ id: 2, description: null }, { id: 3 }],
    });
    expect(await rowsOf('SELECT name FROM configuration')).toEqual([]);
  });

  it('is told without a password, a hash, a salt or a value', async () => {
    const hashes = await original.query('SELECT password_hash AS hash, password_salt AS salt FROM dh_user');
    const { stdout, stderr } = await run(['--dry-run']);
    for (const secret of ['not for anyone', ...hashes.flatMap(({ hash, salt }) => [hash, salt])])
      if (typeof secret === 'string') expect(stdout + stderr).not.toContain(secret);
  });
});

describe('an import is refused', () => {
  it('into a database that is not new, and leaves it as it was', async () => {
    await original.addUser({ login: 'ada', role: 0 });
    await imported();
    expect((await refused()).reason).toMatch(/^The database is not empty: an import needs a new one/);
    expect(await rowsOf('SELECT login FROM users')).toEqual([{ login: 'ada' }]);
  });

  it.each([
    ['no users', ['DROP TABLE dh_user CASCADE'], 'it has no table dh_user'],
    ['no networks', ['DROP TABLE network CASCADE'], 'it has no table network'],
    [
      'other columns',
      ['ALTER TABLE dh_user DROP COLUMN password_salt'],
      'its table dh_user has no column password_salt',
    ],
  ])('from what is no database of the original: %s', async (_, statements, reason) => {
    for (const statement of statements) await original.query(statement);
    expect((await refused()).reason).toBe(`--from is not the database of a DeviceHive: ${reason}`);
    await expectNothing();
  });

  it('from a server that is not there, or a table that may not be read', async () => {
    expect((await refused(['--from', 'postgres://nobody@127.0.0.1:1/none'])).reason).toMatch(
      /^--from cannot be read: connect ECONNREFUSED/,
    );
    const role = `reader_${original.database.url.slice(-8)}`;
    await original.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret of the reader'`);
    onTestFinished(async () => {
      await original.query(`DROP OWNED BY ${role}`);
      await original.query(`DROP ROLE ${role}`);
    });
    const from = new URL(original.from);
    from.username = role;
    const { reason } = await refused(['--from', from.href], { PGPASSWORD: 'secret of the reader' });
    expect(reason).toBe('--from cannot be read: permission denied for table dh_user');
    await expectNothing();
  });

  it.each([
    ['in its place', 'postgres://user:hunter2@127.0.0.1/database'],
    ['as a parameter', 'postgres://user@127.0.0.1/database?password=hunter2'],
  ])('with a password in the address, %s, which it does not repeat', async (_, from) => {
    const { reason } = await refused(['--from', from]);
    expect(reason).toMatch(/^--from must not have a password, which others could see/);
    expect(reason).not.toContain('hunter2');
  });

  it.each([['mysql://host/db'], ['postgres://'], ['sqlite:a'], ['']])('from the address %j', async (from) => {
    expect((await refused(['--from', from])).reason).not.toBe('');
    await expectNothing();
  });
});

describe('the password of the other database', () => {
  // No file of passwords: the operator who runs the tests may have one.
  const without = { PGPASSFILE: '/nowhere' };
  beforeEach(async () => {
    await original.addUser({ login: 'ada', role: 0 });
  });

  it('comes from .pgpass', async () => {
    const path = join(await temporaryDirectory(), 'pgpass');
    await writeFile(path, `*:*:*:*:${original.password}\n`, { mode: 0o600 });
    const { code } = await run(['--dry-run'], { PGPASSFILE: path });
    expect(code).toBe(0);
  });

  it('comes from a file, of which one line end is cut off', async () => {
    const path = join(await temporaryDirectory(), 'password');
    await writeFile(path, `${original.password}\n`);
    expect((await run(['--dry-run', '--password-file', path], without)).code).toBe(0);
    await writeFile(path, `${original.password}\n\n`);
    expect((await refused(['--dry-run', '--password-file', path], without)).reason).toMatch(
      /^--password-file does not hold the right password: password authentication failed/,
    );
    await writeFile(path, '\n');
    expect((await refused(['--dry-run', '--password-file', path], without)).reason).toBe(
      '--password-file names an empty file: it must hold the password',
    );
    expect((await refused(['--dry-run', '--password-file', `${path}.missing`], without)).reason).toBe(
      '--password-file cannot be read (ENOENT): it must name a file with the password',
    );
  });

  it('comes from the file also where PGPASSWORD is set', async () => {
    const path = join(await temporaryDirectory(), 'password');
    const other = { ...without, PGPASSWORD: 'of another database' };
    await writeFile(path, `${original.password}\n`);
    expect((await run(['--dry-run', '--password-file', path], other)).code).toBe(0);
    expect((await refused(['--dry-run'], other)).reason).toMatch(/password authentication failed/);
  });

  it('is asked for nobody where there is no terminal', async () => {
    expect((await refused(['--dry-run'], without)).reason).toMatch(
      /^The database asks for a password: set PGPASSWORD/,
    );
  });

  it.skipIf(!hasTerminal())('is asked for on a terminal, and not shown', async () => {
    const { code, output } = await runInTerminal(
      ['import', 'devicehive', '--from', original.from, '--dry-run'],
      { DATABASE_URL: target.url, ...without },
      [{ prompt: 'Password of ', keys: `${original.password}\r` }],
    );
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('would be imported') });
    expect(output.replace(original.from, '').split('Password of ')[1]).not.toContain(
      `: ${original.password}`,
    );
  });
});
