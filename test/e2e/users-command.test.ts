import { chown, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type CommandParts, type Outcome, runCommand } from '../support/command.js';
import { kindOfDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { ADMINISTRATOR, HOME, PASSWORD, TestService } from '../support/service.js';
import { hasTerminal, runInTerminal } from '../support/terminal.js';
import { createUser, readUser } from '../support/users.js';

const NEW_PASSWORD = 'zq7!vhXe of the operator';

let service: TestService;
/** Another process beside the same database. */
let other: TestService;
beforeAll(async () => {
  service = await TestService.start({ LOCKOUT_SECONDS: '0' });
  other = await TestService.start({ LOCKOUT_SECONDS: '0' }, service.database);
  await service.admin.put('/configuration/user.login.maxAttempts', { value: '3' });
});
afterAll(async () => {
  await other.stop();
  await service.stop();
});

const environment = () => ({ DATABASE_URL: service.database.url, BCRYPT_COST: '4' });
const users = (parameters: readonly string[], parts?: CommandParts) =>
  runCommand('users', parameters, environment(), parts);

/** Expects a command to succeed with one line, and returns it. */
async function done(parameters: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await users(parameters, input === undefined ? {} : { input });
  expect({ code, stderr, lines: stdout.split('\n').length }).toEqual({ code: 0, stderr: '', lines: 2 });
  return stdout.trimEnd();
}

/** The whole row of a user, its open sessions, and the number of its events. */
async function stateOf(id: number) {
  const { database } = service;
  const rows = await database.query('SELECT * FROM users WHERE id = ?', [id]);
  const open = 'SELECT count(*) AS n FROM sessions WHERE user_id = ? AND revoked_at IS NULL';
  const sessions = await database.query(open, [id]);
  return { rows, sessions: Number(sessions[0]?.['n']), events: (await eventsOf(id)).length };
}

/** Expects a command to be refused with one line, to print nothing and to leave the user as it was. */
async function refused(id: number, command: () => Promise<Outcome>, line: RegExp): Promise<Outcome> {
  const before = await stateOf(id);
  const outcome = await command();
  expectFailure(outcome, line);
  expect(outcome.stdout).toBe('');
  expect(await stateOf(id)).toEqual(before);
  return outcome;
}

/** The events of a user. Reading them waits for those that are being written. */
async function eventsOf(id: number): Promise<{ type: string; data: Record<string, unknown> }[]> {
  const { body } = await service.admin.get(`/event?take=1000&subject=user/${id}`);
  return (body as Awaited<ReturnType<typeof eventsOf>>).map(({ type, data }) => ({ type, data }));
}
/** The events of a user that a command has caused. */
const eventsOfCommand = async (id: number, verb: string) =>
  (await eventsOf(id)).filter(({ data }) => data['command'] === `users ${verb}`);
const eventOf = (type: string, data: object) => ({
  type: `hivegate.${type}`,
  data: expect.objectContaining({ actor: null, session: null, ...data }),
});

const columnsOf = async (id: number) => {
  const [row] = await service.database.query(
    'SELECT status, login_attempts, blocked_until FROM users WHERE id = ?',
    [id],
  );
  return { status: row?.['status'], attempts: row?.['login_attempts'], until: row?.['blocked_until'] };
};
const signIn = async (login: string, password: string, at = service) =>
  (await at.client.signIn({ login, password })).status;
/** The statuses of the access token and the refresh token of a user, in another process. */
const useSession = async ({ accessToken, refreshToken }: { accessToken: string; refreshToken: string }) => [
  (await other.client.as(accessToken).get('/user/current')).status,
  (await other.client.refresh(refreshToken)).status,
];
const OPEN = [200, 201];
const REVOKED = [401, 401];
const eventually = <T>(what: () => Promise<T>) => expect.poll(what, { timeout: 20_000 });

async function failLogins(login: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) expect(await signIn(login, 'not the password')).toBe(401);
}

const CLEAR = { attempts: 0, until: null };

