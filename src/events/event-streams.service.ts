import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticatedRequest } from '../authorization/authenticated-request.js';
import { Database } from '../database/database.js';
import type { Incarnation } from '../database/incarnation.entity.js';
import { EPOCH, readIncarnation } from '../database/incarnation.js';
import { requestErrors } from '../errors/request.errors.js';
import { lastEventIdOf, type StreamMessage, streamOf } from '../http/event-stream.js';
import { type OpenReader, OpenReaders } from '../http/open-readers.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { sourceOf, toEventView } from './event.view.js';
import { ListEventsQuery } from './events.query.js';
import { EventsService } from './events.service.js';
import { NewEvents } from './new-events.js';

/** How many events are read at once. */
const PAGE = 200;

/** `GET /event` as a stream (contract.md §10): the same events as the list, and then each that is recorded. */
@Injectable()
export class EventStreamsService {
  constructor(
    private readonly database: Database,
    private readonly events: EventsService,
    private readonly newEvents: NewEvents,
    private readonly readers: OpenReaders,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Returns the body of the stream. It begins behind `Last-Event-ID`, else behind `after`, else with the oldest event.
   *
   * @throws {ApiError} 400 when `Last-Event-ID` is none; 410 when it is from before a restore; 429
   */
  async open(query: ListEventsQuery, request: AuthenticatedRequest, reply: FastifyReply): Promise<Readable> {
    const reader = this.readers.open({
      key: `event/${request.user.userId}`,
      check: () => request.recheck(),
    });
    try {
      const incarnation = await this.database.read(readIncarnation);
      const after = await this.positionOf(lastEventIdOf(request), query.after, incarnation);
      return streamOf(reply, this.messages(query, after, incarnation, reader), reader);
    } catch (error) {
      reader.close();
      throw error;
    }
  }

  private async positionOf(
    sent: string | undefined,
    after: number | undefined,
    { epoch, eventsFrom }: Incarnation,
  ): Promise<number> {
    if (sent === undefined && (after === undefined || after === 0)) return 0;
    const [id = '', of] = sent === undefined ? [String(after)] : idAndEpochIn(sent);
    const last = await this.database.read((manager) => this.database.ids.last(manager, 'events'));
    // Of an id from before a restore nobody knows which event it was, unless this database has given it since.
    const isKnown = of === undefined ? Number(id) >= eventsFrom : of === epoch;
    if (!isKnown || Number(id) > last) throw requestErrors.cursorGone();
    return Number(id);
  }

  private async *messages(
    query: ListEventsQuery,
    after: number,
    { epoch, eventsFrom }: Incarnation,
    reader: OpenReader,
  ): AsyncGenerator<StreamMessage> {
    const source = sourceOf(this.settings.jwtIssuer);
    while (!reader.signal.aborted) {
      const newest = await this.newEvents.look();
      const events = await this.events.page(
        Object.assign(new ListEventsQuery(), query, { take: PAGE, after }),
      );
      for (const event of events) {
        const id = event.id;
        yield {
          id: id < eventsFrom ? `${id}.${epoch}` : String(id),
          data: JSON.stringify(toEventView(event, source)),
        };
      }
      const last = events.at(-1)?.id ?? after;
      // The filter may leave out all up to the newest.
      after = events.length === PAGE ? last : Math.max(last, newest);
      if (events.length < PAGE) await this.newEvents.wait(after, reader.signal);
    }
  }
}

/** @throws {ApiError} 400 */
function idAndEpochIn(sent: string): [id: string, epoch: string | undefined] {
  const [id = '', epoch, ...rest] = sent.split('.');
  if (/^(?:0|[1-9]\d{0,15})$/.test(id) && rest.length === 0 && (epoch === undefined || EPOCH.test(epoch)))
    return [id, epoch];
  throw requestErrors.invalidParameters([
    { field: 'Last-Event-ID', message: 'Last-Event-ID must be the id of an event' },
  ]);
}
