import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { commandOutput, runCommand } from '../support/command.js';
import { kindOfDatabase, type TestDatabase } from '../support/database.js';
import { freshName } from '../support/fresh-name.js';
import { ServiceProcess } from '../support/process.js';
import { PASSWORD, TestService } from '../support/service.js';
import { temporaryDatabase, temporaryDirectory } from '../support/temporary.js';

/** Texts that other programs may write into the column `data`, and that are no JSON object. */
const UNREADABLE = [
  ['prose', 'zq7 not json'],
  ['an object without its end', '{"zq7":1'],
  ['an object with more behind it', '{"zq7":1}}'],
  ['the literal of another language', "{'zq7': None}"],
  ['a list', '["zq7"]'],
  ['a text', '"zq7"'],
  ['a number', '7'],
  ['nothing at all', ''],
  ['a line break in a text', '{"zq7":"\n"}'],
  ['thousands of levels without their end', '{"zq7":'.repeat(20_000)],
] as const;

/** Texts that the service has not written, and that are JSON objects. */
const READABLE = [
  ['white space around it', ' \n{"a":1}\t'],
  ['repeated keys', '{"a":1,"a":[2]}'],
  ['NUL, escaped', '{"a":"\\u0000"}'],
  ['thousands of levels', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ['more than 64 KiB', `{"a":"${'x'.repeat(100_000)}"}`],
] as const;

const setData = (database: TestDatabase, id: number, data: string) =>
  database.query('UPDATE users SET data = ? WHERE id = ?', [data, id]);
const storedData = async (database: TestDatabase, id: number) =>
  (await database.query('SELECT data FROM users WHERE id = ?', [id]))[0]?.['data'];

describe.each([{}, { COMPATIBILITY: 'devicehive' }])('A user whose data is not JSON, with %j', (mode) => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start(mode);
  });
  afterAll(() => service.stop());

  it.each(UNREADABLE)('has none in any response: %s', async (_, data) => {
    const prefix = freshName('unreadable');
    const before = await service.createUser({ login: `${prefix}-1`, data: { a: 1 } });
    const user = await service.createUser({ login: `${prefix}-2` });
    await service.createUser({ login: `${prefix}-3`, data: { c: 3 } });
    await setData(service.database, user.id, data);

    for (const { status, text, body } of [
      await service.admin.get(`/user/${user.id}`),
      await user.client.get('/user/current'),
    ]) {
      expect(status).toBe(200);
      expect(text).not.toContain('zq7');
      expect(body.data).toBeNull();
    }
    for (const query of ['', '&take=2', '&take=1', '&sortField=ID']) {
      const { status, body, text } = await service.admin.get(`/user?loginPattern=${prefix}%25${query}`);
      expect(status).toBe(200);
      expect(text).not.toContain('zq7');
      const wanted = [{ a: 1 }, null, { c: 3 }].slice(0, Number(/take=(\d)/.exec(query)?.[1] ?? 3));
      expect((body as { data: unknown }[]).map((listed) => listed.data)).toEqual(wanted);
    }
    expect((await service.admin.get(`/user/${before.id}`)).body.data).toEqual({ a: 1 });
  });

  it.each(READABLE)('is shown as it is where it is JSON: %s', async (_, data) => {
    const user = await service.createUser();
    await setData(service.database, user.id, data);
    for (const { text } of [
      await user.client.get('/user/current'),
      await service.admin.get(`/user?login=${user.login}`),
    ])
      expect(text.includes(`"data":${data},"introReviewed"`)).toBe(true);
  });

  it.each(UNREADABLE)('can be changed, and keeps the text until data itself is: %s', async (_, data) => {
    const user = await service.createUser();
    await setData(service.database, user.id, data);
    const path = `/user/${user.id}`;
    const tag = (await service.admin.get(path)).headers.get('etag') ?? '';

    const changed = await service.admin.put(path, { introReviewed: true }, { 'If-Match': tag });
    expect(changed.status).toBe(204);
    expect(await storedData(service.database, user.id)).toBe(data);
    const { headers, body } = await service.admin.get(path);
    expect(headers.get('etag')).not.toBe(tag);
    // What was read can be sent back whole.
    expect((await user.client.put('/user/current', body)).status).toBe(204);
    expect((await service.admin.patch(path, { status: 0, data: null })).status).toBe(204);
    expect(await storedData(service.database, user.id)).toBe(data);

    const stale = await service.admin.put(path, { data: { b: 1 } }, { 'If-Match': tag });
    expect(stale.status).toBe(412);
    expect((await user.client.put('/user/current', { data: { b: 1 } })).status).toBe(204);
    expect(await storedData(service.database, user.id)).toBe('{"b":1}');
    expect((await user.client.get('/user/current')).body.data).toEqual({ b: 1 });
  });

  it.each(UNREADABLE)('is merged into as if it were empty: %s', async (_, data) => {
    const user = await service.createUser();
    await setData(service.database, user.id, data);
    expect((await user.client.patch('/user/current', { data: { c: { d: 1 }, e: null } })).status).toBe(204);
    expect((await user.client.get('/user/current')).text).toContain('"data":{"c":{"d":1}}');
  });

  it('is noticed although the last text was readable, and when it is readable again', async () => {
    const user = await service.createUser({ data: { a: 1 } });
    for (const data of ['{"a":1}', '{"a":1', '{"a":2}', '{"a":1}', 'zq7', '{"a":1}']) {
      await setData(service.database, user.id, data);
      const { body } = await user.client.get('/user/current');
      expect(JSON.stringify(body.data)).toBe(data.endsWith('}') ? data : 'null');
    }
  });
});