describe('users set-password', () => {
  const set = (login: string, input: string | Uint8Array) => users(['set-password', login], { input });

  it('reads the password from standard input, and the running service takes it at once', async () => {
    const user = await service.createUser();
    const passwordOf = async () => {
      const sql = 'SELECT version, password_hash AS hash FROM users WHERE id = ?';
      const [row] = await service.database.query(sql, [user.id]);
      return { version: Number(row?.['version']), hash: row?.['hash'] };
    };
    const { version } = await passwordOf();
    const outcome = await set(user.login.toUpperCase(), `${NEW_PASSWORD}\n`);
    expect(outcome).toEqual({
      code: 0,
      stderr: '',
      stdout: `${user.login} has a new password, all sessions have ended, and the user is active\n`,
    });
    for (const process of [service, other]) {
      expect(await signIn(user.login, PASSWORD, process)).toBe(401);
      expect(await signIn(user.login, NEW_PASSWORD, process)).toBe(201);
    }
    await eventually(() => useSession(user)).toEqual(REVOKED);
    expect(await passwordOf()).toEqual({
      version: version + 1,
      // The cost of the settings.
      hash: expect.stringMatching(/^\$2b\$04\$/),
    });
    expect(await eventsOfCommand(user.id, 'set-password')).toEqual([
      eventOf('user.updated', { fields: ['password'] }),
      eventOf('session.revoked', { reason: 'newPassword' }),
    ]);
    expect(JSON.stringify(await eventsOf(user.id))).not.toContain(NEW_PASSWORD);
  });

  it('sets one password for all normal forms of a text, counted in NFC', async () => {
    const user = await service.createUser();
    expect((await set(user.login, `${'e\u0301'.repeat(8)}\n`)).code).toBe(0);
    for (const typed of ['\u00e9', 'e\u0301']) expect(await signIn(user.login, typed.repeat(8))).toBe(201);
    expectFailure(await set(user.login, `${'e\u0301'.repeat(7)}\n`), /^Password can contain only/);
    // The bytes of a lone surrogate are no UTF-8.
    const lone = Buffer.from('half ..... pair\n');
    lone.set([0xed, 0xa0, 0x80], 5);
    expectFailure(await set(user.login, lone), /^The password is not UTF-8 text: nothing has been changed$/);
  });

  it('ends a lockout and clears the failed logins', async () => {
    const user = await service.createUser();
    await failLogins(user.login, 3);
    expect(await columnsOf(user.id)).toMatchObject({ status: 1, attempts: 3 });
    expect(await done(['set-password', user.login], NEW_PASSWORD)).toMatch(/ and the user is active$/);
    expect(await columnsOf(user.id)).toEqual({ status: 0, ...CLEAR });
    expect(await signIn(user.login, NEW_PASSWORD)).toBe(201);
  });

  it('leaves a user whom an administrator has locked out as it is', async () => {
    const user = await createUser(service.admin, { status: 1 });
    expect(await done(['set-password', user.login], NEW_PASSWORD)).toMatch(/ and the user is locked out$/);
    expect(await signIn(user.login, NEW_PASSWORD)).toBe(401);
  });

  it('leaves a disabled user disabled', async () => {
    const user = await createUser(service.admin, { status: 2 });
    expect(await done(['set-password', user.login], NEW_PASSWORD)).toMatch(/ and the user is disabled$/);
    expect(await signIn(user.login, NEW_PASSWORD)).toBe(401);
    await service.admin.put(`/user/${user.id}`, { status: 0 });
    expect(await signIn(user.login, NEW_PASSWORD)).toBe(201);
  });

  it.each([
    ['too short', 'short', /^Password can contain only from 8 to 128 symbols!$/],
    ['too long', 'x1'.repeat(65), /^Password can contain only from 8 to 128 symbols!$/],
    ['endless', 'x1'.repeat(100_000), /^Password can contain only from 8 to 128 symbols!$/],
    ['well known', 'iloveyou', /^Password is too common$/],
    ['empty', '', /^The password is empty: nothing has been changed$/],
    ['an empty line', '\nzq7!vhXe\n', /^The password is empty: nothing has been changed$/],
    ['not text', Uint8Array.of(0xff, 0xff), /^The password is not UTF-8 text: nothing has been changed$/],
  ])('refuses a password that is %s', async (_, input, line) => {
    const user = await createUser(service.admin);
    const outcome = await refused(user.id, () => set(user.login, input), line);
    if (input.length > 0) expect(outcome.stderr).not.toContain(input);
  });

  it('refuses the login as the password, and follows PASSWORD_MIN_LENGTH and PASSWORD_BLOCKLIST', async () => {
    const user = await createUser(service.admin, { login: freshName('operated') });
    const login = user.login.toUpperCase();
    await refused(user.id, () => set(user.login, login), /^Password must not be the login$/);
    const withRules = (more: Record<string, string>, input: string) =>
      runCommand('users', ['set-password', user.login], { ...environment(), ...more }, { input });
    const longer = { PASSWORD_MIN_LENGTH: '30' };
    await refused(user.id, () => withRules(longer, NEW_PASSWORD), /^Password can contain only from 30 /);
    expect((await withRules({ PASSWORD_BLOCKLIST: 'off' }, 'iloveyou')).code).toBe(0);
    expect(await signIn(user.login, 'iloveyou')).toBe(201);
  });

  it('never takes the password from an argument, and does not repeat it', async () => {
    const user = await createUser(service.admin);
    for (const parameters of [
      [user.login, NEW_PASSWORD],
      [user.login, '--password', NEW_PASSWORD],
      [user.login, `--password=${NEW_PASSWORD}`],
      [`--${NEW_PASSWORD}`, user.login],
    ]) {
      const { stderr } = await refused(
        user.id,
        () => users(['set-password', ...parameters], { input: `${NEW_PASSWORD}\n` }),
        /^Argument [12] is (?:no option of this command|one too many)\. Usage: hivegate users set-password <login>$/,
      );
      expect(stderr).not.toContain('zq7');
    }
  });

  const inTerminal = hasTerminal() ? it : it.skip;
  const typing = (login: string, first: string, second: string) =>
    runInTerminal(['users', 'set-password', login], environment(), [
      { prompt: `New password of ${login}: `, keys: first },
      { prompt: 'The same again: ', keys: second },
    ]);

  inTerminal('asks for it twice at a terminal, and does not show it', async () => {
    const user = await createUser(service.admin);
    const { code, output } = await typing(user.login, `${NEW_PASSWORD}\r`, `${NEW_PASSWORD}\r`);
    expect({ code, lines: output.replaceAll('\r', '').split('\n') }).toEqual({
      code: 0,
      lines: [
        `New password of ${user.login}: `,
        'The same again: ',
        `${user.login} has a new password, all sessions have ended, and the user is active`,
        'same',
        '',
      ],
    });
    expect(await signIn(user.login, NEW_PASSWORD)).toBe(201);
  });

  inTerminal.each([
    ['Ctrl+C', '\u0003', /Interrupted: nothing has been changed/],
    ['another one', 'zq8!vhXe\r', /The two passwords are not the same: nothing has been changed/],
  ])('%s at the second prompt changes nothing, and leaves the terminal sane', async (_, keys, line) => {
    const user = await createUser(service.admin);
    const before = await stateOf(user.id);
    const { code, output } = await typing(user.login, `${NEW_PASSWORD}\r`, keys);
    expect(code).toBe(1);
    expect(output).toMatch(line);
    expect(output).toMatch(/\nsame\r\n$/);
    expect(output).not.toContain('zq');
    expect(await stateOf(user.id)).toEqual(before);
  });
});

