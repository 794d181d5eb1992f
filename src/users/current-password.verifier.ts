import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Inject, Injectable } from '@nestjs/common';
import { take } from '../http/rate-limit.guard.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';
import type { User } from './user.entity.js';

/** How many old passwords of one user may be wrong, and the seconds that they count over. */
const MOST_WRONG = 10;
const WINDOW = 15 * 60;

/**
 * Compares the old password that comes with a new one. Of one user only so many: a stolen token must not be a way to
 * find the password (ASVS 6.3.1). Nobody is locked out by it. Each process counts for itself.
 */
@Injectable()
export class CurrentPasswordVerifier {
  private readonly tries = new RateLimiterMemory({ points: MOST_WRONG, duration: WINDOW });

  constructor(
    private readonly passwords: PasswordHasher,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Whether it is the password of this user. Whoever asks for another has tries of its own, and a new password has them all
   * again.
   *
   * @throws {ApiError} 429 after too many wrong ones, 503
   */
  verify(
    { id, passwordHash, tokenGeneration }: User,
    oldPassword: string,
    actorId: number,
  ): Promise<boolean> {
    const key = `${actorId} ${id} ${tokenGeneration}`;
    // Counted before it is compared, and only then: neither a burst nor the queue changes how many there are.
    return this.passwords.inSlot(async () => {
      if (this.settings.rateLimit) await take(this.tries, key);
      const isRight = await this.passwords.compare(oldPassword, passwordHash);
      if (isRight) await this.tries.delete(key);
      return isRight;
    });
  }
}
