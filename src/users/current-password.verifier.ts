import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Inject, Injectable } from '@nestjs/common';
import { take } from '../http/rate-limit.guard.js';
import { turnOfUser } from '../passwords/hashing-turn.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import type { User } from './user.entity.js';

/** Maximum number of wrong old passwords per user and caller, and the window in seconds. */
const MAX_WRONG = 10;
const WINDOW = 15 * 60;

/**
 * Verifies `oldPassword` in password changes. Attempts are limited, so that a stolen token cannot be used to
 * brute-force the password (ASVS 6.3.1). Does not lock the user out. Each process counts separately.
 */
@Injectable()
export class CurrentPasswordVerifier {
  private readonly tries = new RateLimiterMemory({ points: MAX_WRONG, duration: WINDOW });

  constructor(
    private readonly passwords: PasswordHasher,
    @Inject(SETTINGS) private readonly settings: Settings,
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
      if (this.settings.rateLimit) await take(this.tries, key);
      const isRight = await this.passwords.compare(oldPassword, passwordHash);
      if (isRight) await this.tries.delete(key);
      return isRight;
    });
  }
}
