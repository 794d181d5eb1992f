import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command.js';
import { kindOfDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { hasTerminal, runInTerminal } from '../support/terminal.js';
import { readUser } from '../support/users.js';

const NEW_PASSWORD = 'zq7!vhXe of the operator';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const environment = () => ({ DATABASE_URL: service.database.url, BCRYPT_COST: '4' });
const create = (parameters: readonly string[], input = NEW_PASSWORD) =>
  runCommand('users', ['create', ...parameters], environment(), { input });
const count = async () => (await service.admin.get('/user/count')).body.count as number;

/** Expects a command to be refused with one line that repeats no secret, and no user to have been created. */
async function refused(parameters: readonly string[], line: RegExp, input?: string): Promise<void> {
  const before = await count();
  const outcome = await create(parameters, input);
  expectFailure(outcome, line);
  expect(outcome.stdout + outcome.stderr).not.toContain('zq7');
  expect(await count()).toBe(before);
}

describe('users create', () => {
  it('prints the id alone, also where the sequence of ids lags behind: that is said on standard error', async () => {
    await service.database.query(
      kindOfDatabase() === 'postgres'
        ? `SELECT setval(pg_get_serial_sequence('users', 'id'), 1, false)`
        : `UPDATE sqlite_sequence SET seq = 0 WHERE name = 'users'`,
    );
    const { code, stdout } = await create([freshName('lagging')]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\n$/) });
  });

  it('creates an active client, prints its id, and the running service lets it in', async () => {
    const login = freshName('Made.By_command@');
    const { code, stdout, stderr } = await create([login]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\n$/),
      stderr: '',
    });
    const id = Number(stdout);
    expect(await readUser(service.admin, id)).toEqual({
      id,
      login,
      role: 1,
      status: 0,
      lastLogin: null,
      data: null,
      introReviewed: false,
      allDeviceTypesAvailable: true,
      networks: [],
    });
    expect((await service.client.signIn({ login, password: NEW_PASSWORD })).status).toBe(201);
    const [row] = await service.database.query('SELECT password_hash AS hash FROM users WHERE id = ?', [id]);
    expect(row?.['hash']).toMatch(/^\$2b\$04\$/);
    const { body, text } = await service.admin.get(`/event?take=1000&subject=user/${id}`);
    expect(body[0]).toMatchObject({
      type: 'hivegate.user.created',
      data: { actor: null, session: null, command: 'users create' },
    });
    expect(text).not.toContain('zq7');
  });

  it.each([
    [['--role', 'administrator'], { role: 0, status: 0 }],
    [['--role', 'client', '--status', 'disabled'], { role: 1, status: 2 }],
    [['--status=locked-out'], { role: 1, status: 1 }],
  ])('%j is what it says', async (options, fields) => {
    const { stdout } = await create([...options, freshName('user')]);
    expect(await readUser(service.admin, Number(stdout))).toMatchObject(fields);
  });

  it('cuts off spaces around the login, as the service does', async () => {
    const login = freshName('user');
    const { stdout } = await create([` ${login}\t`]);
    expect(await readUser(service.admin, Number(stdout))).toMatchObject({ login });
  });

  it.each(['ab', 'x'.repeat(129), 'zq7 space', 'zq7é', "zq7'; --", 'zq7\0'.slice(0, 3) + '/'])(
    'refuses the login %j before it asks for a password',
    (login) => refused([login], /^login is not valid: /),
  );

  it('refuses a login that somebody has, in any case', async () => {
    const taken = /^User with such login already exists\. Please, select another one$/;
    await refused([ADMINISTRATOR.login], taken);
    await refused([ADMINISTRATOR.login.toUpperCase()], taken);
  });

  it('creates one of two users with one login at once', async () => {
    const login = freshName('user');
    const outcomes = await Promise.all([create([login]), create([login.toUpperCase()])]);
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(outcomes.find(({ code }) => code === 1)?.stderr).toMatch(/^User with such login already exists/);
  });

  it.each([
    ['iloveyou', /^Password is too common$/],
    ['zq7', /^Password can contain only from 8 to 128 symbols!$/],
    ['', /^The password is empty: nothing has been changed$/],
    ['\nzq7!vhXe', /^The password is empty: nothing has been changed$/],
  ])('refuses the password %j', (password, line) => refused([freshName('user')], line, password));

  it('refuses the login as the password, and a password as an argument', async () => {
    await refused(['operated-one'], /^Password must not be the login$/, 'Operated-One');
    await refused(
      [freshName('user'), NEW_PASSWORD],
      /^Argument 2 is one too many\. Usage: hivegate users create <login> /,
    );
    await refused(
      [freshName('user'), `--password=${NEW_PASSWORD}`],
      /^Argument 2 is no option of this command\. Usage: hivegate users create <login> /,
    );
  });

  const inTerminal = hasTerminal() ? it : it.skip;
  inTerminal('asks for the password twice at a terminal', async () => {
    const login = freshName('user');
    const { code, output } = await runInTerminal(['users', 'create', login], environment(), [
      { prompt: `New password of ${login}: `, keys: `${NEW_PASSWORD}\r` },
      { prompt: 'The same again: ', keys: `${NEW_PASSWORD}\r` },
    ]);
    expect(code).toBe(0);
    expect(output).not.toContain('zq7');
    expect((await service.client.signIn({ login, password: NEW_PASSWORD })).status).toBe(201);
  });
});
