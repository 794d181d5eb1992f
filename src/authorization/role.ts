/** What a user is. */
export enum Role {
  Administrator = 0,
  Client = 1,
}

/** Whether a user may sign in, refresh or use a token: only an active one may. */
export enum Status {
  Active = 0,
  LockedOut = 1,
  Disabled = 2,
}
