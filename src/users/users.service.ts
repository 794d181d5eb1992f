import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { Inject, Injectable } from '@nestjs/common';
import type { Network } from '../access-scopes/networks/network.entity.js';
import { NetworksService } from '../access-scopes/networks/networks.service.js';
import { authorizationErrors } from '../authorization/authorization.errors.js';
import { changeAs } from '../authorization/change-as.js';
import type { Principal } from '../authorization/principal.js';
import { Database } from '../database/database.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { requestErrors } from '../errors/request.errors.js';
import { defaultValues, storedValues } from '../fields/stored-fields.js';
import { assertMatch } from '../http/etag.js';
import { paginate } from '../pagination/paginate.js';
import { turnOfUser } from '../passwords/hashing-turn.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { CurrentPasswordVerifier } from './current-password.verifier.js';
import { assertAdministratorLeft } from './last-administrator.js';
import { PasswordChangeLimits } from './password-change-limits.js';
import type { CreateUserDto, UpdateUserDto } from './user.dto.js';
import { loginKeyOf, User } from './user.entity.js';
import { USER_FIELDS } from './user.fields.js';
import { endLockout, insertUser, removeUser, updateUser } from './user-changes.js';
import { UserStatus } from './user-status.js';
import { userErrors } from './users.errors.js';
import type { CountUsersQuery, ListUsersQuery } from './users.query.js';
import {
  asOfNow,
  findUser,
  findUserByLogin,
  hasEndedLockouts,
  LOCKOUT_HAS_ENDED,
  lockoutTimes,
  lockUser,
  type UserColumns,
} from './users.repository.js';

/** The caller of a change, and the `If-Match` header of the request. */
export interface ChangeContext {
  readonly actor: Principal;
  readonly ifMatch?: string | undefined;
}

