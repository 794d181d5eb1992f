import { setTimeout as pause } from 'node:timers/promises';
import { In, MoreThan } from 'typeorm';
import type { Database } from '../../database/database.js';
import { webhookAttempts } from '../../telemetry/measurements.js';
import { StoredEvent } from '../event.entity.js';
import { sourceOf, toEventView } from '../event.view.js';
import { sequenceEvents } from '../sequence-events.js';
import type { DeliveryRepository } from './delivery.repository.js';
import { DeliveryQueue } from './delivery-queue.js';
import { type ReceiverLog, ReceiverState } from './receiver-state.js';
import type { Attempt, WebhookSender } from './webhook-sender.js';

/** The most events in memory, about 1 KiB each. More wait in the database. */
const WINDOW = 1000;
/** The most attempts at once. */
const MOST_ATTEMPTS = 16;
/** The most events that are delivered and not stored as such: so many come twice after `kill -9`. */
const MOST_UNSAVED = 200;
/** Milliseconds after which the lease is renewed, if nothing else is stored. */
const RENEWAL = 1500;
/** Milliseconds that attempts, and the last write, may take when the process stops. */
const LAST_ATTEMPTS = 2000;
const LAST_WRITE = 2000;
const DAY = 86_400_000;

/** What waits for its delivery. */
export interface Backlog {
  /** Events in memory: {@link WINDOW} at most. */
  readonly waiting: number;
  /** For how long the first of them has been waiting. */
  readonly oldestSeconds: number;
}

/** What a {@link Delivery} works with. */
export interface DeliveryOptions {
  readonly database: Database;
  readonly repository: DeliveryRepository;
  readonly sender: WebhookSender;
  /** Host and port of the receiver, for the log. */
  readonly host: string;
  /** `JWT_ISSUER`. */
  readonly issuer: string;
  /** `EVENTS_KEPT_DAYS`. */
  readonly keptDays: number;
  readonly logger: ReceiverLog;
}

/**
 * Delivers events, at least once and in order for each subject (docs/decisions/0049-webhooks.md). One process does so at
 * a time. An event is sent only after all earlier ones of its subject: whatever processes overlap, a receiver sees the
 * first delivery of each in order.
 */
export class Delivery {
  /** Undefined: this process does not deliver. */
  private queue: DeliveryQueue<StoredEvent> | undefined;
  private readUpTo = 0;
  private unsaved = 0;
  private savedAt = -Infinity;
  private isStopped = false;
  private hasBegun = false;
  private inFlight = 0;
  private aborting = new AbortController();
  private expiry: NodeJS.Timeout | undefined;
  private advancing: Promise<void> | undefined;
  private readonly receiver: ReceiverState;
  private readonly source: string;

  constructor(private readonly options: DeliveryOptions) {
    this.receiver = new ReceiverState(options.logger, options.host);
    this.source = sourceOf(options.issuer);
  }

  /** What waits in this process. */
  get backlog(): Backlog {
    const oldest = this.queue?.oldest;
    return {
      waiting: this.queue?.size ?? 0,
      oldestSeconds: oldest === undefined ? 0 : (performance.now() - oldest) / 1000,
    };
  }

  /** Takes or renews the lease, reads new events, stores what was delivered, and starts attempts that are due. */
  advance(): Promise<void> {
    this.advancing ??= this.advanceOnce().finally(() => {
      this.advancing = undefined;
    });
    return this.advancing;
  }

  /** Starts no other attempt, waits for those in flight for a moment, stores the position and gives the lease back. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.expiry);
    const deadline = performance.now() + LAST_ATTEMPTS;
    while (this.inFlight > 0 && performance.now() < deadline) await pause(20);
    this.aborting.abort();
    const { queue, options } = this;
    // A database that hangs must not delay the end: what is not stored is delivered twice.
    const waiting = new AbortController();
    const limit = pause(LAST_WRITE, undefined, waiting).catch(() => undefined);
    const last = async () => {
      await this.advancing;
      if (queue && queue === this.queue) await options.repository.release(this.positionOf(queue));
    };
    await Promise.race([last().catch(() => undefined), limit]);
    waiting.abort();
    options.sender.close();
  }

  private async advanceOnce(): Promise<void> {
    const { database, repository } = this.options;
    if (!this.hasBegun) {
      await repository.begin();
      this.hasBegun = true;
    }
    if (!this.queue && !(await this.takeOver())) return;
    await sequenceEvents(database);
    await this.readEvents();
    await this.store();
    this.startAttempts();
  }

  /** @returns whether this process delivers from now on */
  private async takeOver(): Promise<boolean> {
    const { database, repository } = this.options;
    const position = await repository.acquire();
    if (!position || this.isStopped) return false;
    const queue = new DeliveryQueue<StoredEvent>();
    const events = await database.read((manager) =>
      manager.find(StoredEvent, { where: { id: In([...position.waiting]) }, order: { id: 'ASC' } }),
    );
    for (const event of events) queue.add(event, performance.now());
    this.queue = queue;
    this.readUpTo = position.readUpTo;
    this.unsaved = 0;
    this.renewed();
    return true;
  }