describe('users unlock', () => {
  it('ends a lockout, and the running service lets the user in at once', async () => {
    const user = await service.createUser();
    await failLogins(user.login, 3);
    expect(await signIn(user.login, PASSWORD)).toBe(401);
    expect(await done(['unlock', user.login])).toBe(`${user.login} is active and has no failed logins`);
    expect(await columnsOf(user.id)).toEqual({ status: 0, ...CLEAR });
    expect(await signIn(user.login, PASSWORD)).toBe(201);
    expect(await useSession(user), 'the sessions go on').toEqual(OPEN);
    expect(await eventsOfCommand(user.id, 'unlock')).toEqual([
      eventOf('user.updated', { fields: ['status'], changes: { status: { old: 1, new: 0 } } }),
    ]);
  });

  it('ends the status 1 that an administrator has set', async () => {
    const user = await createUser(service.admin, { status: 1 });
    await done(['unlock', user.login]);
    expect(await readUser(service.admin, user.id)).toMatchObject({ status: 0 });
  });

  it('clears the failed logins of an active user, whose entity tag stays', async () => {
    const user = await createUser(service.admin);
    await failLogins(user.login, 2);
    const { headers } = await service.admin.get(`/user/${user.id}`);
    expect(await done(['unlock', user.login])).toBe(`${user.login} is active and has no failed logins`);
    expect(await columnsOf(user.id)).toEqual({ status: 0, ...CLEAR });
    expect(await eventsOfCommand(user.id, 'unlock')).toEqual([eventOf('user.unlocked', {})]);
    expect((await service.admin.get(`/user/${user.id}`)).headers.get('etag')).toBe(headers.get('etag'));
  });

  it('changes and records nothing where there is nothing to unlock', async () => {
    const user = await createUser(service.admin);
    const before = await stateOf(user.id);
    expect(await done(['unlock', user.login])).toBe(`${user.login} is active and has no failed logins`);
    expect(await stateOf(user.id)).toEqual(before);
  });

  it('empties the buckets of known sources, too', async () => {
    const user = await service.createUser();
    for (let index = 0; index < 3; index += 1)
      await service.client.signIn({ ...user, password: 'wrong' }, HOME);
    expect((await service.client.signIn(user, HOME)).status).toBe(401);
    await done(['unlock', user.login]);
    expect((await service.client.signIn(user, HOME)).status).toBe(201);
  });

  it.each([
    ['203.0.113.7', '203.0.113.7', '203.0.113.7'],
    ['2001:DB8:1:2::7', '2001:db8:1:2', '2001:db8:1:2:ffff::'],
    ['::ffff:203.0.113.8', '203.0.113.8', '203.0.113.8'],
  ])(
    '--source %s makes it known: a way in for a user who has never signed in',
    async (address, source, from) => {
      const user = await createUser(service.admin);
      expect(await done(['unlock', user.login, '--source', address])).toBe(
        `${user.login} is active and has no failed logins, and can sign in from ${address} whatever fails elsewhere`,
      );
      await failLogins(user.login, 3);
      expect(await signIn(user.login, PASSWORD)).toBe(401);
      expect((await service.client.signIn(user, from)).status).toBe(201);
      expect(await eventsOfCommand(user.id, 'unlock')).toEqual([
        eventOf('user.sourceAdded', { knownSource: source }),
      ]);
    },
  );

  it.each(['here', '203.0.113', '203.0.113.7:80', '10.0.0.0/8', ''])(
    '--source "%s" is refused before anything is changed',
    async (address) => {
      const user = await createUser(service.admin, { status: 1 });
      await refused(
        user.id,
        () => users(['unlock', user.login, '--source', address]),
        /--source is not valid|^Usage/,
      );
    },
  );

  it('refuses a disabled user, and says who may enable it', async () => {
    const user = await createUser(service.admin, { status: 2 });
    await refused(
      user.id,
      () => users(['unlock', user.login]),
      /^\S+ is disabled, not locked out: an administrator enables the user with PUT \/user\/\d+ and \{"status": 0\}$/,
    );
  });
});

