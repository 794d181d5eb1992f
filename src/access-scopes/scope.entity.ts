import { Column, PrimaryGeneratedColumn } from 'typeorm';

/** The common columns of networks and device types. */
export abstract class Scope {
  @PrimaryGeneratedColumn()
  id!: number;

  /** Unique, 1 to 128 characters. */
  @Column('text')
  name!: string;

  /** Normalized name for search and sorting: see {@link nameKeyOf}. */
  @Column('text', { name: 'name_key' })
  nameKey!: string;

  /** Up to 128 characters. */
  @Column('text', { nullable: true })
  description!: string | null;

  /** Incremented by each change. Used as the entity tag. */
  @Column('int', { default: 1 })
  version!: number;
}

/** Returns the normalized form of a name: Unicode NFC, lower case. */
export const nameKeyOf = (name: string): string => name.normalize('NFC').toLowerCase();
