import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Database } from '../../database/database.js';
import { RecurringWork } from '../../database/recurring-work.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { type Backlog, Delivery } from './delivery.js';
import { DeliveryRepository } from './delivery.repository.js';
import { WebhookSender } from './webhook-sender.js';

/** Milliseconds between two looks for new events. */
const INTERVAL = 500;

/** Delivers events to `WEBHOOK_URL` (contract.md §10). Where it is unset, there is no timer and no query. */
@Injectable()
export class WebhooksService implements OnApplicationBootstrap, OnModuleDestroy {
  private delivery: Delivery | undefined;
  private work: RecurringWork | undefined;

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** What waits in this process: nothing where another one delivers. */
  get backlog(): Backlog {
    return this.delivery?.backlog ?? { waiting: 0, oldestSeconds: 0 };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { webhookUrl, webhookSecrets, jwtIssuer, eventsKeptDays } = this.settings;
    if (webhookUrl === undefined) return;
    const logger = new Logger(WebhooksService.name);
    const delivery = new Delivery({
      database: this.database,
      repository: new DeliveryRepository(this.database),
      sender: new WebhookSender(webhookUrl, webhookSecrets),
      host: new URL(webhookUrl).host,
      issuer: jwtIssuer,
      keptDays: eventsKeptDays,
      logger,
    });
    this.delivery = delivery;
    this.work = new RecurringWork({
      interval: INTERVAL,
      work: () => delivery.advance(),
      logger,
      problem: 'Events cannot be read for their delivery by webhook',
    });
    // Before the first request: its events are delivered.
    await this.work.run();
    this.work.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.work?.stop();
    await this.delivery?.stop();
  }
}
