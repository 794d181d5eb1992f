import type { MigrationInterface } from 'typeorm';

/** The class of an entity. */
export type EntityClass = new () => object;

/** What the database is made of: passed in from above, since the database layer knows no feature. */
export interface Schema {
  /** The entities, in an order in which rows can be inserted: what is referred to comes first. */
  readonly entities: readonly EntityClass[];
  /** Those of them whose rows the migrations insert, the same in every database. */
  readonly notBackedUp: readonly EntityClass[];
  /** In the order in which they run. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/** The names of the migrations, as the database records them once they have run. */
export const migrationsOf = ({ migrations }: Schema): string[] => migrations.map(({ name }) => name);
