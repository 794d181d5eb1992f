import { Injectable } from '@nestjs/common';
import type { Principal } from '../authorization/principal.js';
import { turnOfUser } from '../passwords/hashing-turn.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordChangeLimits } from './password-change-limits.js';
import type { User } from './user.entity.js';

/** Verifies `oldPassword` in password changes. Does not lock the user out. */
@Injectable()
export class CurrentPasswordVerifier {
  constructor(
    private readonly passwords: PasswordHasher,
    private readonly limits: PasswordChangeLimits,
  ) {}

  /**
   * Whether `oldPassword` is the user's current password.
   *
   * @throws {ApiError} 429 after too many; 503 when too many passwords wait to be hashed
   */
  verify({ passwordHash }: User, oldPassword: string, caller: Principal): Promise<boolean> {
    // Count inside the turn, just before the comparison: parallel requests cannot exceed the limit, and requests that
    // the full queue rejects are not counted.
    return this.passwords.inTurn(turnOfUser(caller.userId), async (slot) => {
      await this.limits.countCompared(caller);
      return this.passwords.compare(oldPassword, passwordHash, slot);
    });
  }
}
