import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Client } from '../support/client.js';
import { createPostgres, DATABASES, type TestDatabase } from '../support/database.js';
import { startPostgresServer } from '../support/postgres.js';
import { until } from '../support/until.js';
import { note, times, whole } from './promise.js';
import { ProvenService } from './proven-service.js';

const WRITERS = 32;
/** Writes that must be acknowledged before a kill: without any, it could lose none. */
const WRITES_BEFORE_KILL = 11;

/** Writes its own user again and again, a number that grows, and now and then makes a user or deletes one. */
class Writer {
  /** Of the writes that were acknowledged, the last number; of those that were sent, the last number. */
  acknowledged = 0;
  sent = 0;
  /** Logins whose creation was acknowledged and whose deletion was not sent; whose deletion was acknowledged. */
  readonly present = new Set<string>();
  readonly absent = new Set<string>();
  /** How many writes were acknowledged. */
  count = 0;
  /** How many answers of each status there were, and which carried no Retry-After though they should. */
  readonly statuses = new Map<number, number>();
  hasten = 0;
  private made = 0;

  constructor(
    private readonly name: string,
    readonly userId: number,
  ) {}

  /** Writes until `until` says so, or the service is gone. */
  async write(admin: Client, until: () => boolean): Promise<void> {
    while (!until()) {
      try {
        await this.update(admin);
        if (this.sent % 7 === 0) await this.comeAndGo(admin);
      } catch {
        // The connection is gone: what was sent may have been done or not.
        if (!until()) await pause(5);
      }
    }
  }

  private async update(admin: Client): Promise<void> {
    this.sent += 1;
    const number = this.sent;
    const { status } = await this.ask(admin, 'PUT', `/user/${this.userId}`, { data: { number } });
    if (status === 204) this.acknowledged = number;
  }

  private async comeAndGo(admin: Client): Promise<void> {
    this.made += 1;
    const login = `${this.name}-${this.made}`;
    const { status, body } = await this.ask(admin, 'POST', '/user', {
      login,
      role: 1,
      password: 'a password of proofs',
    });
    if (status !== 201) return;
    this.present.add(login);
    if (this.made % 2 === 0) return;
    this.present.delete(login);
    if ((await this.ask(admin, 'DELETE', `/user/${body.id}`)).status === 204) this.absent.add(login);
  }

  private async ask(admin: Client, method: string, path: string, body?: object) {
    const answer = await admin.send(method, path, { body });
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    if (answer.status === 503 && !answer.headers.has('retry-after')) this.hasten += 1;
    if (answer.status < 300) this.count += 1;
    return answer;
  }
}

/** What was acknowledged and is not so, or is so and was never asked for. */
async function losses(database: TestDatabase, writers: readonly Writer[]): Promise<string[]> {
  const rows = await database.query('SELECT id, login, data FROM users');
  const logins = new Set(rows.map(({ login }) => String(login)));
  const numberOf = new Map(
    rows.map(({ id, data }) => [Number(id), (JSON.parse(String(data)) as { number: number } | null)?.number]),
  );
  return writers.flatMap(({ userId, acknowledged, sent, present, absent }) => {
    const number = numberOf.get(userId) ?? 0;
    return [
      ...(number < acknowledged || number > sent
        ? [`user ${userId}: ${number} and not from ${acknowledged} to ${sent}`]
        : []),
      ...[...present].filter((login) => !logins.has(login)).map((login) => `${login} is lost`),
      ...[...absent].filter((login) => logins.has(login)).map((login) => `${login} is back`),
    ];
  });
}

async function makeWriters(service: ProvenService): Promise<Writer[]> {
  const writers: Writer[] = [];
  for (let index = 0; index < WRITERS; index += 1)
    writers.push(new Writer(`w${index}`, await service.createUser(`writer-${index}`)));
  return writers;
}
const total = (writers: readonly Writer[], count: (writer: Writer) => number) =>
  writers.reduce((sum, writer) => sum + count(writer), 0);
const answered = (writers: readonly Writer[], status: number) =>
  total(writers, ({ statuses }) => statuses.get(status) ?? 0);

describe('An acknowledged write is never lost', () => {
  it.for(DATABASES)('when the process is killed under load, on %s', async (kind, { task }) => {
    const service = await ProvenService.start({ kind, documented: false });
    const kills = times(100, 2);
    const writers = await makeWriters(service);
    const lost: string[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      let killed = false;
      const { admin } = service;
      const before = total(writers, ({ count }) => count);
      const writing = writers.map((writer) => writer.write(admin, () => killed));
      // At another moment each time.
      await pause(250 + ((kill * 37) % 350));
      await until(() => total(writers, ({ count }) => count) >= before + WRITES_BEFORE_KILL);
      killed = true;
      await service.kill();
      await Promise.all(writing);
      await service.begin();
      lost.push(...(await losses(service.database, writers)));
    }
    if (kind === 'sqlite') {
      expect(await service.database.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      expect(await service.database.query('PRAGMA foreign_key_check')).toEqual([]);
    }
    const acknowledged = total(writers, ({ count }) => count);
    note(
      { task },
      {
        tried: `${kills} × \`kill -9\` under ${WRITERS} writers, ${kind}`,
        seen: `${whole(acknowledged)} writes acknowledged, ${lost.length} lost`,
      },
    );
    await service.remove();
    expect(lost).toEqual([]);
    expect(acknowledged).toBeGreaterThan(kills * 10);
  });

  it('when PostgreSQL itself is stopped and started under load: 503 meanwhile', async ({ task }) => {
    const server = await startPostgresServer();
    onTestFinished(() => server.remove());
    const service = await ProvenService.start({
      database: await createPostgres(server.url),
      documented: false,
    });
    const writers = await makeWriters(service);
    const stops = times(10, 1);
    let ended = false;
    const { admin } = service;
    const writing = writers.map((writer) => writer.write(admin, () => ended));
    const away: number[] = [];
    /** Lets the writers run for a while, and until each of these statuses has been returned again. */
    const goOn = async (milliseconds: number, ...statuses: readonly number[]) => {
      const before = statuses.map((status) => answered(writers, status));
      await pause(milliseconds);
      await until(() => statuses.every((status, index) => answered(writers, status) > (before[index] ?? 0)));
    };
    for (let stop = 0; stop < stops; stop += 1) {
      await goOn(500, 201, 204);
      await server.halt();
      await goOn(700, 503);
      await server.start();
      const began = performance.now();
      while ((await admin.get('/health/ready')).status !== 200) await pause(10);
      while ((await admin.put(`/user/${writers[0]?.userId ?? 0}`, {})).status !== 204) await pause(10);
      away.push(performance.now() - began);
    }
    await goOn(300, 204);
    ended = true;
    await Promise.all(writing);
    const lost = await losses(service.database, writers);
    const statuses = new Set(writers.flatMap((writer) => [...writer.statuses.keys()]));
    const refused = answered(writers, 503);
    note(
      { task },
      {
        tried: `PostgreSQL stopped and started ${stops} × under ${WRITERS} writers`,
        seen: `${whole(total(writers, ({ count }) => count))} writes acknowledged, ${lost.length} lost; ${whole(refused)} answered 503; back by itself after ${whole(Math.max(...away))} ms at the most`,
      },
    );
    await service.remove();
    expect(lost).toEqual([]);
    expect([...statuses].sort()).toEqual([201, 204, 503]);
    expect(refused).toBeGreaterThan(0);
    expect(
      total(writers, ({ hasten }) => hasten),
      '503 without Retry-After',
    ).toBe(0);
    expect(Math.max(...away)).toBeLessThan(10_000);
  });
});
