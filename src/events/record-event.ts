import { insertRow, insertRows } from '../database/compiled-write.js';
import type { Transaction } from '../database/transaction.js';
import type { Counting } from './counting.js';
import { PendingEvent } from './event.entity.js';
import { type NewEvent, storedDataOf } from './event.js';

/**
 * Writes an event in the transaction of the change. Call it after the changed rows have been locked, so that the events
 * of one record have the order of its changes.
 */
export function recordEvent(transaction: Transaction, event: NewEvent): Promise<void> {
  return insertPending(transaction, event, null);
}

/** Writes several events, as {@link recordEvent} does, in one statement: at most a few thousand. */
export async function recordEvents({ manager }: Transaction, events: readonly NewEvent[]): Promise<void> {
  const rows = events.map((event) => pendingOf(event, null));
  if (rows.length > 0) await insertRows(manager, PendingEvent, rows);
}

/**
 * Writes an occurrence that may be counted instead of being an event of its own. Costs the same single insert, so that
 * it neither waits for a lock nor tells by its time what was counted.
 */
export function recordCounted(transaction: Transaction, event: NewEvent, counting: Counting): Promise<void> {
  return insertPending(transaction, event, JSON.stringify(counting));
}

const insertPending = ({ manager }: Transaction, event: NewEvent, counting: string | null): Promise<void> =>
  insertRow(manager, PendingEvent, pendingOf(event, counting));

const pendingOf = (event: NewEvent, counting: string | null) => ({
  at: new Date(),
  type: event.type,
  subject: event.subject,
  actorId: event.actor.userId,
  data: JSON.stringify(storedDataOf(event)),
  counting,
});
