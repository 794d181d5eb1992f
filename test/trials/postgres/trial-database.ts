import type { TestDatabase } from '../../support/database.js';
import { freshName } from '../../support/fresh-name.js';
import { queryAt, type TrialServer } from './server.js';

/** A database of a {@link TrialServer} with an owner of its own, who is not the administrator of the server. */
export interface TrialDatabase {
  readonly name: string;
  readonly owner: string;
  readonly password: string;
}

/** Makes an empty database and the user that owns it. */
export async function makeDatabase(server: TrialServer): Promise<TrialDatabase> {
  const name = freshName('trial').replace('-', '_');
  const database = { name, owner: `${name}_owner`, password: freshName('password') };
  await server.query(`CREATE ROLE ${database.owner} LOGIN PASSWORD '${database.password}'`);
  await server.query(`CREATE DATABASE ${name} OWNER ${database.owner}`);
  return database;
}

/** The same database as the trials hand it to a service: reached at `url`, looked at on the server that `at` returns. */
export const seenThrough = (
  { name, owner, password }: TrialDatabase,
  url: string,
  at: () => TrialServer,
): TestDatabase => ({
  url,
  query: (sql, parameters = []) => {
    let index = 0;
    return queryAt(
      at().urlOf(name, owner, password),
      sql.replaceAll('?', () => `$${(index += 1)}`),
      parameters,
    );
  },
  // Its server is removed at the end of the test.
  remove: () => Promise.resolve(),
});
