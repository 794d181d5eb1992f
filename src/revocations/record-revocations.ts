import { insertRows } from '../database/compiled-write.js';
import { parametersOf } from '../database/parameters.js';
import type { Transaction } from '../database/transaction.js';
import { PendingRevocation } from './revocation.entity.js';

/*
 * What a transaction writes for the feed of revocations (contract.md §5), with the change itself. Sessions whose access
 * tokens have all expired are left out: nobody accepts a token of theirs.
 */

/** The subject that is announced when there is something new for the feed. */
export const REVOCATIONS = 'revocations';
/**
 * Milliseconds after their expiry for which access tokens count as valid here: as long as the clocks of the verifiers may
 * differ from ours.
 */
export const CLOCKS_DIFFER = 60_000;

/** Writes that sessions are revoked, at most a few thousand. The caller has locked their rows. */
export async function recordRevoked(
  { manager, announce }: Transaction,
  sessions: readonly { readonly id: string; readonly accessExpiresAt: Date }[],
): Promise<void> {
  const past = Date.now() - CLOCKS_DIFFER;
  const rows = sessions
    .filter(({ accessExpiresAt }) => accessExpiresAt.getTime() > past)
    .map(({ id, accessExpiresAt }) => ({ sid: id, kind: 'revoked' as const, until: accessExpiresAt }));
  if (rows.length === 0) return;
  await insertRows(manager, PendingRevocation, rows);
  await announce(REVOCATIONS);
}

/** Writes that a user has lost a role, a network or a device type. The caller has locked the row of the user. */
export const recordNarrowed = (transaction: Transaction, userId: number): Promise<void> =>
  narrow(transaction, (user) => `"user_id" = ${user}`, userId);

/**
 * Writes that all users lose a scope, which is deleted afterwards. No session starts until the transaction ends: it would
 * be given the scope, and be missed here. Tokens that are refreshed meanwhile have an earlier time than the entry.
 *
 * @param assignment the entity that gives a scope to a user
 */
export async function recordScopeLost(
  transaction: Transaction,
  assignment: new () => { userId: number; scopeId: number },
  scopeId: number,
): Promise<void> {
  await transaction.serialise('scopes');
  const metadata = transaction.manager.dataSource.getMetadata(assignment);
  const { tableName: table } = metadata;
  const column = metadata.findColumnWithPropertyName('scopeId')?.databaseName ?? '';
  await narrow(
    transaction,
    (scope) => `"user_id" IN (SELECT "user_id" FROM "${table}" WHERE "${column}" = ${scope})`,
    scopeId,
  );
}

/** In one statement: there may be a million sessions. */
async function narrow(
  { manager, announce }: Transaction,
  whose: (parameter: string) => string,
  id: number,
): Promise<void> {
  const [parameter = '', past = ''] = parametersOf(manager, 2);
  await manager.query(
    `INSERT INTO "pending_revocations" ("sid", "kind", "until") ` +
      `SELECT "id", 'narrowed', "access_expires_at" FROM "sessions" ` +
      `WHERE ${whose(parameter)} AND "revoked_at" IS NULL AND "access_expires_at" > ${past}`,
    [id, Date.now() - CLOCKS_DIFFER],
  );
  await announce(REVOCATIONS);
}
