import type { WritePolicy } from '../authorization/field-policy.js';
import { isWritable, namesWhere } from '../fields/field.js';
import type { Settings } from '../settings/settings.js';
import { USER_FIELDS } from './user.fields.js';

/** The fields of a user that a request can change. */
export const WRITABLE_FIELDS = namesWhere(USER_FIELDS, isWritable);
/** Accepted and ignored in requests. */
const READ_ONLY_FIELDS = namesWhere(USER_FIELDS, ({ writableBy }) => writableBy === 'nobody');
/** The fields that the settings may make writable for clients, in their own record. */
const CLIENT_FIELDS = namesWhere(USER_FIELDS, ({ writableBy }) => writableBy === 'clients');

/** Who may change which field of a user: the table of contract.md §3. */
// prettier-ignore
export const whoMayChange = ({ clientWritableFields }: Settings): WritePolicy => ({
  ignored: READ_ONLY_FIELDS,
  //               own record                             another's record
  administrator: { own: WRITABLE_FIELDS,                  another: WRITABLE_FIELDS },
  client:        { own: openTo(clientWritableFields),     another: 'nothing' },
});

/** Returns the fields in the setting. `password` includes `oldPassword`, which is sent together with it. */
function openTo(named: readonly string[]): readonly string[] {
  const open = named.includes('password') ? [...named, 'oldPassword'] : named;
  return CLIENT_FIELDS.filter((field) => open.includes(field));
}
