import { SettingsError } from '../../settings/settings.js';

/** What a database of the service has to be in: logins, names and `data` are Unicode. */
const NEEDED = 'UTF8';

/**
 * Refuses a database in another encoding than UTF-8 (contract.md §10): most texts could not be stored in it. In SQL_ASCII
 * they could, but the server would count and compare bytes.
 *
 * @param query runs a statement and returns its rows
 * @throws {SettingsError} one line with the encoding and the remedy
 */
export async function refuseOtherEncoding(
  query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>,
): Promise<void> {
  const [row] = await query(`SELECT current_setting('server_encoding') AS "encoding"`);
  const encoding = String(row?.['encoding']);
  if (encoding !== NEEDED) throw refusalOf(encoding);
}

/**
 * Returns the error for a connection that has failed because the server cannot convert the encoding of the database to
 * that of the driver; undefined: it has failed for another reason.
 */
export function encodingRefusalOf(error: unknown): SettingsError | undefined {
  const { message = '' } = (error ?? {}) as { message?: string };
  const [, encoding] = /conversion between UTF8 and (\w+) is not supported/.exec(message) ?? [];
  return encoding === undefined ? undefined : refusalOf(encoding);
}

/** The locale C goes with every encoding; the default of a server may belong to another one. */
const refusalOf = (encoding: string) =>
  new SettingsError(
    `DATABASE_URL cannot be used: the database has to be in ${NEEDED}, and is in ${encoding}. ` +
      `Create another one: CREATE DATABASE hivegate ENCODING '${NEEDED}' LOCALE 'C' TEMPLATE template0`,
  );
