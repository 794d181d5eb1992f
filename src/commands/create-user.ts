import { dialectOf } from '../compatibility/compatibility.js';
import { isTaken } from '../database/database-errors.js';
import { OperatorError } from '../errors/operator-error.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { NO_PASSWORD } from '../passwords/stored-password.js';
import type { Settings } from '../settings/settings.js';
import { createUserByOperator } from '../users/operator-changes.js';
import { CreateUserDto } from '../users/user.dto.js';
import { ROLES_BY_NAME, STATUSES_BY_NAME } from '../users/user-names.js';
import { userErrors } from '../users/users.errors.js';
import { findUserByLogin } from '../users/users.repository.js';
import { parseArguments, UsageError } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { withDatabase } from './existing-database.js';
import { hashPassword } from './hash-password.js';
import { readNewPassword } from './password-prompt.js';
import { validateAs } from './validate-as.js';

/** Creates a user, whose password comes as that of `users set-password`, or who has none. Prints the id. */
export const createUser: ArgumentParser = (args) => {
  const { positionals, values } = parseArguments(args, {
    positionals: ['login'],
    options: { role: { type: 'string' }, status: { type: 'string' }, 'no-password': { type: 'boolean' } },
  });
  const role = valueOf(ROLES_BY_NAME, '--role', values.role ?? 'client');
  const status = valueOf(STATUSES_BY_NAME, '--status', values.status ?? 'active');
  // The password is read, and judged by its policy, once the login is known to be free.
  const { login } = validateAs(CreateUserDto, { login: positionals[0], role, status, password: '' });
  return (settings) =>
    withDatabase(settings, async (database) => {
      if (await database.read((manager) => findUserByLogin(manager, login))) throw userErrors.loginTaken();
      const passwordHash = values['no-password'] ? NO_PASSWORD : await readPasswordHash(login, settings);
      try {
        const { id } = await database.transaction((transaction) =>
          createUserByOperator(transaction, { login, role, status }, passwordHash),
        );
        return String(id);
      } catch (error) {
        throw isTaken(error, 'login_key') ? userErrors.loginTaken() : error;
      }
    });
};

async function readPasswordHash(login: string, settings: Settings): Promise<string> {
  const password = await readNewPassword(login);
  const problem = new PasswordPolicy(settings, dialectOf(settings)).problem(password, login);
  if (problem !== undefined) throw new OperatorError(problem);
  return hashPassword(password, settings);
}

function valueOf<T>(values: ReadonlyMap<string, T>, option: string, name: string): T {
  const value = values.get(name);
  if (value === undefined) throw new UsageError(`${option} is none of ${[...values.keys()].join(', ')}`);
  return value;
}
