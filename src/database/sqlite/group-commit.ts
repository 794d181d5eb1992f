import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { QueryFailedError } from 'typeorm';
import { UnavailableError } from '../../errors/unavailable.error.js';
import { commits } from '../../telemetry/measurements.js';
import { FairQueue } from '../../turns/fair-queue.js';
import { NOBODY } from '../database-adapter.js';
import { databaseUnavailable, isLockedByOther } from '../database-errors.js';
import type { Transaction } from '../transaction.js';

/** Maximum number of queued units of work. Beyond that, who has the most in the queue loses the newest. */
const MOST_WAITING = 1000;
/** Maximum number of units of work per commit. */
const LARGEST_GROUP = 64;
/** Maximum number of milliseconds between two attempts to get a lock that another process holds. */
const LONGEST_PAUSE = 32;

/** A queued unit of work. */
interface Unit {
  /** Whether a caller waits for it. */
  readonly isAskedFor: boolean;
  /** When it was queued, as `performance.now()` tells it. */
  readonly since: number;
  /**
   * Runs the work in a savepoint of the open transaction. Returns a function that settles the caller's promise.
   *
   * @throws when the failure has ended the transaction of the whole group
   */
  run(): Promise<() => void>;
  /** Rejects the caller's promise: the work was not committed. */
  fail(error: unknown): void;
}

/** A unit of work, and whose turn it is. */
interface Arrival {
  readonly unit: Unit;
  readonly turnOf: string;
}

/**
 * Group commit on a single connection: all queued units of work share one commit, and so one disk sync. If more wait
 * than one commit takes, those who wait get their turns round robin.
 *
 * The units of a group run in sequence, each in its own savepoint. A unit that fails is rolled back alone. No promise
 * is settled, neither with a result nor with an error, before the commit returns: a unit may have read the writes of an
 * earlier one, and the commit may still fail.
 */
export class GroupCommit {
  /** The units that have not taken their place in {@link queued} yet. If one commit takes all, they never need to. */
  private arrived: Arrival[] = [];
  private readonly queued = new FairQueue<Unit>();
  private working: Promise<void> | undefined;

  /** @param manager of a connection whose statements never wait for locks: they would block the whole process */
  constructor(
    private readonly manager: EntityManager,
    /** Maximum number of milliseconds that a unit waits for another process that writes. */
    private readonly longestWait: number,
    /** Is told the subjects that a unit has announced, after the commit. */
    private readonly tell: (subject: string) => void = () => undefined,
  ) {}

