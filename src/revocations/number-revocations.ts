import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database.js';
import { parametersOf } from '../database/parameters.js';
import type { Transaction } from '../database/transaction.js';
import { CLOCKS_DIFFER } from './record-revocations.js';

/** Maximum number of rows that one transaction moves, and that one deletes. */
const MOST_MOVED = 10_000;
const MOST_DELETED = 1000;

/** The last ids of the two tables; 0: the table is empty. */
interface LastIds {
  readonly pending: number;
  readonly numbered: number;
}

/**
 * Gives the committed entries their numbers, in the order in which they become visible, as `sequenceEvents` does with
 * events (docs/decisions/0047-revocation-feed.md). All processes may call it at any time. It waits only for others who
 * number: never for the transaction of a change, or for events.
 *
 * @returns the greatest number that there is; 0: there is none
 */
export async function numberRevocations(database: Database): Promise<number> {
  const { pending, numbered } = await database.read(lastIds);
  if (pending === 0) return numbered;
  while (await database.transaction((transaction) => moveBatch(transaction, pending)));
  return (await database.read(lastIds)).numbered;
}

/**
 * Deletes entries whose last access tokens have expired, batch by batch, and begins no other batch after `longest`
 * milliseconds.
 */
export async function pruneRevocations(database: Database, longest: number): Promise<void> {
  const start = performance.now();
  const past = Date.now() - CLOCKS_DIFFER;
  const isOver = (manager: EntityManager) => {
    const [until = ''] = parametersOf(manager, 1);
    return manager.query<object[]>(`SELECT 1 FROM "revocations" WHERE "until" <= ${until} LIMIT 1`, [past]);
  };
  while ((await database.read(isOver)).length > 0 && performance.now() - start < longest)
    await database.transaction((transaction) => deleteBatch(transaction, past));
}

async function lastIds(manager: EntityManager): Promise<LastIds> {
  const [row] = await manager.query<{ pending: number | null; numbered: number | null }[]>(
    `SELECT (SELECT MAX("id") FROM "pending_revocations") AS "pending", ` +
      `(SELECT MAX("id") FROM "revocations") AS "numbered"`,
  );
  return { pending: row?.pending ?? 0, numbered: row?.numbered ?? 0 };
}

/** Moves the oldest entries with ids up to `last`. Returns whether more may be left. */
async function moveBatch(transaction: Transaction, last: number): Promise<boolean> {
  const { manager, rowLock } = transaction;
  await transaction.serialise('revocations');
  // Of the numbering, not of the change: a token that was issued before the commit, with rights from before, is earlier.
  const at = Date.now();
  const insert =
    `INSERT INTO "revocations" ("sid", "at", "until") ` +
    `SELECT "sid", CASE WHEN "kind" = 'narrowed' THEN ${at} END, "until"`;
  const oldest = `SELECT "id" FROM "pending_revocations" WHERE "id" <= ${last} ORDER BY "id" LIMIT ${MOST_MOVED}`;
  if (rowLock) {
    // In one statement: rows with smaller ids may be committed meanwhile.
    const moved = await manager.query<object[]>(
      `WITH moved AS (DELETE FROM "pending_revocations" WHERE "id" IN (${oldest}) RETURNING *) ` +
        `${insert} FROM moved ORDER BY moved."id" RETURNING 1`,
    );
    return moved.length === MOST_MOVED;
  }
  // SQLite has one writer.
  const rows = await manager.query<{ id: number }[]>(oldest);
  const end = rows.at(-1)?.id ?? 0;
  await manager.query(`${insert} FROM "pending_revocations" WHERE "id" <= ${end} ORDER BY "id"`);
  await manager.query(`DELETE FROM "pending_revocations" WHERE "id" <= ${end}`);
  return rows.length === MOST_MOVED;
}

async function deleteBatch({ manager }: Transaction, past: number): Promise<void> {
  const [until = ''] = parametersOf(manager, 1);
  await manager.query(
    `DELETE FROM "revocations" WHERE "id" IN ` +
      `(SELECT "id" FROM "revocations" WHERE "until" <= ${until} ORDER BY "until" LIMIT ${MOST_DELETED})`,
    [past],
  );
}
