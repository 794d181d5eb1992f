import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { timestamp } from '../database/timestamp.js';

/** What has happened to a session. `narrowed`: its user has lost a role, a network or a device type. */
export type RevocationKind = 'revoked' | 'narrowed';

/** What a transaction has done to a session, and the feed does not show yet. */
@Entity('pending_revocations')
export class PendingRevocation {
  @PrimaryGeneratedColumn()
  id!: number;

  /** The session. */
  @Column('text')
  sid!: string;

  @Column('text')
  kind!: RevocationKind;

  /** When the last access token of the session expires. */
  @Column('bigint', { transformer: timestamp })
  until!: Date;
}

/** An entry of the feed. Ids follow the order in which entries become visible; they are never reused. */
@Entity('revocations')
export class StoredRevocation {
  @PrimaryGeneratedColumn()
  id!: number;

  /** The session. */
  @Column('text')
  sid!: string;

  /** Narrowed: tokens issued before this have rights that the user has lost. Null: the session was revoked. */
  @Column('bigint', { nullable: true, transformer: timestamp })
  at!: Date | null;

  /** When the last access token of the session expires. */
  @Column('bigint', { transformer: timestamp })
  until!: Date;
}
