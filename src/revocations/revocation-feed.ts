import { MoreThan } from 'typeorm';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Incarnation } from '../database/incarnation.entity.js';
import { readIncarnation } from '../database/incarnation.js';
import { RecurringWork } from '../database/recurring-work.js';
import { WakeUp } from '../database/wake-up.js';
import { numberRevocations, pruneRevocations } from './number-revocations.js';
import { CLOCKS_DIFFER, REVOCATIONS } from './record-revocations.js';
import { StoredRevocation } from './revocation.entity.js';

/** Milliseconds between two looks while somebody waits: a revocation by another process is delivered soon after. */
const LOOK_EVERY = 150;
/** Milliseconds between two runs of the recurring work, and after which one begins no other batch. */
const UPKEEP_EVERY = 1000;
const LONGEST_PRUNING = 100;
/** Maximum number of entries in a page. */
const PAGE = 2000;
/** Maximum number of pages that readers share. */
const MOST_SHARED = 8;

/** Some entries of the feed, in order. */
export interface FeedPage {
  readonly entries: readonly StoredRevocation[];
  /** The number that the next page begins behind. */
  readonly last: number;
}

/** The entries of the feed of revocations (docs/decisions/0047-revocation-feed.md). */
@Injectable()
export class RevocationFeed implements OnModuleInit, OnModuleDestroy {
  private readonly wakeUp: WakeUp;
  private known: Promise<Incarnation> | undefined;
  /** Pages that are read while {@link sharedAt} is the newest number: all streams want the same one at once. */
  private readonly shared = new Map<number, Promise<FeedPage>>();
  private sharedAt = 0;
  private readonly upkeep = new RecurringWork({
    interval: UPKEEP_EVERY,
    work: async () => {
      await this.number();
      await pruneRevocations(this.database, LONGEST_PRUNING);
    },
    logger: new Logger(RevocationFeed.name),
    problem: 'The revocations cannot be numbered or removed',
  });

  constructor(private readonly database: Database) {
    const look = () => numberRevocations(database);
    this.wakeUp = new WakeUp(database, { interval: LOOK_EVERY, look, subject: REVOCATIONS });
  }

  onModuleInit(): void {
    this.upkeep.start();
  }

  onModuleDestroy(): void {
    this.upkeep.stop();
  }

  /** Which database this is. It stays the same while a process serves it. */
  incarnation(): Promise<Incarnation> {
    this.known ??= this.database.read(readIncarnation).catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  /** Numbers every entry that was committed before the call. */
  number(): Promise<number> {
    return this.wakeUp.look();
  }

  /** Returns the greatest number that has been given. */
  lastGiven(): Promise<number> {
    return this.database.read((manager) => this.database.ids.last(manager, 'revocations'));
  }

  /** Returns the entries behind the number `after` whose tokens have not expired. The page may have none. */
  async pageAfter(after: number): Promise<FeedPage> {
    const { newest } = this.wakeUp;
    if (newest !== this.sharedAt) {
      this.shared.clear();
      this.sharedAt = newest;
    }
    const known = this.shared.get(after);
    if (known) return known;
    const page = this.readAfter(after, newest);
    if (this.shared.size < MOST_SHARED) this.shared.set(after, page);
    page.catch(() => {
      this.shared.delete(after);
    });
    return page;
  }

  /** Resolves when there may be entries behind `after`: see {@link WakeUp.wait}. */
  wait(after: number, signal: AbortSignal, milliseconds?: number): Promise<void> {
    return this.wakeUp.wait(after, signal, milliseconds);
  }

  /** @param newest a number that had been given before: every entry up to it can be read */
  private async readAfter(after: number, newest: number): Promise<FeedPage> {
    const until = MoreThan(new Date(Date.now() - CLOCKS_DIFFER));
    const where = { id: MoreThan(after), until };
    const entries = await this.database.read((manager) =>
      manager.find(StoredRevocation, { where, order: { id: 'ASC' }, take: PAGE }),
    );
    return {
      entries,
      // Entries are removed: there may be none up to the newest.
      last: Math.max(entries.at(-1)?.id ?? after, entries.length < PAGE ? newest : 0),
    };
  }
}
