import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Scope } from '../access-scopes/scope.entity.js';
import { ScopeView } from '../access-scopes/scope.view.js';
import type { ScopeKind } from '../access-scopes/scope-kind.js';
import { scopeErrors } from '../access-scopes/scopes.errors.js';
import { requestErrors } from '../errors/request.errors.js';
import type { OperationDoc } from '../openapi/operation.decorator.js';
import { userErrors } from '../users/users.errors.js';

/** OpenAPI documentation of the operations on assignments. */

/** The response of `GET /user/{id}/network/{networkId}`. */
export class UserNetworkView {
  @ApiProperty({ type: ScopeView })
  readonly network!: ScopeView;
}

/** The response of `GET /user/{id}/devicetype/{deviceTypeId}`. */
export class UserDeviceTypeView {
  @ApiProperty({ type: ScopeView })
  readonly deviceType!: ScopeView;
}

const INVALID_ID = requestErrors.invalidParameters([
  { field: 'id', message: 'id must be a positive integer' },
]);
const NO_USER = userErrors.notFound(7);

/** Documents the operations on the assignments of one kind of scope. */
export function describeAssignments<S extends Scope>(
  { label, id, notAssigned, allAvailable }: ScopeKind<S>,
  view: Type,
): Record<'get' | 'assign' | 'unassign', OperationDoc> {
  const one = label.toLowerCase();
  const notFound = scopeErrors.notFound(label, 2);
  const hasAll = allAvailable ? [allAvailable.refused()] : [];
  return {
    get: {
      id: `getUser${id}`,
      summary: `Get a ${one} of a user`,
      description: 'Administrators may ask for any user, clients for themselves.',
      success: { description: `The ${one}.`, type: view },
      errors: [INVALID_ID, notAssigned(2, 7), NO_USER],
    },
    assign: {
      id: `assign${id}`,
      summary: `Assign a ${one} to a user`,
      description: 'For administrators. Assigning it again changes nothing.',
      success: { description: 'The user has it. The body is empty.' },
      errors: [INVALID_ID, ...hasAll, NO_USER, notFound],
    },
    unassign: {
      id: `unassign${id}`,
      summary: `Take a ${one} from a user`,
      description: 'For administrators. Taking it again changes nothing.',
      success: { description: 'The user does not have it. The body is empty.' },
      errors: [INVALID_ID, ...hasAll, NO_USER, notFound],
    },
  };
}

/** `GET /user/{id}/devicetype` */
export const listDeviceTypes: OperationDoc = {
  id: 'listUserDeviceTypes',
  summary: 'List the device types of a user',
  description: 'For administrators. All of them where the user has all.',
  success: { description: 'The device types.', type: [ScopeView] },
  errors: [INVALID_ID, NO_USER],
};

/** `PUT` and `DELETE /user/{id}/devicetype/all` */
export const allDeviceTypes: Record<'assign' | 'unassign', OperationDoc> = {
  assign: {
    id: 'assignAllDeviceTypes',
    summary: 'Give a user all device types',
    description: 'For administrators. Those to come as well; what is assigned one by one is kept for later.',
    success: { description: 'The user has all. The body is empty.' },
    errors: [INVALID_ID, NO_USER],
  },
  unassign: {
    id: 'unassignAllDeviceTypes',
    summary: 'Leave a user the device types that are assigned to it',
    description: 'For administrators.',
    success: { description: 'The user has those that are assigned. The body is empty.' },
    errors: [INVALID_ID, NO_USER],
  },
};
