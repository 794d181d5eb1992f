import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { RecurringWork } from '../../database/recurring-work.js';
import { removeEnded } from '../../sessions/sessions.repository.js';

/** Milliseconds between two removals. */
const INTERVAL = 60_000;

/** Removes the rows of sessions of which nothing can be used any more (contract.md §5). */
@Injectable()
export class EndedSessionsRemoval implements OnModuleInit, OnModuleDestroy {
  private readonly removal = new RecurringWork({
    interval: INTERVAL,
    work: () => this.remove(),
    logger: new Logger(EndedSessionsRemoval.name),
    problem: 'Ended sessions cannot be removed',
  });

  constructor(private readonly database: Database) {}

  onModuleInit(): void {
    this.removal.start();
  }

  onModuleDestroy(): void {
    this.removal.stop();
  }

  /** Removes them now, a thousand per transaction, so that no other change waits for long. */
  async remove(): Promise<void> {
    while (await this.database.transaction(removeEnded));
  }
}
