import { pipeline } from 'node:stream/promises';
import { recordEvent } from '../events/record-event.js';
import { writeNewFile } from '../files/write-new-file.js';
import { exportedUsers } from '../import/users/export-users.js';
import { startProgress } from '../progress/start-progress.js';
import { User } from '../users/user.entity.js';
import { parseArguments } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { withDatabase } from './existing-database.js';
import { fileNamedBy } from './file-argument.js';
import { formatOf } from './import-users.js';
import { print } from './output.js';
import { stopOnSignal } from './stop-on-signal.js';

/** Writes a snapshot of all users, with the hashes of their passwords, as `import users` reads it (contract.md §10). */
export const exported: ArgumentParser = (args) => {
  const { values } = parseArguments(args, {
    options: { format: { type: 'string' }, output: { type: 'string' } },
  });
  const format = formatOf(values.format) ?? 'ndjson';
  const path = values.output === undefined ? undefined : fileNamedBy(values.output);
  return (settings) =>
    withDatabase(settings, async (database) => {
      const signal = stopOnSignal('the export is not complete');
      // Before anything is written: what has been read in part is recorded, too.
      await database.transaction((transaction) =>
        recordEvent(transaction, {
          type: 'service.exported',
          subject: 'service',
          actor: { userId: null, command: 'users export' },
        }),
      );
      let count = 0;
      await database.snapshot(async (manager) => {
        const progress = startProgress('Export', { total: await manager.count(User), unit: 'users' });
        const text = exportedUsers(database, manager, format, (users) => {
          signal.throwIfAborted();
          count += users;
          progress.advance(users);
        });
        await (
          path === undefined ? print(text) : writeNewFile(path, (file) => pipeline(text, file, { signal }))
        ).finally(() => {
          progress.end();
        });
      });
      return path === undefined ? undefined : `${path} is written: ${count} users`;
    });
};
