import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadSqlite } from '../../../src/database/sqlite/sqlite-driver.js';
import { createSqlite, type TestDatabase } from '../../support/database.js';
import { liftFileLimit, SmallDisk } from '../../support/disks.js';
import { ServiceProcess } from '../../support/process.js';
import { isWhole, note, times, whole } from '../promise.js';
import { ProvenService } from '../proven-service.js';

const PASSWORD = 'a password of proofs';
const WRITERS = 8;
const MIB = 1024 * 1024;
/** As src/database/sqlite/sqlite.adapter.ts has it. */
const WAL_LIMIT = 16 * MIB;

/** Makes users from many sides until the service has refused some, and more after `again`. */
class Filler {
  readonly made = new Set<string>();
  readonly refused = new Set<string>();
  readonly statuses = new Set<number>();
  mute = 0;
  private number = 0;

  constructor(private readonly service: ProvenService) {}

  async fill(until: () => boolean): Promise<void> {
    await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        while (!until()) await this.make();
      }),
    );
  }

  async make(): Promise<number> {
    const login = `user-${(this.number += 1)}`;
    const { status, headers } = await this.service.admin.post('/user', {
      login,
      password: PASSWORD,
      role: 1,
      data: { filling: 'x'.repeat(1000 + ((this.number * 997) % 30_000)) },
    });
    this.statuses.add(status);
    (status === 201 ? this.made : this.refused).add(login);
    if (status === 503 && !headers.has('retry-after')) this.mute += 1;
    return status;
  }

  /** What was acknowledged and is not there, or refused and is. */
  async faults(database: TestDatabase): Promise<string[]> {
    const there = new Set(
      (await database.query('SELECT login FROM users')).map(({ login }) => String(login)),
    );
    return [
      ...[...this.made].filter((login) => !there.has(login)).map((login) => `${login} is lost`),
      ...[...this.refused].filter((login) => there.has(login)).map((login) => `${login} is there`),
    ];
  }
}

const isSound = async (database: TestDatabase) => {
  const [row] = await database.query('PRAGMA integrity_check');
  return row?.['integrity_check'] === 'ok';
};

interface Fullness {
  readonly service: ProvenService;
  readonly makeRoom: () => void;
}

/** A service whose disk, or whose limit to the size of a file, is soon reached. */
const FULL: Readonly<Record<string, () => Promise<Fullness | undefined>>> = {
  'a full disk': async () => {
    const disk = await SmallDisk.make(3 * 1024);
    if (!disk) return undefined;
    onTestFinished(() => disk.remove());
    const service = await ProvenService.start({
      database: await createSqlite(disk.directory),
      documented: false,
    });
    return {
      service,
      makeRoom: () => {
        disk.grow(64 * 1024);
      },
    };
  },
  'a file that may not grow': async () => {
    const service = await ProvenService.start({
      kind: 'sqlite',
      documented: false,
      within: ['prlimit', `--fsize=${2 * MIB}:unlimited`],
    });
    return {
      service,
      makeRoom: () => {
        liftFileLimit(service.process.pid);
      },
    };
  },
};

