import { type EntityManager, In, LessThanOrEqual } from 'typeorm';
import { CompiledQuery, PARAMETER } from '../database/compiled-query.js';
import { deleteByIds, insertRows, upsertRows } from '../database/compiled-write.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { occurrences } from '../telemetry/measurements.js';
import { countEventOf, groupOf, OccurrenceCounter, type UnnumberedEvent } from './counting.js';
import { EventCount, PendingEvent, StoredEvent } from './event.entity.js';

/** Maximum number of rows that one transaction moves or deletes. */
const BATCH = 500;

/**
 * Milliseconds between the end of a period and its count event. Transactions that counted in the period may commit
 * after its end, and the clocks of processes differ.
 */
export const SETTLING = 2000;

/** The oldest pending events with ids up to the parameter. */
const oldestPending = new CompiledQuery((manager) =>
  manager
    .createQueryBuilder(PendingEvent, 'event')
    .where('event.id <= :last', { last: PARAMETER })
    .orderBy('event.id')
    .limit(BATCH),
);

/**
 * Gives the committed events their public ids, in the order of their commits (docs/decisions/0017-events.md), and ends
 * the periods that are over. When it returns, every event that was committed before the call can be read.
 *
 * All processes may call it at any time: the transactions run one at a time.
 */
export async function sequenceEvents(database: Database, now = new Date()): Promise<void> {
  const last = await database.read((manager) => manager.maximum(PendingEvent, 'id'));
  if (last !== null) while (await moveBatch(database, last));
  const ended = new Date(now.getTime() - SETTLING);
  if (await database.read((manager) => manager.existsBy(EventCount, { endsAt: LessThanOrEqual(ended) })))
    while (await database.transaction((transaction) => endPeriods(transaction, ended)));
}

/**
 * Deletes events that happened before `moment`, batch by batch, and begins no other batch after `longest` milliseconds.
 * Each batch is a transaction of its own: it holds the locks of its rows for a moment, and requests come in between.
 */
export async function pruneEvents(database: Database, moment: Date, longest: number): Promise<void> {
  const start = performance.now();
  while ((await pruneBatch(database, moment)) && performance.now() - start < longest);
}

/** Deletes a batch of the events before `moment`. Returns whether more may be left. */
async function pruneBatch(database: Database, moment: Date): Promise<boolean> {
  const old = await database.read((manager) =>
    manager
      .createQueryBuilder(StoredEvent, 'event')
      .select('event.id')
      .where('event.at < :moment', { moment: moment.getTime() })
      .orderBy('event.at')
      .limit(BATCH)
      .getMany(),
  );
  const ids = old.map(({ id }) => id);
  if (ids.length > 0) await database.transaction(({ manager }) => deleteByIds(manager, StoredEvent, ids));
  return ids.length === BATCH;
}

/** Moves a batch of the pending events with ids up to `last`, and reports it. Returns whether more may be left. */
async function moveBatch(database: Database, last: number): Promise<boolean> {
  const moved = await database.transaction((transaction) => movePending(transaction, last));
  if (occurrences.isWanted) {
    const counts = new Map<string, number>();
    for (const { type } of moved) counts.set(type, (counts.get(type) ?? 0) + 1);
    for (const [type, count] of counts) occurrences.report({ type, count });
  }
  return moved.length === BATCH;
}

/** Moves the oldest pending events with ids up to `last`, and returns them. */
async function movePending(transaction: Transaction, last: number): Promise<readonly PendingEvent[]> {
  const { manager } = transaction;
  await transaction.serialise('events');
  const pending = await oldestPending.all(manager, last);
  const counter = new OccurrenceCounter(await readCounts(manager, pending));
  const events = pending.filter((event) => counter.add(event));
  await insertEvents(manager, events);
  await upsertRows(manager, EventCount, counter.changedCounts);
  const ids = pending.map(({ id }) => id);
  // By id: rows with smaller ids may have been committed since the query above.
  await deleteByIds(manager, PendingEvent, ids);
  return pending;
}

async function readCounts(manager: EntityManager, pending: readonly PendingEvent[]): Promise<EventCount[]> {
  const groups = new Set(pending.flatMap((occurrence) => groupOf(occurrence)?.groupKey ?? []));
  return groups.size === 0 ? [] : manager.findBy(EventCount, { groupKey: In([...groups]) });
}

/** Turns the counts of periods that ended by `moment` into events. Returns whether more may be left. */
async function endPeriods(transaction: Transaction, moment: Date): Promise<boolean> {
  const { manager } = transaction;
  await transaction.serialise('events');
  const ended = await manager.find(EventCount, {
    where: { endsAt: LessThanOrEqual(moment) },
    order: { endsAt: 'ASC', at: 'ASC' },
    take: BATCH,
  });
  await insertEvents(manager, ended.flatMap(countEventOf));
  const keys = ended.map(({ key }) => key);
  if (keys.length > 0) await manager.delete(EventCount, keys);
  return keys.length === BATCH;
}

/** Inserts events in this order, so that their ids have it. */
async function insertEvents(manager: EntityManager, events: readonly UnnumberedEvent[]): Promise<void> {
  await insertRows(
    manager,
    StoredEvent,
    events.map(({ at, type, subject, actorId, data }) => ({ at, type, subject, actorId, data })),
  );
}