  private async readEvents(): Promise<void> {
    const { queue, options } = this;
    if (!queue) return;
    const lost = queue.removeBefore(new Date(Date.now() - options.keptDays * DAY));
    if (lost > 0)
      options.logger.warn(`${lost} events were never delivered: they are older than EVENTS_KEPT_DAYS`);
    this.unsaved += lost;
    const room = WINDOW - queue.size;
    if (room <= 0) return;
    const events = await options.database.read((manager) =>
      manager.find(StoredEvent, {
        where: { id: MoreThan(this.readUpTo) },
        order: { id: 'ASC' },
        take: room,
      }),
    );
    for (const event of events) {
      queue.add(event, performance.now());
      this.readUpTo = event.id;
    }
  }

  /** Stores the position where it has changed, or the lease has to be renewed. */
  private async store(): Promise<void> {
    const { queue, unsaved } = this;
    if (!queue || (unsaved === 0 && performance.now() - this.savedAt < RENEWAL)) return;
    if (await this.options.repository.store(this.positionOf(queue))) {
      this.unsaved -= unsaved;
      this.renewed();
    } else this.abandon();
  }

  private positionOf(queue: DeliveryQueue<StoredEvent>) {
    return { readUpTo: this.readUpTo, waiting: queue.ids };
  }

  /** The lease is fresh: attempts are aborted when it runs out. */
  private renewed(): void {
    this.savedAt = performance.now();
    clearTimeout(this.expiry);
    if (this.isStopped) return;
    this.expiry = setTimeout(() => {
      this.aborting.abort();
      this.aborting = new AbortController();
    }, this.options.repository.remaining).unref();
  }

  /** Another process delivers. */
  private abandon(): void {
    this.queue = undefined;
    clearTimeout(this.expiry);
    this.aborting.abort();
    this.aborting = new AbortController();
  }

  private startAttempts(): void {
    const { queue, options } = this;
    const now = performance.now();
    if (!queue || this.isStopped || options.repository.remaining <= 0 || this.receiver.notBefore > now)
      return;
    const most = Math.min(MOST_ATTEMPTS, MOST_UNSAVED - this.unsaved) - this.inFlight;
    for (const event of queue.take(most, now)) void this.attempt(queue, event);
  }

  private async attempt(queue: DeliveryQueue<StoredEvent>, event: StoredEvent): Promise<void> {
    const { sender, repository } = this.options;
    this.inFlight += 1;
    const message = { id: String(event.id), body: JSON.stringify(toEventView(event, this.source)) };
    const { signal } = this.aborting;
    const attempt = await sender.send(message, signal);
    this.inFlight -= 1;
    webhookAttempts.report(attempt.isDelivered);
    // Another process has the lease since then, and delivers the event again.
    if (queue !== this.queue) return;
    if (attempt.isDelivered) this.delivered(queue, event);
    else this.failed(queue, event, attempt, signal);
    if (repository.remaining > 0 && this.unsaved >= MOST_UNSAVED / 2)
      void this.advance().catch(() => undefined);
    this.startAttempts();
  }

  private delivered(queue: DeliveryQueue<StoredEvent>, event: StoredEvent): void {
    queue.delivered(event);
    this.unsaved += 1;
    const failedSince = this.receiver.delivered(queue.size, performance.now());
    if (failedSince !== undefined) queue.retrySince(failedSince);
  }

  private failed(
    queue: DeliveryQueue<StoredEvent>,
    event: StoredEvent,
    { reason, retryAfter }: Extract<Attempt, { isDelivered: false }>,
    signal: AbortSignal,
  ): void {
    const now = performance.now();
    queue.failed(event, now);
    // We ended it ourselves: that says nothing of the receiver.
    if (!signal.aborted) this.receiver.failed(reason, retryAfter, queue.size, now);
  }
}
