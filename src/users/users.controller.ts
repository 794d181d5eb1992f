import { Body, Controller, Delete, Get, Inject, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, CurrentPrincipal, TargetId } from '../authorization/access.decorator.js';
import { Action } from '../authorization/action.js';
import type { Principal } from '../authorization/principal.js';
import { CountView } from '../pagination/count.view.js';
import { etagOf, IfMatch } from '../http/etag.js';
import { announceNextPage } from '../pagination/page-link.js';
import { SETTINGS } from '../settings/settings.module.js';
import type { Settings } from '../settings/settings.js';
import { Operation } from '../openapi/operation.decorator.js';
import { CreateUserDto } from './dto/create-user.dto.js';
import { UpdateUserDto } from './dto/update-user.dto.js';
import { viewOf } from './dto/user.view.js';
import { CountUsersQuery, ListUsersQuery } from './dto/users.query.js';
import { whoMayChange } from './user.policy.js';
import * as docs from './users.docs.js';
import { UsersService } from './users.service.js';

const manage = { actions: [Action.ManageUser], who: 'administrators' } as const;
const read = { actions: [Action.GetCurrentUser, Action.ManageUser], who: 'owner' } as const;
const update = {
  actions: [Action.UpdateCurrentUser, Action.ManageUser],
  who: 'owner',
  fields: whoMayChange,
} as const;

/** `/user` (contract.md §3). */
@ApiTags('Users')
@Controller('user')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @Access(manage)
  @Operation(docs.list)
  async list(
    @Query() query: ListUsersQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const users = await this.users.list(query);
    announceNextPage(request, reply, query, users);
    return users.map((user) => viewOf(user, 'listed'));
  }

  @Get('count')
  @Access(manage)
  @Operation(docs.count)
  async count(@Query() query: CountUsersQuery): Promise<CountView> {
    return { count: await this.users.count(query) };
  }

  @Get('current')
  @Access({ actions: [Action.GetCurrentUser], who: 'everyone' })
  @Operation(docs.getCurrent)
  getCurrent(@TargetId() id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.get(id, reply);
  }

  @Get(':id')
  @Access(read)
  @Operation(docs.get)
  @ApiParam(docs.ID)
  async get(@TargetId() id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { user, networks } = await this.users.getPublished(id);
    reply.header('ETag', etagOf(user.version));
    return viewOf(user, 'published', networks);
  }

  @Post()
  @Access(manage)
  @Operation(docs.create)
  async create(
    @Body() dto: CreateUserDto,
    @CurrentPrincipal() actor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const user = await this.users.create(dto, actor);
    reply.header('Location', `${this.settings.apiPrefix}/user/${user.id}`);
    return viewOf(user, 'submitted');
  }

  @Put('current')
  @Access(update)
  @Operation(docs.updateCurrent)
  @ApiHeader(docs.IF_MATCH)
  updateCurrent(
    @TargetId() id: number,
    @Body() changes: UpdateUserDto,
    @CurrentPrincipal() actor: Principal,
    @IfMatch() ifMatch?: string,
  ): Promise<void> {
    return this.users.update(id, changes, { actor, ifMatch });
  }

  @Put(':id')
  @Access(update)
  @Operation(docs.update)
  @ApiParam(docs.ID)
  @ApiHeader(docs.IF_MATCH)
  update(
    @TargetId() id: number,
    @Body() changes: UpdateUserDto,
    @CurrentPrincipal() actor: Principal,
    @IfMatch() ifMatch?: string,
  ): Promise<void> {
    return this.users.update(id, changes, { actor, ifMatch });
  }

  @Delete(':id')
  @Access(manage)
  @Operation(docs.remove)
  @ApiParam(docs.ID)
  @ApiHeader(docs.IF_MATCH)
  remove(
    @TargetId() id: number,
    @CurrentPrincipal() actor: Principal,
    @IfMatch() ifMatch?: string,
  ): Promise<void> {
    return this.users.remove(id, { actor, ifMatch });
  }
}
