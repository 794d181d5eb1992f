import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Answer } from '../../support/client.js';
import { type DatabaseKind, DATABASES } from '../../support/database.js';
import { isWhole, note, times, whole } from '../promise.js';
import { type Operation, OPERATIONS, PASSWORD } from './operations.js';
import { type Fault, FAULTS } from './statements.js';
import { staysOpen } from './tables.js';
import { isUnavailable, Trial } from './trial.js';

/** More statements than there are in anything that is tried. */
const MOST_STATEMENTS = 200;
/** A connection of the pool that is lost with each fault would be missed by so many requests at once. */
const MORE_THAN_THE_POOL = 40;

/** What is tried, and what came of it. */
class Count {
  readonly problems: string[] = [];
  places = 0;
  faults = 0;
  /** Those that were answered as if nothing had happened: done again, or not needed. */
  unharmed = 0;
}

/** One operation, each of its statements, each fault. */
async function tryOperation(trial: Trial, kind: DatabaseKind, operation: Operation, count: Count) {
  const course = await trial.observe(operation);
  const steps = new Set(course.states).size - 1;
  expect([course.answer.status, steps, course.astray], `${operation.name}: ${course.answer.text}`).toEqual([
    operation.status,
    operation.steps,
    0,
  ]);
  count.places += course.statements.length;
  for (let at = 1; at <= course.statements.length; at += 1) {
    for (const [index, fault] of FAULTS[kind].entries()) {
      // The slice: one statement of four, each in one way.
      if (!isWhole && (at + index) % (4 * FAULTS[kind].length) !== 0) continue;
      await trial.reset();
      trial.statements.watch({ at, fault });
      const answer = await operation.ask(trial.callers);
      const { isStruck, commits, texts } = trial.statements;
      trial.statements.leave();
      if (!isStruck) continue;
      count.faults += 1;
      if (answer.status === operation.status) count.unharmed += 1;
      const where = `${operation.name}, ${at}: ${texts[at - 1]?.slice(0, 60) ?? ''}, ${fault}`;
      for await (const problem of problemsAfter(trial, operation, answer, course.states, commits))
        count.problems.push(`${where}: ${problem}`);
    }
  }
}

async function* problemsAfter(
  trial: Trial,
  operation: Operation,
  answer: Answer,
  states: readonly string[],
  commits: number,
): AsyncGenerator<string> {
  const { status } = operation;
  const isDone = answer.status === status;
  const last = states.at(-1);
  if (!isDone && !isUnavailable(answer)) yield `it was answered ${answer.status} ${answer.text}`;
  // The next request, which may get the same connection.
  const next = await trial.callers.admin.put('/user/1', {});
  if (next.status !== 204) yield `the next request was answered ${next.status}`;
  const allowed = isDone ? [last] : states.slice(0, commits + 1);
  if (!allowed.includes(await trial.see())) yield `it is in between, and was answered ${answer.status}`;
  if (await staysOpen(trial.tables)) return yield 'a transaction stays open';
  await trial.reset();
  const again = await operation.ask(trial.callers);
  if (again.status !== status || (await trial.see()) !== last)
    yield `the same again was answered ${again.status}`;
}

