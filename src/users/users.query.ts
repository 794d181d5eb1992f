import { PickType } from '@nestjs/swagger';
import { type Role, ROLE_SCHEMA } from '../authorization/role.js';
import { PageQuery, QueryEnum, QueryPattern, QuerySort, QueryText } from '../pagination/page.query.js';
import { STATUS_SCHEMA, type UserStatus } from './user-status.js';

/** The query of `GET /user` (contract.md §3). */
export class ListUsersQuery extends PageQuery {
  @QueryText('The login, exactly but for case.')
  login?: string;

  @QueryPattern('login')
  loginPattern?: string;

  @QueryEnum('Only users of this role.', ROLE_SCHEMA)
  role?: Role;

  @QueryEnum('Only users of this status.', STATUS_SCHEMA)
  status?: UserStatus;

  @QuerySort(['ID', 'Login'])
  sortField: 'ID' | 'Login' = 'ID';
}

/** The query of `GET /user/count`: the same filters. */
export class CountUsersQuery extends PickType(ListUsersQuery, ['login', 'loginPattern', 'role', 'status']) {}
