import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { RecurringWork } from '../database/recurring-work.js';
import { ApiError } from '../errors/api-error.js';
import { requestErrors } from '../errors/request.errors.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { LONGEST_WINDOW, RateLimitStore } from './rate-limit-store.js';

/** Milliseconds between two removals of expired rows. */
const REMOVAL_INTERVAL = 60_000;
/** Keys that are longer, in characters, are hashed: memory must not grow with what callers send. */
const LONGEST_KEY = 64;

/** What a {@link RateLimit} allows. */
export interface RateLimitOptions {
  /** Tells it from the other limits, in all processes: `sign-ins of a source`. */
  readonly name: string;
  /** The calls per window and key. */
  readonly points: number;
  /** Length of the window, at most an hour. */
  readonly seconds: number;
}

/** A call of a key, to be taken from a limit. */
export interface Take {
  readonly limit: RateLimit;
  readonly key: string | number;
}

/** A limit of calls per key in a window of time. Made by {@link RateLimits.limit}. */
export class RateLimit {
  /** What this process has counted. */
  readonly memory: RateLimiterMemory;

  constructor(
    readonly options: RateLimitOptions,
    private readonly limits: RateLimits,
  ) {
    this.memory = new RateLimiterMemory({ points: options.points, duration: options.seconds });
  }

  /** Takes one call of `key`. @throws {ApiError} 429 when none is left; 503 when it cannot be counted */
  take(key: string | number): Promise<void> {
    return this.limits.take([{ limit: this, key }]);
  }

  /** Returns the key by which a process counts, and its length is bounded. */
  keyOf(key: string | number): string {
    const text = String(key);
    return text.length <= LONGEST_KEY ? text : createHash('sha256').update(text).digest('base64url');
  }
}

/**
 * Rate limits, shared by all processes that use one database (contract.md §5 and §6). `RATE_LIMIT=off` switches them off.
 *
 * Each process counts in its memory first. Only what passes there is counted in the database, so a flood beyond a limit
 * costs no writes. If a call cannot be counted it is refused: a failing database never lets a flood through.
 */
@Injectable()
export class RateLimits implements OnModuleInit, OnModuleDestroy {
  private readonly store: RateLimitStore;
  private readonly removal: RecurringWork;

  constructor(
    database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.store = new RateLimitStore(database);
    this.removal = new RecurringWork({
      interval: REMOVAL_INTERVAL,
      work: () => this.removeExpired(),
      logger: new Logger(RateLimits.name),
      problem: 'Expired rate limits cannot be removed',
    });
  }

  onModuleInit(): void {
    if (this.settings.rateLimit) this.removal.start();
  }

  onModuleDestroy(): void {
    this.removal.stop();
  }

  /** Removes the rows of windows that are over. */
  removeExpired(): Promise<void> {
    return this.store.removeExpired();
  }

  /** Makes a limit. */
  limit(options: RateLimitOptions): RateLimit {
    if (options.seconds * 1000 > LONGEST_WINDOW) throw new Error(`The window of ${options.name} is too long`);
    return new RateLimit(options, this);
  }

  /**
   * Takes one call from each of several limits. If one of them has none left in this process, none is taken from the
   * others.
   *
   * @throws {ApiError} 429 when one of them has none left; 503 when the calls cannot be counted
   */
  async take(takes: readonly Take[]): Promise<void> {
    if (!this.settings.rateLimit) return;
    try {
      for (const take of takes) await refuseExhausted(take);
      for (const take of takes) await consume(take);
      const counted = await this.store.count(
        takes.map(({ limit, key }) => ({
          key: storedKeyOf({ limit, key }),
          window: limit.options.seconds * 1000,
        })),
      );
      for (const [index, { limit, key }] of takes.entries()) {
        const { points, remaining } = counted[index] ?? { points: Infinity, remaining: 0 };
        if (points <= limit.options.points) continue;
        const seconds = within(remaining / 1000, limit);
        // Others have taken the rest: from now on this process knows, and does not ask again.
        await limit.memory.block(limit.keyOf(key), seconds);
        throw requestErrors.tooManyRequests(seconds);
      }
    } catch (refusal) {
      if (refusal instanceof ApiError) throw refusal;
      throw requestErrors.overloaded({ cause: refusal });
    }
  }
}

/** Returns the key by which all processes count. */
const storedKeyOf = ({ limit, key }: Take): string => `${limit.options.name} ${limit.keyOf(key)}`;

async function refuseExhausted({ limit, key }: Take): Promise<void> {
  const counted = await limit.memory.get(limit.keyOf(key));
  if (!counted || counted.consumedPoints < limit.options.points || counted.msBeforeNext <= 0) return;
  throw requestErrors.tooManyRequests(within(counted.msBeforeNext / 1000, limit));
}

async function consume({ limit, key }: Take): Promise<void> {
  try {
    await limit.memory.consume(limit.keyOf(key));
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw requestErrors.tooManyRequests(within(refusal.msBeforeNext / 1000, limit));
  }
}

/** Returns a number of seconds that is at least 1 and never longer than the window. */
const within = (seconds: number, { options }: RateLimit): number =>
  Math.min(Math.max(Math.ceil(seconds), 1), options.seconds);
