import { namedEnum } from '../openapi/schemas.js';
import { type Bucket, EMPTY_BUCKET, isClosed } from './attempt-bucket.js';

/** What a user may do at all (contract.md §1). */
export enum UserStatus {
  Active = 0,
  /** By an administrator: may do nothing. By failed logins: cannot sign in; its open sessions go on. */
  LockedOut = 1,
  /** May do nothing. */
  Disabled = 2,
}

/** The schema of a status in the OpenAPI document. */
export const STATUS_SCHEMA = namedEnum({
  name: 'UserStatus',
  type: 'integer',
  enum: [UserStatus.Active, UserStatus.LockedOut, UserStatus.Disabled],
  description:
    '0: active, 1: locked out, 2: disabled. An active user can sign in, and from sources that it knows also one whom ' +
    'failed logins have set to 1: open sessions go on then. If an administrator sets 1 or 2, all sessions are revoked.',
  names: ['ActiveStatus', 'LockedOutStatus', 'DisabledStatus'],
});

/** Whether a user may do nothing: it is disabled, or an administrator has locked it out. */
export function isBarred({
  status,
  lockedByFailedLogins,
}: {
  readonly status: UserStatus;
  readonly lockedByFailedLogins: boolean;
}): boolean {
  return status === UserStatus.Disabled || (status === UserStatus.LockedOut && !lockedByFailedLogins);
}

/** What decides whether a lockout by failed logins has ended. */
export type LockoutState = Pick<Bucket, 'blockedAt' | 'blockedUntil'> & {
  readonly status: UserStatus;
  readonly lockedByFailedLogins: boolean;
};

/** Whether the time of a lockout by failed logins has passed: from then on the status counts as 0. */
export function hasLockoutEnded(user: LockoutState): boolean {
  const { status, lockedByFailedLogins, blockedUntil } = user;
  if (status !== UserStatus.LockedOut || !lockedByFailedLogins) return false;
  return blockedUntil !== null && !isClosed(user, Date.now());
}

/** What a user has after a lockout by failed logins. */
export const UNLOCKED = { status: UserStatus.Active, lockedByFailedLogins: false, ...EMPTY_BUCKET } as const;
