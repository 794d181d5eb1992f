import { Inject, Injectable } from '@nestjs/common';
import { audit } from '../../audit/audit.js';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/database-adapter.js';
import { requestErrors } from '../../errors/request.errors.js';
import { ConfigurationService, MAX_ATTEMPTS } from '../../live-configuration/configuration.service.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { isLastAdministrator } from '../../users/last-administrator.js';
import type { User } from '../../users/user.entity.js';
import { UserStatus } from '../../users/user-status.js';
import { changeUser, lockUser } from '../../users/users.repository.js';
import { type AttemptCounter, findTarget, lockTarget, noteGuess } from './attempt-counters.repository.js';

/** The guesses that a user has, unless the configuration says otherwise. */
const DEFAULT_MAX_ATTEMPTS = 10;
/** Milliseconds that the last guess may take to be compared before it counts as failed: its process may have died. */
const COMPARING = 30_000;
/** The longest pause between two guesses at the last administrator, in milliseconds. */
const LONGEST_PAUSE = 15 * 60_000;

/** A guess that has been counted. */
export interface Guess {
  /** The user whose password it is compared with; undefined: with nobody's, for it is refused. */
  readonly user?: AttemptCounter;
  /** The user whom it locks out when it fails: it was the last that this one had. */
  readonly last?: AttemptCounter;
}

/**
 * Counts guesses at passwords (contract.md §5, ASVS 6.3.1).
 *
 * A guess is counted before it is compared, in a transaction, so that no burst gets more than the limit. Whoever
 * cannot be guessed at (unknown, locked out, disabled) costs the same statements: all that differs is the one
 * transaction more by which the last guess locks its user out.
 */
@Injectable()
export class LoginAttemptsService {
  constructor(
    private readonly database: Database,
    private readonly configuration: ConfigurationService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Counts a guess at whoever has this login, or at nobody.
   *
   * @throws {ApiError} 429 while the last active administrator pauses
   */
  async count(login: string): Promise<Guess> {
    const limit = await this.limit();
    const target = await this.database.read((manager) => findTarget(manager, login));
    return this.database.transaction(async (transaction) => {
      const guessed = await lockTarget(transaction, target);
      if (!guessed) return {};
      const guess = await this.judge(guessed, limit, transaction);
      await noteGuess(transaction, target, guessed);
      return guess;
    });
  }

  /** Locks a user out whose last guess has failed. */
  async fail({ id }: Pick<User, 'id'>): Promise<void> {
    const limit = await this.limit();
    await this.database.transaction(async (transaction) => {
      // Whatever role it had when it was counted: it may have been made the last administrator since.
      await transaction.serialise('lastAdministrator');
      const user = await lockUser(transaction, id);
      if (user?.status !== UserStatus.Active || user.loginAttempts < limit) return;
      if (!(await isLastAdministrator(transaction, user))) await this.lock(user, transaction);
    });
  }

  /**
   * Notes a sign-in, and keeps a better hash of the password if there is one.
   *
   * @returns the user, or undefined when it may not sign in after all: while its password was compared, it was
   *   changed, locked out or deleted
   */
  async succeed(compared: AttemptCounter, newHash: string | undefined): Promise<User | undefined> {
    return this.database.transaction(async (transaction) => {
      const user = await lockUser(transaction, compared.id);
      // The generation and not the hash, which a sign-in beside this one may just have made anew.
      const isSamePassword = user?.tokenGeneration === compared.tokenGeneration;
      if (user?.status !== UserStatus.Active || !isSamePassword) return undefined;
      const changes = {
        loginAttempts: 0,
        blockedUntil: null,
        lastLogin: new Date(),
        ...(newHash !== undefined && { passwordHash: newHash }),
      };
      await changeUser(transaction, user.id, changes, { published: false });
      return Object.assign(user, changes);
    });
  }

  private limit(): Promise<number> {
    return this.configuration.positiveInteger(MAX_ATTEMPTS, DEFAULT_MAX_ATTEMPTS);
  }

  /** What becomes of a guess at a user, who is changed by it. */
  private async judge(user: AttemptCounter, limit: number, transaction: Transaction): Promise<Guess> {
    const now = Date.now();
    const hasEnded = user.blockedUntil !== null && user.blockedUntil.getTime() <= now;
    if (user.status === UserStatus.LockedOut && hasEnded) {
      Object.assign(user, { status: UserStatus.Active, loginAttempts: 0 });
      await changeUser(transaction, user.id, { status: UserStatus.Active }, { published: true });
      await audit(transaction, null, 'user.unlock', `user/${user.id}`, ['status']);
    }
    if (user.status !== UserStatus.Active) return {};

    const attempts = user.loginAttempts + 1;
    let blockedUntil: Date | null = null;
    if (attempts >= limit) {
      const isLast = await isLastAdministrator(transaction, user);
      // The last guess is being compared, by a request that has not come back. Once it is overdue, it has failed.
      if (attempts > limit && !isLast) return user.blockedUntil && !hasEnded ? {} : { last: user };
      if (attempts > limit && user.blockedUntil && !hasEnded) {
        throw requestErrors.tooManyRequests((user.blockedUntil.getTime() - now) / 1000);
      }
      blockedUntil = new Date(now + (isLast ? pauseAfter(attempts - limit) : COMPARING));
    }
    Object.assign(user, { loginAttempts: attempts, blockedUntil });
    return { user, ...(attempts >= limit && { last: user }) };
  }

  private async lock(user: User, transaction: Transaction): Promise<void> {
    const { lockoutSeconds } = this.settings;
    const blockedUntil = lockoutSeconds > 0 ? new Date(Date.now() + lockoutSeconds * 1000) : null;
    const columns = { status: UserStatus.LockedOut, blockedUntil };
    await changeUser(transaction, user.id, columns, { published: true });
    await audit(transaction, null, 'user.lockout', `user/${user.id}`, ['status']);
  }
}

/** The pause, in milliseconds, after so many guesses beyond the limit: 1 s, 2 s, 4 s, up to 15 minutes. */
function pauseAfter(beyond: number): number {
  return Math.min(2 ** beyond * 1000, LONGEST_PAUSE);
}
