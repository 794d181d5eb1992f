import { pipeline } from 'node:stream/promises';
import type { Database } from '../database/database.js';
import { recordEvent } from '../events/record-event.js';
import { writeNewFile } from '../files/write-new-file.js';
import { exportedUsers } from '../import/users/export-users.js';
import type { Format } from '../import/users/user-file.js';
import { startProgress } from '../progress/start-progress.js';
import { User } from '../users/user.entity.js';
import { parseArguments } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { withDatabase } from './existing-database.js';
import { fileNamedBy } from './file-argument.js';
import { formatOf } from './import-users.js';
import { print } from './output.js';
import { untilSignal } from './until-signal.js';

/** Writes a snapshot of all users, with the hashes of their passwords, as `import users` reads it (contract.md §10). */
export const exportUsers: ArgumentParser = (args) => {
  const { values } = parseArguments(args, {
    options: { format: { type: 'string' }, output: { type: 'string' } },
  });
  const format = formatOf(values.format) ?? 'ndjson';
  const path = values.output === undefined ? undefined : fileNamedBy(values.output);
  return (settings) =>
    withDatabase(settings, (database) =>
      untilSignal('the export is not complete', async (signal) => {
        if (path === undefined) {
          await write(database, format, (text) => print(text, signal));
          return undefined;
        }
        const count = await writeNewFile(path, (file) =>
          write(database, format, (text) => pipeline(text, file, { signal })),
        );
        return `${path} is written: ${count} users`;
      }),
    );
};

/** Passes the users to `writer`. @returns their number */
async function write(
  database: Database,
  format: Format,
  writer: (text: AsyncIterable<string>) => Promise<void>,
): Promise<number> {
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
      count += users;
      progress.advance(users);
    });
    await writer(text).finally(() => {
      progress.end();
    });
  });
  return count;
}
