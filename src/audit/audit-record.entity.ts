import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { timestamp } from '../database/timestamp.js';

/** An audit record of a change. It contains the names of changed fields, never their values. */
@Entity('audit_records')
export class AuditRecord {
  @PrimaryGeneratedColumn()
  id!: number;

  /** Time of the change. */
  @Column('bigint', { transformer: timestamp })
  at!: Date;

  /** The user who made the change; null: the service itself. */
  @Column('int', { name: 'actor_id', nullable: true })
  actorId!: number | null;

  /** The kind of change, for example `user.update`. */
  @Column('text')
  action!: string;

  /** The changed record, for example `user/7`. */
  @Column('text')
  subject!: string;

  /** The names of the changed fields, separated by commas. */
  @Column('text')
  fields!: string;
}
