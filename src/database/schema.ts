import type { MigrationInterface } from 'typeorm';

/** What the database is made of: handed in from above, for the database knows no feature. */
export interface Schema {
  /** Entity classes. */
  readonly entities: readonly (new () => object)[];
  /** In the order in which they run. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}
