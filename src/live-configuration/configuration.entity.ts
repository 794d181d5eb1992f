import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A setting that can be changed at run time (contract.md §4). Never a secret. */
@Entity('configuration')
export class Configuration {
  /** Up to 32 characters. */
  @PrimaryColumn('text')
  name!: string;

  /** Up to 128 characters. */
  @Column('text')
  value!: string;

  /** Incremented by each change, from 0. */
  @Column('int', { name: 'entity_version', default: 0 })
  entityVersion!: number;
}
