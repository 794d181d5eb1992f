import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { WakeUp } from '../database/wake-up.js';
import { StoredEvent } from './event.entity.js';
import { sequenceEvents } from './sequence-events.js';

/** Milliseconds between two looks while somebody waits: new events are seen well within a second. */
const LOOK_EVERY = 250;

/**
 * Wakes those who follow the events in this process. While somebody waits, it sequences what was recorded, by whichever
 * process, and looks for the newest event: one query for all.
 */
@Injectable()
export class NewEvents {
  private readonly wakeUp: WakeUp;

  constructor(private readonly database: Database) {
    this.wakeUp = new WakeUp(database, { interval: LOOK_EVERY, look: () => this.sequence() });
  }

  /** Sequences all events that were committed before the call. Returns the id of the newest; 0: there was none. */
  look(): Promise<number> {
    return this.wakeUp.look();
  }

  /** Resolves when there is an event behind the id `after`, or when `signal` is aborted. */
  wait(after: number, signal: AbortSignal): Promise<void> {
    return this.wakeUp.wait(after, signal);
  }

  private async sequence(): Promise<number> {
    await sequenceEvents(this.database);
    return (await this.database.read((manager) => manager.maximum(StoredEvent, 'id'))) ?? 0;
  }
}
