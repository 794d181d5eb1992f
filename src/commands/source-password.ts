import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { OperatorError } from '../errors/operator-error.js';
import type { PasswordAddress, PasswordSource } from '../import/original/original-database.js';
import { parsePostgresUrl } from '../text/postgres-url.js';
import { readPassword } from './password-prompt.js';

const OPTION = '--password-file';

type PgPass = (address: PasswordAddress, done: (password?: string) => void) => void;
/** Reads `.pgpass`, or the file that `PGPASSFILE` names. It has no types. */
const pgPass = createRequire(import.meta.url)('pgpass') as PgPass;

/**
 * Checks the address of a database on the command line.
 *
 * @throws {OperatorError} when it is not one of PostgreSQL, or has a password: every user of the machine can see the
 *   arguments of a process. The message does not repeat the address
 */
export function assertAddress(option: string, address: string): void {
  const parts = parsePostgresUrl(address);
  if (!parts)
    throw new OperatorError(`${option} must be an address such as postgres://user@host:5432/database`);
  if (parts.password !== undefined || parts.parameters.some(([name]) => /^(?:ssl)?password$/.test(name)))
    throw new OperatorError(
      `${option} must not have a password, which others could see in the list of processes: ` +
        'use PGPASSWORD, .pgpass, --password-file or the prompt',
    );
}

/**
 * Returns how the password of a database is found, if the server asks for one: in `file`, if it is given; else
 * in `PGPASSWORD`, which the driver reads; else in `.pgpass`, else by a prompt on a terminal.
 */
export function passwordSource(file: string | undefined): PasswordSource {
  if (file !== undefined) return { option: OPTION, read: () => readPasswordFile(file) };
  const read = async (address: PasswordAddress) => {
    const found = await new Promise<string | undefined>((done) => {
      pgPass(address, done);
    });
    if (found !== undefined) return found;
    const { user, host, port, database } = address;
    const password = await readPassword(`Password of ${user} for ${database} at ${host}:${port}: `);
    if (password !== undefined) return password;
    throw new OperatorError(
      'The database asks for a password: set PGPASSWORD, write it to .pgpass, or name a file with --password-file',
    );
  };
  return { option: undefined, read };
}

/**
 * One line end at the end of the file is cut off. The path is not repeated: it may be a password by mistake.
 *
 * @throws {OperatorError} when the file cannot be read, or is empty
 */
async function readPasswordFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new OperatorError(`${OPTION} cannot be read (${code}): it must name a file with the password`);
  });
  const password = text.replace(/\r?\n$/, '');
  if (password === '') throw new OperatorError(`${OPTION} names an empty file: it must hold the password`);
  return password;
}
