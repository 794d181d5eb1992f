import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { requestErrors } from '../../errors/request.errors.js';
import { SERVICE_ACTOR } from '../../events/event.js';
import { recordEvent } from '../../events/record-event.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { sourceNetworkOf } from '../../http/source-network.js';
import { ConfigurationService, MAX_ATTEMPTS } from '../../live-configuration/configuration.service.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { isLastAdministrator } from '../../users/last-administrator.js';
import { User } from '../../users/user.entity.js';
import { UserStatus } from '../../users/user-status.js';
import { changeUser, lockUser } from '../../users/users.repository.js';
import { type AttemptCounter, findTarget, lockTarget, recordAttempt } from './attempt-counters.repository.js';
import { recordFailedSignIn } from './failed-sign-ins.js';

/** Failed attempts until lockout, if the configuration does not set `user.login.maxAttempts`. */
const DEFAULT_MAX_ATTEMPTS = 10;
/** Milliseconds to verify the final attempt. After that it counts as failed: its process may have died. */
const VERIFICATION_TIMEOUT = 30_000;
/** The longest pause between two attempts at the last administrator, in milliseconds. */
const LONGEST_PAUSE = 15 * 60_000;

/** A login attempt that has been counted. */
export interface CountedAttempt {
  /** The user with that login. Undefined: nobody has it. */
  readonly userId?: number;
  /** The user whose password is compared. Undefined: the attempt is refused. */
  readonly user?: AttemptCounter;
  /** Set on the final attempt: the failed logins at which the user is locked out if it fails. */
  readonly limit?: number;
}

/**
 * Counts login attempts and locks users out (contract.md §5, ASVS 6.3.1).
 *
 * An attempt is counted in a transaction before its password is compared, so that parallel requests cannot exceed the
 * limit. Unknown, locked out and disabled users cost the same statements as active ones. The only difference is one
 * more transaction when the final attempt locks its user out.
 */
