import { LRUCache } from 'lru-cache';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { Principal } from '../../authorization/principal.js';
import { Database } from '../../database/database.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { UserStatus } from '../../users/user-status.js';
import { type Account, findAccount } from '../../users/users.repository.js';
import { type Claims, grantOf } from '../tokens/claims.js';

/** Maximum number of users in the cache. */
const MOST_ACCOUNTS = 50_000;

/**
 * Returns the principal of a request: the current state of its user and the rights of its token.
 *
 * On PostgreSQL, where a read is a network round trip, users are cached. A change notification from any process removes
 * a user from the cache. The cache is used only while notifications arrive (docs/decisions/0009-caches.md).
 */
@Injectable()
export class PrincipalsService implements OnModuleInit {
  private readonly accounts = new LRUCache<number, Account>({ max: MOST_ACCOUNTS });
  /** Number of invalidations. A read that an invalidation overtook must not be cached. */
  private forgotten = 0;

  constructor(private readonly database: Database) {}

  onModuleInit(): void {
    this.database.changes?.subscribe((subject) => {
      this.forgotten += 1;
      if (subject === undefined) this.accounts.clear();
      else if (subject.startsWith('user/')) this.accounts.delete(Number(subject.slice('user/'.length)));
    });
  }

  /** Returns the principal of verified claims. @throws {ApiError} 401 when there is no such active user */
  async of(claims: Claims, origin: RequestOrigin): Promise<Principal> {
    const account = await this.accountOf(claims.payload.u);
    if (account?.status !== UserStatus.Active) throw authorizationErrors.unauthorized();
    const { id: userId, role, allDeviceTypesAvailable } = account;
    const claimed = grantOf(claims);
    return new Principal({ userId, role, allDeviceTypesAvailable, claimed, sessionId: claims.jti, origin });
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
