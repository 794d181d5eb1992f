import type { WritePolicy } from '../authorization/field-policy.js';
import type { Settings } from '../settings/settings.js';

/*
 * The two tables of contract.md §3: who may change which field of a user, and who sees which. Everything else
 * that knows fields (guard, views, OpenAPI document) reads them here.
 */

/** The fields of a user that a request can change. */
export const WRITABLE_FIELDS = [
  'login',
  'role',
  'status',
  'password',
  'oldPassword',
  'data',
  'introReviewed',
  'allDeviceTypesAvailable',
] as const;

/** Who may change which field. */
// prettier-ignore
export const whoMayChange = ({ clientWritableFields }: Settings): WritePolicy => ({
  writable: WRITABLE_FIELDS,
  //               own record                                   another's record
  administrator: { own: 'every writable field',                 another: 'every writable field' },
  client:        { own: withOldPassword(clientWritableFields),  another: 'nothing' },
});

/** What each view shows. */
// prettier-ignore
export const WHAT_A_VIEW_SHOWS = {
  /** `GET /user` */
  listed: ['id', 'login', 'role', 'status', 'lastLogin', 'data', 'introReviewed', 'allDeviceTypesAvailable'],
  /** `GET /user/{id}`, `GET /user/current` */
  published: [
    'id', 'login', 'role', 'status', 'lastLogin', 'data', 'introReviewed', 'allDeviceTypesAvailable', 'networks',
  ],
  /** `POST /user` */
  submitted: ['id', 'lastLogin', 'data', 'introReviewed', 'allDeviceTypesAvailable'],
} as const;

/** The name of a view. */
export type UserViewName = keyof typeof WHAT_A_VIEW_SHOWS;

/** Whoever may change a password may prove the old one. */
function withOldPassword(fields: readonly string[]): readonly string[] {
  return fields.includes('password') ? [...fields, 'oldPassword'] : fields;
}
