import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A setting that is changed while the service runs (contract.md §4). Never a secret. */
@Entity('configuration')
export class Configuration {
  /** Up to 32 characters. */
  @PrimaryColumn('text')
  name!: string;

  /** Up to 128 characters. */
  @Column('text')
  value!: string;

  /** Counts the changes. */
  @Column('int', { name: 'entity_version', default: 0 })
  entityVersion!: number;
}
