import { Column, Entity, PrimaryColumn } from 'typeorm';
import { timestamp } from '../database/timestamp.js';

/** The calls that a rate limit has counted for one key, in all processes. Not backed up: it lives for minutes. */
@Entity('rate_limits')
export class RateLimitCount {
  /** The name of the limit, and the key: `sign-ins of a source 203.0.113.7`. */
  @PrimaryColumn('text')
  key!: string;

  /** The calls in this window. */
  @Column('int')
  points!: number;

  /** End of the window. */
  @Column('bigint', { name: 'expires_at', transformer: timestamp })
  expiresAt!: Date;
}
