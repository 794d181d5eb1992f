import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The id of the only row. */
export const THE_DELIVERY = 1;

/**
 * How far the delivery of events is, for all processes together. An event has been delivered if its id is not greater
 * than `readUpTo`, and it does not wait. Not backed up: a restore begins with its own events.
 */
@Entity('webhook_deliveries')
export class WebhookDelivery {
  /** {@link THE_DELIVERY}. */
  @PrimaryColumn('int')
  id!: number;

  /** The greatest id of an event that the delivering process has read. */
  @Column('bigint', { name: 'read_up_to' })
  readUpTo!: number;

  /** The ids of the events up to `readUpTo` that are not delivered yet: a JSON list, in order. */
  @Column('text')
  waiting!: string;

  /** The process that delivers; null: none. */
  @Column('text', { nullable: true })
  owner!: string | null;

  /** Until when another process must not deliver, in milliseconds of the clock of the database. */
  @Column('bigint', { name: 'leased_until' })
  leasedUntil!: number;
}
