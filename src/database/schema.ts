import type { MigrationInterface } from 'typeorm';

/** The class of an entity. */
export type EntityClass = new () => object;

/** Entities and migrations. Passed in by the application, because the database layer must not import features. */
export interface Schema {
  /** Referenced entities come first, so that rows can be inserted in this order. */
  readonly entities: readonly EntityClass[];
  /** Entities whose rows the migrations insert, the same in every database, or that count for minutes only. */
  readonly notBackedUp: readonly EntityClass[];
  /** In execution order. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/** Returns the names of the migrations, as the `migrations` table records them. */
export const migrationsOf = ({ migrations }: Schema): string[] => migrations.map(({ name }) => name);
