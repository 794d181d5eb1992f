import { namedEnum } from '../openapi/schemas.js';

/** The role of a user (contract.md §1). */
export enum Role {
  Administrator = 0,
  Client = 1,
}

/** The schema of a role in the OpenAPI document. */
export const ROLE_SCHEMA = namedEnum({
  name: 'UserRole',
  type: 'integer',
  enum: [Role.Administrator, Role.Client],
  description: '0: administrator, 1: client.',
  names: ['AdministratorRole', 'ClientRole'],
});
