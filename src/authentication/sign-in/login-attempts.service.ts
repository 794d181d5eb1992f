import { Inject, Injectable } from '@nestjs/common';
import { Role } from '../../authorization/role.js';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { SERVICE_ACTOR } from '../../events/event.js';
import { recordEvent } from '../../events/record-event.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { sourceNetworkOf } from '../../http/source-network.js';
import { ConfigurationService, MAX_ATTEMPTS } from '../../live-configuration/configuration.service.js';
import type { Settings } from '../../settings/settings.js';
import { SETTINGS } from '../../settings/settings.module.js';
import { lockouts } from '../../telemetry/measurements.js';
import { attemptsIn, type Bucket, EMPTY_BUCKET, isClosed } from '../../users/attempt-bucket.js';
import { addKnownSource, isOpenSource } from '../../users/known-sources.repository.js';
import { isLastAdministrator } from '../../users/last-administrator.js';
import { User } from '../../users/user.entity.js';
import { endLockout } from '../../users/user-changes.js';
import { isBarred, UserStatus } from '../../users/user-status.js';
import { changeUser, lockUser } from '../../users/users.repository.js';
import {
  type AttemptCounter,
  findKnownBucket,
  findTarget,
  lockTarget,
  recordAttempt,
} from './attempt-counters.repository.js';
import { FailedAttempts } from './failed-attempts.js';
import { recordFailedSignIn } from './failed-sign-ins.js';

/** Attempts until a bucket is full, if the configuration does not set `user.login.maxAttempts`. */
const DEFAULT_MAX_ATTEMPTS = 10;
/**
 * Milliseconds for which a bucket is closed that must not stay closed for longer, or for ever: that of the last active
 * administrator, and with `LOCKOUT_SECONDS=0` that of any administrator or known source.
 */
const SHORT_PAUSE = 15 * 60_000;
/**
 * Milliseconds to verify the attempt that locks a user out without an end. After that it counts as failed: its process
 * may have died.
 */
const VERIFICATION_TIMEOUT = 30_000;

/** Whether an attempt is allowed. */
interface Verdict {
  /** The user whose password is compared. Undefined: the attempt is refused. */
  readonly user?: AttemptCounter;
  /** The bucket that counted it is that of a source that the user knows. */
  readonly isFromKnownSource?: boolean;
  /** It has filled the bucket of all unknown sources: if it fails, the user is locked out. */
  readonly isFinal?: boolean;
}

/** A login attempt that has been counted, or refused. */
export interface CountedAttempt extends Verdict {
  readonly login: string;
  /** How many attempts a bucket takes. */
  readonly limit: number;
  /** The user with that login. Undefined: nobody has it. */
  readonly userId?: number;
}

/**
 * Counts login attempts and locks users out (contract.md §5, ASVS 6.3.1).
 *
 * An attempt is counted in a transaction before its password is compared, so that parallel requests cannot exceed the
 * limit. Attempts from the sources that a user knows are counted apart, so that nobody else can keep the user out there.
 * Unknown, locked out and disabled users cost the same statements as active ones. The only difference is one more
 * transaction when the final attempt locks its user out.
 */
@Injectable()
export class LoginAttemptsService {
  private readonly failed: FailedAttempts;

  constructor(
    private readonly database: Database,
    private readonly configuration: ConfigurationService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.failed = new FailedAttempts(settings.lockoutSeconds);
  }

  /** Whether the user with this login knows the source of `address`, and attempts from there are not closed. */
  isKnownSource(login: string, address: string): Promise<boolean> {
    const source = sourceNetworkOf(address);
    return this.database.read((manager) => isOpenSource(manager, login, source), source);
  }

  /** Counts a login attempt, unless it is refused. */
  async count(login: string, origin: RequestOrigin): Promise<CountedAttempt> {
    const source = sourceNetworkOf(origin.address);
    const limit = await this.configuration.positiveInteger(MAX_ATTEMPTS, DEFAULT_MAX_ATTEMPTS, source);
    const target = await this.database.read((manager) => findTarget(manager, login), source);
    return this.database.transaction(async (transaction): Promise<CountedAttempt> => {
      const counter = await lockTarget(transaction, target);
      if (!counter) return { login, limit };
      const known = await findKnownBucket(transaction, target, source);
      const { bucket, ...attempt } = await this.evaluate(transaction, counter, known, limit);
      // The same columns are written whatever has been decided.
      if (bucket && attempt.isFromKnownSource)
        await recordAttempt(transaction, target, counter, { source, bucket });
      else await recordAttempt(transaction, target, bucket ?? counter);
      return { ...attempt, login, limit, ...(target.entity === User && { userId: target.id }) };
    }, source);
  }

  /** Records a failed attempt. Locks the user out if it was the final one. */
  async fail({ login, limit, userId, isFinal }: CountedAttempt, origin: RequestOrigin): Promise<void> {
    await this.database.transaction(async (transaction) => {
      if (isFinal) await transaction.serialise('lastAdministrator');
      await recordFailedSignIn(transaction, userId, origin);
      if (isFinal && userId !== undefined) await this.lockOut(transaction, userId, origin);
    }, sourceNetworkOf(origin.address));
    if (lockouts.isWanted && this.failed.add(login, limit)) lockouts.report(undefined);
  }

