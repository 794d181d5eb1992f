import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SCHEMA } from '../../src/app.schema.js';
import { Database } from '../../src/database/database.js';
import { Columns } from '../../src/import/users/columns.js';
import { importUsers } from '../../src/import/users/import-users.js';
import { UserFile } from '../../src/import/users/user-file.js';
import { readSettings } from '../../src/settings/read-settings.js';
import { runCommand } from '../support/command.js';
import { DATABASES, kindOfDatabase, type TestDatabase } from '../support/database.js';
import { freshName } from '../support/fresh-name.js';
import { executable } from '../support/packed.js';
import { TestService } from '../support/service.js';
import { temporaryDatabase, temporaryDirectory } from '../support/temporary.js';
import { createUser, readUser } from '../support/users.js';

const PASSWORD = 'correct horse battery';
/** As another system has it. */
const HASH = bcrypt.hashSync(PASSWORD, 4);

let service: TestService;
/** Another process beside the same database. */
let other: TestService;
beforeAll(async () => {
  service = await TestService.start();
  other = await TestService.start({}, service.database);
});
afterAll(async () => {
  await other.stop();
  await service.stop();
});

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  /** Without the lines of the progress. */
  readonly errors: readonly string[];
}

async function hivegate(
  words: readonly string[],
  database: TestDatabase = service.database,
): Promise<Outcome> {
  const [name = '', ...parameters] = words;
  const { code, stdout, stderr } = await runCommand(name, parameters, {
    DATABASE_URL: database.url,
    BCRYPT_COST: '4',
  });
  const errors = stderr.split('\n').filter((line) => line !== '' && !/^(?:Check|Import|Export): /.test(line));
  return { code, stdout, errors };
}

/** Writes a file that is removed after the test. */
async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const path = join(await temporaryDirectory(), name);
  await writeFile(path, content);
  return path;
}

const linesOf = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const ndjson = (rows: readonly object[]) => fileOf('users.ndjson', linesOf(rows));
const rowOf = (fields: object = {}) => ({ login: freshName('row'), passwordHash: HASH, ...fields });

/** Imports rows. */
const importRows = async (
  rows: readonly object[],
  options: readonly string[] = [],
  database?: TestDatabase,
) => hivegate(['import', 'users', await ndjson(rows), ...options], database);

const signIn = async (login: string, password = PASSWORD, at = service) =>
  (await at.client.signIn({ login, password })).status;
const userOf = async (login: string) => {
  const { body } = await service.admin.get(`/user?login=${login}`);
  return (body as Record<string, unknown>[])[0];
};
/** All that the tables hold which an import writes. */
const stateOf = async (database: TestDatabase = service.database) => ({
  users: await database.query('SELECT * FROM users ORDER BY id'),
  networks: await database.query('SELECT * FROM user_networks ORDER BY user_id, network_id'),
  deviceTypes: await database.query('SELECT * FROM user_device_types ORDER BY user_id, device_type_id'),
});
const importEvents = async () => {
  const { body } = await service.admin.get('/event?take=1000&type=hivegate.service.imported');
  return body as { data: Record<string, unknown> }[];
};

/** Expects nothing to have changed, but for what the running services do by themselves. */
async function expectRefused(command: () => Promise<Outcome>, errors: readonly (string | RegExp)[]) {
  const before = await stateOf();
  const outcome = await command();
  expect(outcome).toEqual({
    code: 1,
    stdout: '',
    errors: errors.map((error) => (typeof error === 'string' ? error : expect.stringMatching(error))),
  });
  expect(await stateOf()).toEqual(before);
}

