import { Module } from '@nestjs/common';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';
import { WebhooksService } from './webhooks/webhooks.service.js';

/** Who changed what: events, how long they are kept, and their delivery to others. */
@Module({
  controllers: [EventsController],
  providers: [EventsService, WebhooksService],
  exports: [WebhooksService],
})
export class EventsModule {}