describe('Nothing is half-done', () => {
  it.for(DATABASES)('ASVS 2.3.3: when any statement of an operation fails, on %s', async (kind, { task }) => {
    const trial = await Trial.start(kind);
    const count = new Count();
    for (const operation of OPERATIONS) await tryOperation(trial, kind, operation, count);
    await trial.reset();
    const after = await Promise.all(
      Array.from({ length: MORE_THAN_THE_POOL }, () => trial.callers.admin.put('/user/2', {})),
    );
    note(
      { task },
      {
        tried: `${OPERATIONS.length} operations, each of their ${whole(count.places)} statements ${isWhole ? '×' : 'in one of these ways:'} ${FAULTS[kind].join(', ')}; ${kind}`,
        seen: `${whole(count.faults)} faults, ${whole(count.faults - count.unharmed)} answered 503; ${count.problems.length} in between, answered wrongly, or in the way of the next request`,
      },
    );
    await trial.stop();
    expect(count.problems).toEqual([]);
    expect(new Set(after.map(({ status }) => status))).toEqual(new Set([204]));
  });

  it.for(DATABASES)('when any statement of many at once fails, on %s', async (kind, { task }) => {
    const trial = await Trial.start(kind);
    const problems: string[] = [];
    const statuses: Record<number, number> = {};
    let faults = 0;
    for (let at = 1, isThere = true; isThere && at < MOST_STATEMENTS; at += times(1, 4)) {
      isThere = false;
      for (const fault of FAULTS[kind]) {
        await trial.reset();
        trial.statements.watch({ at, fault });
        const answers = await askAtOnce(trial);
        const { isStruck, texts } = trial.statements;
        trial.statements.leave();
        if (!isStruck) continue;
        isThere = true;
        faults += 1;
        const struck = texts[at - 1] ?? '';
        for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
        const found = await problemsAmong(trial, answers, struck, fault);
        problems.push(...found.map((problem) => `${at}: ${struck.slice(0, 60)}, ${fault}: ${problem}`));
      }
    }
    const { 204: done = 0, 404: refused = 0, 503: failed = 0 } = statuses;
    note(
      { task },
      {
        tried: `${USERS.length} updates and one that is refused, all at once, each of their statements × ${FAULTS[kind].join(', ')}: ${whole(faults)} faults, ${kind}`,
        seen: `${whole(done)} done, ${whole(refused)} refused, ${whole(failed)} answered 503; ${problems.length} half-done or answered with another's answer`,
      },
    );
    await trial.stop();
    expect(problems).toEqual([]);
    expect(Object.keys(statuses)).toEqual(['204', '404', '503']);
  });

  it('ASVS 7.4.2: a user that was disabled by a commit whose answer was lost is out at once', async ({
    task,
  }) => {
    const trial = await Trial.start('postgres');
    const { admin, anyone } = trial.callers;
    delayNotifications();
    const rounds = times(50, 6);
    const seen: number[][] = [];
    for (let round = 0; round < rounds; round += 1) {
      await admin.put('/user/2', { status: 0 });
      // Its sessions of before were revoked for good.
      const { body } = await anyone.signIn({ login: 'ada', password: PASSWORD });
      const ada = anyone.as(body.accessToken as string);
      // Remembered from here on.
      while ((await ada.get('/user/current')).status !== 200) await pause(10);
      trial.statements.watch({ at: 'COMMIT', fault: round % 2 === 0 ? 'unanswered' : 'cut after' });
      const { status } = await admin.put('/user/2', { status: 2 });
      trial.statements.leave();
      seen.push([status, (await ada.get('/user/current')).status]);
    }
    note(
      { task },
      {
        tried: `a user disabled ${rounds} × on PostgreSQL, the answer of the commit lost, notifications late`,
        seen: `${seen.filter(([, status]) => status !== 401).length} requests of the user let in after the 503`,
      },
    );
    await trial.stop();
    expect(seen).toEqual(Array(rounds).fill([503, 401]));
  });
});

/** The users of operations.ts, but not the administrator, nor the one whose update also stores the end of a lockout. */
const USERS = [2, 3, 4];

/** An update of each user, and one that is refused within its transaction. */
function askAtOnce({ callers: { admin } }: Trial): Promise<Answer[]> {
  return Promise.all([
    ...USERS.map((id) => admin.put(`/user/${id}`, { data: { changed: id } })),
    admin.put('/user/77', { data: {} }),
  ]);
}

async function problemsAmong(
  trial: Trial,
  answers: readonly Answer[],
  struck: string,
  fault: Fault,
): Promise<string[]> {
  const next = await trial.callers.admin.put('/user/1', {});
  if (next.status !== 204) return [`the next request was answered ${next.status}`];
  if (await staysOpen(trial.tables)) return ['a transaction stays open'];
  const { users = [], pending_events: records = [] } = await trial.tables.read();
  const { users: usersBefore = [], pending_events: recordsBefore = [] } = trial.before;
  const known = new Set(recordsBefore.map(({ id }) => id));
  const isLost = struck === 'COMMIT' && (fault === 'unanswered' || fault === 'cut after');
  const problems: string[] = [];
  for (const [index, answer] of answers.entries()) {
    const id = USERS[index];
    if (id === undefined) {
      if (answer.status !== 404 && !isUnavailable(answer)) problems.push(`nobody's update: ${answer.text}`);
      continue;
    }
    const versionOf = (rows: typeof users) => Number(rows.find((row) => row['id'] === id)?.['version']);
    const effects = [
      users.find((row) => row['id'] === id)?.['data'] === JSON.stringify({ changed: id }),
      versionOf(users) === versionOf(usersBefore) + 1,
      records.some((row) => !known.has(row['id']) && row['subject'] === `user/${id}`),
    ];
    if (new Set(effects).size > 1) problems.push(`the update of ${id} is half-done`);
    const [isDone = false] = effects;
    const isTold = answer.status === 204 ? isDone : isUnavailable(answer) && (!isDone || isLost);
    if (!isTold) problems.push(`the update of ${id}: ${answer.status}, ${isDone ? 'done' : 'not done'}`);
  }
  const failed = answers.filter(({ status }) => status === 503).length;
  const isOfOne = /^(?:SELECT|INSERT|UPDATE)/.test(struck) && fault !== 'outage' && fault !== 'rolled back';
  if (isOfOne && failed > 1) problems.push(`${failed} failed with it`);
  return problems;
}

/** What PostgreSQL tells of changes comes late: it must not be what this process waits for. */
function delayNotifications(): void {
  const emit = vi.spyOn(pg.Client.prototype, 'emit').mockImplementation(function (
    this: pg.Client,
    event: string | symbol,
    ...rest: unknown[]
  ) {
    const now = () => EventEmitter.prototype.emit.call(this, event, ...rest);
    const [message] = rest as [{ payload?: string } | undefined];
    if (event !== 'notification' || message?.payload === '') return now();
    setTimeout(now, 300);
    return true;
  });
  onTestFinished(() => {
    emit.mockRestore();
  });
}
