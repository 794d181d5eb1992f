import { Delete, Get, HttpStatus, Put, type Type } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { Scope } from '../access-scopes/scope.entity.js';
import { type ScopeView, toScopeView } from '../access-scopes/scope.view.js';
import type { ScopeKind } from '../access-scopes/scope-kind.js';
import type { ScopesService } from '../access-scopes/scopes.service.js';
import { Access, CurrentPrincipal, TargetId } from '../authorization/access.decorator.js';
import type { Principal } from '../authorization/principal.js';
import { IdParam } from '../http/id-param.js';
import { Operation } from '../openapi/operation.decorator.js';
import { ID_SCHEMA } from '../openapi/schemas.js';
import { ID } from '../users/users.docs.js';
import { describeAssignments } from './assignments.docs.js';
import type { AssignmentsService } from './assignments.service.js';

/** The differences between the routes of each kind of assignment. */
export interface AssignmentRoutes<V> {
  /** Name of the path parameter with the scope's id. */
  readonly parameter: string;
  /** The response of GET. */
  readonly view: Type<V>;
  readonly toView: (scope: ScopeView) => V;
}

/** The routes and dependencies of a controller of assignments. */
export interface AssignmentsController<S extends Scope, V> {
  readonly assignments: AssignmentsService;
  readonly scopes: ScopesService<S>;
  get(userId: number, id: number, principal: Principal): Promise<V>;
  assign(userId: number, id: number, actor: Principal): Promise<void>;
  unassign(userId: number, id: number, actor: Principal): Promise<void>;
}

/**
 * Creates the controller base class for assignments of one kind of access scope: the same three routes for each kind
 * (contract.md §3). Subclasses inject the services.
 */
export function assignmentsController<S extends Scope, V>(
  kind: ScopeKind<S>,
  { parameter, view, toView }: AssignmentRoutes<V>,
): abstract new () => AssignmentsController<S, V> {
  const docs = describeAssignments(kind, view);
  const { read, manage } = kind.actions;
  const managing = { actions: [manage], who: 'administrators' } as const;
  const ScopeId = ApiParam({
    name: parameter,
    description: `The id of a ${kind.label.toLowerCase()}.`,
    schema: ID_SCHEMA,
    example: 2,
  });

  abstract class OneKindController implements AssignmentsController<S, V> {
    abstract readonly assignments: AssignmentsService;
    abstract readonly scopes: ScopesService<S>;

    @Get(`:${parameter}`)
    @Access({ actions: [read, manage], who: 'owner' })
    @Operation(HttpStatus.OK, docs.get)
    @ApiParam(ID)
    @ScopeId
    async get(
      @TargetId() userId: number,
      @IdParam(parameter) id: number,
      @CurrentPrincipal() principal: Principal,
    ): Promise<V> {
      return toView(toScopeView(await this.assignments.get(this.scopes, userId, id, principal)));
    }

    @Put(`:${parameter}`)
    @Access(managing)
    @Operation(HttpStatus.NO_CONTENT, docs.assign)
    @ApiParam(ID)
    @ScopeId
    assign(
      @TargetId() userId: number,
      @IdParam(parameter) id: number,
      @CurrentPrincipal() actor: Principal,
    ): Promise<void> {
      return this.assignments.assign(this.scopes, userId, id, actor);
    }

    @Delete(`:${parameter}`)
    @Access(managing)
    @Operation(HttpStatus.NO_CONTENT, docs.unassign)
    @ApiParam(ID)
    @ScopeId
    unassign(
      @TargetId() userId: number,
      @IdParam(parameter) id: number,
      @CurrentPrincipal() actor: Principal,
    ): Promise<void> {
      return this.assignments.unassign(this.scopes, userId, id, actor);
    }
  }
  return OneKindController;
}
