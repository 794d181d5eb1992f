import { createHmac, randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { CompiledQuery, PARAMETER } from '../../database/compiled-query.js';
import { updateById } from '../../database/compiled-write.js';
import type { Transaction } from '../../database/database-adapter.js';
import { loginKeyOf, User } from '../../users/user.entity.js';
import { Decoy, DECOYS } from './decoy.entity.js';

/*
 * The rows that guesses at passwords are counted in: those of users, and of decoys for logins that nobody has. Each
 * statement here exists once for both, and what it brings is as large: whoever measures how long a guess takes learns
 * nothing (contract.md §5).
 */

/** Of a user, what a guess is judged by. Its `data`, which may be large, is no part of it. */
const COLUMNS = [
  'id',
  'role',
  'status',
  'passwordHash',
  'loginAttempts',
  'blockedUntil',
  'tokenGeneration',
] as const;

/** A user, or a decoy, as a guess sees it. */
export type AttemptCounter = Pick<User, (typeof COLUMNS)[number]>;

/** Where a guess is counted. */
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

/** Which decoy stands for a login is not to be foreseen. */
const DECOY_SECRET = randomBytes(32);

/** Whom a guess at a login is at: the user who has it, ignoring case, or a decoy. */
export async function findTarget(manager: EntityManager, login: string): Promise<Target> {
  const key = loginKeyOf(login);
  const decoy = (createHmac('sha256', DECOY_SECRET).update(key).digest().readUInt32BE() % DECOYS) + 1;
  // One row, whether there is such a user or not.
  const parameter = manager.dataSource.driver.createParameter('key', 0);
  const rows = await manager.query<{ id: number }[]>(
    `SELECT COALESCE((SELECT "id" FROM "users" WHERE "login_key" = ${parameter}), 0) AS "id"`,
    [key],
  );
  const id = rows[0]?.id ?? 0;
  return id > 0 ? { entity: User, id } : { entity: Decoy, id: decoy };
}

/** The row of a target: nobody else can change it until the transaction ends. */
export async function lockTarget(
  { manager, rowLock }: Transaction,
  { entity, id }: Target,
): Promise<AttemptCounter | null> {
  return (await QUERIES.get(entity)?.first(manager, id, rowLock)) ?? null;
}

/** Notes a guess in the row of a target. The moment makes it a change, whatever else stays as it was. */
export async function noteGuess(
  { manager }: Transaction,
  { entity, id }: Target,
  { loginAttempts, blockedUntil }: AttemptCounter,
): Promise<void> {
  const columns = { loginAttempts, blockedUntil, attemptedAt: new Date() };
  await updateById<User>(manager, entity, id, columns);
}
