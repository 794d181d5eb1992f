import { Injectable } from '@nestjs/common';
import type { Principal } from '../authorization/principal.js';
import { Database } from '../database/database.js';
import { RateLimits } from '../rate-limits/rate-limits.service.js';
import { rootOf } from '../sessions/sessions.repository.js';

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
  private readonly compared = this.limits.limit({
    name: 'old passwords of a sign-in',
    points: MOST_COMPARED,
    seconds: WINDOW,
  });
  private readonly set = this.limits.limit({
    name: 'own new passwords of a user',
    points: MOST_SET,
    seconds: WINDOW,
  });

  constructor(
    private readonly database: Database,
    private readonly limits: RateLimits,
  ) {}

  /** Counts an old password that is about to be compared. @throws {ApiError} 429 */
  async countCompared(caller: Principal): Promise<void> {
    await this.compared.take(await this.signInOf(caller));
  }

  /** Counts a new password that a user is about to set for itself. @throws {ApiError} 429 */
  countSet(userId: number): Promise<void> {
    return this.set.take(userId);
  }

  /**
   * Returns the sign-in of a caller: all sessions that descend from it are counted together. The sessions that an
   * administrator has created for a user descend from no sign-in and could be created without end: they count together.
   */
  private async signInOf({ userId, sessionId }: Principal): Promise<string> {
    const root = await this.database.read((manager) => rootOf(manager, sessionId), `user/${userId}`);
    return root && root.actingId !== null
      ? `user/${root.userId} by ${root.actingId}`
      : (root?.id ?? sessionId);
  }
}
