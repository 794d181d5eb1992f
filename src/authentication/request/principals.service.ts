import { LRUCache } from 'lru-cache';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { Principal } from '../../authorization/principal.js';
import { Database } from '../../database/database.js';
import { UserStatus } from '../../users/user-status.js';
import { type Account, findAccount } from '../../users/users.repository.js';
import { type Claims, grantOf } from '../tokens/claims.js';

/** How many users' present state is remembered. */
const MOST_ACCOUNTS = 50_000;

/**
 * Who makes a request: its user as it is now, within the rights of its token.
 *
 * On PostgreSQL, where asking takes a round trip, what was found is remembered until anybody changes it, in whatever
 * process, and only while such changes are heard (docs/decisions/0009-caches.md).
 */
@Injectable()
export class PrincipalsService implements OnModuleInit {
  private readonly accounts = new LRUCache<number, Account>({ max: MOST_ACCOUNTS });
  /** Counts what has been forgotten, so that what was read before is not remembered after. */
  private forgotten = 0;

  constructor(private readonly database: Database) {}

  onModuleInit(): void {
    this.database.changes?.subscribe((subject) => {
      this.forgotten += 1;
      if (subject === undefined) this.accounts.clear();
      else if (subject.startsWith('user/')) this.accounts.delete(Number(subject.slice('user/'.length)));
    });
  }

  /** The principal of verified claims. @throws {ApiError} 401 when there is no such active user */
  async of(claims: Claims): Promise<Principal> {
    const account = await this.accountOf(claims.payload.u);
    if (account?.status !== UserStatus.Active) throw authorizationErrors.unauthorized();
    return new Principal(account.id, account.role, account.allDeviceTypesAvailable, grantOf(claims));
  }

  private async accountOf(id: number): Promise<Account | null> {
    const { changes } = this.database;
    const known = changes?.areHeard === true ? this.accounts.get(id) : undefined;
    if (known) return known;
    const { forgotten } = this;
    const account = await this.database.read((manager) => findAccount(manager, id));
    if (account && changes?.areHeard === true && forgotten === this.forgotten) this.accounts.set(id, account);
    return account;
  }
}