describe('Data that is not JSON', () => {
  /** A running service with these texts as the data of users, whose ids are returned. */
  async function startedWith(texts: readonly string[]) {
    const database = await temporaryDatabase();
    const environment = { DATABASE_URL: database.url, ADMIN_PASSWORD: PASSWORD, RATE_LIMIT: 'off' };
    const { service, client } = await ServiceProcess.start(environment);
    onTestFinished(() => service.remove());
    const { body } = await client.signIn({ login: 'admin', password: PASSWORD });
    const admin = client.as(body?.accessToken);
    const columns =
      'login, login_key, password_hash, role, status, intro_reviewed, all_device_types_available, data';
    const [no, yes] = kindOfDatabase() === 'sqlite' ? ['0', '1'] : ['false', 'true'];
    for (let from = 0; from < texts.length; from += 50) {
      const some = texts.slice(from, from + 50);
      const rows = some.map((_, at) => `('u${from + at}', 'u${from + at}', 'x', 1, 0, ${no}, ${yes}, ?)`);
      await database.query(`INSERT INTO users (${columns}) VALUES ${rows.join()}`, some);
    }
    const stored = await database.query("SELECT id FROM users WHERE login LIKE 'u%' ORDER BY id");
    return { database, service, admin, ids: stored.map(({ id }) => Number(id)) };
  }
  const warningsIn = ({ log }: ServiceProcess) =>
    log.filter(({ level, msg }) => level === 40 && /not written by the service|such rows/.test(String(msg)));

  it('is one warning for each user, however often it is read, that shows none of the text', async () => {
    const { service, admin, ids } = await startedWith(['zq7', '{"zq7":', '{"fine":1}']);
    for (let times = 0; times < 5; times += 1) {
      expect((await admin.get('/user')).status).toBe(200);
      for (const id of ids) expect((await admin.get(`/user/${id}`)).status).toBe(200);
    }
    await service.stop();
    expect(warningsIn(service).map(({ msg }) => /user (\d+)/.exec(String(msg))?.[1])).toEqual([
      String(ids[0]),
      String(ids[1]),
    ]);
    expect(service.output).not.toContain('zq7');
  });

  it('does not flood the log where every row has such', async () => {
    const { service, admin } = await startedWith(Array.from({ length: 300 }, () => 'zq7'));
    const { body } = await admin.get('/user?take=1000');
    expect((body as { data: unknown }[]).filter(({ data }) => data === null)).toHaveLength(301);
    await service.stop();
    expect(warningsIn(service)).toHaveLength(101);
  });

  it('is null in the files of users export, with a warning on standard error', async () => {
    const { database, ids } = await startedWith(['zq7 "', '{"a":1}']);
    const environment = { DATABASE_URL: database.url };
    for (const format of ['ndjson', 'csv']) {
      const { code, stdout, stderr } = await runCommand('users', ['export', '--format', format], environment);
      expect(code).toBe(0);
      expect(stdout + stderr).not.toContain('zq7');
      expect(stderr).toContain(`The data of user ${ids[0]} `);
      expect(stdout).toContain(format === 'csv' ? '"{""a"":1}"' : '"data":{"a":1}');
    }
    const list = await commandOutput('users', ['list', '--json'], environment);
    expect(list.trimEnd().split('\n')).toHaveLength(3);
  });

  it('is carried by a backup as it is', async () => {
    const { database, ids, service } = await startedWith(['zq7 "{', '{"a": 1}']);
    await service.stop();
    const directory = await temporaryDirectory();
    await commandOutput('backup', ['a.backup'], { DATABASE_URL: database.url }, { directory });
    const restored = await temporaryDatabase();
    await commandOutput('restore', ['a.backup'], { DATABASE_URL: restored.url }, { directory });
    expect(await storedData(restored, ids[0] ?? 0)).toBe('zq7 "{');
    expect(await storedData(restored, ids[1] ?? 0)).toBe('{"a": 1}');
  });
});

