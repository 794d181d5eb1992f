import { isIP } from 'node:net';
import { dialectOf } from '../compatibility/compatibility.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { OperatorError } from '../errors/operator-error.js';
import { sourceNetworkOf } from '../http/source-network.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { disableUser, endUserSessions, setUserPassword, unlockUser } from '../users/operator-changes.js';
import { User } from '../users/user.entity.js';
import { endLockout } from '../users/user-changes.js';
import { ROLE_NAMES, STATUS_NAMES } from '../users/user-names.js';
import { asOfNow, findUserByLogin, lockUserByLogin } from '../users/users.repository.js';
import { parseArguments } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { withDatabase } from './existing-database.js';
import { hashPassword } from './hash-password.js';
import { print } from './output.js';
import { readNewPassword } from './password-prompt.js';

/* Manages users while the service runs, with its rules (contract.md §10). */

/** Number of users per query of `users list`. */
const PAGE = 1000;
const SHOWN = ['id', 'login', 'role', 'status', 'lastLogin'] as const;
/** What decides whether the status still holds. */
const LOCKOUT = ['lockedByFailedLogins', 'blockedAt', 'blockedUntil'] as const;

type ShownUser = Pick<User, (typeof SHOWN)[number]>;

/** Lists all users: as a table, or as one JSON object per line. */
export const list: ArgumentParser = (args) => {
  const { values } = parseArguments(args, { options: { json: { type: 'boolean' } } });
  const format = values.json === true ? jsonOf : rowOf;
  return async (settings) => {
    await withDatabase(settings, (database) => print(linesOf(database, format)));
    return undefined;
  };
};

/** Sets a new password, which comes from a terminal or from standard input: an argument would be visible to others. */
export const setPassword: ArgumentParser = (args) => {
  const [login] = parseArguments(args, { positionals: ['login'] }).positionals;
  return (settings) =>
    withDatabase(settings, async (database) => {
      const user = await database.read((manager) => findUserByLogin(manager, login));
      if (!user) throw noSuchUser();
      const password = await readNewPassword(user.login);
      const problem = new PasswordPolicy(settings, dialectOf(settings)).problem(password, user.login);
      if (problem !== undefined) throw new OperatorError(problem);
      const passwordHash = await hashPassword(password, settings);
      const status = await changeUserOf(database, login, (transaction, locked) =>
        setUserPassword(transaction, locked, passwordHash),
      );
      return `${user.login} has a new password, all sessions have ended, and the user is ${STATUS_NAMES[status]}`;
    });
};

/** Ends a lockout and clears the failed logins; may make the source of an address known. */
export const unlock: ArgumentParser = (args) => {
  const { positionals, values } = parseArguments(args, {
    positionals: ['login'],
    options: { source: { type: 'string' } },
  });
  const { source: address } = values;
  if (address !== undefined && isIP(address) === 0)
    throw new OperatorError('--source is not valid: it accepts an IPv4 or IPv6 address');
  const source = address === undefined ? undefined : sourceNetworkOf(address);
  return (settings) =>
    withDatabase(settings, (database) =>
      changeUserOf(database, positionals[0], async (transaction, user) => {
        await unlockUser(transaction, user, source);
        const place =
          address === undefined ? '' : `, and can sign in from ${address} whatever fails elsewhere`;
        return `${user.login} is active and has no failed logins${place}`;
      }),
    );
};

/** Disables a user and ends all sessions. */
export const disable = changeByLogin(async (transaction, user) => {
  const isNew = await disableUser(transaction, user);
  if (!isNew) return `${user.login} is disabled already: nothing has been changed`;
  return `${user.login} is disabled, and all sessions have ended`;
});

/** Ends all sessions of a user, and those that the user has created for others. */
export const endSessions = changeByLogin(async (transaction, user) => {
  const count = await endUserSessions(transaction, user);
  return `All sessions of ${user.login} have ended, and those that ${user.login} has created for others: ${count} in all`;
});

/** A change of one user. Returns what is now true of the user. */
type Change<T> = (transaction: Transaction, user: User) => Promise<T>;

/** Returns a command whose only argument is the login of the user to change. */
function changeByLogin(change: Change<string>): ArgumentParser {
  return (args) => {
    const [login] = parseArguments(args, { positionals: ['login'] }).positionals;
    return (settings) => withDatabase(settings, (database) => changeUserOf(database, login, change));
  };
}

/** Runs `change` in a transaction that has locked the user with this login. */
function changeUserOf<T>(database: Database, login: string, change: Change<T>): Promise<T> {
  return database.transaction(async (transaction) => {
    // Before the row lock, as everywhere: `disable` needs it.
    await transaction.serialise('lastAdministrator');
    const user = await lockUserByLogin(transaction, login);
    if (!user) throw noSuchUser();
    await endLockout(transaction, user);
    return change(transaction, user);
  });
}

/** The message does not repeat the argument: it may be a password that was typed in the wrong place. */
const noSuchUser = () => new OperatorError('No user has that login');

/** Reads all users in pages, oldest first, and yields their lines. */
async function* linesOf(
  database: Database,
  format: (user: ShownUser) => string,
): AsyncGenerator<string, void, undefined> {
  for (let after = 0; ;) {
    const users = await database.read((manager) =>
      manager
        .createQueryBuilder(User, 'user')
        .select([...SHOWN, ...LOCKOUT].map((column) => `user.${column}`))
        .where('user.id > :after', { after })
        .orderBy('user.id')
        .limit(PAGE)
        .getMany(),
    );
    yield users.map((user) => `${format(asOfNow(user))}\n`).join('');
    const last = users.at(-1);
    if (users.length < PAGE || !last) return;
    after = last.id;
  }
}

const jsonOf = ({ id, login, role, status, lastLogin }: ShownUser) =>
  JSON.stringify({ id, login, role, status, lastLogin });

const rowOf = ({ id, login, role, status, lastLogin }: ShownUser) =>
  [
    String(id).padStart(6),
    // Rows that were copied into the table may have other characters than the service allows.
    login.replaceAll(/[^\x21-\x7e]/g, '?').padEnd(24),
    ROLE_NAMES[role].padEnd(13),
    STATUS_NAMES[status].padEnd(10),
    lastLogin?.toISOString() ?? 'never',
  ].join('  ');
