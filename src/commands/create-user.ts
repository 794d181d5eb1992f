import { Role } from '../authorization/role.js';
import { dialectOf } from '../compatibility/compatibility.js';
import { isTaken } from '../database/database-errors.js';
import { OperatorError } from '../errors/operator-error.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { createUserByOperator } from '../users/operator-changes.js';
import { CreateUserDto } from '../users/user.dto.js';
import { UserStatus } from '../users/user-status.js';
import { userErrors } from '../users/users.errors.js';
import { findUserByLogin } from '../users/users.repository.js';
import { parseArguments, UsageError } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { withDatabase } from './existing-database.js';
import { hashPassword } from './hash-password.js';
import { readNewPassword } from './password-prompt.js';
import { validateAs } from './validate-as.js';

const ROLES: Readonly<Record<string, Role>> = { administrator: Role.Administrator, client: Role.Client };
const STATUSES: Readonly<Record<string, UserStatus>> = {
  active: UserStatus.Active,
  'locked-out': UserStatus.LockedOut,
  disabled: UserStatus.Disabled,
};

/** Creates a user, whose password comes as that of `users set-password`. Prints the id. */
export const createUser: ArgumentParser = (args) => {
  const { positionals, values } = parseArguments(args, {
    positionals: ['login'],
    options: { role: { type: 'string' }, status: { type: 'string' } },
  });
  const role = valueOf(ROLES, values.role ?? 'client');
  const status = valueOf(STATUSES, values.status ?? 'active');
  // The password is read, and judged by its policy, once the login is known to be free.
  const { login } = validateAs(CreateUserDto, { login: positionals[0], role, status, password: '' });
  return (settings) =>
    withDatabase(settings, async (database) => {
      if (await database.read((manager) => findUserByLogin(manager, login))) throw userErrors.loginTaken();
      const password = await readNewPassword(login);
      const problem = new PasswordPolicy(settings, dialectOf(settings)).problem(password, login);
      if (problem !== undefined) throw new OperatorError(problem);
      const passwordHash = await hashPassword(password, settings);
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

function valueOf<T>(values: Readonly<Record<string, T>>, name: string): T {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new UsageError();
  return value;
}
