import { randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Network, UserNetwork } from '../access-scopes/networks/network.entity.js';
import { Role } from '../authorization/role.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import type { Dialect } from '../dialect/dialect.js';
import { DIALECT } from '../dialect/dialect.module.js';
import { SERVICE_ACTOR } from '../events/event.js';
import { recordEvent } from '../events/record-event.js';
import { defaultValues } from '../fields/stored-fields.js';
import { TURN_OF_SERVICE } from '../passwords/hashing-turn.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { type Settings, SettingsError } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { hasActiveAdministrator } from './last-administrator.js';
import { loginKeyOf, User } from './user.entity.js';
import { USER_FIELDS } from './user.fields.js';
import { insertUser } from './user-changes.js';

/** Random bytes of a generated password: 24 characters in base64url. */
const GENERATED_BYTES = 18;

/** Creates the first administrator (contract.md §7, `ADMIN_LOGIN`). */
@Injectable()
export class FirstAdministrator {
  private readonly logger = new Logger(FirstAdministrator.name);

  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordHasher,
    private readonly passwordPolicy: PasswordPolicy,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(DIALECT) private readonly dialect: Dialect,
  ) {}

  /**
   * Creates an administrator if there is no active one: those of an imported database may all be disabled. If several
   * processes start at once, only one creates it. Warns of an `ADMIN_PASSWORD` that is not needed and not acceptable.
   *
   * @param show receives a generated password; it is not shown again. Called before the commit: if the process crashes,
   *   no administrator exists whose password was never shown
   * @throws {SettingsError} when `ADMIN_LOGIN` or `ADMIN_PASSWORD` is not acceptable
   */
  async ensure(show: (password: string) => void): Promise<void> {
    const { administratorLogin: login, administratorPassword: given } = this.settings;
    const problem = given === undefined ? undefined : this.passwordPolicy.problem(given, login);
    if (await this.database.read((manager) => hasActiveAdministrator(manager))) {
      if (problem !== undefined)
        this.logger.warn(`ADMIN_PASSWORD is unwise: ${problem}. A start that had to use it would be refused`);
      return;
    }
    if (problem !== undefined) throw new SettingsError(`ADMIN_PASSWORD is not valid: ${problem}`);
    const password = given ?? this.generate();
    const passwordHash = await this.passwords.hash(password, TURN_OF_SERVICE);

    await this.database.transaction(async (transaction) => {
      const { manager } = transaction;
      await transaction.serialise('firstAdministrator');
      if (await hasActiveAdministrator(manager)) return;
      const loginKey = loginKeyOf(login);
      if (await manager.existsBy(User, { loginKey })) {
        throw new SettingsError(
          'ADMIN_LOGIN is not valid: another user has that login, and there is no active administrator',
        );
      }
      const columns = {
        ...defaultValues(USER_FIELDS),
        login,
        loginKey,
        passwordHash,
        role: Role.Administrator,
      };
      const { id: userId } = await insertUser(transaction, columns, SERVICE_ACTOR);
      await this.assignFirstNetwork(transaction, userId);
      if (given === undefined) show(password);
    });
  }

  private async assignFirstNetwork(transaction: Transaction, userId: number): Promise<void> {
    const { firstNetwork: scopeId } = this.dialect;
    const { manager } = transaction;
    if (scopeId === undefined || !(await manager.existsBy(Network, { id: scopeId }))) return;
    await manager.insert(UserNetwork, { userId, scopeId });
    await recordEvent(transaction, {
      type: 'assignment.created',
      subject: `user/${userId}`,
      actor: SERVICE_ACTOR,
      networkId: scopeId,
    });
  }

  private generate(): string {
    const length = this.settings.passwordMinLength;
    return randomBytes(Math.max(GENERATED_BYTES, length))
      .toString('base64url')
      .slice(0, Math.max(24, length));
  }
}
