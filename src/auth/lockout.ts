import { Inject, Injectable } from '@nestjs/common';
import { Role, Status } from '../access/role.js';
import { audit } from '../audit/audit.js';
import { errors } from '../common/errors.js';
import { SETTINGS } from '../config/config.module.js';
import type { Settings } from '../config/settings.js';
import { ConfigurationService, MAX_ATTEMPTS } from '../configuration/configuration.service.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/engine.js';
import { isLastAdministrator } from '../users/last-administrator.js';
import type { User } from '../users/user.entity.js';
import { changeUser, lockUser } from '../users/user.rows.js';

/** The guesses that a user has, unless the configuration says otherwise. */
const DEFAULT_MAX_ATTEMPTS = 10;
/** Milliseconds that the last guess may take to be compared before it counts as failed: its process may have died. */
const COMPARING = 30_000;
/** The longest pause between two guesses at the last administrator, in milliseconds. */
const LONGEST_PAUSE = 15 * 60_000;

/** Nobody has this id. */
const NOBODY = { id: 0, role: Role.Client };

/**
 * What becomes of a guess. `abandoned`: refused, for the last guess that the user had is being compared by a
 * request that has not come back; it is as good as failed.
 */
type Verdict = 'compare' | 'refused' | 'abandoned';

/**
 * Counts guesses at passwords (contract.md §5, ASVS 6.3.1).
 *
 * A guess is counted before it is compared, in a transaction, so that no burst gets more than the limit. Whoever
 * cannot be guessed at (unknown, locked out, disabled) costs the same write, on a decoy.
 */
@Injectable()
export class Lockout {
  constructor(
    private readonly database: Database,
    private readonly configuration: ConfigurationService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Counts a guess at the user with this id; undefined: at nobody.
   *
   * @returns the user as it is to be compared with, or undefined when the guess is refused
   * @throws {ApiError} 429 while the last active administrator pauses
   */
  async count(id: number | undefined): Promise<User | undefined> {
    const limit = await this.limit();
    const { user, verdict } = await this.database.transaction(async (transaction) => {
      const found = await lockUser(transaction, id ?? NOBODY.id);
      const judged = found ? await this.countFor(found, limit, transaction) : 'refused';
      if (judged !== 'compare')
        await transaction.manager.query('UPDATE sign_in_decoy SET attempts = attempts + 1 WHERE id = 1');
      return { user: found, verdict: judged };
    });
    if (user && verdict === 'abandoned') await this.fail(user);
    return user && verdict === 'compare' ? user : undefined;
  }

  /** Locks a user out whose last guess has failed, if that was the last. Of nobody: takes as long. */
  async fail({ id, role }: Pick<User, 'id' | 'role'> = NOBODY): Promise<void> {
    const limit = await this.limit();
    await this.database.transaction(async (transaction) => {
      if (role === Role.Administrator) await transaction.serialise('lastAdministrator');
      const user = await lockUser(transaction, id);
      if (user?.status !== Status.Active || user.loginAttempts < limit) return;
      if (!(await isLastAdministrator(transaction, user))) await this.lock(user, transaction);
    });
  }

  /**
   * Notes a sign-in, and keeps a better hash of the password if there is one.
   *
   * @returns the user, or undefined when it may not sign in after all: while its password was compared, it was
   *   changed, locked out or deleted
   */
  async succeed(compared: User, newHash: string | undefined): Promise<User | undefined> {
    return this.database.transaction(async (transaction) => {
      const user = await lockUser(transaction, compared.id);
      // The generation and not the hash, which a sign-in beside this one may just have made anew.
      const isSamePassword = user?.tokenGeneration === compared.tokenGeneration;
      if (user?.status !== Status.Active || !isSamePassword) return undefined;
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

  private async countFor(user: User, limit: number, transaction: Transaction): Promise<Verdict> {
    const now = Date.now();
    const hasEnded = user.blockedUntil !== null && user.blockedUntil.getTime() <= now;
    if (user.status === Status.LockedOut && hasEnded) {
      Object.assign(user, { status: Status.Active, loginAttempts: 0 });
      await changeUser(transaction, user.id, { status: Status.Active }, { published: true });
      await audit(transaction, null, 'user.unlock', `user/${user.id}`, ['status']);
    }
    if (user.status !== Status.Active) return 'refused';

    const attempts = user.loginAttempts + 1;
    let blockedUntil: Date | null = null;
    if (attempts >= limit) {
      const isLast = await isLastAdministrator(transaction, user);
      if (attempts > limit && !isLast) return user.blockedUntil && !hasEnded ? 'refused' : 'abandoned';
      if (attempts > limit && user.blockedUntil && !hasEnded) {
        throw errors.tooManyRequests((user.blockedUntil.getTime() - now) / 1000);
      }
      blockedUntil = new Date(now + (isLast ? pauseAfter(attempts - limit) : COMPARING));
    }
    const counted = { loginAttempts: attempts, blockedUntil };
    await changeUser(transaction, user.id, counted, { published: false });
    Object.assign(user, counted);
    return 'compare';
  }

  private async lock(user: User, transaction: Transaction): Promise<void> {
    const { lockoutSeconds } = this.settings;
    const blockedUntil = lockoutSeconds > 0 ? new Date(Date.now() + lockoutSeconds * 1000) : null;
    const columns = { status: Status.LockedOut, blockedUntil };
    await changeUser(transaction, user.id, columns, { published: true });
    await audit(transaction, null, 'user.lockout', `user/${user.id}`, ['status']);
  }
}

/** The pause, in milliseconds, after so many guesses beyond the limit: 1 s, 2 s, 4 s, up to 15 minutes. */
function pauseAfter(beyond: number): number {
  return Math.min(2 ** beyond * 1000, LONGEST_PAUSE);
}
