import { PickType } from '@nestjs/swagger';
import { Role } from '../authorization/role.js';
import { PageQuery, QueryChoice, QueryInteger, QueryPattern, QueryText } from '../pagination/page.query.js';
import { UserStatus } from './user-status.js';

/** The query of `GET /user` (contract.md §3). */
export class ListUsersQuery extends PageQuery {
  @QueryText('The login, exactly but for case.')
  login?: string;

  @QueryPattern('login')
  loginPattern?: string;

  @QueryInteger('0: administrators, 1: clients.', Role.Administrator, Role.Client)
  role?: Role;

  @QueryInteger('0: active, 1: locked out, 2: disabled.', UserStatus.Active, UserStatus.Disabled)
  status?: UserStatus;

  @QueryChoice('What to sort by; in any case.', ['ID', 'Login'])
  sortField: 'ID' | 'Login' = 'ID';
}

/** The query of `GET /user/count`: the same filters. */
export class CountUsersQuery extends PickType(ListUsersQuery, ['login', 'loginPattern', 'role', 'status']) {}
