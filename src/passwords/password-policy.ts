import { Inject, Injectable } from '@nestjs/common';
import { dictionary } from '@zxcvbn-ts/language-common';
import type { Dialect } from '../dialect/dialect.js';
import { DIALECT } from '../dialect/dialect.module.js';
import { requestErrors } from '../errors/request.errors.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import { countCharacters } from '../text/characters.js';
import { normalisePassword, PASSWORD_MAX_LENGTH } from './password-forms.js';

export { PASSWORD_MAX_LENGTH } from './password-forms.js';

/** Decides which passwords are allowed (contract.md §3). */
@Injectable()
export class PasswordPolicy {
  private readonly common: ReadonlySet<string>;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(DIALECT) private readonly dialect: Dialect,
  ) {
    this.common = new Set(
      settings.passwordBlocklist
        ? dictionary['passwords-common']
            .map(String)
            .filter((word) => word.length >= settings.passwordMinLength)
        : [],
    );
  }

  /** Returns what is wrong with a new password, or undefined. The length is in characters of NFC, not bytes. */
  problem(typed: string, login: string): string | undefined {
    if (!typed.isWellFormed()) return 'Password must be well-formed Unicode';
    const password = normalisePassword(typed);
    const least = this.settings.passwordMinLength;
    const length = countCharacters(password);
    if (length < least || length > PASSWORD_MAX_LENGTH) {
      return `Password can contain only from ${least} to ${PASSWORD_MAX_LENGTH} symbols!`;
    }
    const folded = password.toLowerCase();
    if (folded === login.toLowerCase() && !this.mayBeLogin) return 'Password must not be the login';
    return this.common.has(folded) ? 'Password is too common' : undefined;
  }

  private get mayBeLogin(): boolean {
    return this.dialect.passwordMayBeLogin && !this.settings.passwordBlocklist;
  }

  /** @throws {ApiError} 400 that names `password` */
  check(password: string, login: string): void {
    const message = this.problem(password, login);
    if (message !== undefined) throw requestErrors.invalidFields([{ field: 'password', message }]);
  }
}
