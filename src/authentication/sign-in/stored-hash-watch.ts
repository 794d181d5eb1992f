import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { RecurringWork } from '../../database/recurring-work.js';
import { PasswordHasher } from '../../passwords/password-hasher.js';
import { findForeignHashes } from '../../users/stored-hash-costs.js';

/** Milliseconds between two looks: users may be imported while the service runs. */
const INTERVAL = 10_000;

/**
 * Tells the hasher which kinds of imported hashes there are, before the first sign-in: a rejected one takes as long as the
 * slowest of them, whoever it was (contract.md §10).
 */
@Injectable()
export class StoredHashWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(StoredHashWatch.name);
  private readonly watch = new RecurringWork({
    interval: INTERVAL,
    work: () => this.look(),
    logger: this.logger,
    problem: 'The kinds of password hashes cannot be read',
  });

  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordHasher,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.watch.run();
    this.watch.start();
  }

  onModuleDestroy(): void {
    this.watch.stop();
  }

  /** Looks now. Does not wait until new kinds have been measured: rejected sign-ins do. */
  async look(): Promise<void> {
    const hashes = await this.database.read(findForeignHashes);
    this.passwords.know(hashes).catch((error: unknown) => {
      const { message } = error as Error;
      this.logger.warn(`The time that imported password hashes take cannot be measured: ${message}`);
    });
  }
}
