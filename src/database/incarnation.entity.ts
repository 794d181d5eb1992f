import { Column, Entity, PrimaryColumn } from 'typeorm';
import { timestamp } from './timestamp.js';

/**
 * Which database this is: the table has one row, and a restore replaces it. What a restore has taken back must not be
 * followed (contract.md §5, §10).
 */
@Entity('incarnations')
export class Incarnation {
  /** 12 random characters of base64url. Cursors have it. */
  @PrimaryColumn('text')
  epoch!: string;

  /** The first id that an event can have that was recorded since the last restore; 0: there was none. */
  @Column('bigint', { name: 'events_from' })
  eventsFrom!: number;

  /** The last restore without `--keep-tokens`: tokens that were issued before it are refused. */
  @Column('bigint', { name: 'not_before', nullable: true, transformer: timestamp })
  notBefore!: Date | null;
}
