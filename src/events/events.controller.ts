import type { FastifyReply, FastifyRequest } from 'fastify';
import { Controller, Get, HttpStatus, Inject, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../authorization/access.decorator.js';
import { Action } from '../authorization/action.js';
import { QueryParameters } from '../http/query-parameters.decorator.js';
import { Operation } from '../openapi/operation.decorator.js';
import { announceNextPage } from '../pagination/page-link.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { type EventView, sourceOf, toEventView } from './event.view.js';
import * as docs from './events.docs.js';
import { ListEventsQuery } from './events.query.js';
import { EventsService } from './events.service.js';

/** `/event` (contract.md §10). */
@ApiTags('Events')
@Controller('event')
export class EventsController {
  constructor(
    private readonly events: EventsService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @Access({ actions: [Action.ManageUser], who: 'administrators' })
  @Operation(HttpStatus.OK, docs.list)
  async list(
    @QueryParameters() query: ListEventsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventView[]> {
    const events = await this.events.list(query);
    const last = events.length < query.take ? undefined : events.at(-1);
    announceNextPage(request, reply, last && String(last.id));
    return events.map((event) => toEventView(event, sourceOf(this.settings.jwtIssuer)));
  }
}
