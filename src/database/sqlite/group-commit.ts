import type { EntityManager } from 'typeorm';
import { QueryFailedError } from 'typeorm';
import { UnavailableError } from '../../errors/unavailable.error.js';
import type { Transaction } from '../database-adapter.js';
import { databaseUnavailable } from '../database-errors.js';

/** How many units of work may wait for their turn before the next one is told to come back. */
const MOST_WAITING = 1000;
/** The most units of work that one commit makes true. */
const LARGEST_GROUP = 64;

/** A unit of work that waits for its turn. */
interface Unit {
  /**
   * Does it within the open transaction, wholly or not at all, and answers with what tells its caller so.
   *
   * @throws when the transaction of the whole group has ended with it
   */
  run(): Promise<() => void>;
  /** Tells its caller that it did not become true. */
  fail(error: unknown): void;
}

/**
 * Writes of a single connection, in groups: one commit, and so one wait for the disk, makes true what all who were
 * waiting have written.
 *
 * The units of a group follow one another, each within a savepoint of its own: one that fails leaves no trace and
 * takes nobody with it. Nobody is told anything, be it success or failure, before the commit has returned: what a
 * later unit has seen of an earlier one may still not become true.
 */
export class GroupCommit {
  private readonly waiting: Unit[] = [];
  private working: Promise<void> | undefined;

  constructor(private readonly manager: EntityManager) {}

  /** Does `work` wholly or not at all. @throws {UnavailableError} when too many wait */
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.waiting.length >= MOST_WAITING)
      return Promise.reject(new UnavailableError('The service is busy'));
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ run: () => this.attempt(work, resolve, reject), fail: reject });
      this.working ??= this.work();
    });
  }

  /** Waits until nobody is waiting. */
  async close(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      // Everybody whose request has arrived by now comes along.
      await new Promise((next) => setImmediate(next));
      await this.commit(this.waiting.splice(0, LARGEST_GROUP));
    }
    this.working = undefined;
  }

  /** Makes a group true, or nothing of it. */
  private async commit(group: readonly Unit[]): Promise<void> {
    const outcomes: (() => void)[] = [];
    try {
      await this.begin();
      for (const unit of group) outcomes.push(await unit.run());
      await this.manager.query('COMMIT');
    } catch (error) {
      // A full or broken disk may have ended the transaction by itself.
      await this.manager.query('ROLLBACK').catch(() => undefined);
      for (const unit of group) unit.fail(error);
      return;
    }
    for (const tell of outcomes) tell();
  }

  private async begin(): Promise<void> {
    // IMMEDIATE: waits here for a writer of another process, rather than failing halfway.
    const begin = () => this.manager.query('BEGIN IMMEDIATE');
    try {
      await begin();
    } catch (error) {
      // An earlier transaction that could not be rolled back may be in the way; if it is not, nor can this be.
      await this.manager.query('ROLLBACK').catch(() => Promise.reject(error as Error));
      await begin();
    }
  }

  private async attempt<T>(
    work: (transaction: Transaction) => Promise<T>,
    resolve: (result: T) => void,
    reject: (error: unknown) => void,
  ): Promise<() => void> {
    await this.manager.query('SAVEPOINT unit');
    try {
      // The only writer holds every lock there is, and has nobody to tell.
      const result = await work({
        manager: this.manager,
        rowLock: undefined,
        serialise: () => Promise.resolve(),
        announce: () => Promise.resolve(),
      });
      await this.manager.query('RELEASE unit');
      return () => {
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
      // There is no transaction left: what ended it ends the group. The others must not get this unit's own refusal.
      throw cause instanceof QueryFailedError ? cause : databaseUnavailable(cause);
    }
  }
}