/** Users: reading, creating, updating and deleting them (contract.md §3). */
@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly networks: NetworksService,
    private readonly passwordPolicy: PasswordPolicy,
    private readonly passwords: PasswordHasher,
    private readonly currentPassword: CurrentPasswordVerifier,
    private readonly limits: PasswordChangeLimits,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws {ApiError} 404 */
  async get(id: number): Promise<User> {
    const user = await this.find(id);
    if (!user) throw userErrors.notFound(id);
    return user;
  }

  find(id: number): Promise<User | null> {
    return this.database.read((manager) => findUser(manager, id));
  }

  findByLogin(login: string): Promise<User | null> {
    return this.database.read((manager) => findUserByLogin(manager, login));
  }

  /**
   * Returns a user and its networks.
   *
   * @throws {ApiError} 404; 401 if `reader` asks for itself, and another process has deleted it since the principal was cached
   */
  async getPublished(id: number, reader: Principal): Promise<{ user: User; networks: Network[] }> {
    const user = await this.find(id);
    if (!user) throw id === reader.userId ? authorizationErrors.unauthorized() : userErrors.notFound(id);
    return { user, networks: await this.networks.ofUser(id) };
  }

  list(query: ListUsersQuery): Promise<User[]> {
    return this.database.read(async (manager) => {
      const users = await this.filter(manager, query);
      const page = paginate(users, query, query.sortField === 'Login' ? 'loginKey' : undefined);
      return (await page.getMany()).map(asOfNow);
    });
  }

  count(query: CountUsersQuery): Promise<number> {
    return this.database.read(async (manager) => (await this.filter(manager, query)).getCount());
  }

  /** @throws {ApiError} 400 when the password is not allowed; 403 when the login is taken */
  async create(dto: CreateUserDto, actor: Principal): Promise<User> {
    this.passwordPolicy.check(dto.password, dto.login);
    if (await this.findByLogin(dto.login)) throw userErrors.loginTaken();
    const passwordHash = await this.passwords.hash(dto.password, turnOfUser(actor.userId));
    const columns = { ...defaultValues(USER_FIELDS), ...columnsOf(dto, passwordHash) };
    return refuseTakenLogin(
      changeAs(this.database, actor, {}, (transaction, caller) => insertUser(transaction, columns, caller)),
    );
  }

  /**
   * Updates the fields that are present in `changes`, in one transaction.
   *
   * @throws {ApiError} 400 when the password is not allowed; 403 when the old password is wrong, the login is taken, or
   *   no active administrator would remain; 404; 412; 429 after too many old or own new passwords
   */
  async update(id: number, changes: UpdateUserDto, { actor, ifMatch }: ChangeContext): Promise<void> {
    // Hashing is slow, so it runs before the transaction. The transaction checks that the password is still the same.
    const { verifiedVersion, newHash } = await this.checkPasswords(id, changes, { actor, ifMatch });
    const columns = columnsOf(changes, newHash);
    const mayRemoveAdministrator = columns.role !== undefined || columns.status !== undefined;
    const options = {
      serialise: mayRemoveAdministrator ? ('lastAdministrator' as const) : undefined,
      users: [id],
      sessionsOf: mayRemoveAdministrator || newHash !== undefined ? [id] : [],
    };
    await refuseTakenLogin(
      changeAs(this.database, actor, options, async (transaction, caller) => {
        const user = await lockUser(transaction, id);
        if (!user) throw userErrors.notFound(id);
        await endLockout(transaction, user);
        assertMatch(ifMatch, user.version);
        if (verifiedVersion !== undefined && user.passwordVersion !== verifiedVersion)
          throw userErrors.wrongOldPassword();
        if (mayRemoveAdministrator)
          await assertAdministratorLeft(transaction, user, {
            role: columns.role ?? user.role,
            status: columns.status ?? user.status,
            lockedByFailedLogins: columns.lockedByFailedLogins ?? user.lockedByFailedLogins,
          });
        await updateUser(transaction, user, columns, caller);
      }),
    );
  }

  /** @throws {ApiError} 403 for the caller itself and for the last active administrator; 404; 412 */
  async remove(id: number, { actor, ifMatch }: ChangeContext): Promise<void> {
    if (id === actor.userId) throw userErrors.ownRecordDeleted();
    const options = { serialise: 'lastAdministrator', users: [id], sessionsOf: [id] } as const;
    await changeAs(this.database, actor, options, async (transaction, caller) => {
      const user = await lockUser(transaction, id);
      if (!user) throw userErrors.notFound(id);
      await endLockout(transaction, user);
      assertMatch(ifMatch, user.version);
      await assertAdministratorLeft(transaction, user, undefined);
      await removeUser(transaction, user, caller);
    });
  }

  private async filter(manager: EntityManager, query: CountUsersQuery): Promise<SelectQueryBuilder<User>> {
    const { login, loginPattern, role, status } = query;
    const users = manager.createQueryBuilder(User, 'user');
    if (loginPattern !== undefined) {
      users.andWhere(this.database.like('user.loginKey', 'pattern'), { pattern: loginPattern.toLowerCase() });
    } else if (login !== undefined) {
      users.andWhere('user.loginKey = :key', { key: loginKeyOf(login) });
    }
    if (role !== undefined) users.andWhere('user.role = :role', { role });
    if (status !== undefined) {
      // Only then: the database could not use an index otherwise.
      const hasEnded = status !== UserStatus.Disabled && (await hasEndedLockouts(manager));
      const column = hasEnded ? `CASE WHEN ${LOCKOUT_HAS_ENDED} THEN 0 ELSE user.status END` : 'user.status';
      users.andWhere(`${column} = :status`, { status, ...lockoutTimes() });
    }
    return users;
  }

  /**
   * Verifies the old password and hashes the new one, if they are present.
   *
   * @returns `verifiedVersion`: the version of the password that was verified. Compare it, not the hash: a concurrent
   *   sign-in may rehash the same password.
   */
  private async checkPasswords(
    id: number,
    { login, password, oldPassword }: UpdateUserDto,
    { actor, ifMatch }: ChangeContext,
  ): Promise<{ verifiedVersion?: number | undefined; newHash?: string }> {
    if (password === undefined && oldPassword === undefined) return {};
    const user = await this.get(id);
    assertMatch(ifMatch, user.version);
    if (oldPassword !== undefined) {
      if (!(await this.currentPassword.verify(user, oldPassword, actor))) throw userErrors.wrongOldPassword();
    } else if ((this.settings.requireOldPassword || actor.session.fromOriginal) && id === actor.userId) {
      throw requestErrors.invalidFields([
        { field: 'oldPassword', message: 'oldPassword must come with password' },
      ]);
    }
    const verifiedVersion = oldPassword === undefined ? undefined : user.passwordVersion;
    if (password === undefined) return { verifiedVersion };
    this.passwordPolicy.check(password, login ?? user.login);
    if (id === actor.userId) await this.limits.countSet(id);
    return { verifiedVersion, newHash: await this.passwords.hash(password, turnOfUser(actor.userId)) };
  }
}

/** @throws {ApiError} 403 when the change failed because another user has the login */
async function refuseTakenLogin<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    throw isUniqueViolation(error) ? userErrors.loginTaken() : error;
  }
}

/** Returns the columns that a request changes. */
function columnsOf(fields: UpdateUserDto, passwordHash: string | undefined): UserColumns {
  const { login, status } = fields;
  return {
    ...storedValues(USER_FIELDS, fields),
    ...(login !== undefined && { loginKey: loginKeyOf(login) }),
    ...(passwordHash !== undefined && { passwordHash }),
    // A status that an administrator sets does not expire.
    ...(status !== undefined && { blockedAt: null, blockedUntil: null, lockedByFailedLogins: false }),
  };
}
