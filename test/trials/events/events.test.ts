import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventView } from '../../../src/events/event.view.js';
import type { Client } from '../../support/client.js';
import { type DatabaseKind, DATABASES } from '../../support/database.js';
import { ServiceProcess } from '../../support/process.js';
import { until } from '../../support/until.js';
import { note, times, whole } from '../promise.js';
import { ProvenService } from '../proven-service.js';
import { HeldTransactions } from './held-transactions.js';
import { Reader } from './reader.js';
import { type Change, type Changes, Writer } from './writer.js';

const WRITERS = times(32, 6);
const KILLS = times(20, 2);
/** Changes that must be acknowledged between two kills. */
const CHANGES_BEFORE_KILL = 40;
const PASSWORD = 'a password of proofs';

async function makeWriters(service: ProvenService): Promise<Writer[]> {
  const writers: Writer[] = [];
  for (let index = 0; index < WRITERS; index += 1) {
    const name = `writer${index}`;
    const id = await service.createUser(name, { role: 0, password: PASSWORD });
    const victim = { id: await service.createUser(`victim${index}`), login: `victim${index}` };
    const { body } = await service.client.post('/token', { login: name, password: PASSWORD });
    writers.push(new Writer(name, id, victim, body.accessToken));
  }
  return writers;
}

/** What is wrong with the events of these changes: each acknowledged one has exactly one, each refused one none. */
function miscounted(changes: readonly Change[], events: readonly EventView[]): string[] {
  const keyOf = (requestId: string | null, type: string) => `${requestId} ${type}`;
  const counts = new Map<string, number>();
  for (const { type, data } of events) {
    const key = keyOf(data.requestId, type);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return changes.flatMap(({ requestId, type, acknowledged, refused = false }) => {
    const count = counts.get(keyOf(requestId, type)) ?? 0;
    const [least, most] = acknowledged === undefined ? [0, refused ? 0 : 1] : [1, 1];
    return count < least || count > most ? [`${requestId} ${type}: ${count} and not ${least}–${most}`] : [];
  });
}

/** Events that come after one that was sent only after their own change had been acknowledged. */
function misplaced(changes: readonly Change[], events: readonly EventView[]): string[] {
  const byRequest = new Map(changes.map((change) => [change.requestId, change]));
  const wrong: string[] = [];
  let latest: Change | undefined;
  for (const { data, id } of events) {
    // A count has the request of its last occurrence, and comes at the end of the period.
    const change = data.count === undefined ? byRequest.get(data.requestId ?? '') : undefined;
    if (!change) continue;
    if (latest && (change.acknowledged ?? Infinity) < latest.sent)
      wrong.push(`${id}: ${change.requestId} after ${latest.requestId}`);
    if (!latest || change.sent > latest.sent) latest = change;
  }
  return wrong;
}

/** How many occurrences these events stand for, and how many there may have been. */
function countOf(events: readonly EventView[], ...kinds: readonly Changes[]) {
  const sum = events.reduce((total, { data }) => total + (data.count ?? 1), 0);
  const all = kinds.flatMap((changes) => changes.all);
  const least = all.filter(({ acknowledged }) => acknowledged !== undefined).length;
  const most = all.filter(({ refused }) => refused !== true).length;
  return { sum, least, most, isRight: sum >= least && sum <= most };
}

describe('Every change is an event, once and in order', () => {
  it.for(DATABASES)('for a reader who follows, on %s', async (kind: DatabaseKind, { task }) => {
    const service = await ProvenService.start({ kind, documented: false });
    const { database } = service;
    let second: Client | undefined;
    if (kind === 'postgres') {
      const { service: other, client } = await ServiceProcess.start({
        DATABASE_URL: database.url,
        RATE_LIMIT: 'off',
      });
      onTestFinished(() => other.remove());
      second = client;
    }
    const writers = await makeWriters(service);
    const first = () => service.client;
    const reader = new Reader(() => (second ?? service.client).as(service.admin.token));
    let ended = false;
    let stopped = false;
    onTestFinished(() => void (ended = stopped = true));
    const following = reader.follow(() => stopped);
    const writing = writers.map((writer, index) =>
      writer.write(second && index % 2 === 1 ? () => second : first, () => ended),
    );
    const held = new HeldTransactions(database);
    if (second) {
      const admin = second.as(service.admin.token);
      for (let number = 0; number < times(4, 1); number += 1) writing.push(held.write(() => ended));
      writing.push(held.delete(admin, () => ended));
    }
    const acknowledged = () => writers.reduce((sum, { changes }) => sum + changes.acknowledged, 0);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = acknowledged();
      await pause(400 + ((kill * 137) % 900));
      await until(() => acknowledged() >= before + CHANGES_BEFORE_KILL);
      await service.kill();
      await service.begin();
    }
    // Transactions that are open longest outlive the last kill.
    await pause(second ? 2500 : 500);
    ended = true;
    await Promise.all(writing);
    await pause(500);
    stopped = true;
    await following;
    // The periods end now and not at the end of the hour.
    await database.query('UPDATE event_counts SET ends_at = 0');
    await reader.readAll();
    const { events } = reader;
    const again = await new Reader(() => service.admin).readAll();

    const ids = events.map(({ id }) => Number(id));
    const changes = [...writers.map((writer) => writer.changes), held.changes, held.deletions].flatMap(
      ({ all }) => all,
    );
    const everything = [...changes, ...writers.flatMap(({ sent }) => sent)];
    const problems = miscounted(changes, events);
    const disorder = misplaced(everything, events);
    const ofType = (type: string, subject: string) =>
      events.filter((event) => event.type === `hivegate.${type}` && event.subject === subject);
    const counts = [
      ...writers.flatMap(({ id, victim, dataUpdates, failedLogins }) => [
        countOf(ofType('user.updated', `user/${id}`), dataUpdates),
        countOf(ofType('signIn.failed', `user/${victim.id}`), failedLogins),
      ]),
      countOf(ofType('signIn.failed', 'user/unknown'), ...writers.map(({ strangers }) => strangers)),
    ];
    const wrongCounts = counts.filter(({ isRight }) => !isRight);
    const total = (key: 'sum' | 'least' | 'most') => counts.reduce((sum, count) => sum + count[key], 0);
    const done = changes.filter((change) => change.acknowledged !== undefined).length;
    note(
      { task },
      {
        tried: `${KILLS} × \`kill -9\` under ${WRITERS} writers${second ? `, ${held.changes.all.length + held.deletions.all.length} transactions open for 2 s, two processes` : ''}, ${kind}`,
        seen: `${whole(done)} changes acknowledged, ${problems.length} without exactly one event, ${disorder.length} out of order; ${whole(total('sum'))} occurrences counted, from ${whole(total('least'))} acknowledged to ${whole(total('most'))} sent, ${wrongCounts.length} of ${counts.length} counts wrong`,
      },
    );
    await service.remove({ events: JSON.stringify(events) });
    expect(problems).toEqual([]);
    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0))).toBe(true);
    expect(disorder).toEqual([]);
    expect(wrongCounts).toEqual([]);
    // Nothing that could be read has changed, and nothing came between.
    expect(events).toEqual(again.events);
    expect(done).toBeGreaterThan(KILLS * CHANGES_BEFORE_KILL);
  });
});
