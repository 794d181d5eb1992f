/** Maximum delay, in milliseconds, until a change by another process is noticed. */
export const STALENESS = 1000;

/** Receives notifications of changes by any process. */
export interface ChangeNotifications {
  /** Whether notifications arrive within {@link STALENESS}. While it is false, nothing may be cached. */
  readonly areHeard: boolean;
  /** `listener` receives the subject of each change. Undefined: notifications may have been lost. */
  subscribe(listener: (subject: string | undefined) => void): void;
}
