import { resolve } from 'node:path';
import { SCHEMA } from '../app.schema.js';
import { decryptKey } from '../authentication/signing-keys/key-encryption.js';
import type { Counts } from '../backup/format.js';
import { eachPart } from '../backup/read-backup.js';
import { restoreBackup } from '../backup/restore-backup.js';
import { Database } from '../database/database.js';
import { recordEvent } from '../events/record-event.js';
import { startProgress } from '../progress/start-progress.js';
import type { Settings } from '../settings/settings.js';
import { parseArguments } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { describeRows } from './describe-rows.js';

/** Restores a backup into a new SQLite or PostgreSQL database (0011-backups.md). */
export const restore: ArgumentParser = (args) => {
  const { positionals } = parseArguments(args, { positionals: ['file'] });
  const path = resolve(...positionals);
  return async (settings) => {
    // Check the whole file before the database is created or changed.
    const checked = await check(path, settings);
    const database = await Database.openNew(settings.database, SCHEMA);
    const total = Object.values(checked).reduce((sum, rows) => sum + rows, 0);
    const progress = startProgress('Restore', { total, unit: 'rows' });
    try {
      const counts = await restoreBackup(
        database,
        SCHEMA,
        path,
        (transaction) =>
          recordEvent(transaction, {
            type: 'service.restored',
            subject: 'service',
            actor: { userId: null, command: 'restore' },
          }),
        (rows) => {
          progress.advance(rows);
        },
      );
      return `${path} is restored (${describeRows(counts)}). What was changed after it was taken is gone; to end the tokens of that time: keys rotate --now, then keys revoke the older ones`;
    } finally {
      progress.end();
      await database.close();
    }
  };
};

/** Reads a backup to its end, and checks that its signing keys can be decrypted. Returns its numbers of rows. */
async function check(path: string, { jwtSecret, keyEncryptionSecret }: Settings): Promise<Counts> {
  return eachPart(path, SCHEMA, async ({ table, rows }) => {
    if (table.name !== 'signing_keys' || jwtSecret !== undefined) return;
    const names = Object.keys(table.columns);
    for (const column of ['private_key', 'refresh_key'].map((name) => names.indexOf(name)))
      for (const row of rows) {
        const stored = row[column];
        // A pair of an earlier version has no refresh key yet.
        if (typeof stored === 'string') await decryptKey(stored, keyEncryptionSecret);
      }
  });
}