describe('Load is shed, not suffered', () => {
  it.for(Object.keys(FULL))(
    'ASVS 16.5.2: %s is 503, until there is room again',
    async (name, { task, skip }) => {
      const fullness = await FULL[name]?.();
      if (!fullness) return skip('Only root makes a small disk');
      const { service, makeRoom } = fullness;
      const { admin, client, database } = service;
      const filler = new Filler(service);
      const most = times(200, 20);
      await filler.fill(() => filler.refused.size >= most);
      const whileFull = {
        read: (await admin.get('/user')).status,
        own: (await admin.get('/user/current')).status,
        ready: (await client.get('/health/ready')).status,
        signIn: (await client.post('/token', { login: 'root', password: 'a wrong one' })).status,
        faults: await filler.faults(database),
        sound: await isSound(database),
      };
      makeRoom();
      const began = performance.now();
      const madeBefore = filler.made.size;
      while ((await filler.make()) !== 201) await pause(10);
      const back = performance.now() - began;
      const target = madeBefore + times(200, 10);
      await filler.fill(() => filler.made.size >= target);
      await service.kill();
      await service.begin();
      const faults = [...whileFull.faults, ...(await filler.faults(database))];
      const sound = whileFull.sound && (await isSound(database));
      note(
        { task },
        {
          tried: `${WRITERS} writers on ${name}, then room, then \`kill -9\`, SQLite`,
          seen: `${whole(filler.refused.size)} writes answered 503, ${whole(filler.made.size)} acknowledged, ${faults.length} of them lost or refused and there; read meanwhile (${whileFull.read}, ${whileFull.own}), sign-in ${whileFull.signIn}; written again ${whole(back)} ms after there was room, without a restart; integrity check ${sound ? 'ok' : 'failed'}`,
        },
      );
      await service.remove();
      expect([...filler.statuses].sort()).toEqual([201, 503]);
      expect(filler.mute).toBe(0);
      expect(faults).toEqual([]);
      expect(sound).toBe(true);
      expect(whileFull).toMatchObject({ read: 200, own: 200, ready: 200 });
      expect([401, 503]).toContain(whileFull.signIn);
    },
  );

  it('ASVS 16.5.2: a start on a disk that is full, or may not be written, says so in a line', async ({
    task,
    skip,
  }) => {
    const sizes = Array.from({ length: times(5, 1) }, (_, index) => 4 + index * 50);
    const lines: string[] = [];
    const codes = new Set<number | null>();
    for (const size of [...sizes, 'read-only'] as const) {
      const disk = await SmallDisk.make(size === 'read-only' ? 4096 : size);
      if (!disk) return skip('Only root makes a small disk');
      if (size === 'read-only') disk.makeReadOnly();
      const service = await ServiceProcess.spawn({
        DATABASE_URL: `sqlite:${join(disk.directory, 'users.sqlite')}`,
        ADMIN_PASSWORD: PASSWORD,
      });
      const code = await Promise.race([service.ended, service.listening().catch(() => service.ended)]);
      if (typeof code === 'object' && code !== null) await service.stop();
      else {
        codes.add(code);
        lines.push(service.stderr.trim());
        if (size !== 'read-only') {
          disk.grow(4096);
          const { service: again } = await ServiceProcess.start({
            DATABASE_URL: `sqlite:${join(disk.directory, 'users.sqlite')}`,
            ADMIN_PASSWORD: PASSWORD,
          });
          await again.stop();
          await again.remove();
        }
      }
      await service.remove();
      await disk.remove();
    }
    note(
      { task },
      {
        tried: `${sizes.length} first starts on disks of ${sizes[0] ?? 0} to ${sizes.at(-1) ?? 0} KiB, and one on a disk that may not be written`,
        seen: `${lines.length} refused with one line each; all others, and with room all of them, started`,
      },
    );
    expect([...codes]).toEqual([1]);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => !/^DATABASE_URL cannot be used: [^\n]+$/.test(line))).toEqual([]);
  });

  it('the log of SQLite stays short under writers and readers, and is cut back after a long read', async ({
    task,
  }) => {
    const service = await ProvenService.start({ kind: 'sqlite', documented: false });
    const path = service.database.url.replace(/^sqlite:/, '');
    const size = () => statSync(`${path}-wal`).size;
    const filler = new Filler(service);
    let largest = 0;
    const watch = (count: number) => () => {
      largest = Math.max(largest, size());
      return filler.made.size >= count;
    };
    let reading = true;
    const readers = Array.from({ length: 4 }, async () => {
      while (reading) await service.admin.get('/user?take=20');
    });
    const each = times(700, 100);
    await filler.fill(watch(each));
    const ordinary = largest;
    // Another process that reads for long, as a backup does.
    const other = new (loadSqlite())(path, { readonly: true });
    other.exec('BEGIN');
    other.prepare('SELECT count(*) FROM users').get();
    await filler.fill(watch(each * 2));
    const held = size();
    other.exec('COMMIT');
    other.close();
    await filler.fill(watch(each * 2 + times(300, 20)));
    reading = false;
    await Promise.all(readers);
    const after = size();
    note(
      { task },
      {
        tried: `${whole(filler.made.size)} writes under ${WRITERS} writers and 4 readers, almost half of them while another process reads, SQLite`,
        seen: `its write-ahead log: ${(ordinary / MIB).toFixed(1)} MiB at the most, ${(held / MIB).toFixed(1)} MiB while the other reads, ${(after / MIB).toFixed(1)} MiB after`,
      },
    );
    await service.remove();
    expect(ordinary).toBeLessThan(WAL_LIMIT);
    if (isWhole) expect(held).toBeGreaterThan(WAL_LIMIT);
    expect(after).toBeLessThanOrEqual(WAL_LIMIT);
  });

  it('ASVS 16.5.2: a log on a full disk ends nothing, and goes on when there is room', async ({
    task,
    skip,
  }) => {
    const disk = await SmallDisk.make(64);
    if (!disk) return skip('Only root makes a small disk');
    onTestFinished(() => disk.remove());
    const path = join(disk.directory, 'log');
    const service = await ProvenService.start({
      kind: 'sqlite',
      documented: false,
      within: ['sh', '-c', `exec "$@" >>${path}`, '--'],
    });
    const ask = (count: number) =>
      Promise.all(Array.from({ length: count }, () => service.client.get(`/${'nothing/'.repeat(100)}`)));
    const answers = await ask(times(500, 200));
    const full = statSync(path).size;
    disk.grow(16 * 1024);
    answers.push(...(await ask(10)));
    await expect.poll(() => statSync(path).size, { timeout: 10_000 }).toBeGreaterThan(64 * 1024);
    const code = await service.process.stop();
    note(
      { task },
      {
        tried: `${answers.length} requests with the log on a disk of 64 KiB`,
        seen: `all answered; the log stopped at ${whole(full / 1024)} KiB and went on when there was room; ended with ${String(code)}`,
      },
    );
    await service.remove();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(code).toBe(0);
  });
});
