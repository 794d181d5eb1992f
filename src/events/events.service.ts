import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { RecurringWork } from '../database/recurring-work.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { StoredEvent } from './event.entity.js';
import { findBlocks } from './event-blocks.js';
import { storedTypeOf } from './event-types.js';
import type { ListEventsQuery } from './events.query.js';
import { pruneEvents, sequenceEvents } from './sequence-events.js';

/** Milliseconds between two runs of the recurring work. */
const INTERVAL = 1000;
/**
 * Milliseconds after which a run begins no other batch of old events. Some thousand are deleted a second, so that
 * the table does not grow, and nine tenths of the time are left to requests.
 */
const LONGEST_PRUNING = 100;
const DAY = 86_400_000;

/** The events of the service (contract.md §10). They are written by `recordEvent` and `recordCounted`. */
@Injectable()
export class EventsService implements OnModuleInit, OnModuleDestroy {
  private readonly upkeep = new RecurringWork({
    interval: INTERVAL,
    work: () => this.keepUp(),
    logger: new Logger(EventsService.name),
    problem: 'The events cannot be sequenced or pruned',
  });

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.upkeep.start();
  }

  onModuleDestroy(): void {
    this.upkeep.stop();
  }

  /** Returns a page of the events, oldest first. It includes every event that was committed before the call. */
  async list(query: ListEventsQuery): Promise<StoredEvent[]> {
    await sequenceEvents(this.database);
    return this.page(query);
  }

  /** Returns a page of the events that have been sequenced. */
  page({ after, take, type, subject, actor, since, until }: ListEventsQuery): Promise<StoredEvent[]> {
    return this.database.read(async (manager) => {
      const events = manager.createQueryBuilder(StoredEvent, 'event');
      if (since !== undefined || until !== undefined) {
        const ids = await findBlocks(manager, { after, since, until });
        if (!ids) return [];
        events.andWhere('event.id >= :from AND event.id < :to', ids);
      }
      if (after !== undefined) events.andWhere('event.id > :after', { after });
      if (type !== undefined) events.andWhere('event.type = :type', { type: storedTypeOf(type) });
      if (subject !== undefined) events.andWhere('event.subject = :subject', { subject });
      if (actor !== undefined) events.andWhere('event.actorId = :actor', { actor });
      // Not by the index of times alone: all events of a long time would have to be sorted.
      if (since !== undefined) events.andWhere('event.at + 0 >= :since', { since: since.getTime() });
      if (until !== undefined) events.andWhere('event.at + 0 < :until', { until: until.getTime() });
      return events.orderBy('event.id').limit(take).getMany();
    });
  }

  /** Sequences what no reader has asked for yet, and deletes what is older than `EVENTS_KEPT_DAYS`. */
  private async keepUp(): Promise<void> {
    await sequenceEvents(this.database);
    const moment = new Date(Date.now() - this.settings.eventsKeptDays * DAY);
    await pruneEvents(this.database, moment, LONGEST_PRUNING);
  }
}
