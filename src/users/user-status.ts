/** Only an active user may sign in, refresh or use a token (contract.md §1). */
export enum UserStatus {
  Active = 0,
  LockedOut = 1,
  Disabled = 2,
}
