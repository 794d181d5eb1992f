import type { EntityManager } from 'typeorm';

/** The id sequences of the tables. Ids are never reused, not even those of deleted rows. */
export interface IdCounters {
  /** Returns the last generated id; 0 if there is none. */
  last(manager: EntityManager, table: string): Promise<number>;
  /** Sets the sequence: the next id is greater than `id`. */
  goOnAfter(manager: EntityManager, table: string, id: number): Promise<void>;
  /**
   * Makes the next id greater than all that the table has. A sequence lags behind where rows were inserted with ids by
   * other means.
   */
  catchUp(manager: EntityManager, table: string): Promise<void>;
}
