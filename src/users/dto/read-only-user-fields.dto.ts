import { ReadOnlyField } from './user.fields.js';

/** What a user shows and no request can change. */
export class ReadOnlyUserFields {
  @ReadOnlyField('The id of the user.')
  id?: unknown;

  @ReadOnlyField('The last sign-in or refresh.')
  lastLogin?: unknown;

  @ReadOnlyField('The networks of the user.')
  networks?: unknown;
}
