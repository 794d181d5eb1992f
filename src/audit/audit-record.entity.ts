import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { timestamp } from '../database/timestamp.js';

/** Who changed what, and when: the names of fields, never their values. */
@Entity('audit_records')
export class AuditRecord {
  @PrimaryGeneratedColumn()
  id!: number;

  /** When it was done. */
  @Column('bigint', { transformer: timestamp })
  at!: Date;

  /** The user who did it; null: the service itself. */
  @Column('int', { name: 'actor_id', nullable: true })
  actorId!: number | null;

  /** What was done, such as `user.update`. */
  @Column('text')
  action!: string;

  /** What it was done to, such as `user/7`. */
  @Column('text')
  subject!: string;

  /** The names of the changed fields, separated by commas. */
  @Column('text')
  fields!: string;
}