describe('import users', () => {
  it('gives each user what its row has, and the defaults for the rest, and all sign in at once', async () => {
    const { body: network } = await service.admin.post('/network', { name: freshName('network') });
    const { body: type } = await service.admin.post('/devicetype', { name: freshName('type') });
    const plain = rowOf();
    const full = rowOf({
      role: 'administrator',
      status: 'active',
      introReviewed: true,
      allDeviceTypesAvailable: false,
      lastLogin: '2026-01-31T12:00:00.000Z',
      networkIds: [1, network.id],
      deviceTypeIds: [type.id],
    });
    const data = '{"2":1,"1":[1e400, 0.10],"a":"\\u0000","a":{ }}';
    const text = linesOf([plain, full]).replace('"role":"admin', `"data":${data},"role":"admin`);
    const events = await importEvents();
    const outcome = await hivegate(['import', 'users', await fileOf('users.ndjson', text)]);
    expect(outcome).toEqual({
      code: 0,
      errors: [],
      stdout: expect.stringMatching(/: 2 users are imported, 1 of them administrators\n$/),
    });
    expect(await userOf(plain.login)).toMatchObject({
      role: 1,
      status: 0,
      data: null,
      introReviewed: false,
      allDeviceTypesAvailable: true,
      lastLogin: null,
    });
    const { id } = (await userOf(full.login)) as { id: number };
    expect(await readUser(service.admin, id)).toMatchObject({
      role: 0,
      introReviewed: true,
      allDeviceTypesAvailable: false,
      lastLogin: '2026-01-31T12:00:00.000Z',
      networks: [{ id: 1 }, { id: network.id }],
    });
    expect((await service.admin.get(`/user/${id}`)).text).toContain(data);
    expect((await service.admin.get(`/user/${id}/devicetype`)).body).toMatchObject([{ id: type.id }]);
    for (const process of [service, other])
      for (const { login } of [plain, full]) expect(await signIn(login, PASSWORD, process)).toBe(201);
    expect(await signIn(plain.login, 'not the password')).toBe(401);
    // One event for all.
    const after = await importEvents();
    expect(after.slice(events.length).map((event) => event.data)).toEqual([
      expect.objectContaining({ actor: null, command: 'import users', users: 2 }),
    ]);
    expect(JSON.stringify(after)).not.toContain(HASH);
  });

  it('reads CSV with a byte order mark, quotes, line breaks in cells and a map of columns', async () => {
    const [first, second] = [freshName('csv'), freshName('csv')];
    const text = [
      '\ufeffemail,pwd,role,status,data,introReviewed,networkIds,notes',
      `" ${first} ",${HASH},administrator,2,"{""a"":\r\n""ü 😀""}",t,"1","a, ""b""\r\n\r\nc"`,
      '',
      `${second},,1,locked out,,false,,`,
      '',
    ].join('\r\n');
    const path = await fileOf('users.CSV', text);
    const outcome = await hivegate([
      ...[
        'import',
        'users',
        path,
        '--column',
        'email=login',
        '--column=pwd=passwordHash',
        '--ignore',
        'notes',
      ],
    ]);
    expect(outcome).toEqual({
      code: 0,
      errors: [],
      stdout: `${path}: 2 users are imported, 1 of them administrators, 1 of them without a password, 1 of them disabled\n`,
    });
    expect(await userOf(first)).toMatchObject({
      role: 0,
      status: 2,
      data: { a: 'ü 😀' },
      introReviewed: true,
    });
    expect(await userOf(second)).toMatchObject({ role: 1, status: 1, data: null, introReviewed: false });
    expect(await signIn(second, '')).not.toBe(201);
  });

  it('names each row that cannot come with its line, and imports nothing', async () => {
    const taken = await createUser(service.admin);
    const hidden = 'a value that no message repeats';
    const lines = [
      JSON.stringify(rowOf()),
      '',
      '{"login":"cut off',
      '[]',
      JSON.stringify(rowOf({ login: hidden })),
      JSON.stringify({ login: freshName('row') }),
      JSON.stringify(rowOf({ passwordHash: hidden })),
      JSON.stringify(rowOf({ role: '1', status: 3, data: [hidden] })),
      JSON.stringify(rowOf({ password: hidden })),
      JSON.stringify(rowOf({ nickname: hidden })),
      JSON.stringify(rowOf()).replace('{', `{"login":"${freshName('row')}",`),
      JSON.stringify(rowOf({ id: 2 ** 50 })),
      JSON.stringify(rowOf({ networkIds: [1, 1] })),
      JSON.stringify(rowOf({ passwordHash: 'devicehive-sha256$a\0b$YWJj' })),
      JSON.stringify(rowOf({ data: { text: 'x'.repeat(64 * 1024) } })),
      `{"login":"${'x'.repeat(2 * 1024 * 1024)}"}`,
      JSON.stringify(rowOf({ login: taken.login.toUpperCase() })),
      'null',
    ];
    const path = await fileOf('users.jsonl', lines.join('\n'));
    const faults = [
      'line 3: the row is not JSON in UTF-8',
      'line 4: the row is not a JSON object',
      /^line 5: Login can contain only /,
      'line 6: passwordHash is missing (null: the user has no password)',
      /^line 7: passwordHash is not taken: /,
      /^line 8: role must be 0 .*; status must be 0 .*; data must be a JSON object or null$/,
      'line 9: password is not taken: only hashes are, as passwordHash',
      'line 10: "nickname" is not known here',
      'line 11: a member is given twice',
      'line 12: the row has an id, and the first one has none',
      /^line 13: networkIds must be a list of ids/,
      'line 14: passwordHash is not taken: it holds characters that cannot be stored',
      'line 15: data can have at most 64 KiB',
      'line 16: the row is longer than 1048576 bytes',
      'line 18: the row is not a JSON object',
    ];
    const all = '15 of 17 rows cannot be imported, and nothing has been: --skip leaves such rows out';
    await expectRefused(() => hivegate(['import', 'users', path]), [...faults, all]);
    const skipped = await hivegate(['import', 'users', path, '--skip']);
    expect(skipped.code).toBe(0);
    // Only then is the database asked.
    expect(skipped.errors).toHaveLength(16);
    expect(skipped.errors.at(-1)).toBe('line 17: a user has this login already, and differs from the row');
    expect(skipped.stdout).toBe(`${path}: 1 users are imported, 16 rows are left out\n`);
    expect(JSON.stringify(skipped)).not.toContain(hidden);
  });

  it('can be repeated: the second time changes nothing, and a user that has changed is told', async () => {
    const rows = Array.from({ length: 5 }, () =>
      rowOf({ data: { a: 1 }, networkIds: [1], lastLogin: '2026-01-31T12:00:00Z' }),
    );
    const [first] = rows;
    expect((await importRows(rows)).code).toBe(0);
    const events = await importEvents();
    const before = await stateOf();
    expect(await importRows(rows)).toMatchObject({
      code: 0,
      errors: [],
      stdout: expect.stringMatching(/: 0 users are imported, 5 were there already, the same\n$/),
    });
    expect(await stateOf()).toEqual(before);
    expect(await importEvents()).toEqual(events);
    // The sign-in replaces the hash.
    expect(await signIn(first?.login ?? '')).toBe(201);
    await expectRefused(
      () => importRows(rows),
      [
        'line 1: a user has this login already, and differs from the row',
        /^1 of 5 rows cannot be imported, and nothing has been/,
      ],
    );
    const another = rowOf();
    const outcome = await importRows([...rows, another], ['--skip']);
    expect(outcome.stdout).toMatch(
      /: 1 users are imported, 4 were there already, the same, 1 rows are left out\n$/,
    );
    expect(await signIn(another.login)).toBe(201);
  });

  it('takes the first of two rows with one login, also where they are far apart', async () => {
    const [near, far] = [freshName('near'), freshName('far')];
    const between = Array.from({ length: 2500 }, () => rowOf());
    const rows = [rowOf({ login: near }), rowOf({ login: near }), rowOf({ login: far }), ...between];
    const path = await ndjson([...rows, rowOf({ login: far.toUpperCase() })]);
    const faults = ['line 2: an earlier row has this login', 'line 2504: an earlier row has this login'];
    await expectRefused(
      () => hivegate(['import', 'users', path]),
      [...faults, /^2 of 2504 rows cannot be imported/],
    );
    expect(await hivegate(['import', 'users', path, '--skip'])).toMatchObject({ code: 0, errors: faults });
    expect(await userOf(far)).toMatchObject({ login: far });
  });

  it('keeps ids that were never given, and those that follow are greater', async () => {
    const { id: last } = await createUser(service.admin);
    const rows = [rowOf({ id: last + 50 }), rowOf({ id: last + 40 })];
    expect(await importRows(rows)).toMatchObject({ code: 0 });
    for (const { login, id } of rows as { login: string; id?: number }[])
      expect(await userOf(login)).toMatchObject({ id });
    expect((await createUser(service.admin)).id).toBeGreaterThan(last + 50);
    await expectRefused(
      () => importRows([rowOf({ id: last }), rowOf({ id: last + 45 }), rowOf({ id: 0 })]),
      ['line 3: id must be a positive integer, at most 2^52', /^1 of 3 rows/],
    );
    const free = /: the id \d+ may have been given before: only ids above \d+ are free$/;
    await expectRefused(
      () =>
        importRows([
          rowOf({ id: last }),
          rowOf({ id: last + 45 }),
          rowOf({ id: last + 9000 }),
          rowOf({ id: last + 9000 }),
        ]),
      [free, free, `line 4: an earlier row has the id ${last + 9000}`, /^3 of 4 rows/],
    );
    const without = await importRows([rowOf({ id: 1 })], ['--ignore', 'id']);
    expect(without).toMatchObject({ code: 0, errors: [] });
  });

  it('leaves ids to give after the greatest id that it takes, also in a dry run', async () => {
    const database = await temporaryDatabase();
    const migrated = await TestService.start({}, database);
    await migrated.stop();
    expect(await importRows([rowOf({ id: 2 ** 52 + 1 })], [], database)).toMatchObject({
      code: 1,
      errors: ['line 1: id must be a positive integer, at most 2^52', expect.stringMatching(/^1 of 1 rows/)],
    });
    expect(await importRows([rowOf({ id: 2 ** 52 })], [], database)).toMatchObject({ code: 0, errors: [] });
    const started = await TestService.start({}, database);
    try {
      const { id } = await createUser(started.admin);
      expect(id).toBeGreaterThan(2 ** 52);
      expect(await importRows([rowOf(), rowOf()], ['--dry-run'], database)).toMatchObject({
        code: 0,
        errors: [],
      });
      expect((await createUser(started.admin)).id).toBe(id + 1);
    } finally {
      await started.stop();
    }
  });

  it('refuses a row that assigns what there is not', async () => {
    await expectRefused(
      () => importRows([rowOf({ networkIds: [1, 987_654] }), rowOf({ deviceTypeIds: [987_655] })]),
      [
        'line 1: networkIds: there is no network with the id 987654',
        'line 2: deviceTypeIds: there is no device type with the id 987655',
        /^2 of 2 rows/,
      ],
    );
  });

  it('--dry-run says what would be, and changes nothing: no id is used up', async () => {
    const { id: last } = await createUser(service.admin);
    const rows = [rowOf({ networkIds: [1] }), rowOf({ role: 0 })];
    const before = await stateOf();
    const outcome = await importRows(rows, ['--dry-run']);
    expect(outcome).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/: 2 users would be imported, 1 of them administrators\n$/),
    });
    const withIds = rows.map((row, index) => ({ ...row, id: last + 1000 + index }));
    expect(await importRows(withIds, ['--dry-run'])).toMatchObject({ code: 0 });
    expect(await stateOf()).toEqual(before);
    expect((await createUser(service.admin)).id).toBe(last + 1);
    await expectRefused(
      () => importRows([rows[0] ?? {}, rows[0] ?? {}], ['--dry-run']),
      ['line 2: an earlier row has this login', /^1 of 2 rows/],
    );
  });

  it('disables a user whose password everybody can read in the files of the original', async () => {
    const hashOf = (password: string) =>
      `devicehive-sha256$s$${createHash('sha256').update(`s${password}`).digest('base64')}`;
    const [known, own] = [
      rowOf({ passwordHash: hashOf('dhadmin_#911') }),
      rowOf({ passwordHash: hashOf(PASSWORD) }),
    ];
    const outcome = await importRows([known, own]);
    expect(outcome.stdout).toMatch(/: 2 users are imported, 1 of them disabled\n$/);
    expect(await userOf(known.login)).toMatchObject({ status: 2 });
    expect(await signIn(own.login)).toBe(201);
    // The row says nothing else than before.
    expect((await importRows([known])).stdout).toMatch(/1 were there already, the same\n$/);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const rows = Array.from({ length: 1500 }, () => rowOf());
    const path = await ndjson([
      ...rows,
      rowOf({ networkIds: [987_654] }),
      ...Array.from({ length: 1500 }, () => rowOf()),
    ]);
    const before = await stateOf();
    const stopping = new AbortController();
    const file = await UserFile.find(path, undefined, Columns.parse([], []));
    const importing = importUsers(
      file,
      () => Database.openExisting(readSettings({ DATABASE_URL: service.database.url }).database, SCHEMA),
      {
        isSkipping: true,
        isTrial: false,
        signal: stopping.signal,
        // The first batch is written by now.
        tell: () => {
          stopping.abort(new Error('Ctrl-C'));
        },
      },
    );
    await expect(importing).rejects.toThrow('Ctrl-C');
    expect(await stateOf()).toEqual(before);
  });

  it('into a new database: the service starts with its administrator, and makes no other', async () => {
    const database = await temporaryDatabase();
    expect((await hivegate(['import', 'users', await ndjson([rowOf()]), '--dry-run'], database)).code).toBe(
      1,
    );
    const chief = rowOf({ id: 7, role: 0 });
    expect(await importRows([chief], [], database)).toMatchObject({
      code: 0,
      errors: [],
      stdout: expect.stringMatching(/: 1 users are imported, 1 of them administrators; new database \S+/),
    });
    const started = await TestService.start({}, database);
    try {
      const { body } = await started.client.signIn({ login: chief.login, password: PASSWORD });
      const users = await started.client.as(body?.accessToken).get('/user');
      expect(users.body).toMatchObject([{ id: 7, login: chief.login }]);
    } finally {
      await started.stop();
    }
  });

  it.each([
    ['--column', 'email'],
    ['--column', 'email=password'],
    ['--column', '=login'],
    ['--column', 'a=login', '--column', 'b=login'],
    ['--column', 'a=login', '--column', 'a=role'],
    ['--column', 'a=login', '--ignore', 'a'],
  ])('refuses %s %s %s %s before it reads anything', async (...options) => {
    const { code, stdout, errors } = await hivegate(['import', 'users', 'no such file.csv', ...options]);
    expect({ code, stdout, lines: errors.length }).toEqual({ code: 1, stdout: '', lines: 1 });
    expect(errors[0]).toMatch(/--column/);
  });

  it.each<[string, string, string | Buffer, readonly string[], RegExp]>([
    ['an unknown format', 'users.txt', '{}', [], /does not say its format/],
    ['no header', 'users.csv', '\ufeff', [], /has no header row/],
    ['an unknown column', 'users.csv', 'login,nick\n', [], /header row is not valid: "nick" is not known/],
    ['a column of passwords', 'users.csv', 'login,Password\n', [], /only hashes are, as passwordHash/],
    ['a field twice', 'users.csv', 'login,a\n', ['--column', 'a=login'], /login is given twice/],
    ['a missing column', 'users.csv', 'login\n', ['--ignore', 'nick'], /there is no column "nick"/],
    [
      'a quote that does not end',
      'users.csv',
      'login,passwordHash\nada,\r\n"\r\n\r\nb',
      [],
      /begins in line 3 .* does not end/,
    ],
    ['text behind a quote', 'users.csv', 'login\n"a\r\nb"c\n', [], /begins in line 2 .* closing quote/],
    ['a quote in a cell', 'users.csv', 'login\nsecret"\n', [], /begins in line 2 .*: a quote is in a cell/],
    [
      'another encoding',
      'users.csv',
      Buffer.from('login,passwordHash\nj\xfcrgen,\n', 'latin1'),
      [],
      /^line 2: the row is not UTF-8$/,
    ],
    [
      'too few cells',
      'users.csv',
      'login,passwordHash\n"a\nb"\n',
      [],
      /^line 2: the row has 1 cells, and the header 2$/,
    ],
  ])('refuses a file with %s', async (_, name, content, options, error) => {
    const path = await fileOf(name, content);
    const before = await stateOf();
    const outcome = await hivegate(['import', 'users', path, ...options]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.errors[0]).toMatch(error);
    expect(outcome.errors.join()).not.toContain('secret');
    expect(await stateOf()).toEqual(before);
  });
});

