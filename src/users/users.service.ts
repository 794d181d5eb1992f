import type { EntityManager } from 'typeorm';
import { Inject, Injectable } from '@nestjs/common';
import type { Network } from '../access-scopes/networks/network.entity.js';
import { NetworksService } from '../access-scopes/networks/networks.service.js';
import { authorizationErrors } from '../authorization/authorization.errors.js';
import { changeAs, type ChangeContext } from '../authorization/change-as.js';
import type { CurrentRecord, RecordSource } from '../authorization/field-policy.js';
import type { Principal } from '../authorization/principal.js';
import { Database } from '../database/database.js';
import { isTaken } from '../database/database-errors.js';
import type { Transaction } from '../database/transaction.js';
import { requestErrors } from '../errors/request.errors.js';
import { defaultValues, isUnchanged, storedValues, type UpdateMethod } from '../fields/stored-fields.js';
import { assertConditions, type Conditions, recordTagOf } from '../http/etag.js';
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
import { changedColumns, endLockout, insertUser, removeUser, updateUser } from './user-changes.js';
import { entityTagOf } from './user-etag.js';
import { userErrors } from './users.errors.js';
import { asOfNow, findUser, findUserByLogin, lockUser, type UserColumns } from './users.repository.js';

/** Users: reading, creating, updating and deleting them (contract.md §3). */
@Injectable()
export class UsersService implements RecordSource {
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

  /** Returns what a request is compared with that names fields that its caller may not change. */
  async current(id: number): Promise<CurrentRecord | undefined> {
    const user = await this.find(id);
    return user ? comparable(user) : undefined;
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

  /** @throws {ApiError} 400 when the password is not allowed; 403 when the login is taken */
  async create(dto: CreateUserDto, actor: Principal): Promise<User> {
    this.passwordPolicy.check(dto.password, dto.login);
    if (await this.findByLogin(dto.login)) throw userErrors.loginTaken();
    const passwordHash = await this.passwords.hash(dto.password, turnOfUser(actor.userId));
    const columns: UserColumns = {
      ...defaultValues(USER_FIELDS),
      ...storedValues(USER_FIELDS, dto),
      loginKey: loginKeyOf(dto.login),
      passwordHash,
    };
    return refuseTakenLogin(
      changeAs(this.database, actor, {}, (transaction, caller) => insertUser(transaction, columns, caller)),
    );
  }

  /**
   * Updates the fields that are present in `changes`, in one transaction. `merge`: as a JSON merge patch.
   *
   * @throws {ApiError} 400 when the password or a merged value is not allowed; 403 when the old password is wrong, the
   *   login is taken, or no active administrator would remain; 404; 412; 429 after too many old or own new passwords
   */
  async update(
    id: number,
    changes: UpdateUserDto,
    { actor, conditions }: ChangeContext,
    method: UpdateMethod = 'replace',
  ): Promise<void> {
    // Hashing is slow, so it runs before the transaction. The transaction checks that the password is still the same.
    const { verifiedVersion, newHash } = await this.checkPasswords(id, changes, { actor, conditions });
    // A client may send both, but not change them.
    const hasRoleOrStatus = changes.role !== undefined || changes.status !== undefined;
    const mayRemoveAdministrator = hasRoleOrStatus && actor.isAdministrator;
    const options = {
      serialise: mayRemoveAdministrator ? ('lastAdministrator' as const) : undefined,
      users: [id],
      sessionsOf: mayRemoveAdministrator || newHash !== undefined ? [id] : [],
      current: (transaction: Transaction) => lockedRecord(transaction, id),
    };
    await refuseTakenLogin(
      changeAs(this.database, actor, options, async (transaction, caller) => {
        const user = await this.lock(transaction, id, conditions);
        if (verifiedVersion !== undefined && user.passwordVersion !== verifiedVersion)
          throw userErrors.wrongOldPassword();
        const { isAdministrator } = caller;
        // It has become an administrator since, and the transaction has not locked what that would need.
        if (hasRoleOrStatus && isAdministrator && !mayRemoveAdministrator)
          throw authorizationErrors.administratorsOnly();
        const columns = changedColumns(user, changes, { passwordHash: newHash, isAdministrator, method });
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
  async remove(id: number, { actor, conditions }: ChangeContext): Promise<void> {
    if (id === actor.userId) throw userErrors.ownRecordDeleted();
    const options = { serialise: 'lastAdministrator', users: [id], sessionsOf: [id] } as const;
    await changeAs(this.database, actor, options, async (transaction, caller) => {
      const user = await this.lock(transaction, id, conditions);
      await assertAdministratorLeft(transaction, user, undefined);
      await removeUser(transaction, user, caller);
    });
  }

  /** Locks a user for a change, and stores the end of a lockout. @throws {ApiError} 404; 412 */
  private async lock(
    transaction: Transaction,
    id: number,
    conditions: Conditions | undefined,
  ): Promise<User> {
    const user = await lockUser(transaction, id);
    if (!user) throw userErrors.notFound(id);
    await endLockout(transaction, user);
    if (conditions) await this.assertConditions(conditions, user, transaction.manager);
    return user;
  }

  /** `manager`: that of the transaction. @throws {ApiError} 412 */
  private assertConditions(conditions: Conditions, user: User, manager?: EntityManager): Promise<void> {
    return assertConditions(conditions, recordTagOf(user), async () =>
      entityTagOf(user, await this.networks.ofUser(user.id, manager)),
    );
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
    { actor, conditions }: ChangeContext,
  ): Promise<{ verifiedVersion?: number | undefined; newHash?: string }> {
    if (password === undefined && oldPassword === undefined) return {};
    const user = await this.get(id);
    if (conditions) await this.assertConditions(conditions, user);
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
    throw isTaken(error, 'login_key') ? userErrors.loginTaken() : error;
  }
}

const comparable = (user: User): CurrentRecord => ({
  isUnchanged: (field) => isUnchanged(USER_FIELDS, user, field),
});

/** Locks a user and returns it as it is now. A lockout that has ended is not stored here: the request may be refused. */
async function lockedRecord(transaction: Transaction, id: number): Promise<CurrentRecord | undefined> {
  const user = await lockUser(transaction, id);
  return user ? comparable(asOfNow(Object.assign(new User(), user))) : undefined;
}
