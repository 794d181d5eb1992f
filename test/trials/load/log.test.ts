import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../support/database.js';
import { ServiceProcess } from '../../support/process.js';
import { note, times, whole } from '../promise.js';

/** Fills the log: the path of a request is in its line. */
const LONG_PATH = `/${'nothing/'.repeat(1500)}`;

async function start(within: readonly string[]) {
  const database = await createDatabase('sqlite');
  onTestFinished(() => database.remove());
  const { service, client } = await ServiceProcess.start(
    { DATABASE_URL: database.url, ADMIN_PASSWORD: 'a password of proofs', RATE_LIMIT: 'off' },
    undefined,
    within,
  );
  onTestFinished(() => service.remove());
  return { service, client };
}

/** A named pipe. */
async function makePipe(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hivegate-log-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'log');
  if (spawnSync('mkfifo', [path]).status !== 0) throw new Error('There is no mkfifo');
  return path;
}

describe('Load is shed, not suffered', () => {
  it('ASVS 16.5.2: a log that nobody reads neither grows without end nor holds anything up', async ({
    task,
  }) => {
    const pipe = await makePipe();
    // Somebody has it open, and does not read it.
    const { service, client } = await start(['sh', '-c', `exec 3<>${pipe}; exec "$@" >${pipe}`, '--']);
    const lines = times(3000, 900);
    const ask = async (many: number) => {
      const statuses = new Set<number>();
      for (let asked = 0; asked < many; asked += 50) {
        const batch = await Promise.all(Array.from({ length: 50 }, () => client.get(LONG_PATH)));
        for (const { status } of batch) statuses.add(status);
      }
      return [...statuses];
    };
    const before = service.memory();
    const statuses = await ask(lines);
    const memory = service.memory() - before;

    let read = '';
    const reader = createReadStream(pipe, { encoding: 'utf8' }).on(
      'data',
      (text) => (read += text.toString()),
    );
    while (!read.includes('lines of the log were lost')) await pause(20);
    const [, lost] = /"lost":(\d+)/.exec(read) ?? [];
    await client.get('/info');
    while (!read.includes('"path":"/info"')) await pause(20);
    reader.destroy();
    await ask(200);
    service.signal('SIGTERM');
    const began = performance.now();
    const code = await service.ended;
    const took = performance.now() - began;
    note(
      { task },
      {
        tried: `${whole(lines)} requests with lines of 12 KB while nobody reads the log`,
        seen: `all answered; ${whole(memory)} MiB more in memory; read again, the log told that ${whole(Number(lost))} lines were lost; unread again, the service ended with ${String(code)} after ${whole(took)} ms`,
      },
    );
    expect(statuses).toEqual([404]);
    expect(Number(lost)).toBeGreaterThan(0);
    expect(code).toBe(0);
    expect(memory).toBeLessThan(150);
    expect(took).toBeLessThan(10_000);
  });

  it('ASVS 16.5.2: a log and a console whose readers have gone hold nothing up', async ({ task }) => {
    const pipe = await makePipe();
    // Both go to one who reads until it is told where the service is, and goes.
    const { service, client } = await start([
      'sh',
      '-c',
      `grep -m1 --line-buffered "Hivegate answers" <${pipe} >&2 & exec "$@" >${pipe} 2>&1`,
      '--',
    ]);
    const many = times(1000, 200);
    const answers = await Promise.all(Array.from({ length: many }, () => client.get('/health/ready')));
    service.signal('SIGTERM');
    const code = await service.ended;
    note(
      { task },
      {
        tried: `${whole(many)} requests, and the end, when nobody is left to read the log or the console`,
        seen: `all answered, ended with ${String(code)}`,
      },
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(code).toBe(0);
  });

  it('ASVS 16.5.2: the end of the service waits for the last lines of a log that is read', async ({
    task,
  }) => {
    const { service, client } = await start([]);
    const many = times(2000, 300);
    for (let asked = 0; asked < many; asked += 100)
      await Promise.all(Array.from({ length: 100 }, () => client.get(`/nothing-${asked}`)));
    service.signal('SIGTERM');
    const code = await service.ended;
    const told = service.log.filter(({ msg }) => msg === 'answered').length;
    note(
      { task },
      {
        tried: `${whole(many)} requests, and SIGTERM at once`,
        seen: `${whole(told)} lines of answers in the log, ended with ${String(code)}`,
      },
    );
    expect(told).toBe(many);
    expect(code).toBe(0);
  });
});