describe('users disable', () => {
  it('disables a user in every process, and ends its sessions', async () => {
    const user = await service.createUser();
    expect((await other.client.as(user.accessToken).get('/user/current')).status).toBe(200);
    expect(await done(['disable', user.login])).toBe(
      `${user.login} is disabled, and all sessions have ended`,
    );
    for (const { client } of [service, other])
      await expect
        .poll(async () => (await client.as(user.accessToken).get('/user/current')).status, {
          timeout: 20_000,
        })
        .toBe(401);
    expect(await signIn(user.login, PASSWORD)).toBe(401);
    expect(await eventsOfCommand(user.id, 'disable')).toEqual([
      eventOf('user.updated', { fields: ['status'], changes: { status: { old: 0, new: 2 } } }),
      eventOf('session.revoked', { reason: 'disabled' }),
    ]);
    await service.admin.put(`/user/${user.id}`, { status: 0 });
    expect(await useSession(user), 'enabling the user does not restore its sessions').toEqual(REVOKED);
    expect(await signIn(user.login, PASSWORD)).toBe(201);
  });

  it('says so of a user that is disabled already, and changes nothing', async () => {
    const user = await createUser(service.admin, { status: 2 });
    const before = await stateOf(user.id);
    expect(await done(['disable', user.login])).toBe(
      `${user.login} is disabled already: nothing has been changed`,
    );
    expect(await stateOf(user.id)).toEqual(before);
  });

  it('refuses the last active administrator, and takes another', async () => {
    await refused(
      1,
      () => users(['disable', ADMINISTRATOR.login]),
      /^\S+ is the last active administrator and cannot be disabled: create or enable another one first$/,
    );
    const second = await createUser(service.admin, { role: 0 });
    await done(['disable', second.login]);
    expect(await readUser(service.admin, second.id)).toMatchObject({ status: 2 });
  });

  it('leaves one of two administrators when both are disabled at once', async () => {
    const pair = await TestService.start();
    onTestFinished(() => pair.stop());
    const second = await createUser(pair.admin, { role: 0 });
    const outcomes = await Promise.all(
      [ADMINISTRATOR.login, second.login].map((login) =>
        runCommand('users', ['disable', login], { DATABASE_URL: pair.database.url }),
      ),
    );
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 1]);
  });
});

