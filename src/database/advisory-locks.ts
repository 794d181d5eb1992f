/** Operations that must run one at a time across all processes, with their advisory lock numbers. */
export const LOCKS = {
  migrations: 1,
  firstAdministrator: 2,
  signingKeys: 3,
  lastAdministrator: 4,
  configuration: 5,
  events: 6,
  revocations: 7,
  /**
   * Shared by transactions that start a session, exclusive for one that deletes a network or device type. No deadlock:
   * lock the rows of users and of scopes first. A transaction that holds it waits for no row of a user or a scope.
   */
  scopes: 8,
} as const;
/** The name of one of {@link LOCKS}. */
export type LockName = keyof typeof LOCKS;
