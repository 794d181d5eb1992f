import { Inject, Injectable } from '@nestjs/common';
import { PasswordHasher } from '../../passwords/password-hasher.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { countCharacters } from '../../text/characters.js';
import type { User } from '../../users/user.entity.js';
import { authenticationErrors } from '../authentication.errors.js';
import { LoginAttemptsService } from './login-attempts.service.js';

/** Signs users in by login and password (contract.md §5). */
@Injectable()
export class SignInService {
  constructor(
    private readonly passwords: PasswordHasher,
    private readonly lockout: LoginAttemptsService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Checks a login and a password. Unknown login, wrong password, locked out and disabled users all get the same
   * response after the same work.
   *
   * @throws {ApiError} 400 when the login or the password is missing; 401; 429 during the pause of the last
   *   administrator; 503 when too many passwords wait to be hashed
   */
  async authenticate(login: unknown, password: unknown): Promise<User> {
    if (typeof login !== 'string' || typeof password !== 'string')
      throw authenticationErrors.emptyCredentials();
    if (login.trim() === '' || this.isBlank(password)) throw authenticationErrors.emptyCredentials();
    // Count the attempt only inside the slot: parallel sign-ins with the right password must not use up the limit.
    const user = await this.passwords.inSlot(() => this.tryOnce(login, password));
    if (!user) throw authenticationErrors.invalidCredentials();
    return user;
  }

  /** Spaces alone count as empty, unless there are enough of them to be a valid password. */
  private isBlank(password: string): boolean {
    return password.trim() === '' && countCharacters(password) < this.settings.passwordMinLength;
  }

  private async tryOnce(login: string, password: string): Promise<User | undefined> {
    // PostgreSQL rejects NUL in text. Logins cannot contain it, so the replacement matches no user.
    const { user, last } = await this.lockout.count(login.replaceAll('\0', '\ufffd'));
    const isRight = await this.passwords.compare(password, user?.passwordHash);
    if (!user || !isRight) {
      if (last) await this.lockout.fail(last);
      return undefined;
    }
    const upgrade = this.passwords.needsUpgrade(user.passwordHash);
    return this.lockout.succeed(user, upgrade ? await this.passwords.rehash(password) : undefined);
  }
}
