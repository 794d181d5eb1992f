import { Inject, Injectable } from '@nestjs/common';
import type { Scope } from '../access-scopes/scope.entity.js';
import { scopeErrors } from '../access-scopes/scopes.errors.js';
import type { ScopesService } from '../access-scopes/scopes.service.js';
import { changeAs } from '../authorization/change-as.js';
import type { Principal } from '../authorization/principal.js';
import { Database } from '../database/database.js';
import { isMissingReference } from '../database/database-errors.js';
import type { Transaction } from '../database/transaction.js';
import type { Dialect } from '../dialect/dialect.js';
import { DIALECT } from '../dialect/dialect.module.js';
import type { EventType } from '../events/event-types.js';
import { recordEvent, recordEvents } from '../events/record-event.js';
import { recordNarrowed } from '../revocations/record-revocations.js';
import { holderOf } from '../users/user.entity.js';
import { endLockout, updateUser } from '../users/user-changes.js';
import { userErrors } from '../users/users.errors.js';
import { changeUser, lockUser } from '../users/users.repository.js';
import { UsersService } from '../users/users.service.js';

/** Assignments of access scopes to users (contract.md §3). Every change is idempotent. */
@Injectable()
export class AssignmentsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    @Inject(DIALECT) private readonly dialect: Dialect,
  ) {}

  /**
   * Returns a scope of a user.
   *
   * @throws {ApiError} 404 when the user does not exist or does not have the scope; 403 when the token of `principal`
   *   does not list the scope
   */
  async get<S extends Scope>(
    scopes: ScopesService<S>,
    userId: number,
    id: number,
    principal: Principal,
  ): Promise<S> {
    const found = (await this.allOf(scopes, userId)).find((scope) => scope.id === id);
    if (!found) throw scopes.kind.notAssigned(id, userId);
    scopes.assertNamed(principal, id);
    return found;
  }

  /** Returns the scopes of a user that the token of `principal` lists. @throws {ApiError} 404 */
  async list<S extends Scope>(scopes: ScopesService<S>, userId: number, principal: Principal): Promise<S[]> {
    return scopes.keepNamed(await this.allOf(scopes, userId), principal);
  }

  /**
   * Assigns a scope to a user.
   *
   * @throws {ApiError} 403 when the token of `actor` does not list the scope, or when the user has all scopes; 404
   */
  async assign(
    scopes: ScopesService<Scope>,
    userId: number,
    scopeId: number,
    actor: Principal,
  ): Promise<void> {
    const { kind } = scopes;
    try {
      await this.change(scopes, userId, scopeId, actor, async ({ manager }) => {
        if (await manager.existsBy(kind.assignment, { userId, scopeId })) return undefined;
        await manager.insert(kind.assignment, { userId, scopeId });
        return 'assignment.created';
      });
    } catch (error) {
      // The scope was deleted after the check.
      throw isMissingReference(error) ? scopeErrors.notFound(kind.label, scopeId) : error;
    }
  }

  /**
   * Unassigns a scope.
   *
   * @throws {ApiError} 403 when the token of `actor` does not list the scope, or when the user has all scopes; 404
   */
  async unassign(
    scopes: ScopesService<Scope>,
    userId: number,
    scopeId: number,
    actor: Principal,
  ): Promise<void> {
    await this.change(scopes, userId, scopeId, actor, async ({ manager }) => {
      const { affected } = await manager.delete(scopes.kind.assignment, { userId, scopeId });
      return affected === 0 ? undefined : 'assignment.deleted';
    });
  }

  /**
   * Gives a user all device types, or only those that are assigned one by one.
   *
   * @throws {ApiError} 403 when the token of `actor` does not list all device types; 404
   */
  async setAllAvailable(
    scopes: ScopesService<Scope>,
    userId: number,
    allDeviceTypesAvailable: boolean,
    actor: Principal,
  ): Promise<void> {
    scopes.assertNamed(actor, '*');
    await changeAs(this.database, actor, { users: [userId] }, async (transaction, caller) => {
      const user = await lockUser(transaction, userId);
      if (!user) throw userErrors.notFound(userId);
      await endLockout(transaction, user);
      if (allDeviceTypesAvailable && this.dialect.assignmentsUnderAll === 'dropped')
        await this.unassignAll(scopes, transaction, userId, caller);
      await updateUser(transaction, user, { allDeviceTypesAvailable }, caller);
    });
  }

  private async unassignAll(
    { kind }: ScopesService<Scope>,
    transaction: Transaction,
    userId: number,
    actor: Principal,
  ): Promise<void> {
    const assigned = await transaction.manager.findBy(kind.assignment, { userId });
    if (assigned.length === 0) return;
    await transaction.manager.delete(kind.assignment, { userId });
    await recordEvents(
      transaction,
      assigned.map(({ scopeId }) => ({
        type: 'assignment.deleted' as const,
        subject: `user/${userId}`,
        actor,
        [kind.eventDetail]: scopeId,
      })),
    );
  }

  /**
   * Changes one assignment in one transaction. `work` returns what has happened; undefined: nothing has changed.
   *
   * The user's row is locked first, so that requests for the same user are serialised.
   */
  private async change(
    scopes: ScopesService<Scope>,
    userId: number,
    scopeId: number,
    actor: Principal,
    work: (transaction: Transaction) => Promise<EventType | undefined>,
  ): Promise<void> {
    const { kind } = scopes;
    scopes.assertNamed(actor, scopeId);
    await changeAs(this.database, actor, { users: [userId] }, async (transaction, caller) => {
      const user = await lockUser(transaction, userId);
      if (!user) throw userErrors.notFound(userId);
      const refuseIfAll = () => {
        if (kind.allAvailable?.isSetFor(holderOf(user))) throw kind.allAvailable.refused();
      };
      if (this.dialect.firstOfAssigning === 'all assigned') refuseIfAll();
      if (!(await scopes.exists(scopeId, transaction.manager)))
        throw scopeErrors.notFound(kind.label, scopeId);
      refuseIfAll();
      const type = await work(transaction);
      if (type === undefined) return;
      // Assignments are part of the published user, so its version must change.
      if (type === 'assignment.deleted') await recordNarrowed(transaction, userId);
      await changeUser(transaction, userId, {}, { published: true });
      await recordEvent(transaction, {
        type,
        subject: `user/${userId}`,
        actor: caller,
        [kind.eventDetail]: scopeId,
      });
    });
  }

  private async allOf<S extends Scope>(scopes: ScopesService<S>, userId: number): Promise<S[]> {
    const user = await this.users.get(userId);
    return scopes.kind.allAvailable?.isSetFor(holderOf(user)) ? scopes.all() : scopes.ofUser(userId);
  }
}
