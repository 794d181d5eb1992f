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
   * Unknown login, wrong password, locked out, disabled: one answer, after the same work.
   *
   * @throws {ApiError} 400 when something is missing, 401, 429 while the last administrator pauses, 503
   */
  async authenticate(login: unknown, password: unknown): Promise<User> {
    if (typeof login !== 'string' || typeof password !== 'string')
      throw authenticationErrors.emptyCredentials();
    if (login.trim() === '' || this.isBlank(password)) throw authenticationErrors.emptyCredentials();
    // Counted only when it is about to be compared: a burst of right passwords must not use up the guesses.
    const user = await this.passwords.inSlot(() => this.tryOnce(login, password));
    if (!user) throw authenticationErrors.invalidCredentials();
    return user;
  }

  /** Spaces alone are nothing, unless they are enough to be a password: those are not trimmed. */
  private isBlank(password: string): boolean {
    return password.trim() === '' && countCharacters(password) < this.settings.passwordMinLength;
  }

  private async tryOnce(login: string, password: string): Promise<User | undefined> {
    // No database takes NUL in a text, and no login has it.
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
