import { type EntityManager, In } from 'typeorm';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { UnavailableError } from '../errors/unavailable.error.js';
import { RateLimitCount } from './rate-limit-count.entity.js';

/** The counting has turns of its own at the database. */
const TURN = 'rate limits';

/** Maximum number of calls that one statement counts, and that wait for theirs. */
const LARGEST_BATCH = 500;
const MOST_WAITING = 10_000;
/** Maximum number of expired rows that one transaction removes. */
const REMOVED_AT_ONCE = 1000;
/**
 * Milliseconds by which a stored end of a window may be further ahead than the window is long: on PostgreSQL a
 * statement that waits for a row has computed its own end before.
 */
const WAIT_FOR_ROW = 5000;
/** The longest window of any limit, in milliseconds. */
export const LONGEST_WINDOW = 3_600_000;

/** The clock that all processes share, in milliseconds since 1970. On SQLite they are on one computer. */
const POSTGRES_CLOCK = '(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint';

/** A call to count. */
export interface Call {
  readonly key: string;
  /** Length of the window, in milliseconds. */
  readonly window: number;
}

/** A call that has been counted. */
export interface CountedCall {
  /** The calls of this key in its window so far, this one included. */
  readonly points: number;
  /** Milliseconds until the window ends. */
  readonly remaining: number;
}

interface Waiting extends Call {
  resolve(counted: CountedCall): void;
  reject(error: unknown): void;
}

/**
 * Counts calls for all processes, in the database.
 *
 * All calls that arrive while a statement runs are counted by the next one, so a flood from many sources costs few
 * statements, and one transaction at a time.
 */
export class RateLimitStore {
  private waiting: Waiting[] = [];
  private isWorking = false;

  constructor(private readonly database: Database) {}

  /** Counts calls. @throws {Error} when they could not be counted */
  async count(calls: readonly Call[]): Promise<CountedCall[]> {
    if (this.waiting.length + calls.length > MOST_WAITING) throw new UnavailableError('The service is busy');
    const counted = calls.map(
      (call) =>
        new Promise<CountedCall>((resolve, reject) => this.waiting.push({ ...call, resolve, reject })),
    );
    if (!this.isWorking) void this.work();
    return Promise.all(counted);
  }

  /** Removes what has expired. */
  async removeExpired(): Promise<void> {
    while (await this.database.transaction(removeSome, TURN));
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, LARGEST_BATCH);
      try {
        await this.countBatch(batch);
      } catch (error) {
        for (const call of batch) call.reject(error);
      }
    }
    this.isWorking = false;
  }

  private async countBatch(batch: readonly Waiting[]): Promise<void> {
    const calls = new Map<string, Waiting[]>();
    for (const call of batch) {
      const same = calls.get(call.key);
      if (same) same.push(call);
      else calls.set(call.key, [call]);
    }
    // In one order in all processes, so that they do not wait for each other's rows in a circle.
    const keys = [...calls.keys()].sort();
    const rows = keys.map((key) => ({
      key,
      points: calls.get(key)?.length ?? 0,
      window: calls.get(key)?.[0]?.window ?? 0,
    }));
    const stored = await this.database.transaction(({ manager }) => addPoints(manager, rows), TURN);
    for (const { key, points, remaining } of stored) {
      const same = calls.get(key) ?? [];
      same.forEach((call, index) => {
        call.resolve({ points: points - same.length + index + 1, remaining });
      });
    }
  }
}

/**
 * Adds points to rows, in one statement. A window that has expired begins anew, and so does one that expires later than
 * it could: a clock was ahead when it was stored.
 */
function addPoints(
  manager: EntityManager,
  rows: readonly (Call & { readonly points: number })[],
): Promise<(CountedCall & { readonly key: string })[]> {
  const isPostgres = manager.dataSource.options.type === 'postgres';
  const parameters: unknown[] = [];
  const parameter = (value: unknown, type: string) => {
    parameters.push(value);
    return isPostgres ? `$${parameters.length}::${type}` : '?';
  };
  const at = Date.now();
  const now = () => (isPostgres ? POSTGRES_CLOCK : parameter(at, 'bigint'));
  const values = rows.map(
    ({ key, points, window }) =>
      `(${parameter(key, 'text')}, ${parameter(points, 'integer')}, ${now()} + ${parameter(window, 'bigint')})`,
  );
  const isCurrent = () =>
    `stored."expires_at" BETWEEN ${now()} + 1 AND excluded."expires_at" + ${WAIT_FOR_ROW}`;
  const sql = `
    INSERT INTO "rate_limits" AS stored ("key", "points", "expires_at") VALUES ${values.join(', ')}
    ON CONFLICT ("key") DO UPDATE SET
      "points" = CASE WHEN ${isCurrent()} THEN stored."points" ELSE 0 END + excluded."points",
      "expires_at" = CASE WHEN ${isCurrent()} THEN stored."expires_at" ELSE excluded."expires_at" END
    RETURNING "key", "points", "expires_at" - ${now()} AS "remaining"`;
  return manager.query(sql, parameters);
}

/** Removes some rows that count no more. @returns whether there may be more of them */
async function removeSome({ manager, rowLock }: Transaction): Promise<boolean> {
  const now = manager.dataSource.options.type === 'postgres' ? POSTGRES_CLOCK : String(Date.now());
  const found = manager
    .createQueryBuilder(RateLimitCount, 'count')
    // Those of a clock that was ahead, too.
    .where(`count.expiresAt < ${now} OR count.expiresAt > ${now} + ${2 * LONGEST_WINDOW}`)
    .select('count.key')
    .limit(REMOVED_AT_ONCE);
  // Not those that another process removes or counts in: nobody waits for this.
  if (rowLock) found.setLock(rowLock).setOnLocked('skip_locked');
  const keys = (await found.getMany()).map(({ key }) => key);
  if (keys.length > 0) await manager.delete(RateLimitCount, { key: In(keys) });
  return keys.length === REMOVED_AT_ONCE;
}
