import type { EntityManager, QueryDeepPartialEntity, SelectQueryBuilder } from 'typeorm';
import { authorizationErrors } from '../authorization/authorization.errors.js';
import { changeAs, type ChangeContext } from '../authorization/change-as.js';
import type { Ids } from '../authorization/grant.js';
import type { Principal } from '../authorization/principal.js';
import { Role } from '../authorization/role.js';
import { CompiledQuery, PARAMETER } from '../database/compiled-query.js';
import { updateById } from '../database/compiled-write.js';
import type { Database } from '../database/database.js';
import { isTaken } from '../database/database-errors.js';
import type { Transaction } from '../database/transaction.js';
import { recordEvent } from '../events/record-event.js';
import { assertConditions, type Conditions, recordTagOf } from '../http/etag.js';
import { type Condition, indexed, isLike } from '../pagination/condition.js';
import type { Lists, Page } from '../pagination/lists.js';
import type { Listing } from '../pagination/scan.js';
import { recordScopeLost } from '../revocations/record-revocations.js';
import type { CountScopesQuery, CreateScopeDto, ListScopesQuery, UpdateScopeDto } from './scope.dto.js';
import { nameKeyOf, type Scope } from './scope.entity.js';
import { toScopeView } from './scope.view.js';
import type { ScopeHolder, ScopeKind } from './scope-kind.js';
import { scopeErrors } from './scopes.errors.js';

/** Access scopes of one kind, and which users have access to them (contract.md §4). */
export abstract class ScopesService<S extends Scope> {
  private readonly byUser: CompiledQuery<S>;

