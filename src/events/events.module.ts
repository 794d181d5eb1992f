import { Module } from '@nestjs/common';
import { EventStreamsService } from './event-streams.service.js';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';
import { NewEvents } from './new-events.js';

/** Who changed what: events, and how long they are kept. */
@Module({
  controllers: [EventsController],
  providers: [EventsService, EventStreamsService, NewEvents],
  exports: [NewEvents],
})
export class EventsModule {}
