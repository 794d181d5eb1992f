import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../support/command.js';
import { kindOfDatabase } from '../support/database.js';
import { expectFailure } from '../support/errors.js';
import { executable } from '../support/packed.js';
import { TestService } from '../support/service.js';
import { createUser } from '../support/users.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
  for (let index = 0; index < 3; index += 1) await createUser(service.admin);
});
afterAll(() => service.stop());

const events = (parameters: readonly string[], within?: readonly string[]) =>
  runCommand('events', parameters, { DATABASE_URL: service.database.url }, within ? { within } : {});

async function printed(...parameters: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await events(parameters);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
const listed = async (query = '') =>
  (await service.admin.get(`/event?take=1000${query}`)).body as Record<string, unknown>[];

/** Starts `events --follow`, and collects its lines. */
function follow(...parameters: string[]) {
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: service.database.url };
  const child = spawn(process.execPath, [executable(), 'events', '--follow', ...parameters], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  return { child, ended, text: () => stdout, errors: () => stderr };
}

describe('events', () => {
  it('prints what GET /event returns, one event per line', async () => {
    expect(await printed()).toEqual(await listed());
  });

  it('includes what has been committed and not been numbered yet', async () => {
    const { id } = await createUser(service.admin);
    const last = (await printed('--subject', `user/${id}`)).at(-1);
    expect(last).toMatchObject({ type: 'hivegate.user.created', subject: `user/${id}` });
  });

  it('takes the filters of GET /event', async () => {
    const all = await listed();
    const third = all[2] as { id: string; time: string };
    for (const [parameters, query] of [
      [['--after', third.id], `&after=${third.id}`],
      [['--type', 'hivegate.user.created'], '&type=hivegate.user.created'],
      [['--subject', 'user/2'], '&subject=user/2'],
      [['--actor', '1'], '&actor=1'],
      [['--since', third.time], `&since=${third.time}`],
      [['--until', third.time], `&until=${third.time}`],
      [['--type', 'hivegate.key.revoked'], '&type=hivegate.key.revoked'],
    ] as const)
      expect({ parameters, found: await printed(...parameters) }).toEqual({
        parameters,
        found: await listed(query),
      });
    expect(await printed('--take', '2')).toEqual(all.slice(0, 2));
    expect(await printed('--take', '5000')).toEqual(await listed());
  });

  it.each([
    ['--after', 'zq7', /^after is not valid: after must be an integer$/],
    ['--type', 'zq7', /^type is not valid: /],
    ['--actor', '0', /^actor is not valid: actor must be from 1 /],
    ['--since', 'zq7', /^since is not valid: since must be a timestamp /],
    ['--until', 'zq7', /^until is not valid: until must be a timestamp /],
    ['--subject', 'zq7'.repeat(100), /^subject is not valid: subject can have at most 256 characters$/],
  ])('refuses %s %s, and does not repeat it', async (option, value, line) => {
    const outcome = await events([option, value]);
    expectFailure(outcome, line);
    expect(outcome.stderr).not.toContain('zq7');
  });

  it('reads any number of events in pages, and ends early with its reader', async () => {
    const crowd = await TestService.start();
    onTestFinished(() => crowd.stop());
    const total = 2500;
    await crowd.database.query(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${total})
       INSERT INTO events (at, type, subject, data) SELECT ${Date.now()}, 'user.updated', 'crowd', '{}' FROM n ORDER BY i`,
    );
    const environment = { DATABASE_URL: crowd.database.url };
    const { stdout } = await runCommand('events', ['--subject', 'crowd'], environment);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(total);
    expect(new Set(lines).size).toBe(total);
    const taken = await runCommand('events', ['--subject', 'crowd', '--take', '1500'], environment);
    expect(taken.stdout.trimEnd().split('\n')).toEqual(lines.slice(0, 1500));
    const within = ['sh', '-c', '{ "$@"; echo "code $?" >&2; } | head -1', '--'];
    expect(await runCommand('events', ['--subject', 'crowd'], environment, { within })).toEqual({
      code: 0,
      stdout: `${lines[0] ?? ''}\n`,
      stderr: 'code 0\n',
    });
  });

  it('--follow prints new events as they come, each once, until a signal', async () => {
    const before = await listed();
    const following = follow();
    await expect.poll(following.text, { timeout: 60_000 }).toContain(String(before.at(-1)?.['id']));
    const { id } = await createUser(service.admin);
    await expect.poll(following.text, { timeout: 60_000 }).toContain(`"user/${id}"`);
    following.child.kill('SIGTERM');
    expect(await following.ended).toBe(0);
    expect(following.errors()).toBe('');
    const ids = following
      .text()
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids).toEqual((await listed()).map((event) => event['id']));
  });

  it('--follow --take ends by itself', async () => {
    const last = (await listed()).at(-1) as { id: string };
    const following = follow('--after', last.id, '--take', '1');
    const { id } = await createUser(service.admin);
    expect(await following.ended).toBe(0);
    expect(following.text()).toMatch(new RegExp(`^\\{[^\\n]*"subject":"user/${id}"[^\\n]*\\}\\n$`));
  });

  it('needs a database on which the service has been started', async () => {
    const url =
      kindOfDatabase() === 'sqlite' ? 'sqlite:/nonexistent/users.sqlite' : 'postgres://nobody@127.0.0.1:1/x';
    expectFailure(await runCommand('events', [], { DATABASE_URL: url }), /^DATABASE_URL cannot be used: /);
  });
});