  private readonly listing: Listing<S>;

  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
    readonly kind: ScopeKind<S>,
  ) {
    this.listing = { name: kind.path, entity: kind.entity, alias: 'scope', key: 'nameKey' };
    this.byUser = new CompiledQuery((manager) =>
      this.assignedTo(PARAMETER, manager.createQueryBuilder(kind.entity, 'scope')).orderBy('scope.id'),
    );
  }

  /** @throws {ApiError} 403 when `principal` has no access to the scope; 404 */
  async get(id: number, principal: Principal): Promise<S> {
    await this.assertReach(principal, id);
    const scope = await this.find(id);
    if (!scope) throw scopeErrors.notFound(this.kind.label, id);
    return scope;
  }

  /** Returns all scopes, ordered by id. */
  all(): Promise<S[]> {
    return this.database.read((manager) =>
      manager.createQueryBuilder(this.kind.entity, 'scope').orderBy('scope.id').getMany(),
    );
  }

  /** Whether the scope exists, read inside a transaction. */
  exists(id: number, manager: EntityManager): Promise<boolean> {
    return manager.createQueryBuilder(this.kind.entity, 'scope').where('scope.id = :id', { id }).getExists();
  }

  private find(id: number): Promise<S | null> {
    return this.database.read((manager) =>
      manager.createQueryBuilder(this.kind.entity, 'scope').where('scope.id = :id', { id }).getOne(),
    );
  }

  /**
   * Returns a page of the scopes to which `principal` has access.
   *
   * @throws {ApiError} 400 when `take` or `after` is not valid
   */
  async list(query: ListScopesQuery, principal: Principal): Promise<Page> {
    const conditions = await this.conditionsOf(query, principal);
    return this.lists.page(this.listing, { query, conditions, toView: toScopeView });
  }

  /** Counts the scopes to which `principal` has access. */
  async count(query: CountScopesQuery, principal: Principal): Promise<number> {
    return this.lists.count(this.listing, await this.conditionsOf(query, principal));
  }

  /** Returns the new id. @throws {ApiError} 403 when the name is taken */
  create({ name, description = null }: CreateScopeDto, actor: Principal): Promise<number> {
    return this.changeWithUniqueName(actor, async (transaction, caller) => {
      const values = { name, nameKey: nameKeyOf(name), description } as unknown as QueryDeepPartialEntity<S>;
      const { identifiers } = await transaction.manager.insert(this.kind.entity, values);
      const { id } = identifiers[0] as { id: number };
      await this.record(transaction, caller, 'created', id);
      return id;
    });
  }

  /**
   * Updates the fields that are present.
   *
   * @throws {ApiError} 403 when access is denied or the name is taken; 404; 412
   */
  async update(
    id: number,
    { name, description }: UpdateScopeDto,
    { actor, conditions }: ChangeContext,
  ): Promise<void> {
    await this.assertReach(actor, id);
    await this.changeWithUniqueName(actor, async (transaction, caller) => {
      const before = await this.lock(transaction, id, conditions);
      const changes = {
        ...(name !== undefined && name !== before.name && { name }),
        ...(description !== undefined && description !== before.description && { description }),
      };
      const fields = Object.keys(changes);
      if (fields.length === 0) return;
      const columns = { ...changes, ...(changes.name !== undefined && { nameKey: nameKeyOf(changes.name) }) };
      await updateById<Scope>(transaction.manager, this.kind.entity, id, columns, ['version']);
      await this.record(transaction, caller, 'updated', id, fields);
    });
  }

  /** Deletes a scope and its assignments (cascade). @throws {ApiError} 403 when access is denied; 404; 412 */
  async remove(id: number, { actor, conditions }: ChangeContext): Promise<void> {
    await this.assertReach(actor, id);
    await changeAs(this.database, actor, {}, async (transaction, caller) => {
      await this.lock(transaction, id, conditions);
      await recordScopeLost(transaction, this.kind.assignment, id);
      await transaction.manager.delete(this.kind.entity, id);
      await this.record(transaction, caller, 'deleted', id);
    });
  }

  /** Returns the scopes that are assigned to a user, ordered by id. `inside`: the manager of a transaction. */
  ofUser(userId: number, inside?: EntityManager): Promise<S[]> {
    return inside
      ? this.byUser.all(inside, userId)
      : this.database.read((manager) => this.byUser.all(manager, userId));
  }

  /** Returns the scopes to which a user currently has access: all of them, or the assigned ones. */
  async reachOf(holder: ScopeHolder, manager: EntityManager): Promise<Ids> {
    if (this.reachesAll(holder)) return '*';
    return (await this.byUser.all(manager, holder.userId)).map(({ id }) => id);
  }

  /** @throws {ApiError} 403 when `principal` has no access to the scope */
  async assertReach(principal: Principal, id: number): Promise<void> {
    this.assertNamed(principal, id);
    if (!this.reachesAll(principal) && !(await this.isAssigned(principal.userId, id)))
      throw authorizationErrors.accessDenied();
  }

  /** @throws {ApiError} 403 when the token of `principal` does not list the scope; with `*`: does not list all */
  assertNamed(principal: Principal, id: number | '*'): void {
    if (!isWithin(id, this.namedBy(principal))) throw authorizationErrors.accessDenied();
  }

  /** Filters `scopes` to those that the token of `principal` lists. */
  keepNamed(scopes: readonly S[], principal: Principal): S[] {
    const named = this.namedBy(principal);
    if (named === '*') return [...scopes];
    const ids = new Set(named);
    return scopes.filter(({ id }) => ids.has(id));
  }

  private async conditionsOf(
    { name, namePattern }: CountScopesQuery,
    principal: Principal,
  ): Promise<Condition[]> {
    const { listing } = this;
    const conditions: Condition[] = [];
    if (namePattern !== undefined) conditions.push(isLike(listing, 'nameKey', nameKeyOf(namePattern)));
    else if (name !== undefined)
      conditions.push(indexed(listing, 'scope.nameKey = :key', { key: nameKeyOf(name) }));
    if (!this.reachesAll(principal)) conditions.push(await this.isAssignedTo(principal.userId));
    const named = this.namedBy(principal);
    if (named !== '*') conditions.push(this.isNamed(named));
    return conditions;
  }

  /** A token may name tens of thousands of ids. */
  private isNamed(ids: readonly number[]): Condition {
    const named = new Set(ids);
    return {
      sql: this.database.isAmong('scope.id', 'named'),
      parameters: { named: JSON.stringify(ids) },
      ids: () => Promise.resolve(ids),
      accepts: (id) => named.has(id),
    };
  }

  private isAssignedTo(userId: number): Promise<Condition> {
    const assigned = (manager: EntityManager) =>
      manager
        .createQueryBuilder(this.kind.assignment, 'assignment')
        .select('assignment.scopeId', 'id')
        .where('assignment.userId = :userId', { userId });
    return this.database.read((manager) => {
      const isOne = assigned(manager).andWhere('assignment.scopeId = scope.id');
      return Promise.resolve({
        sql: `EXISTS (${isOne.getQuery()})`,
        parameters: isOne.getParameters(),
        ids: async (inside: EntityManager, most: number) =>
          (await assigned(inside).limit(most).getRawMany<{ id: number }>()).map(({ id }) => id),
      });
    });
  }

  private reachesAll(holder: ScopeHolder): boolean {
    return holder.role === Role.Administrator || this.kind.allAvailable?.isSetFor(holder) === true;
  }

  /** Returns the scopes that the token of `principal` lists. A token without a list gives no access. */
  private namedBy(principal: Principal): Ids {
    return principal.claimed[this.kind.claim] ?? [];
  }

  private assignedTo(
    userId: number | typeof PARAMETER,
    scopes: SelectQueryBuilder<S>,
  ): SelectQueryBuilder<S> {
    const assigned = scopes
      .subQuery()
      .select('assignment.scopeId')
      .from(this.kind.assignment, 'assignment')
      .where('assignment.userId = :userId')
      .getQuery();
    return scopes.andWhere(`scope.id IN ${assigned}`, { userId });
  }

  private isAssigned(userId: number, scopeId: number): Promise<boolean> {
    return this.database.read((manager) => manager.existsBy(this.kind.assignment, { userId, scopeId }));
  }

  /** @throws {ApiError} 404; 412 */
  private async lock(
    { manager, rowLock }: Transaction,
    id: number,
    conditions: Conditions | undefined,
  ): Promise<S> {
    const query = manager.createQueryBuilder(this.kind.entity, 'scope').where('scope.id = :id', { id });
    if (rowLock) query.setLock(rowLock);
    const scope = await query.getOne();
    if (!scope) throw scopeErrors.notFound(this.kind.label, id);
    const tag = recordTagOf(scope);
    if (conditions) await assertConditions(conditions, tag, () => tag);
    return scope;
  }

  private record(
    transaction: Transaction,
    actor: Principal,
    what: 'created' | 'updated' | 'deleted',
    id: number,
    fields?: readonly string[],
  ): Promise<void> {
    const { path, eventThing } = this.kind;
    return recordEvent(transaction, {
      type: `${eventThing}.${what}`,
      subject: `${path}/${id}`,
      actor,
      ...(fields && { fields }),
    });
  }

  private async changeWithUniqueName<T>(
    actor: Principal,
    work: (transaction: Transaction, caller: Principal) => Promise<T>,
  ): Promise<T> {
    try {
      return await changeAs(this.database, actor, {}, work);
    } catch (error) {
      throw isTaken(error, 'name') ? scopeErrors.nameTaken(this.kind.label) : error;
    }
  }
}

function isWithin(id: number | '*', ids: Ids): boolean {
  return ids === '*' || (id !== '*' && ids.includes(id));
}
