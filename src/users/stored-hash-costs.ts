import type { EntityManager } from 'typeorm';
import { parametersOf } from '../database/parameters.js';
import { costPrefixOf } from '../passwords/foreign-hash.js';

/** Greater than every character that follows a prefix. */
const LAST_CHARACTER = '\uffff';
/** The most steps: hashes that cannot be read take one each. */
const MOST_STEPS = 200;

/**
 * Returns one stored hash of each kind and cost, of those that this version has not made. The index
 * `users_foreign_hashes` is read in leaps, from one cost to the next: it may hold a million hashes.
 */
export async function findForeignHashes(manager: EntityManager): Promise<string[]> {
  const isPostgres = manager.dataSource.options.type === 'postgres';
  const key = `substr("password_hash", 1, 64)${isPostgres ? ' COLLATE "C"' : ''}`;
  const [parameter] = parametersOf(manager, 1);
  const found: string[] = [];
  let after = '';
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const [row] = await manager.query<{ hash: string; key: string }[]>(
      `SELECT "password_hash" AS "hash", ${key} AS "key" FROM "users" ` +
        `WHERE substr("password_hash", 1, 2) <> '$2' AND ${key} > ${parameter} ORDER BY ${key} LIMIT 1`,
      [after],
    );
    if (!row) break;
    found.push(row.hash);
    const prefix = costPrefixOf(row.hash);
    after = prefix === undefined ? row.key : prefix + LAST_CHARACTER;
  }
  return found;
}
