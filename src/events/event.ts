import { unreadableTexts } from '../database/unreadable-texts.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { readObject } from '../text/read-json.js';
import type { EventType } from './event-types.js';

/** Who causes an event. A principal is one. */
export interface EventActor {
  /** Null: an operator's command, or the service itself. */
  readonly userId: number | null;
  /** The session of the request. */
  readonly sessionId?: string;
  /** The administrator who created that session for the user. */
  readonly sessionCreatedBy?: number | undefined;
  /** Where the request comes from. */
  readonly origin?: RequestOrigin;
  /** The operator's command, for example `keys rotate`. */
  readonly command?: string;
}

/** The service itself: it acts by itself, not for a request. */
export const SERVICE_ACTOR: EventActor = { userId: null };

/** The value of a property before and after a change. */
export interface Change<T> {
  readonly old: T;
  readonly new: T;
}

/** The properties of which events keep the values, besides their names. */
export interface EventChanges {
  readonly role?: Change<number>;
  readonly status?: Change<number>;
  readonly allDeviceTypesAvailable?: Change<boolean>;
}

/** Why a session has been revoked. */
export const REVOCATION_REASONS = [
  // By the user, an administrator, or a holder of one of its tokens.
  'request',
  // An operator's command.
  'command',
  // The user, or the administrator who created it, has a new password.
  'newPassword',
  // The user, or the administrator who created it, was disabled, locked, deleted or demoted.
  'disabled',
  'locked',
  'deleted',
  'demoted',
  // The user signed in more often than `MAX_SESSIONS` allows.
  'tooMany',
  // A refresh token was used again after it had been replaced.
  'refreshTokenReused',
] as const;
/** One of {@link REVOCATION_REASONS}. */
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/** What else an event of some types says. All of it is shown: never a password, a token or a value of `data`. */
export interface EventDetails {
  /** When a lockout expires. */
  readonly until?: Date;
  /** The session that was created or revoked. */
  readonly sessionId?: string;
  /** Why the session was revoked. */
  readonly reason?: RevocationReason;
  /** The administrator who created the revoked session for its user. */
  readonly createdBy?: number;
  /** The source that an operator made known to the user. */
  readonly knownSource?: string;
  /** The network that was assigned or taken. */
  readonly networkId?: number;
  /** The device type that was assigned or taken. */
  readonly deviceTypeId?: number;
  /** How many users were imported. */
  readonly users?: number;
}

/** An event to record. */
export interface NewEvent extends EventDetails {
  readonly type: EventType;
  /** What it is about, for example `user/7`. */
  readonly subject: string;
  readonly actor: EventActor;
  /** The names of the fields that changed, as the API has them. Never their values. */
  readonly fields?: readonly string[];
  readonly changes?: EventChanges;
}

/** The JSON in the column `data`. Absent members are not known or do not apply. */
export interface StoredData
  extends Omit<EventDetails, 'until'>, Pick<NewEvent, 'fields' | 'changes'>, Pick<EventActor, 'command'> {
  readonly session?: string;
  readonly sessionCreatedBy?: number;
  readonly address?: string;
  readonly requestId?: string;
  readonly count?: number;
  /** ISO 8601. */
  readonly until?: string;
}

/** Reads the column `data` of an event. One that is no JSON object counts as `{}`: the other events go on. */
export function readStoredData(data: string, subject: string): StoredData {
  const stored = readObject<StoredData>(data);
  if (!stored) unreadableTexts.report(`An event of ${subject}`, 'its data is not JSON, and is left out');
  return stored ?? {};
}

/** Returns what the column `data` holds of an event. */
export function storedDataOf({ type: _, subject: __, actor, until, ...rest }: NewEvent): StoredData {
  const { sessionId, sessionCreatedBy, origin, command } = actor;
  return {
    ...(sessionId !== undefined && { session: sessionId }),
    ...(sessionCreatedBy !== undefined && { sessionCreatedBy }),
    ...(origin && { address: origin.address, requestId: origin.requestId }),
    ...(command !== undefined && { command }),
    ...rest,
    ...(until && { until: until.toISOString() }),
  };
}
