import { Controller, Delete, Get, HttpStatus, Param } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, TargetId } from '../../authorization/access.decorator.js';
import { Action } from '../../authorization/action.js';
import type { Principal } from '../../authorization/principal.js';
import { QueryParameters } from '../../http/query-parameters.decorator.js';
import { Operation } from '../../openapi/operation.decorator.js';
import { ID } from '../../users/users.docs.js';
import { type SessionView, toSessionView } from './session.view.js';
import * as docs from './sessions.docs.js';
import { EndSessionsQuery, ListSessionsQuery } from './sessions.query.js';
import { SessionsService } from './sessions.service.js';

const read = {
  actions: { own: [Action.GetCurrentUser], another: [Action.ManageUser] },
  who: 'owner',
} as const;
const end = {
  actions: { own: [Action.UpdateCurrentUser], another: [Action.ManageUser] },
  who: 'owner',
} as const;

/** `/user/{id}/session` and `/user/current/session` (contract.md §5). */
@ApiTags('Sessions')
@Controller('user')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get('current/session')
  @Access(read)
  @Operation(HttpStatus.OK, docs.listOwn)
  listOwn(
    @TargetId() id: number,
    @QueryParameters() query: ListSessionsQuery,
    @CurrentPrincipal() reader: Principal,
  ): Promise<SessionView[]> {
    return this.list(id, query, reader);
  }

  @Get(':id/session')
  @Access(read)
  @Operation(HttpStatus.OK, docs.list)
  @ApiParam(ID)
  async list(
    @TargetId() id: number,
    @QueryParameters() query: ListSessionsQuery,
    @CurrentPrincipal() reader: Principal,
  ): Promise<SessionView[]> {
    const sessions = await this.sessions.list(id, query, reader);
    return sessions.map((session) => toSessionView(session, reader));
  }

  @Delete('current/session')
  @Access(end)
  @Operation(HttpStatus.NO_CONTENT, docs.revokeAllOwn)
  revokeAllOwn(
    @TargetId() id: number,
    @QueryParameters() query: EndSessionsQuery,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.sessions.revokeAll(id, query, actor);
  }

  @Delete(':id/session')
  @Access(end)
  @Operation(HttpStatus.NO_CONTENT, docs.revokeAll)
  @ApiParam(ID)
  revokeAll(
    @TargetId() id: number,
    @QueryParameters() query: EndSessionsQuery,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.sessions.revokeAll(id, query, actor);
  }

  @Delete('current/session/:sessionId')
  @Access(end)
  @Operation(HttpStatus.NO_CONTENT, docs.revokeOwn)
  @ApiParam(docs.SESSION_ID)
  revokeOwn(
    @TargetId() id: number,
    @Param('sessionId') sessionId: string,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.sessions.revoke(id, sessionId, actor);
  }

  @Delete(':id/session/:sessionId')
  @Access(end)
  @Operation(HttpStatus.NO_CONTENT, docs.revoke)
  @ApiParam(ID)
  @ApiParam(docs.SESSION_ID)
  revoke(
    @TargetId() id: number,
    @Param('sessionId') sessionId: string,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.sessions.revoke(id, sessionId, actor);
  }
}
