import type { MigrationInterface } from 'typeorm';

/** What the database is made of: handed in from above, for the database knows no feature. */
export interface Schema {
  /** Entity classes. */
  readonly entities: readonly (new () => object)[];
  /** In the order in which they run. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/** The names of the migrations, as the database notes them once they have run. */
export const migrationsOf = ({ migrations }: Schema): string[] => migrations.map(({ name }) => name);
