import type { MigrationInterface } from 'typeorm';

/** The class of an entity. */
export type EntityClass = new () => object;

/** Entities and migrations. Passed in by the application, because the database layer must not import features. */
export interface Schema {
  /** Referenced entities come first, so that rows can be inserted in this order. */
  readonly entities: readonly EntityClass[];
  /** Entities whose rows the migrations insert, the same in every database, or that count for minutes only. */
  readonly notBackedUp: readonly EntityClass[];
  /** With which migration an entity came that is backed up: a backup from before has no such table. */
  readonly cameWith: ReadonlyMap<EntityClass, new () => MigrationInterface>;
  /** How many ids a restore leaves out, where it is not {@link IDS_SKIPPED}: see there. */
  readonly idsSkipped: ReadonlyMap<EntityClass, number>;
  /** In execution order. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/**
 * How many ids of a table a restore leaves out (contract.md §10): more than the table can have given since the backup
 * was taken. So no id is given twice.
 */
export const IDS_SKIPPED = 2 ** 20;

/** Returns the names of the migrations, as the `migrations` table records them. */
export const migrationsOf = ({ migrations }: Schema): string[] => migrations.map(({ name }) => name);
