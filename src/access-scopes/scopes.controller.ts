import type { FastifyReply, FastifyRequest } from 'fastify';
import { Body, Delete, Get, HttpStatus, Post, Put, Req, Res } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { Access, CurrentPrincipal, TargetId } from '../authorization/access.decorator.js';
import type { Principal } from '../authorization/principal.js';
import { ConditionalChange, ConditionalRead } from '../http/conditional.decorator.js';
import { conditionsOf, isNotModified, recordTagOf } from '../http/etag.js';
import { QueryParameters } from '../http/query-parameters.decorator.js';
import { Operation } from '../openapi/operation.decorator.js';
import { ID_SCHEMA } from '../openapi/schemas.js';
import type { CountView } from '../pagination/count.view.js';
import type { ListBody } from '../pagination/lists.js';
import { announceNextPage } from '../pagination/page-link.js';
import {
  CountScopesQuery,
  CreateScopeDto,
  ListScopesQuery,
  RemoveScopeQuery,
  UpdateScopeDto,
} from './scope.dto.js';
import type { Scope } from './scope.entity.js';
import { type ScopeView, toScopeView } from './scope.view.js';
import type { ScopeKind } from './scope-kind.js';
import { type CreatedScopeView, describeScopes } from './scopes.docs.js';
import type { ScopesService } from './scopes.service.js';

/** The routes of a controller of access scopes. */
export interface ScopesController {
  list(
    query: ListScopesQuery,
    principal: Principal,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ListBody>;
  count(query: CountScopesQuery, principal: Principal): Promise<CountView>;
  get(id: number, principal: Principal, reply: FastifyReply): Promise<ScopeView | undefined>;
  create(dto: CreateScopeDto, principal: Principal): Promise<CreatedScopeView>;
  update(id: number, changes: UpdateScopeDto, actor: Principal, request: FastifyRequest): Promise<void>;
  remove(id: number, query: RemoveScopeQuery, actor: Principal, request: FastifyRequest): Promise<void>;
}

/**
 * Creates the controller base class of one kind of access scope: the same six routes for each kind (contract.md §4).
 * Subclasses inject the service of that kind as `scopes`.
 */
export function scopesController<S extends Scope>(
  kind: ScopeKind<S>,
): abstract new () => ScopesController & { readonly scopes: ScopesService<S> } {
  const docs = describeScopes(kind);
  const read = { actions: [kind.actions.read], who: 'everyone' } as const;
  const manage = { actions: [kind.actions.manage], who: 'administrators' } as const;
  const Id = ApiParam({
    name: 'id',
    description: `The id of a ${kind.label.toLowerCase()}.`,
    schema: ID_SCHEMA,
    example: 1,
  });

  abstract class OneKindController implements ScopesController {
    abstract readonly scopes: ScopesService<S>;

    @Get()
    @Access(read)
    @Operation(HttpStatus.OK, docs.list)
    async list(
      @QueryParameters() query: ListScopesQuery,
      @CurrentPrincipal() principal: Principal,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<ListBody> {
      const { body, next } = await this.scopes.list(query, principal);
      announceNextPage(request, reply, next);
      return body;
    }

    @Get('count')
    @Access(read)
    @Operation(HttpStatus.OK, docs.count)
    async count(
      @QueryParameters() query: CountScopesQuery,
      @CurrentPrincipal() principal: Principal,
    ): Promise<CountView> {
      return { count: await this.scopes.count(query, principal) };
    }

    @Get(':id')
    @Access(read)
    @Operation(HttpStatus.OK, docs.get)
    @Id
    @ConditionalRead()
    async get(
      @TargetId() id: number,
      @CurrentPrincipal() principal: Principal,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<ScopeView | undefined> {
      const scope = await this.scopes.get(id, principal);
      return isNotModified(reply, recordTagOf(scope)) ? undefined : toScopeView(scope);
    }

    @Post()
    @Access(manage)
    @Operation(HttpStatus.CREATED, docs.create)
    async create(
      @Body() dto: CreateScopeDto,
      @CurrentPrincipal() principal: Principal,
    ): Promise<CreatedScopeView> {
      return { id: await this.scopes.create(dto, principal) };
    }

    @Put(':id')
    @Access(manage)
    @Operation(HttpStatus.NO_CONTENT, docs.update)
    @Id
    @ConditionalChange()
    update(
      @TargetId() id: number,
      @Body() changes: UpdateScopeDto,
      @CurrentPrincipal() actor: Principal,
      @Req() request: FastifyRequest,
    ): Promise<void> {
      return this.scopes.update(id, changes, { actor, conditions: conditionsOf(request) });
    }

    @Delete(':id')
    @Access(manage)
    @Operation(HttpStatus.NO_CONTENT, docs.remove)
    @Id
    @ConditionalChange()
    remove(
      @TargetId() id: number,
      @QueryParameters() _query: RemoveScopeQuery,
      @CurrentPrincipal() actor: Principal,
      @Req() request: FastifyRequest,
    ): Promise<void> {
      return this.scopes.remove(id, { actor, conditions: conditionsOf(request) });
    }
  }
  return OneKindController;
}
