import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { timestamp } from '../database/timestamp.js';
import type { EventType } from './event-types.js';

/** The columns that an event has in each of its tables. */
export abstract class EventColumns {
  /** Time of the change. For counted occurrences: of the last one. */
  @Column('bigint', { transformer: timestamp })
  at!: Date;

  /** One of the declared types, without the prefix that it has on the wire. */
  @Column('text')
  type!: EventType;

  /** What the event is about, for example `user/7`. */
  @Column('text')
  subject!: string;

  /** The user who made the change; null: an operator's command, or the service itself. */
  @Column('bigint', { name: 'actor_id', nullable: true })
  actorId!: number | null;

  /** The rest of the event, as JSON: see StoredData. */
  @Column('text')
  data!: string;
}

/** An event as readers see it. Ids follow the order of commits; they are never reused and never filled in later. */
@Entity('events')
export class StoredEvent extends EventColumns {
  @PrimaryGeneratedColumn()
  id!: number;
}

/** An event that its transaction has written, and that the sequencer has not moved to `events` yet. */
@Entity('pending_events')
export class PendingEvent extends EventColumns {
  @PrimaryGeneratedColumn()
  id!: number;

  /** How it is counted, as JSON (see Counting); null: it is an event of its own. */
  @Column('text', { nullable: true })
  counting!: string | null;
}

/** Occurrences of one kind in one period. The first of them is an event already; the row is the last one. */
@Entity('event_counts')
export class EventCount extends EventColumns {
  /** Identifies the kind and the period. */
  @PrimaryColumn('text')
  key!: string;

  /** The key without what tells the members of a limited group apart. */
  @Column('text', { name: 'group_key' })
  groupKey!: string;

  /** End of the period. */
  @Column('bigint', { name: 'ends_at', transformer: timestamp })
  endsAt!: Date;

  /** Number of occurrences after the first. */
  @Column('int')
  others!: number;
}
