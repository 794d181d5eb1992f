/** Operations that must run one at a time across all processes, with their advisory lock numbers. */
export const LOCKS = {
  migrations: 1,
  firstAdministrator: 2,
  signingKeys: 3,
  lastAdministrator: 4,
  configuration: 5,
  events: 6,
  revocations: 7,
  /** Shared by those who give rights to a session that starts, exclusive for who deletes a network or device type. */
  scopes: 8,
} as const;
/** The name of one of {@link LOCKS}. */
export type LockName = keyof typeof LOCKS;
