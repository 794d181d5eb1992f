import { PrimaryColumn } from 'typeorm';

/** That a user has an access scope of one kind. */
export abstract class Assignment {
  @PrimaryColumn('int', { name: 'user_id' })
  userId!: number;

  /** The id of the scope; its column is named by the kind. */
  abstract scopeId: number;
}