@Injectable()
export class LoginAttemptsService {
  constructor(
    private readonly database: Database,
    private readonly configuration: ConfigurationService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Counts a login attempt.
   *
   * @throws {ApiError} 429 during the pause after failed attempts at the last active administrator
   */
  async count(login: string, origin: RequestOrigin): Promise<CountedAttempt> {
    const turnOf = sourceNetworkOf(origin.address);
    const limit = await this.limit(turnOf);
    const target = await this.database.read((manager) => findTarget(manager, login), turnOf);
    const attempt = await this.database.transaction(async (transaction) => {
      const counter = await lockTarget(transaction, target);
      if (!counter) return {};
      const evaluated = await this.evaluate(counter, limit, transaction);
      await recordAttempt(transaction, target, counter);
      return { ...evaluated, ...(target.entity === User && { userId: target.id }) };
    }, turnOf);
    if (attempt.pausedFor === undefined) return attempt;
    await this.fail(attempt, origin);
    throw requestErrors.tooManyRequests(attempt.pausedFor / 1000);
  }

  /** Records a failed attempt. Locks the user out if it was the final one. */
  async fail({ userId, limit }: CountedAttempt, origin: RequestOrigin): Promise<void> {
    await this.database.transaction(async (transaction) => {
      if (limit !== undefined) await transaction.serialise('lastAdministrator');
      await recordFailedSignIn(transaction, userId, origin);
      if (limit !== undefined && userId !== undefined) await this.lockOut(transaction, userId, limit, origin);
    }, sourceNetworkOf(origin.address));
  }

  /**
   * Records a successful sign-in, and stores `newHash` if the password was rehashed.
   *
   * @param start runs in the same transaction
   * @returns its result, or undefined when the sign-in must fail: while the password was compared, the user was locked
   *   out or deleted, or its password was changed
   */
  async succeed<T>(
    compared: AttemptCounter,
    newHash: string | undefined,
    origin: RequestOrigin,
    start: (transaction: Transaction, user: User) => Promise<T>,
  ): Promise<T | undefined> {
    return this.database.transaction(async (transaction) => {
      const user = await lockUser(transaction, compared.id);
      // Compare the generation, not the hash: a concurrent sign-in may have rehashed the same password.
      const isSamePassword = user?.passwordVersion === compared.passwordVersion;
      if (user?.status !== UserStatus.Active || !isSamePassword) return undefined;
      const changes = {
        loginAttempts: 0,
        blockedUntil: null,
        lastLogin: new Date(),
        ...(newHash !== undefined && { passwordHash: newHash }),
      };
      await changeUser(transaction, user.id, changes, { published: false });
      return start(transaction, Object.assign(user, changes));
    }, sourceNetworkOf(origin.address));
  }

  private limit(turnOf: string): Promise<number> {
    return this.configuration.positiveInteger(MAX_ATTEMPTS, DEFAULT_MAX_ATTEMPTS, turnOf);
  }

  /**
   * Decides whether an attempt is allowed. `pausedFor`: milliseconds until the next one at the last administrator. Changes `user`: its counter, and its status when the lockout has expired.
   */
  private async evaluate(
    user: AttemptCounter,
    limit: number,
    transaction: Transaction,
  ): Promise<CountedAttempt & { pausedFor?: number }> {
    const now = Date.now();
    const hasExpired = user.blockedUntil !== null && user.blockedUntil.getTime() <= now;
    if (user.status === UserStatus.LockedOut && hasExpired) {
      Object.assign(user, { status: UserStatus.Active, loginAttempts: 0 });
      const columns = { status: UserStatus.Active, lockedByFailedLogins: false };
      await changeUser(transaction, user.id, columns, { published: true });
      await recordEvent(transaction, {
        type: 'user.unlocked',
        subject: `user/${user.id}`,
        actor: SERVICE_ACTOR,
        fields: ['status'],
        changes: { status: { old: UserStatus.LockedOut, new: UserStatus.Active } },
      });
    }
    if (user.status !== UserStatus.Active) return {};

    const attempts = user.loginAttempts + 1;
    let blockedUntil: Date | null = null;
    if (attempts >= limit) {
      const isLast = await isLastAdministrator(transaction, user);
      // The final attempt is still being verified. When it is overdue, treat it as failed.
      if (attempts > limit && !isLast) return user.blockedUntil && !hasExpired ? {} : { limit };
      if (attempts > limit && user.blockedUntil && !hasExpired) {
        return { pausedFor: user.blockedUntil.getTime() - now };
      }
      blockedUntil = new Date(now + (isLast ? pauseAfter(attempts - limit) : VERIFICATION_TIMEOUT));
    }
    Object.assign(user, { loginAttempts: attempts, blockedUntil });
    return { user, ...(attempts >= limit && { limit }) };
  }

  /** Sets status 1, unless the user is the last active administrator by now. Its open sessions go on. */
  private async lockOut(
    transaction: Transaction,
    userId: number,
    limit: number,
    origin: RequestOrigin,
  ): Promise<void> {
    const user = await lockUser(transaction, userId);
    if (user?.status !== UserStatus.Active || user.loginAttempts < limit) return;
    if (await isLastAdministrator(transaction, user)) return;
    const { lockoutSeconds } = this.settings;
    const blockedUntil = lockoutSeconds > 0 ? new Date(Date.now() + lockoutSeconds * 1000) : null;
    const columns = { status: UserStatus.LockedOut, lockedByFailedLogins: true, blockedUntil };
    await changeUser(transaction, userId, columns, { published: true });
    await recordEvent(transaction, {
      type: 'user.lockedOut',
      subject: `user/${userId}`,
      actor: { ...SERVICE_ACTOR, origin },
      fields: ['status'],
      changes: { status: { old: UserStatus.Active, new: UserStatus.LockedOut } },
      ...(blockedUntil && { until: blockedUntil }),
    });
  }
}

/** The pause in milliseconds after so many attempts over the limit: 1 s, 2 s, 4 s, up to 15 minutes. */
function pauseAfter(attemptsOverLimit: number): number {
  return Math.min(2 ** attemptsOverLimit * 1000, LONGEST_PAUSE);
}
