import { SCHEMA } from '../app.schema.js';
import { decryptKey } from '../authentication/signing-keys/key-encryption.js';
import type { Counts } from '../backup/format.js';
import { eachPart, type Part } from '../backup/read-backup.js';
import { restoreBackup } from '../backup/restore-backup.js';
import { SkippedIds } from '../backup/skipped-ids.js';
import { Database } from '../database/database.js';
import { describeDatabase } from '../database/describe-database.js';
import { renewIncarnation } from '../database/incarnation.js';
import type { Transaction } from '../database/transaction.js';
import type { EventActor } from '../events/event.js';
import { recordEvent } from '../events/record-event.js';
import { startProgress } from '../progress/start-progress.js';
import { revokeAllSessions } from '../sessions/sessions.repository.js';
import type { Settings } from '../settings/settings.js';
import { endAllOriginalTokens } from '../users/end-original-tokens.js';
import { parseArguments, UsageError } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { describeRows } from './describe-rows.js';
import { fileNamedBy } from './file-argument.js';
import { assertFileOwner } from './file-owner.js';
import { logToStandardError } from './log-to-standard-error.js';

const OPERATOR: EventActor = { userId: null, command: 'restore' };

/** Restores a backup into a new SQLite or PostgreSQL database (contract.md §10, 0011-backups.md). */
export const restore: ArgumentParser = (args) => {
  const { positionals, values } = parseArguments(args, {
    positionals: ['file'],
    options: { 'keep-tokens': { type: 'boolean' }, times: { type: 'string' } },
  });
  const path = fileNamedBy(...positionals);
  const keepsTokens = values['keep-tokens'] === true;
  const times = timesOf(values.times);
  return async (settings) => {
    assertFileOwner(settings.database);
    // Check the whole file before the database is created or changed.
    const checked = await check(path, settings, times);
    logToStandardError();
    const database = await Database.openNew(settings.database, SCHEMA);
    const total = Object.values(checked).reduce((sum, rows) => sum + rows, 0);
    const progress = startProgress('Restore', { total, unit: 'rows' });
    try {
      let revoked = 0;
      const counts = await restoreBackup(database, SCHEMA, path, {
        times,
        keepsVersions: keepsTokens,
        onRows: (rows) => {
          progress.advance(rows);
        },
        finish: async (transaction) => {
          await recordEvent(transaction, { type: 'service.restored', subject: 'service', actor: OPERATOR });
          await renewIncarnation(transaction, database, keepsTokens);
          if (!keepsTokens) revoked = await endAllTokens(transaction);
        },
      });
      return [
        `${path} is restored (${describeRows(counts)}) into the database ${describeDatabase(settings.database)}. What was changed after it was taken is gone.`,
        keepsTokens ? KEPT_TOKENS : `${revoked} sessions are revoked: every token from before is rejected.`,
        ...keyAdvice(counts, settings),
      ].join('\n');
    } finally {
      progress.end();
      await database.close();
    }
  };
};

const KEPT_TOKENS =
  'Tokens of the sessions in it are accepted again, also of those that were revoked after it was taken.';

/** @throws {UsageError} unless it is absent or an integer from 1 to 1000 */
function timesOf(value: string | undefined): number {
  if (value === undefined) return 1;
  if (!/^[1-9]\d{0,2}$|^1000$/.test(value)) throw new UsageError('--times is not an integer from 1 to 1000');
  return Number(value);
}

/**
 * Invalidates every token that was issued before: sessions that are not in the backup have no row, and their tokens are
 * refused; those in it are revoked. Tokens of the original need no session, so they end with their users' flag.
 */
async function endAllTokens(transaction: Transaction): Promise<number> {
  await endAllOriginalTokens(transaction);
  return revokeAllSessions(transaction, { actor: OPERATOR, reason: 'command' });
}

/** What to do about keys: with `JWT_SECRET`, that secret signs, and no key is in use. */
function keyAdvice({ signing_keys: keys = 0 }: Counts, { jwtSecret }: Settings): string[] {
  if (keys === 0 || jwtSecret !== undefined) return [];
  return [
    'Its signing keys sign and verify again, also those that were revoked after it was taken. If one has leaked: ' +
      'keys rotate --now, then keys revoke for each older key that keys list shows.',
  ];
}

/**
 * Reads a backup to its end, and checks that ids are left and that its signing keys can be decrypted. Returns its numbers
 * of rows.
 */
async function check(path: string, settings: Settings, times: number): Promise<Counts> {
  const skipped = new SkippedIds(times);
  return eachPart(path, SCHEMA, async (part) => {
    skipped.add(part);
    await checkKeys(part, settings);
  });
}

async function checkKeys({ table, rows }: Part, { jwtSecret, keyEncryptionSecret }: Settings): Promise<void> {
  if (table.name !== 'signing_keys' || jwtSecret !== undefined) return;
  const names = Object.keys(table.columns);
  for (const column of ['private_key', 'refresh_key'].map((name) => names.indexOf(name)))
    for (const row of rows) {
      const stored = row[column];
      // A pair of an earlier version has no refresh key yet.
      if (typeof stored === 'string') await decryptKey(stored, keyEncryptionSecret);
    }
}
