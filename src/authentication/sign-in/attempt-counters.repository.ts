import { createHmac, randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { CompiledQuery, PARAMETER } from '../../database/compiled-query.js';
import { updateById } from '../../database/compiled-write.js';
import { parametersOf } from '../../database/parameters.js';
import type { Transaction } from '../../database/transaction.js';
import type { Bucket } from '../../users/attempt-bucket.js';
import { changeBucket, findKnownSource } from '../../users/known-sources.repository.js';
import { loginKeyOf, User } from '../../users/user.entity.js';
import { Decoy, DECOYS } from './decoy.entity.js';

/*
 * The rows that count login attempts: users, and decoys for unknown logins. Both use the same statements, and the rows
 * have the same size, so the response time does not reveal whether a login exists (contract.md §5).
 */

/** The columns that a login attempt needs. Not `data`: it may be large. */
const COLUMNS = [
  'id',
  'role',
  'status',
  'passwordHash',
  'lockedByFailedLogins',
  'loginAttempts',
  'blockedAt',
  'blockedUntil',
  'passwordVersion',
] as const;

/** The columns of a user or a decoy that a login attempt needs. */
export type AttemptCounter = Pick<User, (typeof COLUMNS)[number]>;

/** The row that counts a login attempt. */
export interface Target {
  readonly entity: typeof User | typeof Decoy;
  readonly id: number;
}

const byId = ({ entity }: Pick<Target, 'entity'>) =>
  new CompiledQuery((manager) =>
    manager
      .createQueryBuilder(entity, 'user')
      .select(COLUMNS.map((column) => `user.${column}`))
      .where('user.id = :id', { id: PARAMETER }),
  );
const QUERIES = new Map([User, Decoy].map((entity) => [entity, byId({ entity })]));

/** A secret, so that a caller cannot predict which decoy a login maps to. */
const DECOY_SECRET = randomBytes(32);

/**
 * Finds the row that counts attempts at this login, ignoring case: the user's, or a decoy's.
 *
 * Reads the decoy in any case: the first statement that reads a row of a table costs more than the next one, so the
 * lock that follows would tell users from decoys (docs/decisions/0010-guesses.md).
 */
export async function findTarget(manager: EntityManager, login: string): Promise<Target> {
  const key = loginKeyOf(login);
  const decoy = (createHmac('sha256', DECOY_SECRET).update(key).digest().readUInt32BE() % DECOYS) + 1;
  const [byKey, byDecoy] = parametersOf(manager, 2);
  // Returns one row whether the user exists or not. `status` is in no index, so the row of the decoy itself is read.
  const rows = await manager.query<{ id: number; decoy: number }[]>(
    `SELECT COALESCE((SELECT "id" FROM "users" WHERE "login_key" = ${byKey}), 0) AS "id", ` +
      `(SELECT "id" FROM "sign_in_decoys" WHERE "id" = ${byDecoy} AND "status" >= 0) AS "decoy"`,
    [key, decoy],
  );
  const id = rows[0]?.id ?? 0;
  return id > 0 ? { entity: User, id } : { entity: Decoy, id: decoy };
}

/** Reads the row of a target and locks it until the end of the transaction. */
export async function lockTarget(
  { manager, rowLock }: Transaction,
  { entity, id }: Target,
): Promise<AttemptCounter | null> {
  return (await QUERIES.get(entity)?.first(manager, id, rowLock)) ?? null;
}

/** Returns the bucket of a source that the target knows; null: it is not known. A decoy knows none. */
export const findKnownBucket = (
  { manager }: Transaction,
  { entity, id }: Target,
  source: string,
): Promise<Bucket | null> => findKnownSource(manager, entity === User ? id : -id, source);

/**
 * Records a login attempt: the bucket of all unknown sources, as it is now, and `known`, that of the known source that
 * the attempt comes from. `attemptedAt` changes every time, so each attempt writes the row of the target.
 */
export async function recordAttempt(
  transaction: Transaction,
  { entity, id }: Target,
  { loginAttempts, blockedAt, blockedUntil }: Bucket,
  known?: { readonly source: string; readonly bucket: Bucket },
): Promise<void> {
  const columns = { loginAttempts, blockedAt, blockedUntil, attemptedAt: new Date() };
  await updateById<User>(transaction.manager, entity, id, columns);
  if (known) await changeBucket(transaction, id, known.source, known.bucket);
}
