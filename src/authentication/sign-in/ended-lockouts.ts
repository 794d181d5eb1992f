import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { RecurringWork } from '../../database/recurring-work.js';
import type { Transaction } from '../../database/transaction.js';
import { endLockout } from '../../users/user-changes.js';
import { findEndedLockouts, lockUser } from '../../users/users.repository.js';

/** Milliseconds between two searches. */
const INTERVAL = 30_000;
/** The most users that are read at once. */
const CHUNK = 100;

/**
 * Stores the end of lockouts whose time has passed, and its event. Everything that judges or shows a status counts them
 * as ended before that.
 */
@Injectable()
export class EndedLockouts implements OnModuleInit, OnModuleDestroy {
  private readonly work = new RecurringWork({
    interval: INTERVAL,
    work: () => this.store(),
    logger: new Logger(EndedLockouts.name),
    problem: 'The end of lockouts cannot be stored',
  });

  constructor(private readonly database: Database) {}

  onModuleInit(): void {
    this.work.start();
  }

  onModuleDestroy(): void {
    this.work.stop();
  }

  /** Stores them now. */
  async store(): Promise<void> {
    let ids: readonly number[] = [0];
    while (ids.length > 0) {
      const page = { after: ids.at(-1) ?? 0, most: CHUNK };
      ids = await this.database.read((manager) => findEndedLockouts(manager, page));
      for (const id of ids) await this.database.transaction((transaction) => storeEnd(transaction, id));
    }
  }
}

async function storeEnd(transaction: Transaction, id: number): Promise<void> {
  const user = await lockUser(transaction, id);
  if (user) await endLockout(transaction, user);
}