describe('users export', () => {
  /** Passwords, and how the database holds them. */
  const long = 'ä long passwörd '.repeat(7);
  const stored: Readonly<Record<string, string>> = {};
  let source: TestService;

  beforeAll(async () => {
    source = await TestService.start();
    const { admin, database } = source;
    await admin.post('/network', { name: 'a network' });
    await admin.post('/devicetype', { name: 'a type' });
    const set = (login: string, hash: string) =>
      database.query('UPDATE users SET password_hash = ? WHERE login = ?', [hash, login]);
    const make = async (login: string, password: string, fields: object = {}) => {
      Object.assign(stored, { [login]: password });
      return (await createUser(admin, { login, password, ...fields })).id;
    };
    const full = await make('full', PASSWORD, { introReviewed: true, allDeviceTypesAvailable: false });
    for (const path of ['network/2', 'network/1', 'devicetype/2']) await admin.put(`/user/${full}/${path}`);
    await admin.send('PUT', `/user/${full}`, {
      body: '{"data":{"b":\n[1e400,\r\n"=1+1, \\"x\\" ü"],"a":0.10}}',
    });
    await make('long', long);
    await make('earlier', PASSWORD);
    await set('earlier', `hivegate-0.1${bcrypt.hashSync(PASSWORD, 4)}`);
    await make('original', PASSWORD);
    const digest = createHash('sha256').update(`salt${PASSWORD}`).digest('base64');
    await set('original', `devicehive-sha256$salt$${digest}`);
    await make('attacked', PASSWORD);
    await admin.put('/configuration/user.login.maxAttempts', { value: '3' });
    for (let time = 0; time < 3; time += 1)
      await source.client.signIn({ login: 'attacked', password: 'wrong' });
    expect((await admin.get('/user?login=attacked')).body).toMatchObject([{ status: 1 }]);
    await createUser(admin, { login: 'nobody', status: 1 });
    await set('nobody', '');
  });
  afterAll(() => source.stop());

  it.each(['ndjson', 'csv'])(
    'writes %s that a new database of either kind gives back, byte for byte',
    async (format) => {
      const first = await hivegate(['users', 'export', '--format', format], source.database);
      expect(first).toMatchObject({ code: 0, errors: [] });
      const path = await fileOf(`users.${format}`, first.stdout);
      for (const kind of DATABASES) {
        const database = await temporaryDatabase(kind);
        const opened = await Database.openNew(readSettings({ DATABASE_URL: database.url }).database, SCHEMA);
        await opened.close();
        await database.query("INSERT INTO networks (name, name_key) VALUES ('a network', 'a network')");
        await database.query("INSERT INTO device_types (name, name_key) VALUES ('a type', 'a type')");
        expect(await hivegate(['import', 'users', path], database)).toMatchObject({ code: 0, errors: [] });
        const second = await hivegate(['users', 'export', '--format', format], database);
        expect(second.stdout).toBe(first.stdout);
        if (kind !== kindOfDatabase()) continue;
        const started = await TestService.start({}, database);
        try {
          for (const [login, password] of Object.entries(stored)) {
            expect({ login, status: await signIn(login, password, started) }).toEqual({ login, status: 201 });
            expect(await signIn(login, `${password.slice(0, -1)}!`, started)).toBe(401);
          }
          // Beyond the 72 bytes that bcrypt of other systems takes.
          expect(await signIn('long', long.slice(0, -1), started)).toBe(401);
        } finally {
          await started.stop();
        }
      }
    },
  );

  it('keeps `data` as it is in CSV, and its value in NDJSON, where a line break would end the row', async () => {
    const data = '{"b":\n[1e400,\r\n"=1+1, \\"x\\" ü"],"a":0.10}';
    const [csv, json] = await Promise.all(
      ['csv', 'ndjson'].map((format) => hivegate(['users', 'export', '--format', format], source.database)),
    );
    expect(csv?.stdout).toContain(`"${data.replaceAll('"', '""')}"`);
    expect(json?.stdout).toContain(data.replaceAll(/[\r\n]/g, ' '));
    for (const line of json?.stdout.trimEnd().split('\n') ?? [])
      expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('leaves out a lockout by failed logins, and says where there is no password', async () => {
    const { stdout } = await hivegate(['users', 'export'], source.database);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ id }) => id)).toEqual([...rows.keys()].map((index) => index + 1));
    expect(rows.find(({ login }) => login === 'attacked')).toMatchObject({ status: 0 });
    expect(rows.find(({ login }) => login === 'nobody')).toMatchObject({ status: 1, passwordHash: null });
    expect(rows.find(({ login }) => login === 'long')).toMatchObject({
      passwordHash: expect.stringMatching(/^hivegate\$2b\$/),
    });
  });

  it('writes a file for its owner alone, which is never overwritten, and is an event', async () => {
    const path = join(await temporaryDirectory(), 'users.ndjson');
    const count = async () =>
      (await source.admin.get('/event?type=hivegate.service.exported')).body.length as number;
    const before = await count();
    const outcome = await hivegate(['users', 'export', '--output', path], source.database);
    expect(outcome).toEqual({ code: 0, errors: [], stdout: `${path} is written: 7 users\n` });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const content = await readFile(path, 'utf8');
    expect(await hivegate(['users', 'export', '--output', path], source.database)).toEqual({
      code: 1,
      stdout: '',
      errors: [`${path} is there already, and is not overwritten`],
    });
    expect(await readFile(path, 'utf8')).toBe(content);
    expect(await count()).toBe(before + 1);
  });

  it('records nothing where the file cannot be made', async () => {
    const folder = await temporaryDirectory();
    const taken = join(folder, 'taken.ndjson');
    await writeFile(taken, 'mine');
    const events = async () =>
      (await source.admin.get('/event?type=hivegate.service.exported')).body.length as number;
    const before = await events();
    for (const path of [taken, join(folder, 'missing', 'users.ndjson'), join(taken, 'users.ndjson')])
      expect(await hivegate(['users', 'export', '--output', path], source.database)).toMatchObject({
        code: 1,
        stdout: '',
        errors: [expect.stringMatching(/is there already|^ENOENT|^ENOTDIR/)],
      });
    expect(await events()).toBe(before);
    expect(await readdir(folder)).toEqual(['taken.ndjson']);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends on %s while its reader takes nothing', async (signal) => {
    const database = await temporaryDatabase();
    const rows = Array.from({ length: 3000 }, () => rowOf());
    expect((await importRows(rows, [], database)).code).toBe(0);
    const child = spawn(process.execPath, [executable(), 'users', 'export'], {
      env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.url },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = once(child, 'exit');
    // Its first text is there, and is not read.
    await once(child.stdout, 'readable');
    child.kill(signal);
    expect(await ended).toEqual([1, null]);
    expect(stderr.split('\n').filter((line) => !line.startsWith('Export: '))).toEqual([
      `${signal}: the export is not complete`,
      '',
    ]);
  });
});
