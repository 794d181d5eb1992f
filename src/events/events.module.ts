import { Module } from '@nestjs/common';
import { EventStreamsService } from './event-streams.service.js';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';
import { NewEvents } from './new-events.js';
import { WebhooksService } from './webhooks/webhooks.service.js';

/** Who changed what: events, how long they are kept, and their delivery to others. */
@Module({
  controllers: [EventsController],
  providers: [EventsService, EventStreamsService, NewEvents, WebhooksService],
  exports: [WebhooksService],
})
export class EventsModule {}
