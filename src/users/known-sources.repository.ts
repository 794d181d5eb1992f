import type { EntityManager } from 'typeorm';
import { upsertRows } from '../database/compiled-write.js';
import { parametersOf } from '../database/parameters.js';
import type { Transaction } from '../database/transaction.js';
import { type Bucket, EMPTY_BUCKET, isOpenAgain, latestFilling } from './attempt-bucket.js';
import { KnownSource } from './known-source.entity.js';
import { loginKeyOf } from './user.entity.js';
import { UserStatus } from './user-status.js';

/*
 * The rows of known sources: the only functions that read and change them. A transaction locks the row of the user
 * first.
 */

/** Milliseconds for which a source stays known after the last sign-in or refresh from it: 30 days. */
const KNOWN_FOR = 30 * 24 * 3_600_000;
/** The most sources that a user has. */
const MOST_SOURCES = 20;

interface BucketRow {
  readonly login_attempts: number;
  readonly blocked_at: number | null;
  readonly blocked_until: number | null;
}

/** Returns the bucket of a source that is known to a user; null: it is not known. No user needs to have `userId`. */
export async function findKnownSource(
  manager: EntityManager,
  userId: number,
  source: string,
): Promise<Bucket | null> {
  const [user, from, oldest] = parametersOf(manager, 3);
  const [row] = await manager.query<BucketRow[]>(
    'SELECT "login_attempts", "blocked_at", "blocked_until" FROM "known_sources" ' +
      `WHERE "user_id" = ${user} AND "source" = ${from} AND "last_used_at" > ${oldest}`,
    [userId, source, Date.now() - KNOWN_FOR],
  );
  if (!row) return null;
  return {
    loginAttempts: row.login_attempts,
    blockedAt: momentOf(row.blocked_at),
    blockedUntil: momentOf(row.blocked_until),
  };
}

/**
 * Whether the user with this login knows `source`, and the bucket of that source is open. Where an administrator has
 * set status 1 or 2, no source is known.
 */
export async function isOpenSource(manager: EntityManager, login: string, source: string): Promise<boolean> {
  const [key, from, oldest, at, latest] = parametersOf(manager, 5);
  const now = Date.now();
  const rows = await manager.query<unknown[]>(
    'SELECT 1 FROM "users" u JOIN "known_sources" k ON k."user_id" = u."id" ' +
      `WHERE u."login_key" = ${key} AND k."source" = ${from} AND k."last_used_at" > ${oldest} ` +
      `AND (u."status" = ${UserStatus.Active} OR u."locked_by_failed_logins") ` +
      `AND (k."blocked_until" IS NULL OR ${isOpenAgain('k.', at, latest)})`,
    [loginKeyOf(login), source, now - KNOWN_FOR, now, latestFilling(now)],
  );
  return rows.length > 0;
}

/** Writes the bucket of a known source. */
export async function changeBucket(
  { manager }: Transaction,
  userId: number,
  source: string,
  { loginAttempts, blockedAt, blockedUntil }: Bucket,
): Promise<void> {
  const [attempts, at, until, user, from] = parametersOf(manager, 5);
  await manager.query(
    `UPDATE "known_sources" SET "login_attempts" = ${attempts}, "blocked_at" = ${at}, "blocked_until" = ${until} ` +
      `WHERE "user_id" = ${user} AND "source" = ${from}`,
    [loginAttempts, blockedAt?.getTime() ?? null, blockedUntil?.getTime() ?? null, userId, source],
  );
}

/**
 * Records a sign-in from a source: from now on the user knows it. Drops the oldest one beyond {@link MOST_SOURCES}.
 * `emptied`: its bucket is emptied, if it was known.
 */
export async function addKnownSource(
  transaction: Transaction,
  userId: number,
  source: string,
  { emptied }: { readonly emptied: boolean },
): Promise<void> {
  const { manager } = transaction;
  const lastUsedAt = new Date();
  if (!emptied && (await findKnownSource(manager, userId, source))) {
    await touchKnownSource(transaction, userId, source);
    return;
  }
  await upsertRows(manager, KnownSource, [{ userId, source, lastUsedAt, ...EMPTY_BUCKET }]);
  const [user, others, newest, most] = parametersOf(manager, 4);
  await manager.query(
    `DELETE FROM "known_sources" WHERE "user_id" = ${user} AND "source" IN (` +
      `SELECT "source" FROM "known_sources" WHERE "user_id" = ${others} AND "source" <> ${newest} ` +
      `ORDER BY "last_used_at" DESC LIMIT 1000 OFFSET ${most})`,
    [userId, userId, source, MOST_SOURCES - 1],
  );
}

/** Records the use of a source, if the user knows it. */
export async function touchKnownSource(
  { manager }: Transaction,
  userId: number,
  source: string,
): Promise<void> {
  const [now, user, from, oldest] = parametersOf(manager, 4);
  await manager.query(
    `UPDATE "known_sources" SET "last_used_at" = ${now} ` +
      `WHERE "user_id" = ${user} AND "source" = ${from} AND "last_used_at" > ${oldest}`,
    [Date.now(), userId, source, Date.now() - KNOWN_FOR],
  );
}

/** Forgets the known sources of a user but `kept`. */
export async function forgetKnownSources(
  { manager }: Transaction,
  userId: number,
  kept: string,
): Promise<void> {
  const [user, from] = parametersOf(manager, 2);
  await manager.query(`DELETE FROM "known_sources" WHERE "user_id" = ${user} AND "source" <> ${from}`, [
    userId,
    kept,
  ]);
}

/** Empties the buckets of all known sources of a user. @returns whether there were any attempts in them */
export async function emptyKnownSources({ manager }: Transaction, userId: number): Promise<boolean> {
  const filled = await manager
    .createQueryBuilder(KnownSource, 'known')
    .where('known.userId = :userId AND known.loginAttempts > 0', { userId })
    .getExists();
  if (filled) await manager.update(KnownSource, { userId }, EMPTY_BUCKET);
  return filled;
}

const momentOf = (stored: number | null): Date | null => (stored === null ? null : new Date(stored));
