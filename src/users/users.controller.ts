import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpStatus,
  Inject,
  Patch,
  Post,
  Put,
  Req,
  Res,
} from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { toScopeView } from '../access-scopes/scope.view.js';
import { Access, CurrentPrincipal, TargetId } from '../authorization/access.decorator.js';
import { Action } from '../authorization/action.js';
import type { Principal } from '../authorization/principal.js';
import { BodyLimit } from '../http/body-limits.js';
import { ConditionalChange, ConditionalRead } from '../http/conditional.decorator.js';
import { conditionsOf, isNotModified } from '../http/etag.js';
import { AcceptsMergePatch } from '../http/json-content.js';
import { QueryParameters } from '../http/query-parameters.decorator.js';
import { Operation } from '../openapi/operation.decorator.js';
import { CountView } from '../pagination/count.view.js';
import type { ListBody } from '../pagination/lists.js';
import { announceNextPage } from '../pagination/page-link.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { CreateUserDto, PatchUserDto, UpdateUserDto } from './user.dto.js';
import { whoMayChange } from './user.policy.js';
import { type PublishedUser, type SubmittedUser, toPublished, toSubmitted } from './user.view.js';
import { entityTagOf } from './user-etag.js';
import { UserListService } from './user-list.service.js';
import * as docs from './users.docs.js';
import { CountUsersQuery, ListUsersQuery } from './users.query.js';
import { UsersService } from './users.service.js';

const manage = { actions: [Action.ManageUser], who: 'administrators' } as const;
const read = {
  actions: { own: [Action.GetCurrentUser], another: [Action.ManageUser] },
  who: 'owner',
} as const;
const update = {
  actions: [Action.UpdateCurrentUser, Action.ManageUser],
  who: 'owner',
  fields: { policy: whoMayChange, body: UpdateUserDto, records: UsersService, method: 'replace' },
} as const;
const patch = {
  ...update,
  fields: { ...update.fields, body: PatchUserDto, method: 'merge' },
} as const;

/** `/user` (contract.md §3). */
@ApiTags('Users')
@Controller('user')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly userList: UserListService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @Access(manage)
  @Operation(HttpStatus.OK, docs.list)
  async list(
    @QueryParameters() query: ListUsersQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListBody> {
    const { body, next } = await this.userList.page(query);
    announceNextPage(request, reply, next);
    return body;
  }

  @Get('count')
  @Access(manage)
  @Operation(HttpStatus.OK, docs.count)
  async count(@QueryParameters() query: CountUsersQuery): Promise<CountView> {
    return { count: await this.userList.count(query) };
  }

  @Get('current')
  @Access({ actions: [Action.GetCurrentUser], who: 'everyone' })
  @Operation(HttpStatus.OK, docs.getCurrent)
  @ConditionalRead()
  getCurrent(
    @TargetId() id: number,
    @CurrentPrincipal() reader: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PublishedUser | undefined> {
    return this.get(id, reader, reply);
  }

  @Get(':id')
  @Access(read)
  @Operation(HttpStatus.OK, docs.get)
  @ApiParam(docs.ID)
  @ConditionalRead()
  async get(
    @TargetId() id: number,
    @CurrentPrincipal() reader: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PublishedUser | undefined> {
    const { user, networks } = await this.users.getPublished(id, reader);
    if (isNotModified(reply, entityTagOf(user, networks))) return undefined;
    return toPublished(user, { networks: networks.map(toScopeView) });
  }

  @Post()
  @Access(manage)
  @BodyLimit(docs.create)
  @Operation(HttpStatus.CREATED, docs.create)
  async create(
    @Body() dto: CreateUserDto,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubmittedUser> {
    const user = await this.users.create(dto, actor);
    reply.header('Location', `${this.settings.apiPrefix}/user/${user.id}`);
    return toSubmitted(user);
  }

  @Put('current')
  @Access(update)
  @BodyLimit(docs.updateCurrent)
  @Operation(HttpStatus.NO_CONTENT, docs.updateCurrent)
  @ConditionalChange()
  updateCurrent(
    @TargetId() id: number,
    @Body() changes: UpdateUserDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.users.update(id, changes, { actor, conditions: conditionsOf(request) });
  }

  @Put(':id')
  @Access(update)
  @BodyLimit(docs.update)
  @Operation(HttpStatus.NO_CONTENT, docs.update)
  @ApiParam(docs.ID)
  @ConditionalChange()
  update(
    @TargetId() id: number,
    @Body() changes: UpdateUserDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.users.update(id, changes, { actor, conditions: conditionsOf(request) });
  }

  @Patch('current')
  @Access(patch)
  @AcceptsMergePatch()
  @BodyLimit(docs.patchCurrent)
  @Operation(HttpStatus.NO_CONTENT, docs.patchCurrent)
  @ConditionalChange()
  patchCurrent(
    @TargetId() id: number,
    @Body() changes: PatchUserDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.users.update(id, changes, { actor, conditions: conditionsOf(request) }, 'merge');
  }

  @Patch(':id')
  @Access(patch)
  @AcceptsMergePatch()
  @BodyLimit(docs.patch)
  @Operation(HttpStatus.NO_CONTENT, docs.patch)
  @ApiParam(docs.ID)
  @ConditionalChange()
  patch(
    @TargetId() id: number,
    @Body() changes: PatchUserDto,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.users.update(id, changes, { actor, conditions: conditionsOf(request) }, 'merge');
  }

  @Delete(':id')
  @Access(manage)
  @Operation(HttpStatus.NO_CONTENT, docs.remove)
  @ApiParam(docs.ID)
  @ConditionalChange()
  remove(
    @TargetId() id: number,
    @CurrentPrincipal() actor: Principal,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.users.remove(id, { actor, conditions: conditionsOf(request) });
  }
}
