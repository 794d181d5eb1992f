import { PrimaryColumn } from 'typeorm';

/** Assigns an access scope of one kind to a user. */
export abstract class Assignment {
  @PrimaryColumn('int', { name: 'user_id' })
  userId!: number;

  /** The id of the scope. The column name depends on the kind. */
  abstract scopeId: number;
}
