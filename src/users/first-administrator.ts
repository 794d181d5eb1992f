import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { audit } from '../audit/audit.js';
import { Role } from '../authorization/role.js';
import { Database } from '../database/database.js';
import { defaultValues } from '../fields/stored-fields.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { type Settings, SettingsError } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { loginKeyOf, User } from './user.entity.js';
import { USER_FIELDS } from './user.fields.js';

/** Bytes of a generated password: 24 characters of base64. */
const GENERATED_BYTES = 18;

/** Makes sure that there is somebody who can sign in (contract.md §7, `ADMIN_LOGIN`). */
@Injectable()
export class FirstAdministrator {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordHasher,
    private readonly passwordPolicy: PasswordPolicy,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Creates the administrator if there is none. Of several processes that start at once, one does.
   *
   * @param show gets the password if it was generated here: the only time that it is ever seen. Before it becomes
   *   true: if the process dies at any moment, there is no administrator whose password nobody has seen
   * @throws {SettingsError} when the login or the password of the settings will not do
   */
  async ensure(show: (password: string) => void): Promise<void> {
    if (await this.database.read((manager) => manager.existsBy(User, { role: Role.Administrator }))) return;
    const { administratorLogin: login, administratorPassword: given } = this.settings;
    const problem = given === undefined ? undefined : this.passwordPolicy.problem(given, login);
    if (problem !== undefined) throw new SettingsError(`ADMIN_PASSWORD is not valid: ${problem}`);
    const password = given ?? this.generate();
    const passwordHash = await this.passwords.hash(password);

    await this.database.transaction(async (transaction) => {
      const { manager } = transaction;
      await transaction.serialise('firstAdministrator');
      if (await manager.existsBy(User, { role: Role.Administrator })) return;
      const loginKey = loginKeyOf(login);
      if (await manager.existsBy(User, { loginKey })) {
        throw new SettingsError(
          'ADMIN_LOGIN is not valid: a client has that login, and there is no administrator',
        );
      }
      const columns = {
        ...defaultValues(USER_FIELDS),
        login,
        loginKey,
        passwordHash,
        role: Role.Administrator,
      };
      await manager.insert(User, columns);
      await audit(transaction, null, 'user.create', `user/${login}`, Object.keys(columns));
      if (given === undefined) show(password);
    });
  }

  private generate(): string {
    const length = this.settings.passwordMinLength;
    return randomBytes(Math.max(GENERATED_BYTES, length))
      .toString('base64url')
      .slice(0, Math.max(24, length));
  }
}
