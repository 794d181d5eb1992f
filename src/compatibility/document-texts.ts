import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from '../openapi/refine-operations.js';

/** A text of the document, and what it is in the compatible mode. */
type Change = readonly [strict: string, compatible: string];

const MORE_FIELDS: Change = ['`password` and `data`', '`password`, `data` and `introReviewed`'];

/** What operations say of themselves that the compatible mode does otherwise (contract.md §9), by their ids. */
const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  listUsers: [
    [
      'A page ends after `take` users, or before its body exceeds 8 MiB: then',
      'A page ends after `take` users: then',
    ],
  ],
  updateUser: [MORE_FIELDS],
  updateCurrentUser: [MORE_FIELDS],
  patchUser: [MORE_FIELDS],
  patchCurrentUser: [MORE_FIELDS],
  assignAllDeviceTypes: [['is kept for later', 'is dropped']],
  createToken: [
    [
      'Everyone may give only rights that the calling token has and that the user may have.',
      'Rights that the calling token does not have or the user may not have are left out, and so are unknown actions.',
    ],
    ['`"Fly" is no action`', '`actions must be a list of actions`'],
  ],
};

/** The bodies whose `allDeviceTypesAvailable` has no effect. */
const UPDATES = ['UpdateUser', 'PatchUser'];
const IGNORED =
  'Accepted, and ignored: `PUT` and `DELETE /user/{id}/devicetype/all` change whether the user has access to every device type.';

/** Changes what the document says in words where the compatible mode does otherwise. */
export function describeInWords(document: OpenAPIObject): void {
  for (const { operation } of operationsOf(document)) {
    for (const [strict, compatible] of CHANGES[operation.operationId ?? ''] ?? [])
      operation.description = (operation.description ?? '').replace(strict, () => compatible);
  }
  const schemas = document.components?.schemas ?? {};
  for (const name of UPDATES) {
    const schema = schemas[name];
    const field = schema && 'properties' in schema ? schema.properties['allDeviceTypesAvailable'] : undefined;
    if (field) Object.assign(field, { description: IGNORED });
  }
}
