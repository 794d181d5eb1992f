import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Drain } from './drain.js';
import { HealthController } from './health.controller.js';

/** Tells those who run the service how it is. */
@Module({ imports: [TerminusModule], controllers: [HealthController], providers: [Drain], exports: [Drain] })
export class HealthModule {}