  /**
   * Runs `work` atomically.
   *
   * @throws {UnavailableError} when the queue is full, and nobody has more in it than `turnOf`
   */
  run<T>(work: (transaction: Transaction) => Promise<T>, turnOf: string): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const unit = {
        isAskedFor: turnOf !== NOBODY,
        since: performance.now(),
        run: () => this.attempt(work, resolve, reject),
        fail: reject,
      };
      this.arrived.push({ unit, turnOf });
      if (this.size > MOST_WAITING) this.shed();
      this.working ??= this.work();
    });
  }

  /** Waits until the queue is empty. */
  async close(): Promise<void> {
    await this.working;
  }

  /** Whether a group is being committed. */
  get isWorking(): boolean {
    return this.working !== undefined;
  }

  /** How many units wait for the next groups. */
  get waiting(): number {
    return this.size;
  }

  private get size(): number {
    return this.arrived.length + this.queued.size;
  }

  private shed(): void {
    this.lineUp();
    this.queued.shed()?.fail(new UnavailableError('The service is busy'));
  }

  private async work(): Promise<void> {
    while (this.size > 0) {
      // Let the requests that have already arrived join the group.
      await new Promise((next) => setImmediate(next));
      await this.commit(this.nextGroup());
    }
    this.working = undefined;
  }

  private nextGroup(): Unit[] {
    if (this.queued.size === 0 && this.arrived.length <= LARGEST_GROUP) {
      const all = this.arrived.map(({ unit }) => unit);
      this.arrived = [];
      return all;
    }
    this.lineUp();
    const group: Unit[] = [];
    while (group.length < LARGEST_GROUP) {
      const unit = this.queued.take();
      if (!unit) break;
      group.push(unit);
    }
    return group;
  }

  private lineUp(): void {
    for (const { unit, turnOf } of this.arrived) this.queued.add(unit, [turnOf]);
    this.arrived = [];
  }

  /** Commits a group, or rolls all of it back. */
  private async commit(group: readonly Unit[]): Promise<void> {
    const outcomes: (() => void)[] = [];
    const began = performance.now();
    try {
      await this.begin(group);
      for (const unit of group) outcomes.push(await unit.run());
      // It needs a lock only where the file system has no write-ahead log: readers of other processes then hold one.
      await this.whenUnlocked(() => this.manager.query('COMMIT'), performance.now() + this.longestWait);
    } catch (error) {
      // ROLLBACK fails if a full or broken disk has already ended the transaction.
      await this.manager.query('ROLLBACK').catch(() => undefined);
      for (const unit of group) unit.fail(error);
      return;
    }
    reportCommit(group, performance.now() - began);
    for (const settle of outcomes) settle();
  }

  /**
   * Begins a transaction. The time limit counts from the newest unit of the group. With one for each group, those behind
   * many others would wait for it many times.
   */
  private async begin(group: readonly Unit[]): Promise<void> {
    // IMMEDIATE: wait for a writer of another process here, instead of failing in the middle of the transaction.
    const begin = () => this.manager.query('BEGIN IMMEDIATE');
    const newest = Math.max(...group.map(({ since }) => since));
    await this.whenUnlocked(async () => {
      try {
        await begin();
      } catch (error) {
        // An earlier transaction may still be open because its rollback failed. If none is open, rethrow the error.
        await this.manager.query('ROLLBACK').catch(() => Promise.reject(error as Error));
        await begin();
      }
    }, newest + this.longestWait);
  }

  /** Attempts a statement again and again while another process holds a lock. This process goes on with its reads. */
  private async whenUnlocked(attempt: () => Promise<void>, deadline: number): Promise<void> {
    for (let wait = 1; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      try {
        await attempt();
        return;
      } catch (error) {
        if (!isLockedByOther(error) || performance.now() > deadline) throw error;
      }
      await pause(wait);
    }
  }

  private async attempt<T>(
    work: (transaction: Transaction) => Promise<T>,
    resolve: (result: T) => void,
    reject: (error: unknown) => void,
  ): Promise<() => void> {
    await this.manager.query('SAVEPOINT unit');
    try {
      const announced = new Set<string>();
      // This is the only writer, so it needs no locks.
      const result = await work({
        manager: this.manager,
        rowLock: undefined,
        sharedLock: undefined,
        serialise: () => Promise.resolve(),
        share: () => Promise.resolve(),
        announce: (subject) => {
          announced.add(subject);
          return Promise.resolve();
        },
      });
      await this.manager.query('RELEASE unit');
      return () => {
        announced.forEach(this.tell);
        resolve(result);
      };
    } catch (error) {
      await this.undo(error);
      return () => {
        reject(error);
      };
    }
  }

  private async undo(cause: unknown): Promise<void> {
    try {
      await this.manager.query('ROLLBACK TO unit');
      await this.manager.query('RELEASE unit');
    } catch {
      // The transaction has ended, so the whole group fails. Other callers must not receive this unit's own error.
      throw cause instanceof QueryFailedError ? cause : databaseUnavailable(cause);
    }
  }
}

/** Reports a commit of a group that took `duration` milliseconds. */
function reportCommit(group: readonly Unit[], duration: number): void {
  if (!commits.isWanted) return;
  const transactions = group.filter(({ isAskedFor }) => isAskedFor).length;
  if (transactions > 0) commits.report({ transactions, seconds: duration / 1000 });
}