describe('Other stored JSON that is not readable', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({ REFRESH_ROTATION: 'on' });
  });
  afterAll(() => service.stop());

  it.each(['zq7', '{"session":', '["zq7"]', '7', ''])('of an event leaves the others: %s', async (data) => {
    const user = await service.createUser();
    const path = `/event?subject=user/${user.id}`;
    const before = (await service.admin.get(path)).body as { id: string }[];
    expect(before.length).toBeGreaterThan(0);
    await service.database.query('UPDATE events SET data = ? WHERE id = ?', [data, Number(before[0]?.id)]);
    const { status, body } = await service.admin.get(path);
    expect(status).toBe(200);
    const [broken, ...others] = body as { data: Record<string, unknown> }[];
    expect(broken?.data).toMatchObject({ session: null, address: null, requestId: null });
    expect(others).toEqual(before.slice(1));
    expect(JSON.stringify(broken)).not.toContain('zq7');
  });

  it.each(['zq7', '{"per":"century"}', '{}', '[]'])(
    'of the counting of an event makes it an event of its own: %s',
    async (counting) => {
      const subject = freshName('subject');
      const insert = 'INSERT INTO pending_events (at, type, subject, actor_id, data, counting)';
      await service.database.query(`${insert} VALUES (?, 'user.updated', ?, NULL, 'zq7', ?)`, [
        Date.now(),
        subject,
        counting,
      ]);
      await service.createUser();
      const { status, body } = await service.admin.get(`/event?subject=${subject}`);
      expect(status).toBe(200);
      expect(body).toHaveLength(1);
    },
  );

  it.each(['zq7', '{"0":1}', '"*"', '[[0]]', '["*"]', '', 'null'])(
    'of the rights of a session allows nothing, and others go on: %s',
    async (text) => {
      const user = await service.createUser();
      const other = await service.client.signIn(user);
      const [row] = await service.database.query(
        'SELECT id FROM sessions WHERE user_id = ? ORDER BY created_at',
        [user.id],
      );
      await service.database.query(
        'UPDATE sessions SET actions = ?, network_ids = ?, device_type_ids = ?, rotations = ? WHERE id = ?',
        [text, text, text, text, String(row?.['id'])],
      );
      const refreshed = await service.client.refresh(user.refreshToken);
      expect(refreshed.status).toBe(401);
      const { status, body } = await service.admin.get(`/user/${user.id}/session`);
      expect(status).toBe(200);
      const sessions = body as { id: string; actions: unknown; networkIds: unknown }[];
      expect(sessions).toHaveLength(2);
      expect(sessions.find(({ id }) => id === row?.['id'])).toMatchObject({ actions: [1] });
      const client = service.client.as((other.body as { accessToken: string }).accessToken);
      expect((await client.get('/user/current')).status).toBe(200);
      // Neither does it keep its user from being disabled.
      expect((await service.admin.put(`/user/${user.id}`, { status: 2 })).status).toBe(204);
      expect((await client.get('/user/current')).status).toBe(401);
    },
  );
});

describe('A signing key that is not readable', () => {
  async function started() {
    const database = await temporaryDatabase();
    const environment = { DATABASE_URL: database.url, ADMIN_PASSWORD: PASSWORD };
    const { service } = await ServiceProcess.start(environment);
    onTestFinished(() => service.remove());
    expect(await service.stop()).toBe(0);
    return { database, environment };
  }

  it('is no key, and others are', async () => {
    const { database, environment } = await started();
    // An old one, which signs no more.
    await database.query(
      `INSERT INTO signing_keys (kid, public_jwk, private_key, refresh_key, created_at)
       SELECT 'spoilt', 'zq7', private_key, refresh_key, 1 FROM signing_keys`,
    );
    const { service, client } = await ServiceProcess.start(environment);
    onTestFinished(() => service.remove());
    expect((await client.signIn({ login: 'admin', password: PASSWORD })).status).toBe(201);
    expect((await client.get('/.well-known/jwks.json')).body.keys).toHaveLength(1);
    expect(service.output).toContain('The signing key spoilt was not written by the service');
    expect(service.output).not.toContain('zq7');
  });

  it('is refused at the start where it is the only one, in one line with the remedy', async () => {
    const { database, environment } = await started();
    await database.query("UPDATE signing_keys SET public_jwk = 'zq7'");
    const service = await ServiceProcess.spawn(environment);
    onTestFinished(() => service.remove());
    expect(await service.ended).toBe(1);
    expect(service.stderr).toMatch(/^No signing key .* can be read: hivegate keys rotate --now [^\n]*\n$/);
    expect(service.output).not.toContain('zq7');
    await commandOutput('keys', ['rotate', '--now'], environment);
    const { service: next, client } = await ServiceProcess.start(environment);
    onTestFinished(() => next.remove());
    expect((await client.signIn({ login: 'admin', password: PASSWORD })).status).toBe(201);
  });
});

describe.runIf(kindOfDatabase() === 'sqlite')('Data that is no text at all', () => {
  it.each(["x'00ff'", "x'7b7d'", '\'{"a":1}\' || char(0)', "'{' || char(0) || '}'"])(
    'is null: %s',
    async (value) => {
      const service = await TestService.start();
      onTestFinished(() => service.stop());
      const user = await service.createUser();
      await service.database.query(`UPDATE users SET data = ${value} WHERE id = ${user.id}`);
      expect((await user.client.get('/user/current')).body.data).toBeNull();
      const { status, body } = await service.admin.get('/user');
      expect(status).toBe(200);
      expect(body).toHaveLength(2);
      expect((await user.client.patch('/user/current', { data: { b: 1 } })).status).toBe(204);
      expect((await user.client.get('/user/current')).body.data).toEqual({ b: 1 });
    },
  );
});
