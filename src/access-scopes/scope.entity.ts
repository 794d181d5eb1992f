import { Column, PrimaryGeneratedColumn } from 'typeorm';

/** What networks and device types have in common: something that access is limited to. */
export abstract class Scope {
  @PrimaryGeneratedColumn()
  id!: number;

  /** Unique, 1 to 128 characters. */
  @Column('text')
  name!: string;

  /** The name as it is searched and sorted by. */
  @Column('text', { name: 'name_key' })
  nameKey!: string;

  /** Up to 128 characters. */
  @Column('text', { nullable: true })
  description!: string | null;
}

/** A name in the form in which it is searched: one normal form of Unicode, in lower case. */
export const nameKeyOf = (name: string): string => name.normalize('NFC').toLowerCase();
