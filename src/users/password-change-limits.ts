import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../authorization/principal.js';
import { Database } from '../database/database.js';
import { take } from '../http/rate-limit.guard.js';
import { rootOf } from '../sessions/sessions.repository.js';
import type { Settings } from '../settings/settings.js';
import { SETTINGS } from '../settings/settings.module.js';

/** How many old passwords are compared per sign-in, and new ones set per user, in so many seconds (contract.md §5). */
const MOST_COMPARED = 5;
const MOST_SET = 5;
const WINDOW = 15 * 60;

/**
 * Limits what a stolen token can do about passwords: old ones that are tried (ASVS 6.3.1), and new ones, of which each
 * empties the buckets of failed logins. Both without a lockout.
 */
@Injectable()
export class PasswordChangeLimits {
  private readonly compared = new RateLimiterMemory({ points: MOST_COMPARED, duration: WINDOW });
  private readonly set = new RateLimiterMemory({ points: MOST_SET, duration: WINDOW });

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Counts an old password that is about to be compared. @throws {ApiError} 429 */
  async countCompared(caller: Principal): Promise<void> {
    if (this.settings.rateLimit) await take(this.compared, await this.signInOf(caller));
  }

  /** Counts a new password that a user is about to set for itself. @throws {ApiError} 429 */
  async countSet(userId: number): Promise<void> {
    if (this.settings.rateLimit) await take(this.set, userId);
  }

  /**
   * Returns the sign-in of a caller: all sessions that descend from it are counted together. The sessions that an
   * administrator has created for a user descend from no sign-in and could be created without end: they count together.
   */
  private async signInOf({ sessionId }: Principal): Promise<string> {
    const root = await this.database.read((manager) => rootOf(manager, sessionId));
    return root && root.actingId !== null
      ? `user/${root.userId} by ${root.actingId}`
      : (root?.id ?? sessionId);
  }
}