  /**
   * Records a successful sign-in: empties the bucket that counted it, makes its source known, and stores `newHash` if
   * the password was rehashed.
   *
   * @param start runs in the same transaction
   * @returns its result, or undefined when the sign-in must fail: while the password was compared, the user was locked
   *   out or deleted, or its password was changed
   */
  async succeed<T>(
    { user: compared, isFromKnownSource }: CountedAttempt & { user: AttemptCounter },
    { newHash, origin }: { readonly newHash: string | undefined; readonly origin: RequestOrigin },
    start: (transaction: Transaction, user: User) => Promise<T>,
  ): Promise<T | undefined> {
    return this.database.transaction(async (transaction) => {
      const user = await lockUser(transaction, compared.id);
      // Compare the generation, not the hash: a concurrent sign-in may have rehashed the same password.
      if (user?.passwordVersion !== compared.passwordVersion) return undefined;
      if (isBarred(user) || (!isFromKnownSource && user.status !== UserStatus.Active)) return undefined;
      const changes = {
        lastLogin: new Date(),
        ...(!isFromKnownSource && EMPTY_BUCKET),
        ...(newHash !== undefined && { passwordHash: newHash }),
      };
      await changeUser(transaction, user.id, changes, { published: false });
      await addKnownSource(transaction, user.id, sourceNetworkOf(origin.address), {
        emptied: isFromKnownSource === true,
      });
      return start(transaction, Object.assign(user, changes));
    }, sourceNetworkOf(origin.address));
  }

  /**
   * Decides whether an attempt is allowed, and what its bucket holds then. Ends a lockout whose time has passed.
   *
   * @param known the bucket of the source, if the user knows it
   */
  private async evaluate(
    transaction: Transaction,
    user: AttemptCounter,
    known: Bucket | null,
    limit: number,
  ): Promise<Verdict & { bucket?: Bucket }> {
    if (isBarred(user)) return {};
    await endLockout(transaction, user);
    const isFromKnownSource = known !== null;
    if (!isFromKnownSource && user.status !== UserStatus.Active) return {};
    const now = Date.now();
    const before = known ?? user;
    if (isClosed(before, now)) return {};
    const isEndless = !isFromKnownSource && this.isEndless(user);
    // The attempt that filled it was never verified. A bucket that another rule had closed is empty now.
    if (isEndless && wasAwaitingVerification(before)) return { isFinal: true };
    const loginAttempts = attemptsIn(before) + 1;
    if (loginAttempts < limit) return { user, isFromKnownSource, bucket: { ...EMPTY_BUCKET, loginAttempts } };
    const pause = isEndless ? VERIFICATION_TIMEOUT : await this.pauseOf(transaction, user);
    const bucket = { loginAttempts, blockedAt: new Date(now), blockedUntil: new Date(now + pause) };
    return { user, isFromKnownSource, bucket, isFinal: !isFromKnownSource };
  }

  /** Whether the bucket of unknown sources stays closed until an administrator opens it. */
  private isEndless({ role }: AttemptCounter): boolean {
    return this.settings.lockoutSeconds === 0 && role !== Role.Administrator;
  }

  /** For how many milliseconds a full bucket is closed. Without the lock of the last administrator: `lockOut` has it. */
  private async pauseOf(transaction: Transaction, user: AttemptCounter): Promise<number> {
    const { lockoutSeconds } = this.settings;
    const isShort = lockoutSeconds === 0 || (await isLastAdministrator(transaction, user));
    return isShort ? SHORT_PAUSE : lockoutSeconds * 1000;
  }

  /**
   * Sets status 1, unless the user is the last active administrator or the bucket is open again. Its open sessions go
   * on, and so do sign-ins from the sources that it knows.
   */
  private async lockOut(transaction: Transaction, userId: number, origin: RequestOrigin): Promise<void> {
    const user = await lockUser(transaction, userId);
    if (user?.status !== UserStatus.Active || user.blockedAt === null || user.blockedUntil === null) return;
    const isEndless = this.isEndless(user);
    if (!isEndless && !isClosed(user, Date.now())) return;
    if (await isLastAdministrator(transaction, user)) {
      // When the attempt was counted, it may not have been the last one.
      const end = new Date(user.blockedAt.getTime() + SHORT_PAUSE);
      await changeUser(transaction, userId, { blockedUntil: end }, { published: false });
      return;
    }
    const blockedUntil = isEndless ? null : user.blockedUntil;
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

/** Whether a bucket was closed for the verification of the attempt that filled it. */
const wasAwaitingVerification = ({ blockedAt, blockedUntil }: Bucket): boolean =>
  blockedAt !== null &&
  blockedUntil !== null &&
  blockedUntil.getTime() - blockedAt.getTime() === VERIFICATION_TIMEOUT;
