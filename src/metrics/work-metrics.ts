import { Counter, Gauge, Histogram } from 'prom-client';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { cacheLookups, commits, hashingWaits, lockouts, occurrences } from '../telemetry/measurements.js';
import { VERSION } from '../version.js';
import { MetricsRegistry } from './registry.js';

/** In seconds: from a free thread to the longest wait. */
const WAIT_BUCKETS = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** In seconds: from a fast disk to a lock that another transaction holds. */
const COMMIT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
/** Transactions: up to the largest group. */
const SIZE_BUCKETS = [1, 2, 4, 8, 16, 32, 64];

/**
 * Types of events that are not counted here, since only a user can have them: after attempts at a login they would tell
 * that somebody has it (contract.md §10). `hivegate_lockouts_total` counts all logins alike.
 */
const TELLING_TYPES: readonly string[] = ['user.lockedOut', 'user.unlocked'];

/** What the parts of the service do, as they report it. */
@Injectable()
export class WorkMetrics implements OnApplicationShutdown {
  private readonly stopListening: (() => void)[] = [];
  private readonly registers;

  constructor(
    { registry }: MetricsRegistry,
    private readonly database: Database,
    private readonly passwords: PasswordHasher,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.registers = [registry];
    new Gauge({
      name: 'hivegate_build_info',
      help: 'Always 1. Which version runs, on which Node and which kind of database.',
      labelNames: ['version', 'node', 'database'],
      registers: this.registers,
    }).set({ version: VERSION, node: process.version, database: settings.database.kind }, 1);
    this.measureHashing();
    this.measureDatabase();
    this.measureLockouts();
    this.measureEvents();
    this.measureCaches();
  }

  onApplicationShutdown(): void {
    for (const stop of this.stopListening) stop();
  }

  private measureHashing(): void {
    const { passwords, registers } = this;
    new Gauge({
      name: 'hivegate_password_hashing_waiting',
      help: 'Password hashes that wait for a turn.',
      registers,
      collect() {
        this.set(passwords.load.waiting);
      },
    });
    new Gauge({
      name: 'hivegate_password_hashing_running',
      help: 'Turns to hash a password that are taken.',
      registers,
      collect() {
        this.set(passwords.load.running);
      },
    });
    new Gauge({
      name: 'hivegate_password_hashing_threads',
      help: 'Turns to hash a password that can be taken at once.',
      registers,
    }).set(passwords.load.slots);
    const waits = new Histogram({
      name: 'hivegate_password_hashing_wait_seconds',
      help: 'How long password hashes waited for their turn.',
      buckets: WAIT_BUCKETS,
      registers,
    });
    this.stopListening.push(
      hashingWaits.listen((seconds) => {
        waits.observe(seconds);
      }),
    );
  }

  private measureDatabase(): void {
    const { database, registers } = this;
    new Gauge({
      name: 'hivegate_database_connections',
      help: 'Open connections to the database, by the work that they do and whether they do it.',
      labelNames: ['work', 'state'],
      registers,
      collect() {
        for (const { work, open, idle } of database.load) {
          this.set({ work, state: 'idle' }, idle);
          this.set({ work, state: 'busy' }, open - idle);
        }
      },
    });
    new Gauge({
      name: 'hivegate_database_waiting',
      help: 'Reads and transactions that wait for a connection; on SQLite, transactions that wait for the next commit.',
      labelNames: ['work'],
      registers,
      collect() {
        for (const { work, waiting } of database.load) this.set({ work }, waiting);
      },
    });
    new Gauge({
      name: 'hivegate_database_notifications_heard',
      help: 'Whether changes by other processes are noticed without asking. At 0 each request reads its user. Always 1 on SQLite.',
      registers,
      collect() {
        this.set(database.changes?.areHeard === false ? 0 : 1);
      },
    });
    const durations = new Histogram({
      name: 'hivegate_database_commit_duration_seconds',
      help: 'How long transactions took from their begin to their commit, those of one commit together.',
      buckets: COMMIT_BUCKETS,
      registers,
    });
    const sizes = new Histogram({
      name: 'hivegate_database_commit_transactions',
      help: 'How many transactions shared a commit.',
      buckets: SIZE_BUCKETS,
      registers,
    });
    this.stopListening.push(
      commits.listen(({ transactions, seconds }) => {
        durations.observe(seconds);
        sizes.observe(transactions);
      }),
    );
  }

  private measureLockouts(): void {
    const counter = new Counter({
      name: 'hivegate_lockouts_total',
      help: 'Times that failed sign-ins of one login in this process have used up all attempts.',
      registers: this.registers,
    });
    this.stopListening.push(
      lockouts.listen(() => {
        counter.inc();
      }),
    );
  }

  private measureEvents(): void {
    const counter = new Counter({
      name: 'hivegate_events_total',
      help: 'What has happened, by the type of its event; what is counted in one event counts each time.',
      labelNames: ['type'],
      registers: this.registers,
    });
    this.stopListening.push(
      occurrences.listen(({ type, count }) => {
        if (!TELLING_TYPES.includes(type)) counter.inc({ type }, count);
      }),
    );
  }

  private measureCaches(): void {
    const listened = Object.entries(cacheLookups).map(([cache, lookups]) => {
      // Every request looks up: a number is counted up faster than a labelled counter, which takes it at a scrape.
      const since = { cache, hits: 0, misses: 0 };
      this.stopListening.push(
        lookups.listen((isHit) => {
          if (isHit) since.hits += 1;
          else since.misses += 1;
        }),
      );
      return since;
    });
    new Counter({
      name: 'hivegate_cache_lookups_total',
      help: 'Look-ups in caches, by cache and result.',
      labelNames: ['cache', 'result'],
      registers: this.registers,
      collect() {
        for (const since of listened) {
          this.inc({ cache: since.cache, result: 'hit' }, since.hits);
          this.inc({ cache: since.cache, result: 'miss' }, since.misses);
          since.hits = 0;
          since.misses = 0;
        }
      },
    });
  }
}
