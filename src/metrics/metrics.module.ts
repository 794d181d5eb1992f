import { type DynamicModule, Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { EventsModule } from '../events/events.module.js';
import { PasswordsModule } from '../passwords/passwords.module.js';
import type { Settings } from '../settings/settings.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsServer } from './metrics-server.js';
import { OpenSessions } from './open-sessions.js';
import { MetricsRegistry } from './registry.js';
import { RequestMetrics } from './request-metrics.js';
import { WebhookMetrics } from './webhook-metrics.js';
import { WorkMetrics } from './work-metrics.js';

/** What the process does, in numbers, for Prometheus (contract.md §10). */
@Module({})
export class MetricsModule implements NestModule {
  /** Returns the modules that `METRICS` adds to the application: where it is off, none, and nothing is measured. */
  static with({ metrics }: Settings): DynamicModule[] {
    if (metrics === 'off') return [];
    return [
      {
        module: MetricsModule,
        imports: [PasswordsModule, EventsModule],
        controllers: metrics === 'on' ? [MetricsController] : [],
        providers: [
          MetricsRegistry,
          RequestMetrics,
          WorkMetrics,
          WebhookMetrics,
          OpenSessions,
          MetricsServer,
        ],
      },
    ];
  }

  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly requests: RequestMetrics,
  ) {}

  configure(): void {
    this.requests.watch(this.host.httpAdapter.getInstance());
  }
}
