/** What a user may do at all (contract.md §1). */
export enum UserStatus {
  Active = 0,
  /** By an administrator: may do nothing. By failed logins: cannot sign in; its open sessions go on. */
  LockedOut = 1,
  /** May do nothing. */
  Disabled = 2,
}

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
