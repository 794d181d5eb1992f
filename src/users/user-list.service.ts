import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { type Condition, indexed, isLike } from '../pagination/condition.js';
import { Lists, type Page } from '../pagination/lists.js';
import type { Listing } from '../pagination/scan.js';
import { loginKeyOf, User } from './user.entity.js';
import { toListed } from './user.view.js';
import { UserStatus } from './user-status.js';
import type { CountUsersQuery, ListUsersQuery } from './users.query.js';
import { asOfNow, hasEndedLockouts, LOCKOUT_HAS_ENDED, lockoutTimes } from './users.repository.js';

const USERS: Listing<User> = { name: 'user', entity: User, alias: 'user', key: 'loginKey', large: 'data' };

/** The list of users (contract.md §3, `GET /user`). */
@Injectable()
export class UserListService {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
  ) {}

  /** Returns a page of users in view *listed*. @throws {ApiError} 400 when `take` or `after` is not valid */
  async page(query: ListUsersQuery): Promise<Page> {
    const conditions = await this.conditionsOf(query);
    return this.lists.page(USERS, { query, conditions, toView: (user) => toListed(asOfNow(user)) });
  }

  async count(query: CountUsersQuery): Promise<number> {
    return this.lists.count(USERS, await this.conditionsOf(query));
  }

  private async conditionsOf({ login, loginPattern, role, status }: CountUsersQuery): Promise<Condition[]> {
    const conditions: Condition[] = [];
    if (loginPattern !== undefined) conditions.push(isLike(USERS, 'loginKey', loginPattern.toLowerCase()));
    else if (login !== undefined)
      conditions.push(indexed(USERS, 'user.loginKey = :key', { key: loginKeyOf(login) }));
    if (role !== undefined) conditions.push(indexed(USERS, 'user.role = :role', { role }));
    if (status !== undefined) conditions.push(await this.hasStatus(status));
    return conditions;
  }

  private async hasStatus(status: UserStatus): Promise<Condition> {
    // Only then: the database could not use an index otherwise.
    if (status === UserStatus.Disabled || !(await this.database.read(hasEndedLockouts)))
      return indexed(USERS, 'user.status = :status', { status });
    return {
      sql: `CASE WHEN ${LOCKOUT_HAS_ENDED} THEN 0 ELSE user.status END = :status`,
      parameters: { status, ...lockoutTimes() },
    };
  }
}