describe('users end-sessions', () => {
  it('ends the sessions of a user, who stays active', async () => {
    const user = await service.createUser();
    expect(await useSession(user)).toEqual(OPEN);
    expect(await done(['end-sessions', user.login])).toBe(
      `All sessions of ${user.login} have ended, and those that ${user.login} has created for others: 1 in all`,
    );
    await eventually(() => useSession(user)).toEqual(REVOKED);
    expect(await signIn(user.login, PASSWORD)).toBe(201);
    expect(await eventsOfCommand(user.id, 'end-sessions')).toEqual([
      eventOf('session.revoked', { reason: 'command' }),
    ]);
  });

  it('ends those that an administrator has created for others', async () => {
    const administrator = await service.createUser({ role: 0 });
    const user = await service.createUser();
    const { body } = await administrator.client.post('/token/create', {
      userId: user.id,
      actions: ['GetCurrentUser'],
    });
    expect(await useSession(body)).toEqual(OPEN);
    await done(['end-sessions', administrator.login]);
    await eventually(() => useSession(body)).toEqual(REVOKED);
    expect(await useSession(user), 'its own session goes on').toEqual(OPEN);
  });

  it('changes and records nothing where no session is open, but that tokens of the original have ended', async () => {
    const user = await createUser(service.admin);
    const before = await stateOf(user.id);
    await done(['end-sessions', user.login]);
    const after = await stateOf(user.id);
    const [row] = before.rows;
    expect(after).toEqual({
      ...before,
      rows: [{ ...row, original_tokens_ended: expect.toSatisfy(Boolean) }],
    });
    await done(['end-sessions', user.login]);
    expect(await stateOf(user.id)).toEqual(after);
  });
});

