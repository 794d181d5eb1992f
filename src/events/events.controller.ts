import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Controller, Get, HttpStatus, Inject, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../authorization/access.decorator.js';
import { Action } from '../authorization/action.js';
import type { AuthenticatedRequest } from '../authorization/authenticated-request.js';
import { wantsEventStream } from '../http/event-stream.js';
import { QueryParameters } from '../http/query-parameters.decorator.js';
import { Operation } from '../openapi/operation.decorator.js';
import { announceNextPage } from '../pagination/page-link.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { type EventView, sourceOf, toEventView } from './event.view.js';
import { EventStreamsService } from './event-streams.service.js';
import * as docs from './events.docs.js';
import { ListEventsQuery } from './events.query.js';
import { EventsService } from './events.service.js';

/** `/event` (contract.md §10). */
@ApiTags('Events')
@Controller('event')
export class EventsController {
  constructor(
    private readonly events: EventsService,
    private readonly streams: EventStreamsService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @Access({ actions: [Action.ManageUser], who: 'administrators' })
  @Operation(HttpStatus.OK, docs.list)
  async list(
    @QueryParameters() query: ListEventsQuery,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventView[] | Readable> {
    if (wantsEventStream(request)) return this.streams.open(query, request, reply);
    const events = await this.events.list(query);
    const last = events.length < query.take ? undefined : events.at(-1);
    announceNextPage(request, reply, last && String(last.id));
    return events.map((event) => toEventView(event, sourceOf(this.settings.jwtIssuer)));
  }
}
