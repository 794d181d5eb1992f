import { Counter, Gauge } from 'prom-client';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { WebhooksService } from '../events/webhooks/webhooks.service.js';
import { webhookAttempts } from '../telemetry/measurements.js';
import { MetricsRegistry } from './registry.js';

/** How the delivery of events by webhook goes, in the process that delivers. */
@Injectable()
export class WebhookMetrics implements OnApplicationShutdown {
  private readonly stopListening: () => void;

  constructor({ registry }: MetricsRegistry, webhooks: WebhooksService) {
    const registers = [registry];
    const attempts = new Counter({
      name: 'hivegate_webhook_attempts_total',
      help: 'Attempts to deliver an event by webhook, by result.',
      labelNames: ['result'],
      registers,
    });
    for (const result of ['delivered', 'failed']) attempts.inc({ result }, 0);
    this.stopListening = webhookAttempts.listen((isDelivered) => {
      attempts.inc({ result: isDelivered ? 'delivered' : 'failed' });
    });
    new Gauge({
      name: 'hivegate_webhook_waiting_events',
      help: 'Events that this process has read and not delivered by webhook yet: 1000 at most. 0 where another one delivers.',
      registers,
      collect() {
        this.set(webhooks.backlog.waiting);
      },
    });
    new Gauge({
      name: 'hivegate_webhook_oldest_waiting_seconds',
      help: 'How long ago the event was read that has waited longest for its delivery by webhook. 0: none waits.',
      registers,
      collect() {
        this.set(webhooks.backlog.oldestSeconds);
      },
    });
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }
}