describe('users list', () => {
  const line = /^ *(\d+) {2}(\S+) +(administrator|client) +(active|locked out|disabled) +(\S+)$/;

  it('shows all users, oldest first', async () => {
    const locked = await createUser(service.admin, { status: 1 });
    const disabled = await createUser(service.admin, { status: 2 });
    const { code, stdout, stderr } = await users(['list']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((row) => line.exec(row)?.slice(1));
    const { lastLogin } = await readUser(service.admin, 1);
    expect(rows[0]).toEqual(['1', ADMINISTRATOR.login, 'administrator', 'active', lastLogin]);
    expect(rows.at(-2)).toEqual([String(locked.id), locked.login, 'client', 'locked out', 'never']);
    expect(rows.at(-1)).toEqual([String(disabled.id), disabled.login, 'client', 'disabled', 'never']);
    expect(rows).toHaveLength((await service.admin.get('/user/count')).body.count);
    expect(stdout).not.toContain('$2b$');
  });

  it('--json writes one object per line, with the values of the API', async () => {
    const { stdout } = await users(['list', '--json']);
    const listed = stdout
      .trimEnd()
      .split('\n')
      .map((row) => JSON.parse(row) as unknown);
    const { body } = await service.admin.get('/user?take=10000');
    expect(listed).toEqual(
      (body as Record<string, unknown>[]).map(({ id, login, role, status, lastLogin }) => ({
        id,
        login,
        role,
        status,
        lastLogin,
      })),
    );
  });

  it('reads any number of users in pages, and ends early with its reader', async () => {
    const crowd = await TestService.start();
    onTestFinished(() => crowd.stop());
    const total = 2500;
    await crowd.database.query(
      `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${total})
       INSERT INTO users (login, login_key, password_hash, role, status)
       SELECT 'crowd' || i, 'crowd' || i, '', 1, 0 FROM n ORDER BY i`,
    );
    const environment = { DATABASE_URL: crowd.database.url };
    const { stdout } = await runCommand('users', ['list', '--json'], environment);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((row) => (JSON.parse(row) as { id: number }).id);
    expect(ids).toEqual(Array.from({ length: total }, (_, index) => index + 1));

    const within = ['sh', '-c', '{ "$@"; echo "code $?" >&2; } | head -1', '--'];
    expect(await runCommand('users', ['list', '--json'], environment, { within })).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\{"id":1,[^\n]+\n$/),
      stderr: 'code 0\n',
    });
  });
});

describe('users', () => {
  it.each(['set-password', 'unlock', 'disable', 'end-sessions'])(
    '%s of a login that nobody has is refused, and does not repeat it',
    async (verb) => {
      const { stderr } = await refused(
        1,
        () => users([verb, 'zq7!vhXe'], { input: NEW_PASSWORD }),
        /^No user has that login$/,
      );
      expect(stderr).not.toContain('zq7');
    },
  );

  it('of a database on which the service has never been started are refused', async () => {
    const url =
      kindOfDatabase() === 'sqlite' ? 'sqlite:/nonexistent/users.sqlite' : 'postgres://nobody@127.0.0.1:1/x';
    expectFailure(
      await runCommand('users', ['list'], { DATABASE_URL: url }),
      /^DATABASE_URL cannot be used: /,
    );
  });

  it('on SQLite are for the owner of the file alone, and root is not', async ({ skip }) => {
    if (kindOfDatabase() !== 'sqlite') skip('PostgreSQL has no file');
    if (process.geteuid?.() !== 0) skip('only root can give a file away');
    const owned = await TestService.start();
    onTestFinished(() => owned.stop());
    const file = owned.database.url.replace(/^sqlite:/, '');
    const user = await createUser(owned.admin);
    await chown(file, 4711, 4711);
    const before = await readFile(file);
    for (const parameters of [['list'], ['unlock', user.login], ['set-password', user.login]])
      expectFailure(
        await runCommand('users', parameters, { DATABASE_URL: owned.database.url }, { input: NEW_PASSWORD }),
        /^The database file belongs to the user with uid 4711, and this is uid 0: run the command as its owner, for example with sudo -u '#4711'$/,
      );
    // Before the backup is read: there is none.
    expectFailure(
      await runCommand('restore', ['missing.gz'], { DATABASE_URL: owned.database.url }),
      /^The database file belongs to the user with uid 4711/,
    );
    expect(await readFile(file)).toEqual(before);
    await chown(file, 0, 0);
    expect((await runCommand('users', ['list'], { DATABASE_URL: owned.database.url })).code).toBe(0);
  });
});
