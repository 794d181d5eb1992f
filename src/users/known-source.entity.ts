import { Column, Entity, PrimaryColumn } from 'typeorm';
import { timestamp } from '../database/timestamp.js';

/** A source that a user has signed in from, with a bucket of failed logins of its own (contract.md §5). */
@Entity('known_sources')
export class KnownSource {
  @PrimaryColumn('int', { name: 'user_id' })
  userId!: number;

  /** An IPv4 address, or the /64 of an IPv6 address (source-network.ts). */
  @PrimaryColumn('text')
  source!: string;

  /** The last sign-in or refresh from it. */
  @Column('bigint', { name: 'last_used_at', transformer: timestamp })
  lastUsedAt!: Date;

  /** Attempts in its bucket, each counted before its password is compared. */
  @Column('int', { name: 'login_attempts', default: 0 })
  loginAttempts!: number;

  /** When its bucket was filled; null: it is open. */
  @Column('bigint', { name: 'blocked_at', nullable: true, transformer: timestamp })
  blockedAt!: Date | null;

  /** Until when its bucket is closed; null: it is open. */
  @Column('bigint', { name: 'blocked_until', nullable: true, transformer: timestamp })
  blockedUntil!: Date | null;
}
