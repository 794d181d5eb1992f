import { Module } from '@nestjs/common';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';

/** Who changed what: events, and how long they are kept. */
@Module({ controllers: [EventsController], providers: [EventsService] })
export class EventsModule {}
