import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { insertRow } from './compiled-write.js';
import type { Database } from './database.js';
import { Incarnation } from './incarnation.entity.js';
import type { Transaction } from './transaction.js';

/** Number of random bytes of an epoch. */
const EPOCH_BYTES = 9;
/** What an epoch looks like. */
export const EPOCH = /^[\w-]{12}$/;

/** Returns a new epoch: it has never been given. */
export const newEpoch = (): string => randomBytes(EPOCH_BYTES).toString('base64url');

/** Reads which database this is. It does not change while a process serves it. */
export const readIncarnation = (manager: EntityManager): Promise<Incarnation> =>
  manager.findOneOrFail(Incarnation, { where: {} });

/**
 * Makes a restored database another one than the backup was taken of: cursors from before are refused.
 *
 * @param keepsTokens whether tokens from before are accepted
 */
export async function renewIncarnation(
  { manager }: Transaction,
  { ids }: Database,
  keepsTokens: boolean,
): Promise<void> {
  const before = await manager.findOne(Incarnation, { where: {} });
  await manager.createQueryBuilder().delete().from(Incarnation).execute();
  await insertRow(manager, Incarnation, {
    epoch: newEpoch(),
    eventsFrom: (await ids.last(manager, 'events')) + 1,
    notBefore: keepsTokens ? (before?.notBefore ?? null) : new Date(),
  });
}
