import { Injectable } from '@nestjs/common';
import { turnOfUser } from '../passwords/hashing-turn.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { RateLimits } from '../rate-limits/rate-limits.service.js';
import type { User } from './user.entity.js';

/** Maximum number of wrong old passwords per user and caller, and the window in seconds. */
const MAX_WRONG = 10;
const WINDOW = 15 * 60;

/**
 * Verifies `oldPassword` in password changes. Attempts are limited, so that a stolen token cannot be used to
 * brute-force the password (ASVS 6.3.1). Does not lock the user out.
 */
@Injectable()
export class CurrentPasswordVerifier {
  private readonly tries = this.limits.limit({
    name: 'old passwords of a caller',
    points: MAX_WRONG,
    seconds: WINDOW,
  });

  constructor(
    private readonly passwords: PasswordHasher,
    private readonly limits: RateLimits,
  ) {}

  /**
   * Whether `oldPassword` is the user's current password. Each caller has a separate limit per user. A password change
   * resets the limit.
   *
   * @throws {ApiError} 429 after too many wrong passwords; 503 when too many passwords wait to be hashed
   */
  verify(
    { id, passwordHash, passwordVersion }: User,
    oldPassword: string,
    actorId: number,
  ): Promise<boolean> {
    const key = `${actorId} ${id} ${passwordVersion}`;
    // Count inside the turn, just before the comparison: parallel requests cannot exceed the limit, and requests that
    // the full queue rejects are not counted.
    return this.passwords.inTurn(turnOfUser(actorId), async () => {
      await this.tries.take(key);
      const isRight = await this.passwords.compare(oldPassword, passwordHash);
      if (isRight) await this.tries.reset(key);
      return isRight;
    });
  }
}
