import { chmod, chown, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../support/command.js';
import { kindOfDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { ServiceProcess } from '../support/process.js';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { temporaryDatabase, temporaryDirectory } from '../support/temporary.js';

/* The file of SQLite: who may read it, how its path is read, and what is left in it. */

const SETTINGS = { ADMIN_LOGIN: ADMINISTRATOR.login, ADMIN_PASSWORD: ADMINISTRATOR.password };
const SECRET = 'wE3-fp9Qz_Lk2vTn7RbYx5HsUd8GjMaC';

/** Starts the service in `directory` with a path as the setting has it, and stops it. Returns what it logs. */
async function run(path: string, directory: string, within?: readonly string[]): Promise<ServiceProcess> {
  const environment = { ...SETTINGS, DATABASE_URL: `sqlite:${path}` };
  const service = await ServiceProcess.spawn(environment, directory, within);
  onTestFinished(() => service.remove());
  await service.listening();
  return service;
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);
/** The modes of all files in a folder. */
const modesIn = async (folder: string) =>
  Object.fromEntries(
    await Promise.all((await readdir(folder)).map(async (name) => [name, await modeOf(join(folder, name))])),
  ) as Record<string, string>;
const warnings = (service: ServiceProcess) =>
  service.log.filter(({ level }) => level === 40).map(({ msg }) => String(msg));

describe.runIf(kindOfDatabase() === 'sqlite')('The file of the database', () => {
  it('is for its owner only, with its folder and the files beside it, whatever the umask is', async () => {
    const directory = await temporaryDirectory();
    const service = await run('./new/users.sqlite', directory, ['sh', '-c', 'umask 0; exec "$@"', '--']);
    expect(await modeOf(join(directory, 'new'))).toBe('700');
    expect(await modesIn(join(directory, 'new'))).toEqual({
      'users.sqlite': '600',
      'users.sqlite-shm': '600',
      'users.sqlite-wal': '600',
    });
    expect(warnings(service)).toEqual([]);
  });

  it.runIf(process.platform === 'linux').each([
    ['serve', []],
    ['migrate', []],
    ['users', ['list']],
    ['restore', [resolve('test/fixtures/backup-1.gz')]],
    ['import', ['users', 'users.ndjson']],
  ] as const)('that cannot be made ends %s with one line', async (name, parameters) => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'users.ndjson'), '{"login":"ada","passwordHash":null}\n');
    // Linux makes no folder there, and says that there is none.
    const environment = { DATABASE_URL: 'sqlite:/proc/none/users.sqlite', JWT_SECRET: SECRET };
    const outcome = await runCommand(name, parameters, environment, { directory });
    expectFailure(
      outcome,
      /^DATABASE_URL cannot be used: (?:ENOENT: .* '\/proc\/none'|there is no file .*)$/,
    );
  });

  it('that others could read is told and restricted, with what a crash has left beside it', async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'users.sqlite');
    const first = await run(path, directory);
    first.signal('SIGKILL');
    await first.ended;
    for (const name of await readdir(directory)) await chmod(join(directory, name), 0o644);
    expect(Object.keys(await modesIn(directory))).toContain('users.sqlite-wal');
    const second = await run(path, directory);
    expect(new Set(Object.values(await modesIn(directory)))).toEqual(new Set(['600']));
    expect(warnings(second)[0]).toBe(
      `${path} had the mode 0644: other users could get at the hashes and keys in it. It is 0600 now`,
    );
    await second.stop();
    expect(warnings(await run(path, directory))).toEqual([]);
  });

  it('is restricted by a command, too, which tells it on standard error', async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'users.sqlite');
    await (await run(path, directory)).stop();
    await chmod(path, 0o640);
    const { code, stdout, stderr } = await runCommand('users', ['list', '--json'], {
      DATABASE_URL: `sqlite:${path}`,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ login: ADMINISTRATOR.login });
    expect(stderr).toMatch(/^\S+users\.sqlite had the mode 0640: .* It is 0600 now\n$/);
    expect(await modeOf(path)).toBe('600');
  });

  it('of somebody else is told, and left alone; so is a folder that others can write to', async ({
    skip,
  }) => {
    if (process.getuid?.() !== 0) return skip('Only root can give a file away');
    const directory = await temporaryDirectory();
    const path = join(directory, 'users.sqlite');
    await (await run(path, directory)).stop();
    await chmod(path, 0o644);
    await chown(path, 12345, 12345);
    await chmod(directory, 0o777);
    const told = warnings(await run(path, directory));
    expect(told).toContain(
      `${path} has the mode 0644: other users can get at the password hashes and keys in it. It belongs to uid 12345, who should run chmod 600 on it`,
    );
    expect(told).toContain(
      `${directory} has the mode 0777: other users can replace the database in it. Run chmod 700 on it`,
    );
    expect(await modeOf(path)).toBe('644');
    expect(await modeOf(directory)).toBe('777');
  });

  it('behind a symbolic link is the target, which may have yet to be made', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'target'));
    const [link, target] = [join(directory, 'link'), join(directory, 'target', 'users.sqlite')];
    await symlink(target, link);
    await (await run(link, directory)).stop();
    expect((await readdir(directory)).sort()).toEqual(['link', 'target']);
    await chmod(target, 0o644);
    const service = await run(link, directory);
    expect(warnings(service)[0]).toContain(`${target} had the mode 0644`);
    expect(new Set(Object.values(await modesIn(join(directory, 'target'))))).toEqual(new Set(['600']));
  });

  it.each(['a?mode=ro', 'a%20b#c', '~/a', 'Zürich 🐝'])('has the path that is written: %s', async (path) => {
    const directory = await temporaryDirectory();
    const service = await run(path, directory);
    const folder = path.startsWith('~') ? join(directory, '~') : directory;
    const name = path.replace('~/', '');
    const files = [name, `${name}-shm`, `${name}-wal`].sort();
    expect((await readdir(folder)).sort()).toEqual(files);
    expect(new Set(Object.values(await modesIn(folder)))).toEqual(new Set(['600']));
    await service.stop();
    // A command finds the same one.
    const { code, stdout } = await runCommand('users', ['list'], {
      DATABASE_URL: `sqlite:${join(folder, name)}`,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(ADMINISTRATOR.login) });
  });

  it.each(['new/a ', './a\n', '   '])(
    'cannot have the path %j, of which the driver would cut the end',
    async (path) => {
      const service = await ServiceProcess.spawn({ DATABASE_URL: `sqlite:${path}` });
      onTestFinished(() => service.remove());
      expectFailure(
        { code: await service.ended, stderr: service.stderr },
        /^DATABASE_URL is not valid: it accepts sqlite:/,
      );
      expect(await readdir(service.directory)).toEqual([]);
    },
  );

  it.each(['.', './', '/dev/null'])('cannot be %s, which is no file', async (path) => {
    const service = await ServiceProcess.spawn({ DATABASE_URL: `sqlite:${path}` });
    onTestFinished(() => service.remove());
    expectFailure(
      { code: await service.ended, stderr: service.stderr },
      /^DATABASE_URL cannot be used: \S+ is not a file$/,
    );
  });

  it('keeps nothing of what was deleted: neither hashes nor data', async () => {
    const database = await temporaryDatabase();
    const path = database.url.replace('sqlite:', '');
    const service = await TestService.start({}, database);
    const { admin } = service;
    const users = [];
    for (let index = 0; index < 20; index += 1)
      users.push(await service.createUser({ data: { note: 'the-secret-of-a-user '.repeat(2000) } }));
    const hashes = (await database.query('SELECT id, password_hash AS hash FROM users WHERE id > 1')).map(
      ({ hash }) => String(hash),
    );
    const before = await readFile(path);
    for (const { id } of users) expect((await admin.delete(`/user/${id}`)).status).toBe(204);
    await service.stop();
    expect(await readdir(join(path, '..'))).toEqual(['users.sqlite']);
    const after = await readFile(path);
    expect(after.length).toBeGreaterThanOrEqual(before.length);
    // What is there is found.
    expect(after.includes(ADMINISTRATOR.login)).toBe(true);
    for (const secret of ['the-secret-of-a-user', ...hashes])
      expect(after.includes(secret), secret).toBe(false);
  });
});

describe('The file of a backup', () => {
  it('may end in white space, and is then found by restore; it cannot have the path of a folder', async () => {
    const directory = await temporaryDirectory();
    const database = await temporaryDatabase();
    await (await TestService.start({}, database)).stop();
    const environment = { DATABASE_URL: database.url };
    const file = join(directory, 'backup ');
    expect((await runCommand('backup', [file], environment)).code).toBe(0);
    expect(await readdir(directory)).toEqual(['backup ']);
    const other = { DATABASE_URL: (await temporaryDatabase()).url };
    expectFailure(await runCommand('restore', [file.trimEnd()], other), /^ENOENT: /);
    for (const command of ['backup', 'restore'])
      expectFailure(
        await runCommand(command, [`${directory}/new/`], environment),
        /^\S+\/new\/ names a folder, and a file is needed$/,
      );
    expect(await readdir(directory)).toEqual(['backup ']);
    expect((await runCommand('restore', [file], other)).code).toBe(0);
  });
});
