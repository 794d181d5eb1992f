import { SCHEMA } from '../app.schema.js';
import { writeBackup } from '../backup/write-backup.js';
import type { Database } from '../database/database.js';
import type { Progress } from '../progress/progress.js';
import { startProgress } from '../progress/start-progress.js';
import { parseArguments } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { describeRows } from './describe-rows.js';
import { withDatabase } from './existing-database.js';
import { fileNamedBy } from './file-argument.js';
import { untilSignal } from './until-signal.js';

/** Backs up a snapshot of all data while the service runs (0011-backups.md). */
export const backup: ArgumentParser = (args) => {
  const { positionals } = parseArguments(args, { positionals: ['file'] });
  const path = fileNamedBy(...positionals);
  return (settings) =>
    untilSignal('no backup has been made', async (signal) => {
      const counts = await withDatabase(settings, (database) => write(database, path, signal), {
        whole: true,
      });
      return `${path} is written (${describeRows(counts)})`;
    });
};

async function write(database: Database, path: string, signal: AbortSignal) {
  let progress: Progress | undefined;
  try {
    return await writeBackup(database, SCHEMA, path, {
      signal,
      onTotal: (total) => {
        progress = startProgress('Backup', { total, unit: 'rows' });
      },
      onRows: (rows) => {
        progress?.advance(rows);
      },
    });
  } finally {
    progress?.end();
  }
}
