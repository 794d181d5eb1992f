import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { unreadableTexts } from '../../database/unreadable-texts.js';
import { readJson } from '../../text/read-json.js';
import { StoredEvent } from '../event.entity.js';
import { sequenceEvents } from '../sequence-events.js';
import { THE_DELIVERY, WebhookDelivery } from './webhook-delivery.entity.js';

/**
 * Milliseconds for which a process may deliver without a renewal. After `kill -9` of the delivering process another one
 * takes over as late as this.
 */
const LEASE = 5000;
/** Milliseconds before the end of the lease at which its owner stops: clocks do not run equally fast. */
const MARGIN = 1000;

/** How far the delivery is: see {@link WebhookDelivery}. */
export interface DeliveryPosition {
  readonly readUpTo: number;
  readonly waiting: readonly number[];
}

/**
 * The stored position of the delivery, and the lease that lets one process at a time deliver. The lease is a row, not a
 * session lock: PgBouncer in transaction mode gives each transaction another connection.
 *
 * On PostgreSQL the clock of the database decides when a lease has run out. The owner measures its own time from before
 * each renewal, so it stops first, whatever its clock shows.
 */
export class DeliveryRepository {
  private readonly owner = randomUUID();
  /** The end of the lease, in milliseconds of `performance.now()`. */
  private validUntil = -Infinity;

  constructor(private readonly database: Database) {}

  /** Milliseconds for which this process may go on to deliver; 0 or less: it may not. */
  get remaining(): number {
    return this.validUntil - performance.now();
  }

  /** Stores, once for a database, that all events up to now are none to deliver. */
  async begin(): Promise<void> {
    if (await this.database.read((manager) => exists(manager))) return;
    await sequenceEvents(this.database);
    await this.database.transaction(async (transaction) => {
      const { manager } = transaction;
      // No event gets an id meanwhile, and no other process begins.
      await transaction.serialise('events');
      if (!(await exists(manager))) await beginWithLaterEvents(transaction);
    });
  }

  /** Takes the lease if no other process holds it. @returns where the delivery stopped; undefined: another delivers */
  async acquire(): Promise<DeliveryPosition | undefined> {
    if (!(await this.database.read((manager) => this.isFree(manager)))) return undefined;
    const start = performance.now();
    const stored = await this.database.transaction(async (transaction) => {
      const { manager } = transaction;
      const row = await lockRow(transaction);
      const now = await clockOf(manager);
      if (!row || !this.mayTake(row, now)) return undefined;
      const { id } = row;
      await manager.update(WebhookDelivery, { id }, { owner: this.owner, leasedUntil: now + LEASE });
      return row;
    });
    if (!stored) return undefined;
    this.validUntil = start + LEASE - MARGIN;
    return { readUpTo: stored.readUpTo, waiting: readWaiting(stored.waiting) };
  }

  /** Stores a position and renews the lease. @returns whether this process still held it; otherwise nothing is stored */
  async store(position: DeliveryPosition): Promise<boolean> {
    const start = performance.now();
    const isOurs = await this.write(position, LEASE);
    this.validUntil = isOurs ? start + LEASE - MARGIN : -Infinity;
    return isOurs;
  }

  /** Stores the last position and gives the lease back. */
  async release(position: DeliveryPosition): Promise<void> {
    this.validUntil = -Infinity;
    await this.write(position, 0);
  }

  private write({ readUpTo, waiting }: DeliveryPosition, lease: number): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const { manager } = transaction;
      const row = await lockRow(transaction);
      if (row?.owner !== this.owner) return false;
      const leasedUntil = (await clockOf(manager)) + lease;
      const columns = { readUpTo, waiting: JSON.stringify(waiting), leasedUntil };
      await manager.update(WebhookDelivery, { id: row.id }, columns);
      return true;
    });
  }

  private async isFree(manager: EntityManager): Promise<boolean> {
    const row = await manager.findOneBy(WebhookDelivery, { id: THE_DELIVERY });
    return row !== null && this.mayTake(row, await clockOf(manager));
  }

  private mayTake({ owner, leasedUntil }: WebhookDelivery, now: number): boolean {
    return owner === this.owner || leasedUntil <= now;
  }
}

/**
 * Stores that the events which have an id are none to deliver, and all later ones are. A restore calls it before it records
 * its own events.
 */
export async function beginWithLaterEvents({ manager }: Transaction): Promise<void> {
  const readUpTo = (await manager.maximum(StoredEvent, 'id')) ?? 0;
  const row = { id: THE_DELIVERY, readUpTo, waiting: '[]', owner: null, leasedUntil: 0 };
  await manager.insert(WebhookDelivery, row);
}

const exists = (manager: EntityManager) => manager.existsBy(WebhookDelivery, { id: THE_DELIVERY });

function lockRow({ manager, rowLock }: Transaction): Promise<WebhookDelivery | null> {
  const query = manager
    .createQueryBuilder(WebhookDelivery, 'delivery')
    .where('delivery.id = :id', { id: THE_DELIVERY });
  return (rowLock ? query.setLock(rowLock) : query).getOne();
}

/** The time in milliseconds: on SQLite all processes are on one machine. */
async function clockOf(manager: EntityManager): Promise<number> {
  if (manager.dataSource.options.type !== 'postgres') return Date.now();
  const rows = await manager.query<{ now: number | string }[]>(
    'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "now"',
  );
  return Number(rows[0]?.now);
}

/** Reads the column `waiting`. One that cannot be read counts as empty: later events are delivered. */
function readWaiting(text: string): readonly number[] {
  const list = readJson(text);
  if (Array.isArray(list) && list.every((id) => Number.isSafeInteger(id))) return list as number[];
  unreadableTexts.report('The list of events to deliver', 'those before the position count as delivered');
  return [];
}
